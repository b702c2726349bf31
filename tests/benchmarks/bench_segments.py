"""How fast segments of a volume are edited, found, saved and opened again.

    python tests/benchmarks/bench_segments.py [--slices 500] [--side 512]

A body with a vessel in it and noise, in DICOM slices; growing beside SimpleITK's ConnectedThreshold
over the same voxels. Strokes are 3 mm long, medians of 40.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import SimpleITK

from xray_studio.core.job import run
from xray_studio.core.labels.brush import Brush
from xray_studio.core.labels.on_plane import on_plane
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.planes import View, oblique, view
from xray_studio.core.volume.volume import Volume
from xray_studio.services.segmenting import tools
from xray_studio.services.segmenting.opening import open_segments
from xray_studio.services.segmenting.saving import SUFFIXES, Form, Saving, save_segments
from xray_studio.services.segmenting.session import Segmenting, begun
from xray_studio.services.volume.convert import ConvertOptions, convert
from xray_studio.services.volume.open import open_volume

BRUSHES = {
    "ball of 10 mm": Brush(5.0), "ball of 20 mm": Brush(10.0), "ball of 40 mm": Brush(20.0),
    "axial disc of 40 mm": Brush(20.0, (0.0, 0.0, 1.0)),
    "oblique disc of 40 mm": Brush(20.0, (0.3, 0.5, 0.8)),
}  # fmt: skip
BODY, VESSEL = tools.Range(60, 130), tools.Range(130)


def opened(folder: Path, slices: int, side: int) -> Volume:
    """Write a body of 100 and a vessel of 180 in it, both with noise, and open it again."""
    z, y, x = np.ogrid[:slices, :side, :side]
    away = ((x - side / 2) ** 2 + (y - side / 2) ** 2) / (0.39 * side) ** 2
    away = away + ((z - slices / 2) / (0.48 * slices)) ** 2
    values = np.where(away < 1, 100, 0).astype(np.int16)
    values += np.where((x - 0.4 * side) ** 2 + (y - 0.43 * side) ** 2 < 1600, 80, 0).astype(
        np.int16
    )
    values += np.random.default_rng(0).integers(-10, 11, values.shape, np.int16)
    grid = from_axes(values.shape, (0, 0, 0), np.eye(3), (0.7, 0.7, 1.0))
    run(convert(Volume(values, grid, "CT", "HU"), folder / "ct", ConvertOptions(kind="CT")))
    return run(open_volume(folder / "ct"))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that work takes, and what it gives."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def tell(name: str, seconds: float) -> None:
    """Print a line of the table."""
    words = f"{seconds * 1000:9.1f} ms" if seconds < 0.1 else f"{seconds:9.2f} s"
    print(f"{name:<40} {words}", flush=True)


def strokes(session: Segmenting) -> None:
    """Paint with every brush."""
    centre = session.volume.geometry.centre
    for name, brush in BRUSHES.items():
        took = []
        for number in range(40):
            ends = [tuple(np.add(centre, (number + more, more, 0))) for more in (0, 3)]
            took.append(timed(lambda ends=ends, brush=brush: session.paint(1, brush, ends))[0])
        session.end_stroke()
        tell(f"stroke, {name}", median(took))
        tell("  taken back", timed(session.undo)[0])


def planes(session: Segmenting) -> None:
    """Look at the labels of planes."""
    grid = session.volume.geometry
    for name, plane in (
        ("an axial", view(grid, View.AXIAL)), ("a sagittal", view(grid, View.SAGITTAL)),
        ("an oblique", oblique(grid, grid.centre, (0.3, 0.5, 0.8))),
    ):  # fmt: skip
        took = [timed(lambda plane=plane: on_plane(session.labels, plane))[0] for _ in range(20)]
        tell(f"labels on {name} plane", median(took))


def found(session: Segmenting) -> None:
    """Find segments by themselves."""
    volume, seed = session.volume, session.volume.geometry.centre
    took, edit = timed(lambda: run(tools.threshold(volume, 1, BODY)))
    tell("threshold", took)
    tell("  applied", timed(lambda: session.apply(edit))[0])
    tell("  taken back", timed(session.undo)[0])
    took, edit = timed(lambda: run(tools.grow(volume, 1, tools.Growth(seed, BODY))))
    tell(f"grow over {edit.voxels / 1e6:.0f} million voxels", took)
    image = SimpleITK.GetImageFromArray(volume.values)
    at = [side // 2 for side in image.GetSize()]
    low, high = BODY.low, BODY.high
    tell("  the same, SimpleITK",
         timed(lambda: SimpleITK.ConnectedThreshold(image, [at], low, high))[0])  # fmt: skip
    session.apply(edit)
    session.apply(run(tools.threshold(volume, 2, VESSEL)))
    for name, tool in (("largest part", tools.keep_largest), ("holes", tools.fill_holes)):
        tell(name, timed(lambda tool=tool: run(tool(session.labels, 1)))[0])
    tell("smooth by 1.5 mm", timed(lambda: run(tools.smooth(session.labels, 2, 1.5)))[0])
    tell("measure", timed(lambda: run(session.measure()))[0])


def saved(session: Segmenting, folder: Path) -> None:
    """Save and open again."""
    for form in Form:
        target = folder / f"marks{SUFFIXES[form]}"
        saving = Saving(target, form)
        took, files = timed(lambda saving=saving: run(
            save_segments(session.volume, session.labels, saving)))  # fmt: skip
        size = sum(path.stat().st_size for path in files) / 1e6
        tell(f"save and check {form.value} ({size:.1f} MB)", took)
        if form is not Form.STL:
            again = timed(lambda target=target: run(open_segments(target, session.volume)))[0]
            tell("  open", again)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slices", type=int, default=500)
    parser.add_argument("--side", type=int, default=512)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        session = begun(opened(Path(place), asked.slices, asked.side))
        session.add_segment(), session.add_segment()
        strokes(session)
        planes(session)
        found(session)
        saved(session, Path(place))


if __name__ == "__main__":
    main()
