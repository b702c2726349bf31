"""Reading headers beside their peers: gdcmscanner (C++) and pydicom, on the same files.

    python tests/benchmarks/bench_scan.py [--files 10000] [--runs 5] [--json]
    python tests/benchmarks/bench_scan.py --memory [--files 100000]

Times are medians of runs that take turns, so that a busy machine slows all of them alike. "cold" is
the whole scan with the start of its worker processes, "warm" has them running already, "again"
finds nothing changed since the scan before; each ends in the finished catalogue. gdcmscanner looks
for the attributes that the catalogue holds. Files are made in a temporary folder and lie in the
cache of the system. Memory is the sum of the largest resident sizes of a fresh program that scans,
and of its worker processes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "benchmarks")]

from synthetic_headers import write_files  # noqa: E402

from xray_studio.core import workers  # noqa: E402
from xray_studio.core.job import run  # noqa: E402
from xray_studio.dicom.scan.fields import TAGS  # noqa: E402
from xray_studio.services.header_index import FRESH  # noqa: E402
from xray_studio.services.open import scan  # noqa: E402

KINDS = {"plain": "CT slice, 30 elements", "realistic": "234 elements, sequences, private tags"}
PYDICOM_FILES = 1000
MEGABYTE = 1 << 20


def cold(folder: Path) -> int:
    """Scan with worker processes still to be started; return the pictures found."""
    workers.shutdown_shared()
    return warm(folder)


def warm(folder: Path) -> int:
    """Scan with the worker processes of the scan before, every file read."""
    return run(scan(folder, fresh=True)).instances


def again(folder: Path) -> int:
    """Open a folder that has not changed since it was scanned."""
    return run(scan(folder)).instances


def gdcm(folder: Path) -> int:
    """Let gdcmscanner look for the same attributes."""
    tags = [part for tag in TAGS for part in ("-t", f"{tag >> 16:x},{tag & 0xFFFF:x}")]
    command = ["gdcmscanner", "-d", str(folder), *tags]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return sum(1 for _ in folder.iterdir())


def by_pydicom(folder: Path) -> int:
    """Read headers with pydicom in this process, the first ones only: it is slow."""
    import pydicom

    paths = sorted(folder.iterdir())[:PYDICOM_FILES]
    for path in paths:
        pydicom.dcmread(path, stop_before_pixels=True, specific_tags=[*TAGS])
    return len(paths)


def peers() -> dict[str, Callable[[Path], int]]:
    """Return what is measured here; gdcmscanner only where it is installed."""
    found = {"ours cold": cold, "ours warm": warm, "ours again": again, "pydicom": by_pydicom}
    if shutil.which("gdcmscanner"):
        found["gdcmscanner"] = gdcm
    return found


def speeds(folder: Path, runs: int) -> dict[str, list[float]]:
    """Return files per second of every peer, once per run; the peers take turns."""
    measured: dict[str, list[float]] = {name: [] for name in peers()}
    time.sleep(FRESH)  # what was just written is not remembered
    for peer in peers().values():  # files into the cache, libraries into memory
        peer(folder)
    for _ in range(runs):
        for name, peer in peers().items():
            started = time.perf_counter()
            count = peer(folder)
            measured[name].append(count / (time.perf_counter() - started))
    workers.shutdown_shared()
    return measured


def measure_speed(files: int, runs: int, *, as_json: bool) -> None:
    """Print the medians of every kind of file and peer."""
    results: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            write_files(Path(folder), files, realistic=kind == "realistic")
            measured = speeds(Path(folder), runs)
        results[kind] = {name: statistics.median(values) for name, values in measured.items()}
        ratios = _ratios(measured)
        results[kind] |= ratios
        if not as_json:
            _print(kind, files, measured, ratios)
    if as_json:
        print(json.dumps(results))


def _ratios(measured: dict[str, list[float]]) -> dict[str, float]:
    """Return the medians of our speed over gdcmscanner's of the same turn."""
    peer = measured.get("gdcmscanner", [])
    return {
        f"{name} / gdcmscanner": statistics.median(
            mine / its for mine, its in zip(measured[name], peer, strict=True)
        )
        for name in ("ours cold", "ours warm", "ours again")
        if peer
    }


def _print(
    kind: str, files: int, measured: dict[str, list[float]], ratios: dict[str, float]
) -> None:
    print(f"{kind} ({KINDS[kind]}), {files:,} files, load {os.getloadavg()[0]:.1f}")
    for name, values in measured.items():
        low, high = min(values), max(values)
        print(f"  {name:12} {statistics.median(values):9,.0f} files/s  ({low:,.0f} to {high:,.0f})")
    for name, ratio in ratios.items():
        print(f"  {name}: {ratio:.2f}")


def measure_memory(files: int) -> None:
    """Print the memory of a fresh program that scans many files."""
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            write_files(Path(folder), files, realistic=kind == "realistic")
            command = [sys.executable, __file__, "--scan-here", folder]
            print(kind, subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def scan_here(folder: str) -> None:
    """Scan, then print the largest resident size of this process and of each worker."""
    started = time.perf_counter()
    catalog = run(scan(folder, fresh=True))
    seconds = time.perf_counter() - started
    children = [int(p.name) for p in Path("/proc").iterdir() if _parent(p) == os.getpid()]
    sizes = [_peak(process) for process in (os.getpid(), *children)]
    print(
        f"{catalog.instances:,} files in {seconds:.1f} s: {sum(sizes) / MEGABYTE:.0f} MB in all, "
        f"{', '.join(f'{size / MEGABYTE:.0f}' for size in sizes)} MB each"
    )


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def _peak(process: int) -> int:
    """Return VmHWM in bytes."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024


def main() -> None:
    """Run what the command line asks for, with a cache folder of its own."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XRAY_STUDIO_CACHE"] = cache
        _main()


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--scan-here", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.scan_here:
        scan_here(options.scan_here)
    elif options.memory:
        measure_memory(options.files or 100_000)
    else:
        measure_speed(options.files or 10_000, options.runs, as_json=options.json)


if __name__ == "__main__":
    main()
