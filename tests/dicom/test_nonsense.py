"""What an object tells that cannot be is said, and never used; the picture is right or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from tests.dicom.objects import make_object, save
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnreadableError
from xray_studio.core.orientation import Orientation
from xray_studio.dicom.clip import open_clip

STILL, CINE = np.arange(48, dtype=np.uint16).reshape(6, 8), np.zeros((4, 6, 8), np.uint16)


def opened(folder: Path, pixels: np.ndarray = STILL, **about: Any) -> Clip:
    return open_clip([save(make_object(pixels, **about), folder / "object.dcm")])


def as_text(folder: Path, pixels: np.ndarray, tag: int, text: bytes, **about: Any) -> Clip:
    """Open an object with text where a number belongs."""
    dataset = make_object(pixels, **about)
    dataset[tag] = RawDataElement(Tag(tag), "DS", len(text), text, 0, False, True)
    return open_clip([save(dataset, folder / "object.dcm")])


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"StartTrim": 20, "StopTrim": 3}, "Start Trim and Stop Trim do not fit 4 frames"),
        ({"FrameDelay": -1000}, "Frame Delay is less than 0"),
        ({"FrameIncrementPointer": 0x00181065}, "points to a Frame Time Vector that is not there"),
        ({"FrameTimeVector": [0, 0, 0, 0]}, "Frame Time Vector tells no time between frames"),
        ({"FrameTime": 1e9}, "Frame Time 1e+09 is no rate that can be shown"),
        ({"NumberOfFrames": 2}, "says 2 frames but has room for 4; the rest is not shown"),
        ({"NumberOfFrames": 0}, "does not say how many frames it has"),
    ],
)
def test_a_cine_says_what_of_its_timing_is_not_used(
    tmp_path: Path, about: dict[str, Any], said: str
) -> None:
    clip = opened(tmp_path, CINE, **about)
    assert any(said in warning for warning in clip.acquisition.warnings)
    assert clip.timing.source == "default"
    assert (clip.timing.start, clip.timing.stop, clip.timing.delay) == (0, None, 0.0)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"WindowCenter": 5}, "1 window centres and 0 widths"),
        ({"WindowCenter": [5, 6], "WindowWidth": 3}, "2 window centres and 1 widths"),
        ({"PixelSpacing": [-1, 0]}, "Pixel Spacing is not two numbers above 0"),
        ({"PixelSpacing": 0.5}, "Pixel Spacing is not two numbers above 0"),
        ({"PixelAspectRatio": [0, 1]}, "Pixel Aspect Ratio is not two numbers above 0"),
        ({"ImageOrientationPatient": [1, 0, 0]}, "is not two directions"),
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "is not two directions"),
    ],
)
def test_a_still_says_what_of_it_is_not_used(
    tmp_path: Path, about: dict[str, Any], said: str
) -> None:
    clip = opened(tmp_path, **about)
    assert any(said in warning for warning in clip.acquisition.warnings)
    assert clip.acquisition.pixel_spacing is None
    assert (clip.pixel_aspect, clip.orientation) == (1.0, Orientation())


@pytest.mark.parametrize("stated", [["L", "R"], ["H", "H"], ["LA", "RF"]])
def test_rows_and_columns_along_one_axis_have_no_letters(tmp_path: Path, stated: list[str]) -> None:
    assert opened(tmp_path, PatientOrientation=stated).orientation == Orientation()


@pytest.mark.parametrize(("tag", "name"), [(0x00181063, "Frame Time"), (0x00180040, "Cine Rate")])
@pytest.mark.parametrize("text", [b"fast", b"nan "])
def test_a_rate_that_is_no_number_is_said(tmp_path: Path, tag: int, name: str, text: bytes) -> None:
    clip = as_text(tmp_path, CINE, tag, text)
    assert f"{name} is no number; it is not used." in clip.acquisition.warnings
    assert clip.timing.source == "default"


@pytest.mark.parametrize("text", [b"wide", b"nan ", b"1e999 "])
def test_a_window_that_is_no_number_is_said(tmp_path: Path, text: bytes) -> None:
    clip = as_text(tmp_path, STILL, 0x00281051, text, WindowCenter=7)
    said = "Window Width is no number; the stored window is left out."
    assert (clip.windows, clip.acquisition.warnings) == ((), (said,))


def test_values_with_a_scale_that_is_no_number_have_no_unit(tmp_path: Path) -> None:
    clip = as_text(tmp_path, STILL, 0x00281053, b"nan ", RescaleIntercept=-1024, Modality="CT")
    said = "Rescale Slope is no number; values are shown as stored."
    assert (clip.unit, clip.acquisition.warnings) == ("", (said,))
    np.testing.assert_array_equal(clip[0], STILL)


def test_a_table_that_is_longer_than_it_says_is_told(tmp_path: Path) -> None:
    table = Dataset()
    table.add_new(0x00283002, "US", [10, 0, 12])
    table.add_new(0x00283006, "US", list(range(48)))
    clip = opened(tmp_path, VOILUTSequence=[table])
    said = "The VOI LUT has 48 entries and says 10; the rest is left out."
    assert said in clip.acquisition.warnings


def test_a_palette_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    dataset = make_object(STILL.astype(np.uint8), PhotometricInterpretation="PALETTE COLOR")
    for number in (1, 2, 3):
        dataset.add_new(0x00281100 + number, "US", [256, 0, 16])
        dataset.add_new(0x00281200 + number, "OW", b"\1\2" * 10)
    path = save(dataset, tmp_path / "palette.dcm")
    with pytest.raises(UnreadableError, match="palette is missing or broken"):
        open_clip([path])
