"""The window beside pyqtgraph's ImageView and napari: start, playing, window drag, a large file.

    python tests/benchmarks/bench_peers.py [--rounds 3] [--json] [--large MiB]
    xvfb-run -a python tests/benchmarks/bench_peers.py

The peers are installed from PyPI into an environment of their own in the cache folder, once. Every
measurement is a fresh process; viewers take turns, and the median of the rounds is printed. The
peers hold the whole stack in memory and draw nothing but it; this program opens the file in its
whole window. On a screen without a graphics card napari draws by Mesa's software renderer.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

import pydicom  # noqa: E402
from cine_clips import frames, write_uncompressed  # noqa: E402

from xray_studio.services.places import cache_folder  # noqa: E402

VIEWERS = ("here", "pyqtgraph", "napari")
PEERS = HERE / "peers"
RATE, COUNT = 60.0, 120
Found = dict[str, float]


def environment() -> Path:
    """Return the Python of the peers, installing them first where they are not there."""
    folder = cache_folder() / "benchmark-peers"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    wanted = str(PEERS / "requirements.txt")
    subprocess.run([python, "-m", "pip", "install", "-q", "-r", wanted], check=True)
    return python


def write(folder: Path, side: int, count: int) -> Path:
    """Write a clip of 60 frames a second and return its path."""
    folder.mkdir()
    few = frames(min(count, COUNT), side)
    path = write_uncompressed(folder, few)
    made = pydicom.dcmread(path)
    made.FrameTime, made.NumberOfFrames = 1000.0 / RATE, count
    made.PixelData = few.tobytes() * -(-count // len(few))
    made.PixelData = made.PixelData[: count * side * side * 2]
    made.save_as(path, enforce_file_format=True)
    return path


def measure(python: Path, viewer: str, task: str, path: Path) -> Found:
    """Run one task in a fresh process of a viewer."""
    runner = sys.executable if viewer == "here" else str(python)
    # An installed program has its bytecode, as the peers have theirs.
    kept = {"PYTHONPYCACHEPREFIX": str(cache_folder() / "bytecode")} if viewer == "here" else {}
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | kept
    began = time.time()
    done = subprocess.run(
        [runner, str(PEERS / "viewing.py"), viewer, task, str(path)],
        check=True, capture_output=True, text=True, timeout=300, env=variables,
    )  # fmt: skip
    found: Found = json.loads(done.stdout.strip().splitlines()[-1])
    moment = found.pop("moment", None)
    return found if moment is None else {"seconds": moment - began}


def table(python: Path, task: str, path: Path, rounds: int) -> dict[str, Found]:
    """Return the medians of each viewer for one task."""
    runs: dict[str, list[Found]] = {viewer: [] for viewer in VIEWERS}
    if task == "empty":  # the first start of each warms the caches of the system
        for viewer in VIEWERS:
            measure(python, viewer, task, path)
    for _ in range(rounds):
        for viewer in VIEWERS:
            runs[viewer].append(measure(python, viewer, task, path))
    return {
        viewer: {key: round(statistics.median(run[key] for run in done), 3) for key in done[0]}
        for viewer, done in runs.items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", type=int, default=1024, metavar="MiB")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    python = environment()
    found: dict[str, dict[str, Found]] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XRAY_STUDIO_CONFIG"] = os.environ["XRAY_STUDIO_CACHE"] = f"{folder}/own"
        here = Path(folder)
        small, usual = write(here / "512", 512, COUNT), write(here / "1024", 1024, COUNT)
        film, large = write(here / "film", 3000, 1), write(here / "large", 1024, options.large // 2)
        tasks = {
            "start, empty": ("empty", small),
            "start, with a picture": ("start", small),
            "play 512 x 512 at 60": ("play", small),
            "play 1024 x 1024 at 60": ("play", usual),
            "window drag, 1024 x 1024": ("drag", usual),
            "window drag, 3000 x 3000": ("drag", film),
            f"open {options.large} MiB": ("open", large),
        }
        for name, (task, path) in tasks.items():
            found[name] = table(python, task, path, options.rounds)
            _say(name, found[name], quiet=options.json)
    if options.json:
        print(json.dumps(found))


def _say(name: str, rows: dict[str, Found], *, quiet: bool) -> None:
    if quiet:
        return
    for viewer, row in rows.items():
        print(f"{name:<26} {viewer:<10} " + "  ".join(f"{key} {row[key]}" for key in row))


if __name__ == "__main__":
    main()
