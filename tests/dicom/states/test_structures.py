"""RT Structure Sets of other programs: their habits, and what is wrong with some."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ImplicitVRLittleEndian, generate_uid

from tests.dicom.objects import make_object, save
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.labels.structures import map_of_structures
from xray_studio.core.volume.geometry import from_axes
from xray_studio.dicom.states.structures import STORAGE, read_structures

GRID = from_axes((4, 20, 30), (-10, 5, 40), np.eye(3), (1.0, 2.0, 3.0))
OUTER = [(2, 2), (25, 2), (25, 17), (2, 17)]
INNER = [(8, 6), (15, 6), (15, 12), (8, 12)]


def _contour(corners: Any, plane: float = 1, kind: str = "CLOSED_PLANAR") -> Dataset:
    item = Dataset()
    at = GRID.points([(column - 0.5, row - 0.5, plane) for column, row in corners] or [(0, 0, 0)])
    item.ContourGeometricType = kind
    item.NumberOfContourPoints = len(corners)
    item.ContourData = [f"{value:.3f}" for value in at.ravel()] if corners else None
    return item


def _write(folder: Path, *rois: tuple[int, str, list[Dataset]], **attributes: Any) -> str:
    made = make_object(None, SOPClassUID=STORAGE, Modality="RTSTRUCT", **attributes)
    frame, rows, lines = Dataset(), [], []
    frame.FrameOfReferenceUID = generate_uid()
    for number, name, contours in rois:
        roi, line = Dataset(), Dataset()
        roi.ROINumber, roi.ROIName = number, name
        line.ReferencedROINumber, line.ContourSequence = number, contours
        rows.append(roi)
        lines.append(line)
    made.ReferencedFrameOfReferenceSequence = [frame]
    made.StructureSetROISequence, made.ROIContourSequence = rows, lines
    return save(made, folder / "a.dcm", ImplicitVRLittleEndian)


def _expected(plane: int, *, hole: bool = False) -> np.ndarray:
    marked = np.zeros(GRID.shape, bool)
    marked[plane, 2:17, 2:25] = True
    if hole:
        marked[plane, 6:12, 8:15] = False
    return marked


@pytest.mark.parametrize("kind", ["CLOSED_PLANAR", "CLOSEDPLANAR_XOR"])
@pytest.mark.parametrize("turn", [1, -1])
def test_an_outline_within_another_one_is_a_hole(tmp_path: Path, kind: str, turn: int) -> None:
    lines = [_contour(OUTER, 1, kind), _contour(INNER[::turn], 1, kind)]
    found = read_structures(_write(tmp_path, (1, "Ring", lines)))
    labels, notes = map_of_structures(found, GRID)
    assert np.array_equal(labels.values == 1, _expected(1, hole=True))
    assert notes == ()
    assert labels.segments[0].name == "Ring"


def test_numbers_that_segments_cannot_have_are_given_anew(tmp_path: Path) -> None:
    path = _write(tmp_path, (0, "A", [_contour(OUTER, 1)]), (-7, "", [_contour(OUTER, 2)]))
    labels, _ = map_of_structures(read_structures(path), GRID)
    assert [(one.number, one.name) for one in labels.segments] == [(1, "A"), (2, "Structure 2")]
    assert np.array_equal(labels.values == 2, _expected(2))


def test_points_and_open_lines_enclose_nothing_and_are_told(tmp_path: Path) -> None:
    lines = [_contour(OUTER), _contour(INNER[:1], 1, "POINT"), _contour([], 1)]
    labels, notes = map_of_structures(read_structures(_write(tmp_path, (1, "A", lines))), GRID)
    assert np.array_equal(labels.values == 1, _expected(1))
    assert notes == ("A has 2 points or open lines, which enclose nothing.",)


def test_what_overlaps_is_told_and_the_later_one_has_it(tmp_path: Path) -> None:
    path = _write(tmp_path, (1, "A", [_contour(OUTER)]), (2, "B", [_contour(INNER)]))
    labels, notes = map_of_structures(read_structures(path), GRID)
    assert (labels.values == 2).sum() == 42
    assert "overlap in 42 voxels" in notes[0]


def test_an_outline_between_slices_counts_for_the_nearest(tmp_path: Path) -> None:
    path = _write(tmp_path, (1, "A", [_contour(OUTER, 2.3)]))
    assert np.array_equal(
        map_of_structures(read_structures(path), GRID)[0].values == 1, _expected(2)
    )


def test_outlines_across_the_slices_or_elsewhere_are_refused(tmp_path: Path) -> None:
    turned = from_axes(GRID.shape, (0, 0, 0), [[1, 0, 0], [0, 0.8, -0.6], [0, 0.6, 0.8]], (1, 2, 3))
    found = read_structures(_write(tmp_path, (1, "A", [_contour(OUTER)])))
    with pytest.raises(UsageError, match="A do not lie in planes"):
        map_of_structures(found, turned)
    away = read_structures(_write(tmp_path, (1, "A", [_contour(OUTER, 99)])))
    with pytest.raises(UsageError, match="A do not lie in planes"):
        map_of_structures(away, GRID)


@pytest.mark.parametrize(
    "data", [b"1\\2\\3\\4\\5\\6\\7\\8", b"1\\2\\x\\4\\5\\6\\7\\8\\9", b"nan\\" * 8 + b"1 "]
)
def test_damaged_outlines_are_said(tmp_path: Path, data: bytes) -> None:
    path = Path(_write(tmp_path, (1, "A", [_contour(OUTER)])))
    whole = path.read_bytes()
    tag = b"\x06\x30\x50\x00"
    at = whole.index(tag) + 4
    length = int.from_bytes(whole[at : at + 4], "little")
    filled = data + b" " * (length - len(data))
    path.write_bytes(whole[: at + 4] + filled + whole[at + 4 + length :])
    with pytest.raises(UnreadableError, match="damaged"):
        read_structures(str(path))


def test_other_objects_are_no_structure_sets(tmp_path: Path) -> None:
    path = save(make_object(np.zeros((4, 4), np.uint8)), tmp_path / "a.dcm")
    with pytest.raises(UnreadableError, match="not an RT Structure Set"):
        read_structures(path)
