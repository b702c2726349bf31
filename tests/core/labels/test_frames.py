"""Frames of segmentations find their voxels, on whatever planes they were drawn."""

from dataclasses import replace

import numpy as np
import pytest

from tests.volume.phantom import SHAPE, affine
from xray_studio.core.content import Code, Reference
from xray_studio.core.errors import UsageError
from xray_studio.core.labels.frames import map_of_segmentation
from xray_studio.core.place import FramePlace
from xray_studio.core.segments import Segment, Segmentation, SegmentFrame, pack_levels
from xray_studio.core.volume.geometry import VolumeGeometry, reoriented

GRID = VolumeGeometry(SHAPE, affine(tilted=True))
MARKED = np.random.default_rng(5).random(SHAPE) < 0.3


def _found(marked: np.ndarray, grid: VolumeGeometry, *, placed: bool = True) -> Segmentation:
    axes = grid.directions
    frames = []
    for plane, each in enumerate(marked):
        place = FramePlace(
            position=tuple(grid.points([(0, 0, plane)])[0]),
            orientation=(*axes[:, 0], *axes[:, 1]),
            spacing=(grid.spacing[1], grid.spacing[0]),
        )
        levels = pack_levels(each.astype(np.uint8) * np.uint8(255))
        images = (Reference(f"1.2.{plane}"),)
        frames.append(SegmentFrame(1, levels, int(each.sum()), images, place if placed else None))
    rows, columns = marked.shape[1:]
    segment = Segment(1, "A", kind=Code("4147007", "SCT", "Mass"), algorithm="semiautomatic, b, c")
    return Segmentation("1.2", rows, columns, "BINARY", (segment,), tuple(frames))


def test_frames_on_the_planes_of_the_volume() -> None:
    labels, notes = map_of_segmentation(_found(MARKED, GRID), GRID)
    assert np.array_equal(labels.values == 1, MARKED)
    assert notes == ()
    (segment,) = labels.segments
    assert (segment.name, segment.code.meaning, segment.made) == ("A", "Mass", "b, c")


@pytest.mark.parametrize("order", [(2, 0, 1), (1, 2, 0), (0, 2, 1)])
@pytest.mark.parametrize("letters", ["LPH", "RAF", "APH"])
def test_frames_on_other_planes_of_the_same_voxels(order: tuple[int, ...], letters: str) -> None:
    grid = VolumeGeometry(SHAPE, affine(turned=False))
    turned, lies = MARKED.transpose(order), grid.affine.copy()
    lies[:, :3] = grid.affine[:, :3][:, [2 - axis for axis in order[::-1]]]
    other = VolumeGeometry(turned.shape, lies)
    if letters != "APH":
        moved = "".join(letters["LPH".index(each) if each in "LPH" else "RAF".index(each)]
                        for each in other.letters)  # fmt: skip
        turned, other = reoriented(turned, other, moved)
    labels, _ = map_of_segmentation(_found(turned, other), grid)
    assert np.array_equal(labels.values == 1, MARKED)


def test_frames_without_a_place_lie_on_their_images() -> None:
    origins = tuple((f"1.2.{plane}", 1) for plane in range(SHAPE[0]))
    labels, _ = map_of_segmentation(_found(MARKED, GRID, placed=False), GRID, origins)
    assert np.array_equal(labels.values == 1, MARKED)


def test_another_grid_is_refused() -> None:
    moved = GRID.affine.copy()
    moved[:3, 3] += GRID.affine[:3, 0] * 0.4
    other = VolumeGeometry(SHAPE, moved)
    for found in (_found(MARKED, other), _found(MARKED, GRID, placed=False)):
        with pytest.raises(UsageError, match="another grid"):
            map_of_segmentation(found, GRID)


def test_overlaps_and_shares_are_told() -> None:
    found = _found(MARKED, GRID)
    twice = [replace(frame, segment=2) for frame in found.frames]
    two = replace(found.segments[0], number=2)
    both = replace(
        found, kind="FRACTIONAL", frames=(*found.frames, *twice), segments=(*found.segments, two)
    )
    labels, notes = map_of_segmentation(both, GRID)
    assert np.array_equal(labels.values == 2, MARKED)
    assert f"overlap in {MARKED.sum():,} voxels" in notes[0]
    assert "fractional" in notes[1]
