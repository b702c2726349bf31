"""How much drawn text is found, and how often something else is taken for it, beside a baseline.

    python tests/benchmarks/bench_burnt_in.py [--rounds 2] [--seed 7] [--json] [--pictures FOLDER]

Lines of made-up names, numbers and dates in fonts that fitting did not use are drawn into clips and
films: the demonstration, and the objects and films of `../shared/data` if present; half of them are
then compressed as JPEG. A line counts as found when regions hold nine tenths of its ink. Regions in
pictures into which nothing was drawn are counted too; real pictures hold text of their own (side
markers, menus of ultrasound devices), so those are no measure of what is false by themselves. The
baseline takes every block of dense edges for text (Sobel, threshold at 4 times the mean, closing,
boxes), which is what simple tools do. `--pictures` writes what is found on pictures as they are.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "benchmarks")]

from drawn_lines import MEASURED, DrawnLine, Stack, compressed, drawn  # noqa: E402
from fit_burnt_in import fitted_run  # noqa: E402

from xray_studio.core.clip import Clip  # noqa: E402
from xray_studio.core.errors import StudioError  # noqa: E402
from xray_studio.core.job import run  # noqa: E402
from xray_studio.core.region import Region  # noqa: E402
from xray_studio.imaging.burnt_in.find import find_text  # noqa: E402
from xray_studio.imaging.burnt_in.still import LEAST_FRAMES, still_of  # noqa: E402
from xray_studio.imaging.render import render  # noqa: E402
from xray_studio.services.demonstration import demonstration  # noqa: E402
from xray_studio.services.open import open_paths  # noqa: E402
from xray_studio.services.presets import initial_presentation  # noqa: E402

FRAMES, LINES, FILMS, SLICES = 12, 5, 40, 20
FOUND = 0.9  # of the ink of a line
Find = Callable[[Stack], tuple[Region, ...]]


@dataclass
class Tally:
    """What one way to look for text did on one kind of picture."""

    lines: int = 0
    found: int = 0
    empty: int = 0
    false: int = 0
    masked: float = 0.0
    seconds: float = 0.0
    fonts: dict[str, list[bool]] = field(default_factory=dict)
    heights: dict[str, list[bool]] = field(default_factory=dict)


def ours(stack: Stack) -> tuple[Region, ...]:
    """Return the regions that this program finds."""
    return find_text(*still_of(stack))


def edge_density(stack: Stack) -> tuple[Region, ...]:
    """Return blocks of dense edges of the middle frame."""
    grey = stack[len(stack) // 2]
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *axis) for axis in ((1, 0), (0, 1)))
    steep = np.hypot(across, down)
    dense = cv2.boxFilter((steep > 4.0 * steep.mean()).astype(np.float32), -1, (9, 5)) > 0.4
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (15, 3))
    closed = cv2.morphologyEx(dense.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(closed)
    regions = [Region(*map(int, boxes[n][:4])).grown(2) for n in range(1, count)]
    return tuple(r for r in regions if r.width >= 2 * r.height and r.height >= 5)


WAYS: dict[str, Find] = {"this program": ours, "edge density": edge_density}


def sources() -> Iterator[tuple[str, str, Stack]]:
    """Yield kind, name and frames of everything there is to draw into."""
    folder = run(demonstration())
    objects = [path for place in sorted(folder.iterdir()) for path in _some(place)]
    objects = [path for path in objects if path != fitted_run(folder)]
    yield from (("demonstration", name, stack) for name, stack, _ in opened(objects))
    shared = PROJECT.parent / "shared" / "data"
    for name, stack, count in opened(sorted((shared / "dicom").glob("*.dcm"))):
        yield ("real clips" if count >= LEAST_FRAMES else "real stills"), name, stack
    for folder in ("iu_xray/lateral", "nih_cxr14"):
        films = sorted(
            p for p in (shared / folder).rglob("*") if p.suffix in {".webp", ".png", ".jpg"}
        )
        for path in films[:: max(1, len(films) // FILMS)]:
            film = run(open_paths(str(path)))
            yield "films of 256 pixels", path.name, frames_of(film)


def _some(folder: Path) -> list[Path]:
    """Return the objects of a folder, a few of the slices of a volume."""
    found = sorted(folder.rglob("*.dcm"))
    return found if len(found) < SLICES else found[:: len(found) // 4]


def opened(paths: list[Path]) -> Iterator[tuple[str, Stack, int]]:
    """Yield name, frames and how many there are of what holds pictures large enough."""
    for path in paths:
        try:
            clip = run(open_paths(str(path)))
        except StudioError:
            continue
        if min(clip.rows, clip.columns) >= 128:
            yield path.name, frames_of(clip), len(clip)


def frames_of(clip: Clip) -> Stack:
    """Return up to twelve frames as they open, grey."""
    how, last = initial_presentation(clip), len(clip) - 1
    numbers = np.unique(np.linspace(0, last, FRAMES).astype(int))
    shown = np.stack([render(clip, int(number), how) for number in numbers])
    return shown if shown.ndim == 3 else shown.max(axis=3)


def measure(rounds: int, seed: int) -> dict[str, dict[str, Tally]]:
    """Return tallies by kind of picture and way."""
    random = np.random.default_rng(seed)
    tallies: dict[str, dict[str, Tally]] = {}
    for kind, _, stack in sources():
        kinds = tallies.setdefault(kind, {way: Tally() for way in WAYS})
        for way, find in WAYS.items():
            _count_empty(kinds[way], stack, find)
        for _ in range(rounds * (4 if kind == "demonstration" else 1)):
            with_text, lines = drawn(stack, random, LINES, MEASURED)
            with_text = compressed(with_text, random) if random.random() < 0.5 else with_text
            for way, find in WAYS.items():
                _count_lines(kinds[way], find(with_text), lines, stack.shape[1:])
    return tallies


def _count_empty(tally: Tally, stack: Stack, find: Find) -> None:
    started = time.perf_counter()
    regions = find(stack)
    tally.seconds += time.perf_counter() - started
    tally.empty += 1
    tally.false += len(regions)
    tally.masked += covered(regions, stack.shape[1:]).mean()


def _count_lines(
    tally: Tally, regions: tuple[Region, ...], lines: list[DrawnLine], shape: tuple[int, ...]
) -> None:
    mask = covered(regions, shape)
    for line in lines:
        place = line.region
        held = mask[place.y : place.bottom, place.x : place.right][line.ink].mean() >= FOUND
        tally.lines += 1
        tally.found += int(held)
        tally.fonts.setdefault(line.font, []).append(bool(held))
        low = next(limit for limit in (10, 20, 1000) if place.height < limit)
        name = {10: "below 10", 20: "10 to 19", 1000: "20 and more"}[low]
        tally.heights.setdefault(name, []).append(bool(held))


def covered(regions: tuple[Region, ...], shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return which pixels regions hold."""
    mask = np.zeros(shape, np.bool_)
    for region in regions:
        inside = region.clipped(*shape)
        if inside is not None:
            mask[inside.y : inside.bottom, inside.x : inside.right] = True
    return mask


def show(tallies: dict[str, dict[str, Tally]]) -> None:
    """Print a table."""
    print("| pictures | way | lines found | regions in a picture as it is | masked | seconds |")
    print("|---|---|---|---|---|---|")
    for kind, ways in tallies.items():
        for way, tally in ways.items():
            print(
                f"| {kind} ({tally.empty}) | {way} | {tally.found} of {tally.lines}"
                f" ({tally.found / max(1, tally.lines):.1%}) | {tally.false / tally.empty:.2f}"
                f" | {tally.masked / tally.empty:.2%} | {tally.seconds / tally.empty:.2f} |"
            )
    for name in ("fonts", "heights"):
        print(f"{name}, this program: {_parts(tallies, name)}")


def _parts(tallies: dict[str, dict[str, Tally]], name: str) -> str:
    together: dict[str, list[bool]] = {}
    for ways in tallies.values():
        for part, held in getattr(ways["this program"], name).items():
            together.setdefault(part, []).extend(held)
    return ", ".join(f"{k} {np.mean(v):.1%} of {len(v)}" for k, v in sorted(together.items()))


def paint(folder: Path) -> None:
    """Write every picture as it is with what is found."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, name, stack in sources():
        still = cv2.cvtColor(still_of(stack)[0], cv2.COLOR_GRAY2BGR)
        for region in ours(stack):
            corner = (region.right, region.bottom)
            cv2.rectangle(still, (region.x, region.y), corner, (0, 200, 255), 1)
        cv2.imwrite(str(folder / f"{kind.replace(' ', '-')}_{name}.png"), still)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    if options.pictures:
        paint(options.pictures)
        return
    tallies = measure(options.rounds, options.seed)
    if options.json:
        print(json.dumps({k: {w: vars(t) for w, t in ways.items()} for k, ways in tallies.items()}))
    else:
        show(tallies)


if __name__ == "__main__":
    main()
