"""Export beside its peer: the ffmpeg program, fed the same 8-bit frames at the same settings.

    python tests/benchmarks/bench_export.py [--format mp4] [--runs 5] [--frames 150] [--json]
    python tests/benchmarks/bench_export.py --memory [--frames 5000] [--size 1024]

Times are medians of runs that take turns, so that a busy machine slows all of them alike.
Each format has its peer's settings beside it: H.264 and VP9 at the usual quality, FFV1 and GIF
exact. "writer" is the writer alone, "export" the whole job: frames decoded from a DICOM object in
worker processes, windowed, written, opened again and compared, with its manifest. Memory is the
largest of the whole program, its worker processes counted one by one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "benchmarks")]

from cine_clips import SIDE, write_uncompressed  # noqa: E402
from cine_clips import frames as cine_frames  # noqa: E402

from xray_studio.core.clip import Frame, FrameSource  # noqa: E402
from xray_studio.core.job import Progress, run  # noqa: E402
from xray_studio.core.output import OutputSpec, Picture, Quality  # noqa: E402
from xray_studio.core.presentation import Presentation, Window  # noqa: E402
from xray_studio.core.workers import Priority  # noqa: E402
from xray_studio.dicom.clip import open_clip  # noqa: E402
from xray_studio.imaging.render import render  # noqa: E402
from xray_studio.services.export.exporters import exporter  # noqa: E402
from xray_studio.services.export.options import ExportOptions  # noqa: E402
from xray_studio.services.export.run import export  # noqa: E402

RATE = 15
SHOWN = Presentation(voi=Window(1600.0, 2800.0))


VP9 = (
    "-c:v libvpx-vp9 -deadline good -cpu-used 5 -crf 18 -b:v 0 -row-mt 1 -tile-columns 1"
    " -auto-alt-ref 1 -pix_fmt yuv420p"
)
# What the ffmpeg program is told, and the quality of the same export.
FORMATS: dict[str, tuple[str, Quality]] = {
    "mp4": (
        "-c:v libx264 -preset veryfast -crf 18 -pix_fmt yuv420p -movflags +faststart",
        Quality.MEDIUM,
    ),
    "webm": (
        VP9,
        Quality.MEDIUM,
    ),
    "mkv": (
        "-c:v ffv1 -level 3 -coder 1 -context 0 -g 1 -slices 4 -slicecrc 1 -pix_fmt gray",
        Quality.LOSSLESS,
    ),
    "gif": ("-c:v gif -pix_fmt gray -loop 0", Quality.MEDIUM),
}


def by_ffmpeg(pictures: list[Picture], out: Path) -> None:
    """Let the ffmpeg program write the pictures, as `export` does."""
    rows, columns = pictures[0].shape
    command = [
        "ffmpeg", "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", "gray",
        "-s", f"{columns}x{rows}", "-r", str(RATE), "-i", "-", *_settings(out).split(), str(out),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for picture in pictures:
            process.stdin.write(picture)
        process.stdin.close()
        assert process.wait() == 0


def _settings(out: Path) -> str:
    return FORMATS[out.suffix.removeprefix(".")][0]


def by_writer(pictures: list[Picture], out: Path) -> None:
    """Let the program's own writer write them."""
    rows, columns = pictures[0].shape
    quality = FORMATS[out.suffix.removeprefix(".")][1]
    spec = OutputSpec(rows, columns, False, len(pictures), Fraction(RATE), quality)
    with exporter(out).writer(out, spec) as writer:
        for picture in pictures:
            writer.write(picture)
        writer.close()


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return seconds by the clock, and seconds of all processors, worker processes left out."""
    before, start = _processor_seconds(), time.perf_counter()
    work()
    return time.perf_counter() - start, _processor_seconds() - before


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in used)


def speed(runs: int, frames: int, form: str) -> dict[str, object]:
    """Time ffmpeg, the writer and the whole export in turns."""
    quality = FORMATS[form][1]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        clip = open_clip([str(write_uncompressed(folder, cine_frames(frames)))])
        pictures = [render(clip, number, SHOWN) for number in range(frames)]
        options = ExportOptions(rate=RATE, presentation=SHOWN, quality=quality)
        works: dict[str, Callable[[], object]] = {
            "ffmpeg": lambda: by_ffmpeg(pictures, folder / f"ffmpeg.{form}"),
            "writer": lambda: by_writer(pictures, folder / f"writer.{form}"),
            "export": lambda: run(export(clip, folder / f"export.{form}", options)),
        }
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
        for _ in range(runs):
            for name, work in works.items():
                times[name].append(timed(work))
        sizes = {name: (folder / f"{name}.{form}").stat().st_size for name in works}
    medians = {name: statistics.median(t for t, _ in found) for name, found in times.items()}
    busy = {name: statistics.median(t for _, t in found) for name, found in times.items()}
    return {
        "format": form,
        "frames": frames,
        "size": list(pictures[0].shape),
        "runs": runs,
        "seconds": {name: round(value, 3) for name, value in medians.items()},
        "frames_per_second": {name: round(frames / value, 1) for name, value in medians.items()},
        "processor_seconds": {name: round(busy[name], 2) for name in ("ffmpeg", "writer")},
        "writer_to_ffmpeg": round(medians["ffmpeg"] / medians["writer"], 3),
        "export_to_ffmpeg": round(medians["ffmpeg"] / medians["export"], 3),
        "bytes": sizes,
    }


class Repeated:
    """A long clip: the frames of a short one, over and over."""

    def __init__(self, source: FrameSource, frames: int) -> None:
        self._source = source
        self.shape = (frames, *source.shape[1:])
        self.dtype = source.dtype

    def read(self, index: int) -> Frame:
        """Return a frame."""
        return self._source.read(index % self._source.shape[0])

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Ask for a frame."""
        return self._source.request(index % self._source.shape[0], priority)


def memory(frames: int, side: int) -> dict[str, object]:
    """Export a long clip and watch how much memory the program takes on the way."""
    found: list[int] = []

    def watch(progress: Progress) -> None:
        if progress.done % 50 == 0:
            found.append(sum(_resident(process) for process in _family()))

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        short = open_clip([str(write_uncompressed(folder, cine_frames(60)))])
        clip = replace(short, source=Repeated(short.source, frames))
        options = ExportOptions(presentation=SHOWN, size=None if side == SIDE else (side, side))
        Path("/proc/self/clear_refs").write_text("5", "utf-8")  # the peak counts from here
        start = time.perf_counter()
        run(export(clip, folder / "long.mp4", options), watch)
        seconds = time.perf_counter() - start
    return {
        "frames": frames,
        "size": [side, side],
        "seconds": round(seconds, 1),
        "megabytes_most": max(found) >> 20,
        "megabytes_after_500_frames": max(found[:10]) >> 20,
        "megabytes_own_process_peak": _peak() >> 10,
    }


def _peak() -> int:
    """Return the most memory of this process in kilobytes, shared libraries counted (Linux)."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def _family() -> list[int]:
    """Return this process and its children (Linux)."""
    own = os.getpid()
    children = Path(f"/proc/{own}/task/{own}/children").read_text("utf-8").split()
    return [own, *map(int, children)]


def _resident(process: int) -> int:
    """Return the bytes of memory that a process holds for itself, without shared libraries."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text("utf-8").split()
    except OSError:
        return 0
    return (int(pages[1]) - int(pages[2])) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--format", choices=[*FORMATS, "all"], default="all")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--frames", type=int, default=0)
    parser.add_argument("--size", type=int, default=SIDE)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if asked.memory:
        _tell([memory(asked.frames or 5000, asked.size)], as_json=asked.json)
    elif shutil.which("ffmpeg") is None:
        sys.exit("The ffmpeg program is not installed, so there is nothing to compare with.")
    else:
        forms = [*FORMATS] if asked.format == "all" else [asked.format]
        measured = (speed(asked.runs, asked.frames or 150, form) for form in forms)
        _tell(measured, as_json=asked.json)


def _tell(measured: Iterable[dict[str, object]], *, as_json: bool) -> None:
    """Print what was measured, one after the other."""
    for found in measured:
        lines = "\n".join(f"{name:<28} {value}" for name, value in found.items())
        sys.stdout.write((json.dumps(found, indent=2) if as_json else lines) + "\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
