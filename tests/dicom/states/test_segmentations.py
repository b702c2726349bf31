"""Segmentations over the images that they mark."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.dicom.objects import make_object, save
from tests.dicom.states.made import make_seg
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.presentation import Presentation
from xray_studio.core.segments import SegmentLayer
from xray_studio.dicom.clip import open_clip
from xray_studio.dicom.states.segmentation import read_segmentation
from xray_studio.imaging.render import render
from xray_studio.services.segmentations import with_segments

pytestmark = pytest.mark.usefixtures("inside")

ROWS, COLUMNS = 9, 13
GROUND = make_object(np.zeros((ROWS, COLUMNS), np.uint16))


def stack(count: int = 3) -> list[Dataset]:
    pictures = []
    for number in range(count):
        one = make_object(np.full((ROWS, COLUMNS), 100, np.uint8), InstanceNumber=number + 1)
        one.StudyInstanceUID = GROUND.StudyInstanceUID
        one.SeriesInstanceUID = GROUND.SeriesInstanceUID
        one.FrameOfReferenceUID = "1.2.3"
        one.ImagePositionPatient = [0, 0, 2.5 * number]
        one.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        one.PixelSpacing = [0.5, 0.5]
        pictures.append(one)
    return pictures


def masks(count: int) -> np.ndarray:
    made = np.zeros((count, ROWS, COLUMNS), np.uint8)
    for number in range(count):
        made[number, 1 : 3 + number, 2:5] = 1
    return made


def laid(tmp_path: Path, pictures: list[Dataset], seg: Dataset) -> Clip:
    paths = [str(save(one, tmp_path / f"{n}.dcm")) for n, one in enumerate(pictures)]
    segmentation = read_segmentation(str(save(seg, tmp_path / "seg.dcm")))
    return with_segments(open_clip(paths), segmentation)


def marked(layer: SegmentLayer, index: int) -> np.ndarray:
    levels = layer.at(index)
    return np.zeros(layer.size, np.bool_) if levels is None else levels > 0


def test_each_frame_lies_on_the_image_it_was_made_from(tmp_path: Path) -> None:
    """The segmentation names the last image first; the second image has nothing."""
    pictures = stack()
    seg = make_seg([pictures[2], pictures[0]], masks(2))
    clip = laid(tmp_path, pictures, seg)
    (layer,) = clip.segments
    assert np.array_equal(marked(layer, 2), masks(2)[0] > 0)
    assert np.array_equal(marked(layer, 0), masks(2)[1] > 0)
    assert not marked(layer, 1).any()
    assert layer.area == (2, 6 + 9)
    assert (layer.segment.name, str(layer.segment.kind)) == ("Segment A", "Mass")
    assert np.abs(np.subtract(layer.segment.colour, (255, 0, 0))).max() <= 6


def test_without_references_it_lies_where_it_is_in_the_patient(tmp_path: Path) -> None:
    pictures = stack()
    seg = placed(make_seg([pictures[1]], masks(1), sources=False), pictures[1])
    clip = laid(tmp_path, pictures, seg)
    assert [marked(clip.segments[0], n).any() for n in range(3)] == [False, True, False]


def test_another_frame_of_reference_is_no_place(tmp_path: Path) -> None:
    pictures = stack()
    seg = placed(make_seg([pictures[1]], masks(1), sources=False), pictures[1])
    seg.FrameOfReferenceUID = "1.2.9"
    with pytest.raises(UsageError, match="marks other images"):
        laid(tmp_path, pictures, seg)


def placed(seg: Dataset, image: Dataset) -> Dataset:
    """Return a segmentation whose first frame lies where an image lies."""
    seg.FrameOfReferenceUID = image.FrameOfReferenceUID
    place, turn, measures = Dataset(), Dataset(), Dataset()
    place.ImagePositionPatient = image.ImagePositionPatient
    turn.ImageOrientationPatient = image.ImageOrientationPatient
    measures.PixelSpacing = image.PixelSpacing
    seg.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence = [place]
    seg.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence = [turn]
    seg.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence = [measures]
    return seg


def test_fractions_cover_in_part(tmp_path: Path) -> None:
    pictures = stack(1)
    levels = np.zeros((1, ROWS, COLUMNS), np.uint8)
    levels[0, 4, 4:7] = (50, 100, 200)
    seg = make_seg(pictures, levels, kind="FRACTIONAL", most=200)
    clip = laid(tmp_path, pictures, seg)
    layer_levels = clip.segments[0].at(0)
    assert layer_levels is not None
    assert layer_levels[4, 4:7].tolist() == [64, 128, 255]
    how = Presentation(opacity=1.0, outlines=False)
    shown = render(clip, 0, how)
    assert np.abs(shown[4, 6].astype(int) - clip.segments[0].segment.colour).max() <= 1
    assert (shown[0, 0] == 100).all()


def test_label_maps(tmp_path: Path) -> None:
    pictures = stack(1)
    labels = np.zeros((1, ROWS, COLUMNS), np.uint8)
    labels[0, 0, :4], labels[0, 1, :2] = 1, 2
    seg = make_seg(pictures, labels, kind="LABELMAP", segments=[1])
    seg.SOPClassUID = "1.2.840.10008.5.1.4.1.1.66.7"
    second = Dataset()
    second.SegmentNumber, second.SegmentLabel = 2, "Other"
    seg.SegmentSequence.append(second)
    clip = laid(tmp_path, pictures, seg)
    assert [layer.area for layer in clip.segments] == [(1, 4), (1, 2)]


def test_segments_are_hidden_one_by_one(tmp_path: Path) -> None:
    pictures = stack(1)
    both = np.zeros((2, ROWS, COLUMNS), np.uint8)
    both[0, 2, 2], both[1, 6, 6] = 1, 1
    clip = laid(tmp_path, pictures, make_seg([*pictures, *pictures], both, segments=[1, 2]))
    shown = render(clip, 0, Presentation(hidden_segments=frozenset((1,))))
    assert (shown[2, 2] == 100).all()
    assert not (shown[6, 6] == 100).all()
    assert render(clip, 0, Presentation(segments=False)).ndim == 2


@pytest.mark.parametrize(
    ("keyword", "value", "reason"),
    [
        ("PatientID", "SOMEBODY ELSE", "of another patient"),
        ("Columns", COLUMNS + 1, "cannot be laid over"),
    ],
)
def test_what_does_not_match_is_refused(
    tmp_path: Path, keyword: str, value: object, reason: str
) -> None:
    pictures = stack(1)
    pictures[0].PatientID = "ONE"
    wide = np.zeros((1, ROWS, COLUMNS + (keyword == "Columns")), np.uint8)
    seg = make_seg(pictures, wide, **{"PatientID": "ONE", keyword: value})
    with pytest.raises(UsageError, match=reason):
        laid(tmp_path, pictures, seg)
