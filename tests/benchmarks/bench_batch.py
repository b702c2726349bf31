"""What a batch costs beside the exports themselves, for each file.

    python tests/benchmarks/bench_batch.py [--files 300] [--side 512] [--json]

Radiographs of `side` pixels, each a series, are written as .npz with one worker process. The
overhead of a file is the time by the clock from the first finished file to the last one, less the
seconds of the exports between: queueing, the thumbnail, the state file, and what travels between
processes. Starting the worker, which happens once, does not count.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.dicom.objects import make_object, save
from xray_studio.core.job import run
from xray_studio.services.batch.run import BatchOptions, batch
from xray_studio.services.open import scan
from xray_studio.services.recipe import Recipe


def written(folder: Path, files: int, side: int) -> Path:
    """Write radiographs, each of a series of its own."""
    folder.mkdir()
    image = (np.indices((side, side)).sum(0) % 4096).astype(np.uint16)
    for number in range(files):
        made = make_object(
            image, Modality="CR", StudyInstanceUID="1.2.3", SeriesNumber=number,
            SeriesInstanceUID=f"1.2.3.{number + 1}",
        )  # fmt: skip
        save(made, folder / f"{number}.dcm")
    return folder


def timed(source: Path, out: Path) -> tuple[float, float]:
    """Return the seconds of a batch after its first file by the clock, and of its exports."""
    job, first, last = (
        batch(run(scan(source)), out, Recipe(format="npz"), BatchOptions(1)),
        0.0,
        0.0,
    )
    while True:
        try:
            done = next(job).done
        except StopIteration as stop:
            seconds = [outcome.seconds for outcome in stop.value.outcomes]
            return last - first, sum(seconds[1:])
        last = time.perf_counter()
        first = first if first and done else last


def measure(files: int, side: int) -> dict[str, float]:
    """Return milliseconds for each file: by the clock, of its export, and the difference."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        spent = timed(written(folder / "in", files, side), folder / "out")
    clock, export = (1000.0 * seconds / (files - 1) for seconds in spent)
    return {"file": clock, "export": export, "overhead": clock - export}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.files, asked.side)
    if asked.json:
        print(json.dumps(found))
        return
    for what, value in found.items():
        print(f"{what:<10} {value:6.2f} ms")


if __name__ == "__main__":
    main()
