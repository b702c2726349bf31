"""Videos inside DICOM objects beside the same videos as files: opening, seeking, playing, memory.

    python tests/benchmarks/bench_video_objects.py [--minutes 2] [--seeks 40] [--json] [VIDEO]

Without a video it makes one of 1280 x 720 with H.264 in MP4 and in a transport stream. "first" is
when the first frame can be shown, "exact" when every frame can be; "seeks" are frames at random,
one after the other. ffmpeg decodes the same number of frames from the start, for comparison.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT)]

from tests.dicom.video_objects import save_video  # noqa: E402
from xray_studio.core import workers  # noqa: E402
from xray_studio.core.clip import Clip  # noqa: E402
from xray_studio.core.job import Progress, run  # noqa: E402
from xray_studio.services.open import open_paths  # noqa: E402

FORWARD = 300  # frames
SYNTAX = "1.2.840.10008.1.2.4.102.1"  # fragmentable H.264
PIECES = 8


@dataclass
class Opened:
    """What one video did: seconds, and frames per second."""

    what: str
    megabytes: float
    frames: int
    first: float
    exact: float
    seeks: float
    forward: float
    memory_mb: float


def apart(task: str, path: Path, seeks: int = 0) -> str:
    """Do one task in a process of its own, whose memory is that of no other, and return its answer.

    The most memory that a process had counts for those that it starts as well.
    """
    words = [sys.executable, __file__, "--task", task, "--seeks", str(seeks), str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def measure(what: str, path: Path, seeks: int) -> Opened:
    """Open, seek and play one video."""
    begun, firsts = time.perf_counter(), list[float]()

    def heard(progress: Progress) -> None:
        if isinstance(progress.partial, Clip):
            progress.partial.stored(0)
            firsts.append(time.perf_counter() - begun)

    clip = run(open_paths([path]), heard)
    exact = time.perf_counter() - begun
    clip.stored(0)
    first = firsts[0] if firsts else time.perf_counter() - begun
    places = random.Random(1).choices(range(len(clip)), k=seeks)
    return Opened(
        what, round(path.stat().st_size / 1e6, 1), len(clip), round(first, 2), round(exact, 2),
        round(_rate(clip, places), 1), round(_forward(clip), 1), round(_memory(), 1),
    )  # fmt: skip


def _rate(clip: Clip, places: list[int]) -> float:
    begun = time.perf_counter()
    for place in places:
        clip.stored(place)
    return len(places) / (time.perf_counter() - begun)


def _forward(clip: Clip) -> float:
    count = min(FORWARD, len(clip))
    begun = time.perf_counter()
    for _ in clip.frames(0, count - 1):
        pass
    return count / (time.perf_counter() - begun)


def _memory() -> float:
    """Return the megabytes of this process and of the largest of its workers so far."""
    workers.shutdown_shared()
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in who) / 1024


def make(folder: Path, minutes: float) -> list[Path]:
    """Make ten seconds of a noisy video, repeated, in two containers."""
    source = "testsrc2=s=1280x720:d=10:r=30,noise=alls=40:allf=t"
    coding = ("-c:v", "libx264", "-preset", "ultrafast", "-b:v", "10M", "-g", "60", "-bf", "2")
    short, repeats = folder / "short.mp4", str(round(6 * minutes) - 1)
    _ffmpeg("-f", "lavfi", "-i", source, *coding, "-pix_fmt", "yuv420p", str(short))
    made = [folder / "video.mp4", folder / "video.ts"]
    for path in made:
        _ffmpeg("-stream_loop", repeats, "-i", str(short), "-c", "copy", str(path))
    return made


def _ffmpeg(*words: str) -> None:
    subprocess.run(["ffmpeg", "-y", "-v", "error", *words], check=True)


def peer(path: Path) -> float:
    """Return the frames per second that ffmpeg decodes to RGB on as many threads as it likes."""
    begun = time.perf_counter()
    _ffmpeg("-i", str(path), "-frames:v", str(FORWARD), "-pix_fmt", "rgb24", "-f", "null", "-")
    return FORWARD / (time.perf_counter() - begun)


def wrapped(path: Path) -> Path:
    """Put a video into an object, in several fragments."""
    target = path.with_name(f"{path.name}.dcm")
    clip = run(open_paths([path]))
    about = {"NumberOfFrames": len(clip), "Rows": clip.rows, "Columns": clip.columns}
    rate = clip.frame_rate
    timing = {"CineRate": round(rate), "FrameTime": f"{1000 / rate:.6g}"}
    save_video(target, path.read_bytes(), SYNTAX, PIECES, **about, **timing)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--seeks", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("video", nargs="*", type=Path)
    parser.add_argument("--task", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.task == "wrap":
        print(wrapped(asked.video[0]))
        return
    if asked.task:
        print(json.dumps(asdict(measure(asked.task, asked.video[0], asked.seeks))))
        return
    with tempfile.TemporaryDirectory() as name:
        folder, results = Path(name), list[Opened]()
        videos = [Path(shutil.copy(one, folder)) for one in asked.video]
        for path in videos or make(folder, asked.minutes):
            kind, inside = path.suffix[1:], Path(apart("wrap", path))
            for what, place in ((kind, path), (f"{kind} in an object", inside)):
                results.append(Opened(**json.loads(apart(what, place, asked.seeks))))
            speed = round(peer(path), 1)
            print(f"ffmpeg {path.suffix[1:]}: {speed} frames per second", file=sys.stderr)
    if asked.json:
        print(json.dumps([asdict(result) for result in results], indent=1))
        return
    for result in results:
        print("  ".join(f"{name} {value}" for name, value in asdict(result).items()))


if __name__ == "__main__":
    main()
