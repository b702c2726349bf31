"""Real World Value Mapping: linear, by table, in both forms of limits, and by frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.dicom.objects import make_object, save
from tests.dicom.test_clip_greys import groups, item
from xray_studio.core.clip import Clip
from xray_studio.core.per_frame import PerFrame, at_frame
from xray_studio.core.real_world import RealWorldMap
from xray_studio.dicom.describe import describe

pytestmark = pytest.mark.usefixtures("inside")


def opened(folder: Path, pixels: np.ndarray, **attributes: Any) -> Clip:
    return describe(save(make_object(pixels, **attributes), folder / "object.dcm"))


def mapping(first: int, last: int, unit: str = "mm2/s", **values: Any) -> Dataset:
    made = item(
        MeasurementUnitsCodeSequence=[item(CodeValue=unit)],
        LUTLabel="ADC",
        RealWorldValueFirstValueMapped=first,
        RealWorldValueLastValueMapped=last,
        **values,
    )
    kind = "SS" if first < 0 else "US"
    made["RealWorldValueFirstValueMapped"].VR = made["RealWorldValueLastValueMapped"].VR = kind
    return made


LINE = {"RealWorldValueSlope": 2.0, "RealWorldValueIntercept": -1.0}


@pytest.mark.parametrize(("kind", "first"), [(np.uint16, 10), (np.int16, -10)])
def test_lines_hold_between_their_limits(tmp_path: Path, kind: type, first: int) -> None:
    clip = opened(
        tmp_path, np.zeros((2, 2), kind), RealWorldValueMappingSequence=[mapping(first, 99, **LINE)]
    )
    assert clip.real_world == (RealWorldMap(first, 99, 2.0, -1.0, unit="mm2/s", label="ADC"),)
    (line,) = at_frame(clip.real_world, 0)
    assert line.value(20) == 39.0
    assert line.value(first - 1) is None
    assert line.value(100) is None


def test_tables_and_floating_limits(tmp_path: Path) -> None:
    table = item(
        DoubleFloatRealWorldValueFirstValueMapped=1.0,
        DoubleFloatRealWorldValueLastValueMapped=3.0,
        RealWorldValueLUTData=[0.5, 5.0, 50.0],
        MeasurementUnitsCodeSequence=[item(CodeValue="1")],
    )
    clip = opened(tmp_path, np.zeros((2, 2), np.uint16), RealWorldValueMappingSequence=[table])
    (found,) = at_frame(clip.real_world, 0)
    assert [found.value(v) for v in (0, 1, 2, 3, 4)] == [None, 0.5, 5.0, 50.0, None]
    assert found.unit == ""


def test_broken_ones_are_left_out(tmp_path: Path) -> None:
    broken = [item(LUTLabel="X"), mapping(0, 5)]
    clip = opened(tmp_path, np.zeros((2, 2), np.uint16), RealWorldValueMappingSequence=broken)
    assert clip.real_world == ()


def test_frames_have_their_own(tmp_path: Path) -> None:
    macros = [groups(RealWorldValueMapping=mapping(0, 9, unit, **LINE)) for unit in ("s", "m")]
    clip = opened(tmp_path, np.zeros((2, 2, 2), np.uint16), PerFrameFunctionalGroupsSequence=macros)
    assert isinstance(clip.real_world, PerFrame)
    assert [at_frame(clip.real_world, i)[0].unit for i in range(2)] == ["s", "m"]


def test_a_real_perfusion_map_has_its_unit(shared_data: Path) -> None:
    clip = describe(str(shared_data / "dicom" / "pydicom_data__eCT_Supplemental.dcm"))
    (found,) = at_frame(clip.real_world, 0)
    assert (found.label, found.unit) == ("RCBF", "ml/100ml/s")
