"""Compressed series and enhanced objects hold the same values at the same place."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels.encoders import RLELosslessEncoder
from pydicom.uid import (
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)

from tests.dicom.objects import make_object, save, save_frames
from tests.services.volume.series_objects import write_series
from tests.volume.phantom import phantom
from xray_studio.core.job import run
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.open import open_volume

ENHANCED_CT, ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.4.1"


def rle(plane: np.ndarray) -> bytes:
    return RLELosslessEncoder.encode(
        plane, rows=plane.shape[0], columns=plane.shape[1], samples_per_pixel=1, number_of_frames=1,
        bits_allocated=16, bits_stored=16, pixel_representation=0,
        photometric_interpretation="MONOCHROME2",
    )  # fmt: skip


LOSSLESS = {
    JPEGLSLossless: imagecodecs.jpegls_encode,
    JPEG2000Lossless: partial(imagecodecs.jpeg2k_encode, level=0, codecformat="j2k"),
    JPEGLosslessSV1: partial(imagecodecs.ljpeg_encode, bitspersample=16),
    RLELossless: rle,
}


@pytest.mark.parametrize("syntax", LOSSLESS)
def test_a_compressed_series_holds_the_same_values(tmp_path: Path, syntax: str) -> None:
    made = phantom("uint16")
    write_series(tmp_path / "s", made, RescaleIntercept="-1024")
    plain = run(open_volume(tmp_path / "s"))
    for path in (tmp_path / "s").iterdir():
        dataset = pydicom.dcmread(path)
        plane = dataset.pixel_array
        del dataset.PixelData
        save_frames(dataset, path, [LOSSLESS[syntax](plane)], syntax)
    found = run(open_volume(tmp_path / "s"))
    np.testing.assert_array_equal(found.values, plain.values)
    np.testing.assert_array_equal(found.values, made.values.astype(int) - 1024)
    assert found.values.dtype == plain.values.dtype
    assert found.geometry.lies_as(made.geometry)


def item(**attributes: Any) -> list[Dataset]:
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return [made]


def enhanced(made: Volume, sop_class: str, order: list[int], moments: int = 1) -> Dataset:
    """Return an enhanced object whose frames lie in any order, with a scale of each frame."""
    grid, axes = made.geometry, made.geometry.directions
    frames = np.concatenate([made.values[order] + moment for moment in range(moments)])
    dataset = make_object(
        frames, SOPClassUID=sop_class, Modality="CT" if sop_class == ENHANCED_CT else "MR",
        FrameOfReferenceUID=generate_uid(), InstanceNumber=1,
    )  # fmt: skip
    shared = Dataset()
    shared.PlaneOrientationSequence = item(
        ImageOrientationPatient=[f"{x:.12g}" for x in [*axes[:, 0], *axes[:, 1]]]
    )
    shared.PixelMeasuresSequence = item(
        PixelSpacing=[f"{x:.9g}" for x in (grid.spacing[1], grid.spacing[0])], SliceThickness="2.5"
    )
    dataset.SharedFunctionalGroupsSequence = [shared]
    groups = []
    for moment in range(moments):
        for place, number in enumerate(order):
            group = Dataset()
            position = [f"{x:.9g}" for x in grid.points([(0, 0, number)])[0]]
            group.PlanePositionSequence = item(ImagePositionPatient=position)
            group.FrameContentSequence = item(
                StackID="1", InStackPositionNumber=number + 1, TemporalPositionIndex=moment + 1,
                DimensionIndexValues=[number + 1, moment + 1],
            )  # fmt: skip
            slope = 2.0 if place % 2 else 1.0
            group.PixelValueTransformationSequence = item(
                RescaleSlope=f"{slope:g}", RescaleIntercept="-7", RescaleType="HU"
            )
            groups.append(group)
    dataset.PerFrameFunctionalGroupsSequence = groups
    return dataset


@pytest.mark.parametrize("sop_class", [ENHANCED_CT, ENHANCED_MR])
@pytest.mark.parametrize("syntax", [str(ExplicitVRLittleEndian), str(JPEGLSLossless)])
def test_an_enhanced_object_is_a_volume(tmp_path: Path, sop_class: str, syntax: str) -> None:
    made, order = phantom("uint16"), [3, 0, 6, 1, 5, 2, 4]
    dataset = enhanced(made, sop_class, order)
    if syntax == str(ExplicitVRLittleEndian):
        save(dataset, tmp_path / "a.dcm")
    else:
        frames = [imagecodecs.jpegls_encode(plane) for plane in made.values[order]]
        save_frames(dataset, tmp_path / "a.dcm", frames, syntax)
    found = run(open_volume(tmp_path / "a.dcm"))
    slopes = np.empty(len(order))
    slopes[order] = [2.0 if place % 2 else 1.0 for place in range(len(order))]
    np.testing.assert_array_equal(found.values, made.values * slopes[:, None, None] - 7)
    assert found.geometry.lies_as(made.geometry)


def test_moments_of_an_enhanced_object(tmp_path: Path) -> None:
    made = replace(phantom("uint16"), modality="MR")
    dataset = enhanced(made, ENHANCED_MR, list(range(7)), moments=3)
    save(dataset, tmp_path / "a.dcm")
    found = run(open_volume(tmp_path / "a.dcm"))
    assert found.values.shape == (3, *made.values.shape)
    slopes = np.array([2.0 if n % 2 else 1.0 for n in range(7)])[:, None, None]
    for moment in range(3):
        np.testing.assert_array_equal(found.values[moment], (made.values + moment) * slopes - 7)
