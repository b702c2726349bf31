"""A large video into a DICOM object beside copying it, and how many small ones an hour takes.

    python tests/benchmarks/bench_import.py [--gigabytes 5] [--videos 24] [--folder DIR] [--json]

The video is H.264 at 45 Mbit a second, made by FFmpeg; it is copied by `cp`, its stream by
`ffmpeg -c copy`, and put into an object by `to-dicom`, each finished on the disk (sync). Memory is
the most that one process of `to-dicom` took. The small videos are ten seconds of 1280 x 720:
streams that are kept, by one thread and by two, and some that are encoded anew.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
WHO = ("--patient-id", "1", "--patient-name", "Bench^Mark")
SECONDS = 6  # of the video that is repeated
SMALL = 10
ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--videos", type=int, default=24)
    parser.add_argument("--folder", type=Path, default=None, help="where files are written")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as made:
        folder = Path(made)
        found = large(folder, asked.gigabytes) | small(folder, asked.videos)
    print(json.dumps(found, indent=2) if asked.json else told(found))


def large(folder: Path, gigabytes: float) -> dict[str, Any]:
    video = encoded(folder / "video.mp4", SECONDS, gigabytes)
    size = video.stat().st_size
    copy, stream, target = folder / "copy.mp4", folder / "stream.mp4", folder / "video.dcm"
    used: list[int] = []

    def imported() -> None:
        used.append(studio("to-dicom", str(video), str(target), *WHO, "--overwrite", "-q"))

    ways: dict[str, Callable[[], Any]] = {
        "cp": lambda: shell("cp", str(video), str(copy)),
        "ffmpeg -c copy": lambda: ffmpeg("-i", str(video), "-c", "copy", str(stream)),
        "to-dicom": imported,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times[name].append(timed(way))
            for made in (copy, stream, target):
                made.unlink(missing_ok=True)
    speeds = {name: size / 1e6 / sorted(taken)[ROUNDS // 2] for name, taken in times.items()}
    return {"megabytes": size / 1e6, "speeds": speeds, "memory_megabytes": max(used) / 1e6}


def small(folder: Path, count: int) -> dict[str, Any]:
    one = encoded(folder / "small.mp4", SMALL, 0.0, "8M")
    whose: dict[str, float] = {}
    for name, number, options in (
        ("kept, -j 1", count, ("-j", "1")),
        ("kept, -j 2", count, ("-j", "2")),
        ("encoded anew, -j 2", max(2, count // 6), ("-j", "2", "--transcode", "always")),
    ):
        videos, out = folder / "videos", folder / "objects"
        videos.mkdir()
        for index in range(number):
            shutil.copy(one, videos / f"{index}.mp4")
        taken = timed(lambda: studio("to-dicom", str(videos), str(out), *WHO, *options, "-q"))  # noqa: B023 - called at once
        whose[name] = number * 3600 / taken
        shutil.rmtree(videos)
        shutil.rmtree(out)
    return {"videos_per_hour": whose}


def encoded(path: Path, seconds: int, gigabytes: float, rate: str = "45M") -> Path:
    """Make a video of noise over a test picture; repeated until it is large enough."""
    first = path.with_name(f"first-{path.name}")
    picture = f"testsrc2=s=1280x720:r=30:d={seconds},noise=alls=60:allf=t"
    ffmpeg(
        "-f", "lavfi", "-i", picture, "-c:v", "libx264", "-preset", "ultrafast", "-level", "4.1",
        "-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-pix_fmt", "yuv420p", "-g", "30",
        str(first),
    )  # fmt: skip
    times = max(0, round(gigabytes * 1e9 / first.stat().st_size) - 1)
    ffmpeg("-stream_loop", str(times), "-i", str(first), "-c", "copy", str(path))
    first.unlink()
    return path


def timed(way: Callable[[], Any]) -> float:
    """Return the seconds until all is on the disk."""
    os.sync()
    begun = time.monotonic()
    way()
    os.sync()
    return time.monotonic() - begun


def studio(*words: str) -> int:
    """Run the program; return the most bytes that its largest process took."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "xray_studio", *words]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    return used.ru_maxrss * 1024


def ffmpeg(*words: str) -> None:
    shell("ffmpeg", "-y", "-v", "error", *words)


def shell(*words: str) -> None:
    subprocess.run(words, check=True)


def told(found: dict[str, Any]) -> str:
    lines = [f"{found['megabytes']:,.0f} MB, median of {ROUNDS}"]
    copied = found["speeds"]["cp"]
    for name, speed in found["speeds"].items():
        lines.append(f"  {name:20} {speed:8,.0f} MB/s   {speed / copied:5.2f} of cp")
    lines.append(f"  memory of to-dicom   {found['memory_megabytes']:8,.0f} MB")
    lines.append("videos of ten seconds an hour")
    lines += [f"  {name:20} {count:8,.0f}" for name, count in found["videos_per_hour"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
