"""The weights of `imaging.burnt_in.score`, fitted to drawn text and to pictures without.

    python tests/benchmarks/fit_burnt_in.py [--pictures 120] [--seed 1]

Pictures are speckle, noise, bone-like texture and one run of the demonstration, each with ticks,
traces, wires, grids and edges. No real picture takes part. A logistic regression (iteratively
reweighted least squares, a little ridge) tells candidate lines on drawn text from all others.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "benchmarks")]

from drawn_lines import (  # noqa: E402
    FITTED,
    DrawnLine,
    Random,
    Stack,
    bones,
    compressed,
    drawn,
    furnished,
    noise,
    speckle,
)  # fmt: skip

from xray_studio.core.job import run  # noqa: E402
from xray_studio.core.region import Region  # noqa: E402
from xray_studio.imaging.burnt_in.features import NAMES  # noqa: E402
from xray_studio.imaging.burnt_in.find import rows_of_letters  # noqa: E402
from xray_studio.imaging.burnt_in.still import still_of  # noqa: E402
from xray_studio.imaging.render import render  # noqa: E402
from xray_studio.services.demonstration import demonstration  # noqa: E402
from xray_studio.services.open import open_paths  # noqa: E402
from xray_studio.services.presets import initial_presentation  # noqa: E402

Numbers = npt.NDArray[np.float64]
FRAMES, RIDGE = 10, 1.0


def pictures(random: Random, count: int) -> Iterator[Stack]:
    """Yield pictures without text, clips and stills."""
    kinds = (speckle, noise, bones, phantom)
    for number in range(count):
        frames = FRAMES if random.random() < 0.4 else 1
        yield furnished(kinds[number % len(kinds)](random, frames), random)


def phantom(random: Random, frames: int) -> Stack:
    """Return frames of the first run of the demonstration."""
    folder = run(demonstration())
    clip = run(open_paths(str(fitted_run(folder))))
    how = initial_presentation(clip)
    first = int(random.integers(0, len(clip) - frames + 1))
    return np.stack([render(clip, first + n, how) for n in range(frames)])


def fitted_run(folder: Path) -> Path:
    """Return the run of the demonstration that takes part; measuring leaves it out."""
    return min(folder.rglob("run-*.dcm"))


def examples(random: Random, count: int) -> tuple[Numbers, Numbers]:
    """Return features (lines, features) and 1 for text, 0 for none."""
    values, text = list[Numbers](), list[float]()
    for number, empty in enumerate(pictures(random, count)):
        stack, lines = drawn(empty, random, 4 if number % 3 else 0, FITTED)
        stack = compressed(stack, random) if number % 2 else stack
        for region, features in rows_of_letters(*still_of(stack)):
            label = _label(region, lines)
            if label is not None:
                values.append(features)
                text.append(label)
    return np.array(values), np.array(text)


def _label(region: Region, lines: list[DrawnLine]) -> float | None:
    """Return 1 for a good part of a line, 0 for a block or what is mostly something else."""
    line = max((line.region for line in lines), key=region.shared, default=None)
    shared = 0 if line is None else region.shared(line)
    if line is None or shared < 0.3 * region.area:
        return 0.0
    return 1.0 if shared > 0.6 * region.area and shared > 0.3 * line.area else None


def fitted(values: Numbers, text: Numbers) -> Numbers:
    """Return bias and weights of a logistic regression; both classes count the same."""
    scale = values.std(axis=0) + 1e-9
    design = np.c_[np.ones(len(values)), values / scale]
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        odds = 1.0 / (1.0 + np.exp(-design @ weights))
        slope = design.T @ (odds - text) + RIDGE * weights
        curve = (design * (odds * (1.0 - odds))[:, None]).T @ design
        weights -= np.linalg.solve(curve + RIDGE * np.eye(len(weights)), slope)
    return np.r_[weights[0], weights[1:] / scale]


def main() -> None:
    """Fit, and tell weights and errors."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    values, text = examples(np.random.default_rng(options.seed), options.pictures)
    weights = fitted(values, text)
    print(f"{len(text):,} candidates, {int(text.sum()):,} of them text")
    print(f"BIAS: Final = {weights[0]:.3f}")
    for name, weight in zip(NAMES, weights[1:], strict=True):
        print(f'    "{name}": {weight:.3f},')
    odds = weights[0] + values @ weights[1:]
    for limit in (-2, -1, 0, 1, 2, 3):
        print(
            f"log odds {limit:+d}: {np.mean(odds[text == 1] >= limit):.3f} of text,"
            f" {np.mean(odds[text == 0] >= limit):.4f} of the rest"
        )


if __name__ == "__main__":
    main()
