"""Grey transforms beside pydicom's own, for what DCMTK does not show: windows of frames."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut, apply_voi_lut, pixel_array

from tests.dicom.objects import make_object, picture, save
from tests.dicom.test_clip_greys import groups, item
from xray_studio.core.clip import Clip
from xray_studio.dicom.describe import describe
from xray_studio.imaging.render import render
from xray_studio.services.presets import initial_presentation

pytestmark = pytest.mark.usefixtures("inside")


def by_pydicom(dataset: Dataset, pixels: np.ndarray, frame: int) -> np.ndarray:
    """Return 8-bit display values by the functional groups of a frame.

    What a frame does not tell is that of the first one.
    """
    each = dataset.PerFrameFunctionalGroupsSequence
    merged = Dataset()
    merged.BitsStored, merged.PixelRepresentation = dataset.BitsStored, 0
    for group in (each[0], each[frame]):
        for keyword in ("PixelValueTransformationSequence", "FrameVOILUTSequence"):
            for macro in getattr(group, keyword, [])[:1]:
                merged.update(macro)
    merged.PhotometricInterpretation = dataset.PhotometricInterpretation
    values = apply_modality_lut(pixels, merged)
    shown = np.asarray(apply_voi_lut(values, merged), dtype=float)
    low, high = 0.0, float(2**dataset.BitsStored - 1)
    if "RescaleSlope" in merged:
        low = low * merged.RescaleSlope + merged.RescaleIntercept
        high = high * merged.RescaleSlope + merged.RescaleIntercept
    return np.floor((shown - low) / (high - low) * 255 + 0.5)


def same(clip: Clip, dataset: Dataset, pixels: np.ndarray) -> None:
    how = initial_presentation(clip)
    for frame in range(len(clip)):
        expected = by_pydicom(dataset, pixels[frame], frame)
        assert np.abs(render(clip, frame, how) - expected).max() <= 1


def test_one_window_over_transformations_of_frames(shared_data: Path) -> None:
    path = shared_data / "dicom" / "orthanc_tests__MultiframeWindowing.dcm"
    dataset = dcmread(path)
    dataset.PixelRepresentation = 0  # missing in the file
    stored = np.frombuffer(dataset.PixelData, "<u2").reshape(4, 2, 2)
    same(describe(str(path)), dataset, stored)


def test_windows_and_transformations_of_frames(tmp_path: Path) -> None:
    stack = np.stack([picture(0, 4095, (20, 30), s) for s in range(4)]).astype(np.uint16)
    macros = [macro(i) for i in range(4)]
    made = make_object(stack, PerFrameFunctionalGroupsSequence=macros)
    path = save(made, tmp_path / "object.dcm")
    same(describe(path), made, pixel_array(path))


def macro(frame: int) -> Any:
    return groups(
        FrameVOILUT=item(WindowCenter=900 + 300 * frame, WindowWidth=1500 - 100 * frame),
        PixelValueTransformation=item(RescaleSlope=1 + frame / 4, RescaleIntercept=-100 * frame),
    )
