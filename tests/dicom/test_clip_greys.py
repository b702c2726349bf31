"""Grey transforms, spacing, identity and the other facts of an object."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.dicom.objects import XA, make_object, picture, save
from xray_studio.core.clip import Clip
from xray_studio.core.lut import LookupTable, Rescale
from xray_studio.core.per_frame import PerFrame
from xray_studio.core.presentation import VoiFunction, Window
from xray_studio.dicom.describe import describe
from xray_studio.dicom.file import syntaxes

CT = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_XA = "1.2.840.10008.5.1.4.1.1.12.1.1"


def opened(folder: Path, pixels: np.ndarray | None = None, **attributes: Any) -> Clip:
    if pixels is None:
        pixels = picture(0, 4095, (4, 6)).astype(np.uint16)
    return describe(save(make_object(pixels, **attributes), folder / "object.dcm"))


def item(**attributes: Any) -> Dataset:
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def table(first: int, bits: int, entries: list[int], **attributes: Any) -> Dataset:
    made = item(LUTData=struct.pack(f"<{len(entries)}H", *entries), **attributes)
    made.LUTDescriptor = [len(entries) % 65536, first, bits]
    made["LUTDescriptor"].VR = "SS" if first < 0 else "US"
    made["LUTData"].VR = "OW"
    return made


def test_rescale_and_its_unit(tmp_path: Path) -> None:
    clip = opened(tmp_path, Modality="CT", RescaleSlope=2, RescaleIntercept=-1024)
    assert clip.modality == (Rescale(2.0, -1024.0, "HU"),)
    clip = opened(tmp_path, RescaleSlope=2, RescaleIntercept=1, RescaleType="US")
    assert clip.unit == ""
    clip = opened(tmp_path, Modality="PT", RescaleSlope=2, RescaleIntercept=0, Units="BQML")
    assert clip.unit == "Bq/ml"


def test_a_slope_of_nothing_is_not_applied(tmp_path: Path) -> None:
    clip = opened(tmp_path, RescaleSlope=0, RescaleIntercept=5)
    assert clip.modality == (Rescale(1.0, 5.0),)
    assert "Rescale Slope is 0" in clip.acquisition.warnings[0]


@pytest.mark.parametrize("syntax", [syntaxes.EXPLICIT_LITTLE, syntaxes.IMPLICIT_LITTLE])
def test_modality_lut_sequence(tmp_path: Path, syntax: str) -> None:
    values = np.array([[-3, -2], [-1, 5]], np.int16)
    made = make_object(
        values, ModalityLUTSequence=[table(-2, 10, [100, 200, 300], ModalityLUTType="HU")]
    )
    clip = describe(save(made, tmp_path / "object.dcm", syntax))
    assert clip.modality[0] == LookupTable(-2, 10, struct.pack("<3H", 100, 200, 300), unit="HU")
    np.testing.assert_array_equal(clip[0], [[100, 100], [200, 300]])


@pytest.mark.parametrize(
    "sop_class",
    [XA, "1.2.840.10008.5.1.4.1.1.12.2", "1.2.840.10008.5.1.4.1.1.12.3", ENHANCED_XA],
)
def test_modality_transforms_of_angiograms_are_never_applied(
    tmp_path: Path, sop_class: str
) -> None:
    clip = opened(tmp_path, SOPClassUID=sop_class, ModalityLUTSequence=[table(0, 8, [255, 0])])
    assert clip.modality == (Rescale(),)
    clip = opened(tmp_path, SOPClassUID=sop_class, RescaleSlope=3, RescaleIntercept=7)
    assert clip.modality == (Rescale(),)


def test_windows_with_names_and_function(tmp_path: Path) -> None:
    clip = opened(
        tmp_path,
        WindowCenter=[40, -600.5],
        WindowWidth=[400, 1500],
        WindowCenterWidthExplanation=["SOFT", "LUNG"],
        VOILUTFunction="LINEAR_EXACT",
    )
    exact = VoiFunction.LINEAR_EXACT
    assert clip.windows == (Window(40, 400, exact, "SOFT"), Window(-600.5, 1500, exact, "LUNG"))


def test_impossible_windows_are_left_out(tmp_path: Path) -> None:
    clip = opened(tmp_path, WindowCenter=[1, 2, 3], WindowWidth=[0, 10], VOILUTFunction="ODD")
    assert clip.windows == (Window(2, 10),)
    assert any("1 / 0" in warning for warning in clip.acquisition.warnings)
    assert any("ODD is unknown" in warning for warning in clip.acquisition.warnings)


@pytest.mark.parametrize(
    ("center", "width", "said"),
    [(1e30, 1e30, True), (0, 1e30, True), (-5e6, 10, True), (40, 400, False), (9, 1, False)],
)
def test_a_window_that_shows_one_grey_is_said(
    tmp_path: Path, center: float, width: float, said: bool
) -> None:
    clip = opened(tmp_path, WindowCenter=center, WindowWidth=width)
    assert clip.windows == (Window(center, width),)
    assert any("same grey" in warning for warning in clip.acquisition.warnings) == said


@pytest.mark.parametrize(
    ("signed", "intercept", "first"),
    [(False, 0, 65000), (True, 0, -536), (False, -1024, -536)],
)
def test_the_first_value_of_a_voi_lut_has_the_sign_of_its_input(
    tmp_path: Path, signed: bool, intercept: int, first: int
) -> None:
    values = np.zeros((2, 2), np.int16 if signed else np.uint16)
    sequence = [table(65000, 8, [0, 255], LUTExplanation="BONE"), table(3, 12, [1, 2])]
    clip = opened(
        tmp_path, values, VOILUTSequence=sequence, RescaleSlope=1, RescaleIntercept=intercept
    )
    assert [lut.first for lut in clip.voi_luts] == [first, 3]
    assert clip.voi_luts[0].explanation == "BONE"
    assert clip.voi_luts[1].bits == 12


def test_eight_bit_tables_may_be_packed(tmp_path: Path) -> None:
    packed = table(0, 8, [0])
    packed.LUTDescriptor, packed.LUTData = [4, 0, 8], bytes([1, 2, 3, 4])
    clip = opened(tmp_path, VOILUTSequence=[packed])
    assert clip.voi_luts[0].values.tolist() == [1, 2, 3, 4]


def test_a_broken_table_is_left_out_and_said(tmp_path: Path) -> None:
    broken = item(LUTDescriptor=[4, 0], LUTData=b"")
    broken["LUTDescriptor"].VR = "US"
    clip = opened(tmp_path, VOILUTSequence=[broken], ModalityLUTSequence=[broken])
    assert clip.voi_luts == ()
    assert clip.modality == (Rescale(),)
    assert len(clip.acquisition.warnings) == 2


@pytest.mark.parametrize(
    ("photometric", "shape", "inverted", "warned"),
    [
        ("MONOCHROME1", None, True, False),
        ("MONOCHROME2", None, False, False),
        ("MONOCHROME1", "INVERSE", True, False),
        ("MONOCHROME2", "INVERSE", True, True),
        ("MONOCHROME1", "IDENTITY", False, True),
    ],
)
def test_polarity(
    tmp_path: Path, photometric: str, shape: str | None, inverted: bool, warned: bool
) -> None:
    shapes = {"PresentationLUTShape": shape} if shape else {}
    clip = opened(tmp_path, PhotometricInterpretation=photometric, **shapes)
    assert clip.pixels.inverted == inverted
    assert bool(clip.acquisition.warnings) == warned


def test_padding_is_a_range_with_the_sign_of_the_pixels(tmp_path: Path) -> None:
    signed = np.zeros((2, 2), np.int16)
    clip = opened(tmp_path, signed, PixelPaddingValue=-2000)
    assert clip.pixels.padding == (-2000, -2000)
    clip = opened(tmp_path, PixelPaddingValue=60, PixelPaddingRangeLimit=50)
    assert clip.pixels.padding == (50, 60)


def groups(**macros: Any) -> Dataset:
    return item(**{f"{name}Sequence": [value] for name, value in macros.items()})


def test_functional_groups_shared_and_per_frame(tmp_path: Path) -> None:
    stack = np.stack([picture(0, 4095, (4, 6), s) for s in range(3)]).astype(np.uint16)
    slope = [1, 2, 3]
    clip = opened(
        tmp_path,
        stack,
        SharedFunctionalGroupsSequence=[
            groups(
                FrameVOILUT=item(WindowCenter=10, WindowWidth=20),
                PixelMeasures=item(PixelSpacing=[0.5, 0.25]),
            )
        ],
        PerFrameFunctionalGroupsSequence=[
            groups(PixelValueTransformation=item(RescaleSlope=s, RescaleIntercept=1)) for s in slope
        ],
    )
    assert clip.modality == tuple(Rescale(s, 1.0) for s in slope)
    np.testing.assert_array_equal(clip[2], stack[2] * 3.0 + 1)
    assert clip.windows == (Window(10, 20),)
    assert clip.acquisition.pixel_spacing == (0.5, 0.25)
    assert clip.pixel_aspect == 2.0


@pytest.mark.parametrize("different", [3, 30])
def test_windows_of_frames_are_one_choice_that_follows_them(tmp_path: Path, different: int) -> None:
    stack = np.zeros((different, 2, 2), np.uint16)
    per_frame = [
        groups(FrameVOILUT=item(WindowCenter=i, WindowWidth=100)) for i in range(different)
    ]
    clip = opened(tmp_path, stack, PerFrameFunctionalGroupsSequence=per_frame)
    assert clip.windows == (PerFrame(tuple(Window(i, 100) for i in range(different))),)


@pytest.mark.parametrize(
    ("attributes", "spacing", "meaning"),
    [
        ({"Modality": "CT", "PixelSpacing": [0.7, 0.6]}, (0.7, 0.6), "patient"),
        ({"Modality": "XA", "ImagerPixelSpacing": [0.2, 0.2]}, (0.2, 0.2), "detector"),
        (
            {"Modality": "XA", "ImagerPixelSpacing": [0.2, 0.2], "PixelSpacing": [0.2, 0.2]},
            (0.2, 0.2),
            "detector",
        ),
        (
            {"Modality": "XA", "ImagerPixelSpacing": [0.2, 0.2], "PixelSpacing": [0.15, 0.15]},
            (0.15, 0.15),
            "calibrated",
        ),
        (
            {
                "Modality": "DX",
                "PixelSpacing": [0.2, 0.2],
                "ImagerPixelSpacing": [0.2, 0.2],
                "PixelSpacingCalibrationType": "FIDUCIAL",
            },
            (0.2, 0.2),
            "calibrated",
        ),
        (
            {
                "Modality": "DX",
                "PixelSpacing": [0.1, 0.1],
                "ImagerPixelSpacing": [0.2, 0.2],
                "PixelSpacingCalibrationType": "GEOMETRY",
            },
            (0.1, 0.1),
            "magnification",
        ),
        ({"Modality": "CR", "PixelSpacing": [0.2, 0.2]}, (0.2, 0.2), "detector"),
        ({"Modality": "US"}, None, ""),
        ({"Modality": "CT", "PixelSpacing": [0, 0]}, None, ""),
    ],
)
def test_spacing_says_where_it_holds(
    tmp_path: Path, attributes: dict[str, Any], spacing: object, meaning: str
) -> None:
    made = opened(tmp_path, **attributes).acquisition
    assert (made.pixel_spacing, made.spacing_meaning) == (spacing, meaning)


@pytest.mark.parametrize(
    ("attributes", "aspect"),
    [
        ({}, 1.0),
        ({"PixelAspectRatio": [4, 3]}, 4 / 3),
        ({"PixelAspectRatio": [0, 3]}, 1.0),
        ({"PixelAspectRatio": [1000, 1]}, 1.0),
        ({"PixelSpacing": [0.5, 1.0], "PixelAspectRatio": [1, 1]}, 0.5),
    ],
)
def test_pixel_aspect(tmp_path: Path, attributes: dict[str, Any], aspect: float) -> None:
    assert opened(tmp_path, **attributes).pixel_aspect == pytest.approx(aspect)


def test_identity_and_acquisition(tmp_path: Path) -> None:
    clip = opened(
        tmp_path,
        Modality="XA",
        SpecificCharacterSet="ISO_IR 192",
        PatientName="Müller^Zoë",
        PatientBirthDate="19700102",
        InstitutionName="Spital",
        StudyDate="20200101",
        AcquisitionDate="20200102",
        AcquisitionTime="101112",
        PositionerPrimaryAngle="-30",
        PositionerSecondaryAngle="20",
        SeriesNumber=7,
        LossyImageCompression="01",
    )
    assert clip.identity.patient_name == "Müller^Zoë"
    assert (clip.identity.date, clip.identity.time) == ("20200102", "101112")
    assert clip.acquisition.angles == (-30.0, 20.0)
    assert clip.acquisition.series_number == 7
    assert clip.acquisition.lossy


def test_a_positioner_that_turns_has_no_angle(tmp_path: Path) -> None:
    start = {"PositionerPrimaryAngle": "-30", "PositionerSecondaryAngle": "20"}
    turning = opened(tmp_path, **start, PositionerPrimaryAngleIncrement=[0, 1.5])
    still = opened(tmp_path, **start, PositionerPrimaryAngleIncrement=[0, 0])
    assert (turning.acquisition.angles, still.acquisition.angles) == (None, (-30.0, 20.0))


@pytest.mark.parametrize(("second", "angles"), [(-30.2, (-30.0, 20.0)), (-28.0, None)])
def test_angles_of_enhanced_objects_hold_for_all_frames(
    tmp_path: Path, second: float, angles: tuple[float, float] | None
) -> None:
    groups = []
    for primary in (-30.0, second):
        position, group = Dataset(), Dataset()
        position.PositionerPrimaryAngle, position.PositionerSecondaryAngle = primary, 20.0
        group.PositionerPositionSequence = [position]
        groups.append(group)
    made = make_object(np.zeros((2, 4, 4), np.uint8), PerFrameFunctionalGroupsSequence=groups)
    assert describe(save(made, tmp_path / "turn.dcm")).acquisition.angles == angles


def test_names_in_japanese_character_sets(tmp_path: Path) -> None:
    made = make_object(np.zeros((2, 2), np.uint8))
    made.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    made.PatientName = "Yamada^Tarou=山田^太郎"
    clip = describe(save(made, tmp_path / "object.dcm"))
    assert clip.identity.patient_name == "Yamada^Tarou=山田^太郎"


def test_a_name_with_a_wrong_character_set_does_no_harm(tmp_path: Path) -> None:
    path = Path(save(make_object(np.zeros((2, 2), np.uint8)), tmp_path / "object.dcm"))
    path.write_bytes(path.read_bytes().replace(b"Test^Object", b"Te\xffst^Objec"))
    assert describe(str(path)).identity.patient_name.startswith("Te")


def test_palettes_beside_greys_are_said_not_to_be_shown(tmp_path: Path) -> None:
    clip = opened(tmp_path, RedPaletteColorLookupTableDescriptor=[1, 0, 16])
    assert any("palette" in warning for warning in clip.acquisition.warnings)


def test_floating_padding_is_black(tmp_path: Path) -> None:
    values = np.linspace(-2, 2, 24, dtype=np.float32).reshape(4, 6)
    values[0, :2] = -9999.0, -9998.0
    made = make_object(np.zeros((4, 6), np.uint32))
    del made.PixelData
    made.FloatPixelData = values.tobytes()
    made.FloatPixelPaddingValue, made.FloatPixelPaddingRangeLimit = -9999.0, -9998.0
    clip = describe(save(made, tmp_path / "object.dcm"))
    assert clip.pixels.padding == (-9999.0, -9998.0)
    from xray_studio.services.presets import grey_range

    found = grey_range(clip, 0)
    assert found is not None
    assert found.lowest > -2.1


def test_what_is_told_twice_is_said_and_the_frame_counts(tmp_path: Path) -> None:
    window = groups(FrameVOILUT=item(WindowCenter=10, WindowWidth=20))
    own = groups(FrameVOILUT=item(WindowCenter=30, WindowWidth=40))
    clip = opened(
        tmp_path,
        np.zeros((2, 2, 2), np.uint16),
        SharedFunctionalGroupsSequence=[window],
        PerFrameFunctionalGroupsSequence=[own, own],
    )
    assert clip.windows == (Window(30, 40),)
    (warning,) = clip.acquisition.warnings
    assert warning.startswith("Frame VOI LUT Sequence is told for all frames and for single ones")


def test_frames_and_their_descriptions_are_counted(tmp_path: Path) -> None:
    clip = opened(
        tmp_path, np.zeros((3, 2, 2), np.uint16), PerFrameFunctionalGroupsSequence=[groups()] * 2
    )
    assert "describes 2 frames one by one and has 3" in clip.acquisition.warnings[0]


def test_pixels_without_a_sign_are_said(tmp_path: Path) -> None:
    made = make_object(np.zeros((2, 2), np.uint16))
    del made.PixelRepresentation
    clip = describe(save(made, tmp_path / "object.dcm"))
    assert "whether its pixels have a sign" in clip.acquisition.warnings[0]


def test_a_window_narrower_than_linear_allows_has_exact_ends(tmp_path: Path) -> None:
    clip = opened(tmp_path, WindowCenter="0.5", WindowWidth="0.25")
    assert clip.windows == (Window(0.5, 0.25, VoiFunction.LINEAR_EXACT),)
