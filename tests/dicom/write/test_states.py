"""Marks as presentation states: valid, as DCMTK shows them, and read back at the same pixels."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from tests.dicom.objects import XA, make_object, picture, save
from tests.dicom.test_clip_greys import table
from tests.dicom.write.validator import errors_of
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.measure.mark import Kind, Mark, spot_of
from xray_studio.core.measure.marks import Marks
from xray_studio.core.presentation import Presentation, VoiFunction, Window
from xray_studio.core.state_applied import applied
from xray_studio.dicom.clip import open_clip
from xray_studio.dicom.states.read import read_state
from xray_studio.imaging.render import oriented, render
from xray_studio.services.mark_files import read_marks
from xray_studio.services.mark_states import save_state
from xray_studio.services.mark_values import with_marks

pytestmark = pytest.mark.usefixtures("inside")

CT, US = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.6.1"
MODALITY = table(0, 12, [4095 - v // 2 for v in range(4096)])
MODALITY.ModalityLUTType = "US"
SHIFTED = {
    "PixelRepresentation": 1,
    "RescaleSlope": 2,
    "RescaleIntercept": -1000,
    "SOPClassUID": CT,
}
# The image, what it says, and how it is shown.
SHOWN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "plain": ({}, {}),
    "full range": ({}, {"voi": None}),
    "hounsfield, turned": (SHIFTED, {"rotation": 90}),
    "negative, flipped": ({"PhotometricInterpretation": "MONOCHROME1"}, {"flip_horizontal": True}),
    "negative and inverted": ({"PhotometricInterpretation": "MONOCHROME1"}, {"invert": True}),
    "angiogram, upside down": ({"SOPClassUID": XA, "RescaleSlope": 5}, {"flip_vertical": True}),
    "table, all at once": (
        {"ModalityLUTSequence": [MODALITY]},
        {"rotation": 270, "flip_vertical": True, "flip_horizontal": True, "invert": True},
    ),
    "sigmoid": (
        {}, {"voi": Window(1800.0, 1200.0, VoiFunction.SIGMOID), "rotation": 270,
             "flip_vertical": True},
    ),
}  # fmt: skip


def marks_on(clip: Clip, frame: int = 0) -> Marks:
    """A length, a named angle, a region on all frames and a text of two lines."""
    spot = spot_of(clip, frame)
    first = spot_of(clip, 0)
    assert spot is not None
    assert first is not None
    across, down = clip.columns, clip.rows
    several = len(clip) > 1 and len(clip.objects) == 1
    return Marks((
        Mark(1, Kind.LENGTH, ((across * 0.25, down * 0.25), (across * 0.5, down * 0.75)), spot),
        Mark(2, Kind.ANGLE, ((0.5, 0.25), (2.0, 3.0), (across * 0.5, 3.0)), spot, "Bend"),
        Mark(4, Kind.ELLIPSE, ((1.0, 2.0), (across * 0.5, down * 0.75)), first if several else spot,
             everywhere=several),
        Mark(5, Kind.TEXT, ((2.5, 4.5),), spot, "Two\nlines"),
        Mark(6, Kind.LENGTH, ((0.0, 0.0), (3.0, 3.0)), spot, hidden=True),
    ), last=6)  # fmt: skip


def saved(clip: Clip, how: Presentation, path: Path, frame: int = 0) -> Path:
    return run(save_state(clip, marks_on(clip, frame), how, path)).path


@pytest.mark.parametrize("name", SHOWN)
def test_a_state_shows_what_the_screen_shows(tmp_path: Path, name: str) -> None:
    attributes, shown = SHOWN[name]
    greys = picture(0, 4095).astype(np.uint16)
    if "PixelRepresentation" in attributes:
        greys = ((greys.astype(np.int32) - 2048) & 0xFFF).astype(np.uint16)
    image = save(make_object(greys, BitsStored=12, HighBit=11, **attributes), tmp_path / "i.dcm")
    clip = open_clip([image])
    how = Presentation(**{"voi": Window(1500.0, 2500.0), **shown})
    path = saved(clip, how, tmp_path / "state.dcm")
    ours = oriented(render(clip, 0, how), how)
    state = applied(clip, read_state(str(path)), Presentation())
    again = oriented(render(state.clip, 0, state.presentation), state.presentation)
    assert np.abs(ours.astype(int) - again).max() <= 1
    if shutil.which("dcmp2pgm") is None or name == "sigmoid":  # which DCMTK does not know
        return
    out = tmp_path / "out.pgm"
    subprocess.run(["dcmp2pgm", "-p", path, image, out], check=True, capture_output=True)
    with Image.open(out) as opened:
        assert np.abs(np.array(opened).astype(int) - ours).max() <= 1


def test_marks_come_back_at_the_same_pixels_of_their_frames(
    tmp_path: Path, shared_data: Path
) -> None:
    """The real run has 96 frames; the state says which are marked, and copies whose they are."""
    source = shared_data / "dicom" / "dbdicom__0002.DCM"
    clip = open_clip([str(source)])
    how = Presentation(voi=Window(128.0, 200.0), rotation=90, area=(10.0, 20.0, 500.0, 480.0))
    path = saved(clip, how, tmp_path / "state.dcm", frame=46)
    assert errors_of(path) == set()
    image, made = dcmread(source, stop_before_pixels=True), dcmread(path)
    for keyword in ("PatientName", "PatientID", "StudyInstanceUID", "StudyDate"):
        assert str(made[keyword].value) == str(image[keyword].value)
    assert made.SeriesInstanceUID != image.SeriesInstanceUID
    named = [
        (graphic.GraphicObjectSequence[0].GraphicType,
         graphic.ReferencedImageSequence[0].get("ReferencedFrameNumber"))
        for graphic in made.GraphicAnnotationSequence
    ]  # fmt: skip
    lines = [number for kind, number in named if kind != "ELLIPSE"]
    assert lines == [47, 47, 47]
    regions = [number for kind, number in named if kind == "ELLIPSE"]  # by what they measure
    numbers = [n for one in regions for n in np.atleast_1d(one)]
    assert regions == [None] or sorted(numbers) == list(range(1, 97))
    (area,) = made.DisplayedAreaSelectionSequence
    assert list(area.DisplayedAreaTopLeftHandCorner) == [1, 512]  # a mark lies outside the area
    back, marks = read_marks(clip, path).marks, marks_on(clip, 46)
    assert [mark.number for mark in back.each] == [1, 2, 3, 4]
    for one, other in zip(
        sorted(back.each, key=lambda m: m.kind.value), by_kind(marks), strict=True
    ):
        assert np.allclose(one.points, other.points, atol=1e-3)
        assert (one.kind, one.spot, one.everywhere) == (other.kind, other.spot, other.everywhere)
    assert {mark.text for mark in back.each} == {"", "Bend", "Two\nlines"}


def by_kind(marks: Marks) -> list[Mark]:
    shown = [mark for mark in marks.each if not mark.hidden]
    return sorted(shown, key=lambda mark: mark.kind.value)


def test_what_is_drawn_is_the_same_drawing(tmp_path: Path) -> None:
    frames = np.stack([picture(0, 255).astype(np.uint8) + n for n in range(3)])
    clip = open_clip([save(make_object(frames, SOPClassUID=XA), tmp_path / "run.dcm")])
    how = Presentation(voi=Window(128.0, 256.0))
    path = saved(clip, how, tmp_path / "state.dcm", frame=1)
    shown = applied(clip, read_state(str(path)), Presentation()).clip.drawings
    drawn = run(with_marks(clip, marks_on(clip, 1), how)).drawings
    for one, other in zip(shown, drawn, strict=True):
        assert (one.layer, one.colour, one.frames) == (other.layer, other.colour, other.frames)
        assert [s.kind for s in one.shapes] == [s.kind for s in other.shapes]
        assert np.allclose(one.shapes[0].points, other.shapes[0].points)
        assert [label.text for label in one.labels] == [label.text for label in other.labels]


def test_states_in_colour_have_a_profile_and_no_window(tmp_path: Path) -> None:
    colours = np.zeros((16, 20, 3), np.uint8)
    clip = open_clip([save(make_object(colours, SOPClassUID=US), tmp_path / "us.dcm")])
    path = saved(clip, Presentation(invert=True), tmp_path / "state.dcm")
    made = dcmread(path)
    assert made.SOPClassUID.name == "Color Softcopy Presentation State Storage"
    assert made.ICCProfile[36:40] == b"acsp"
    assert "SoftcopyVOILUTSequence" not in made
    assert errors_of(path) == set()
    assert len(read_marks(clip, path).marks) == 4


def test_slices_of_several_scales_share_one_state(tmp_path: Path) -> None:
    """A state has one rescaling: windows are then told of the stored values of every slice."""
    greys = picture(0, 4095).astype(np.uint16)
    first = make_object(greys, BitsStored=12, HighBit=11, SOPClassUID=CT, InstanceNumber=1)
    other = make_object(greys, BitsStored=12, HighBit=11, SOPClassUID=CT, InstanceNumber=2)
    other.StudyInstanceUID, other.SeriesInstanceUID = (
        first.StudyInstanceUID,
        first.SeriesInstanceUID,
    )
    first.RescaleSlope, first.RescaleIntercept = 0.5, -100
    other.RescaleSlope, other.RescaleIntercept = 2.25, 40
    paths = [save(one, tmp_path / f"{n}.dcm") for n, one in enumerate((first, other))]
    clip = open_clip(paths)
    both = Marks(
        (*marks_on(clip, 0).each[:1], replace(marks_on(clip, 1).each[1], number=2)), last=2
    )
    how = Presentation(voi=Window(900.0, 1400.0))
    path = run(save_state(clip, both, how, tmp_path / "state.dcm")).path
    state = applied(clip, read_state(str(path)), Presentation())
    for index in range(2):
        again = render(state.clip, index, state.presentation)
        assert np.abs(again.astype(int) - render(clip, index, how)).max() <= 1
    assert errors_of(path) == set()
    with pytest.raises(UsageError, match="Nothing is drawn"):
        run(save_state(clip, Marks(), how, tmp_path / "none.dcm"))
    assert not (tmp_path / "none.dcm").exists()
    with pytest.raises(UsageError):
        run(save_state(clip, both, how, Path(paths[1])))  # the picture itself
