"""Several images as one multi-frame object: every value, place and moment kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.dicom.objects import XA, make_object, picture, save
from tests.dicom.write.judges import judged
from tests.dicom.write.validator import errors_of
from xray_studio import export as xs_export
from xray_studio import open as xs_open
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.encoders import NAMES
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export

CT, MR, CR = (f"1.2.840.10008.5.1.4.1.1.{n}" for n in ("2", "4", "1"))
STUDY = "1.2.826.0.1.3680043.8.498.77"
COMMON = {
    "StudyInstanceUID": STUDY,
    "SeriesInstanceUID": f"{STUDY}.1",
    "FrameOfReferenceUID": f"{STUDY}.2",
    "PatientID": "J1",
    "PatientName": "Join^Ä",
    "SpecificCharacterSet": "ISO_IR 100",
    "StudyDate": "20260102",
    "StudyTime": "101112",
    "StudyID": "5",
    "Manufacturer": "Test",
    "AccessionNumber": "",
    "ReferringPhysicianName": "",
    "PatientBirthDate": "19500101",
    "PatientSex": "O",
    "SeriesNumber": 4,
}


class Each(tuple[Any, ...]):
    """A value for each of the images."""

    __slots__ = ()


def images(folder: Path, pixels: np.ndarray, **more: Any) -> list[Path]:
    """Write images of one study."""
    folder.mkdir(exist_ok=True)
    paths = []
    for number, frame in enumerate(pixels):
        own = {key: value[number] if isinstance(value, Each) else value
               for key, value in more.items()}  # fmt: skip
        dataset = make_object(frame, **(COMMON | {"InstanceNumber": number + 1} | own))
        paths.append(folder / f"{number}.dcm")
        save(dataset, paths[-1])
    return paths


def slices(folder: Path, **more: Any) -> tuple[np.ndarray, list[Path]]:
    pixels = np.stack([picture(-500, 1500, (12, 16), n) for n in range(5)]).astype(np.int16)
    known: dict[str, Any] = {
        "SOPClassUID": CT, "Modality": "CT", "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "PixelSpacing": [0.5, 0.25],
        "ImagePositionPatient": Each([-3.0, 4.0, 2.5 * n] for n in range(5)), "SliceThickness": 2.5,
        "RescaleSlope": 2, "RescaleIntercept": -7, "WindowCenter": 40, "WindowWidth": 400,
        "AcquisitionDate": "20260102", "AcquisitionTime": Each(f"10111{n}.5" for n in range(5)),
        "KVP": 120, "XRayTubeCurrent": Each(100 + n for n in range(5)),
    }  # fmt: skip
    return pixels, images(folder, pixels, **(known | more))


def joined(paths: list[Path], target: Path, **options: Any) -> Dataset:
    run(export(xs_open(*paths), target, ExportOptions(**options)))
    return pydicom.dcmread(target)


@pytest.mark.parametrize(
    ("sop_class", "modality", "number"), [(CT, "CT", "2.2"), (MR, "MR", "4.4")]
)
def test_slices_become_a_legacy_converted_object(
    tmp_path: Path, sop_class: str, modality: str, number: str
) -> None:
    pixels, paths = slices(tmp_path / "in", SOPClassUID=sop_class, Modality=modality)
    made = joined(paths, tmp_path / "out.dcm")
    assert made.SOPClassUID == f"1.2.840.10008.5.1.4.1.1.{number}"
    np.testing.assert_array_equal(made.pixel_array, pixels)
    assert (made.StudyInstanceUID, str(made.PatientName)) == (STUDY, "Join^Ä")
    assert made.SeriesInstanceUID != f"{STUDY}.1"
    shared, each = made.SharedFunctionalGroupsSequence[0], made.PerFrameFunctionalGroupsSequence
    assert shared.PixelMeasuresSequence[0].PixelSpacing == [0.5, 0.25]
    assert shared.PixelValueTransformationSequence[0].RescaleIntercept == -7
    assert [g.PlanePositionSequence[0].ImagePositionPatient[2] for g in each] == [
        0.0, 2.5, 5.0, 7.5, 10.0,
    ]  # fmt: skip
    sources = [g.ConversionSourceAttributesSequence[0].ReferencedSOPInstanceUID for g in each]
    assert sources == [pydicom.dcmread(path).SOPInstanceUID for path in paths]
    assert shared.UnassignedSharedConvertedAttributesSequence[0].KVP == 120
    own = each[3].UnassignedPerFrameConvertedAttributesSequence[0]
    assert own.XRayTubeCurrent == 103
    assert errors_of(tmp_path / "out.dcm") == set()


def test_the_same_volume_before_and_after(tmp_path: Path) -> None:
    import nibabel

    _, paths = slices(tmp_path / "in")
    joined(paths, tmp_path / "out.dcm", syntax=syntaxes.JPEG_LS)
    xs_export(xs_open(*paths), tmp_path / "a.nii")
    xs_export(xs_open(tmp_path / "out.dcm"), tmp_path / "b.nii")
    one, other = nibabel.load(tmp_path / "a.nii"), nibabel.load(tmp_path / "b.nii")
    np.testing.assert_allclose(one.affine, other.affine)
    np.testing.assert_array_equal(one.dataobj, other.dataobj)
    xs_export(xs_open(tmp_path / "out.dcm"), tmp_path / "b.npz")
    with np.load(tmp_path / "b.npz") as archive:
        assert archive["times"].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_what_differs_from_slice_to_slice_is_kept_for_each(tmp_path: Path) -> None:
    pixels, paths = slices(tmp_path / "in", RescaleSlope=Each((1, 2, 3, 4, 5)),
                           WindowCenter=Each((10, 20, 30, 40, 50)))  # fmt: skip
    joined(paths, tmp_path / "out.dcm")
    before, after = xs_open(*paths), xs_open(tmp_path / "out.dcm")
    for index in range(5):
        np.testing.assert_array_equal(before[index], after[index])
        np.testing.assert_array_equal(after[index], pixels[index] * (index + 1.0) - 7)
    assert errors_of(tmp_path / "out.dcm") == set()


def test_slices_in_any_order_lie_in_order(tmp_path: Path) -> None:
    heights = [5.0, 0.0, 10.0, 2.5, 7.5]
    pixels, paths = slices(
        tmp_path / "in", ImagePositionPatient=Each([0.0, 0.0, z] for z in heights)
    )
    made = joined(paths, tmp_path / "out.dcm")
    order = [heights.index(g.PlanePositionSequence[0].ImagePositionPatient[2])
             for g in made.PerFrameFunctionalGroupsSequence]  # fmt: skip
    assert [heights[n] for n in order] in (sorted(heights), sorted(heights)[::-1])
    np.testing.assert_array_equal(made.pixel_array, pixels[order])


def shots(folder: Path, bits: int = 12, **more: Any) -> tuple[np.ndarray, list[Path]]:
    top = (1 << bits) - 1
    pixels = np.stack([picture(0, top, (12, 16), n) for n in range(4)])
    kind = np.uint8 if bits == 8 else np.uint16
    known: dict[str, Any] = {
        "SOPClassUID": XA, "Modality": "XA", "BitsStored": bits, "HighBit": bits - 1,
        "WindowCenter": 1000, "WindowWidth": 500, "BurnedInAnnotation": "NO",
        "AcquisitionDate": "20260102",
        "AcquisitionTime": Each(("101112", "101112.25", "101113", "101114")),
    }  # fmt: skip
    return pixels.astype(kind), images(folder, pixels.astype(kind), **(known | more))


@pytest.mark.parametrize(("bits", "number"), [(8, "7.2"), (12, "7.3"), (16, "7.3")])
@pytest.mark.parametrize("name", ["explicit", "jpeg-ls", "jpeg-2000"])
def test_other_images_become_a_secondary_capture(
    tmp_path: Path, bits: int, number: str, name: str
) -> None:
    pixels, paths = shots(tmp_path / "in", bits)
    made = joined(paths, tmp_path / "out.dcm", syntax=NAMES[name])
    assert made.SOPClassUID == f"1.2.840.10008.5.1.4.1.1.{number}"
    np.testing.assert_array_equal(judged(tmp_path / "out.dcm", NAMES[name]), pixels)
    assert (made.Modality, made.ConversionType) == ("XA", "WSD")
    assert made.FrameTimeVector == [0, 250, 750, 1000]
    assert (made.WindowCenter, made.WindowWidth) == (1000, 500)
    assert made.BurnedInAnnotation == "NO"
    assert len(made.SourceImageSequence) == 4
    assert made.ImageType == ["DERIVED", "SECONDARY"]
    assert errors_of(tmp_path / "out.dcm") == set()
    clip = xs_open(tmp_path / "out.dcm")
    assert clip.timing.times == pytest.approx((0.0, 0.25, 1.0, 2.0))


def test_dark_is_bright_no_more(tmp_path: Path) -> None:
    """MONOCHROME1 is turned round, its window with it: the picture stays the same."""
    pixels, paths = shots(tmp_path / "in", PhotometricInterpretation="MONOCHROME1")
    made = joined(paths, tmp_path / "out.dcm")
    assert made.PhotometricInterpretation == "MONOCHROME2"
    np.testing.assert_array_equal(made.pixel_array, 4095 - pixels)
    assert made.WindowCenter == 4095 - 1000
    assert "subtracted from 4095" in made.DerivationDescription
    before, after = xs_open(*paths), xs_open(tmp_path / "out.dcm")
    difference = before.render(2).astype(int) - after.render(2)
    assert np.abs(difference).max() <= 1


def test_negative_values_are_moved(tmp_path: Path) -> None:
    pixels, paths = shots(tmp_path / "in", SOPClassUID=CR, Modality="CR", RescaleSlope=1,
                          RescaleIntercept=-1000, RescaleType="US")  # fmt: skip
    made = joined(paths, tmp_path / "out.dcm")
    np.testing.assert_array_equal(made.pixel_array, pixels)
    assert made.WindowCenter == 2000
    assert "1000 added to the values" in made.DerivationDescription
    assert errors_of(tmp_path / "out.dcm") == set()


def test_values_that_are_no_whole_numbers_stay_as_stored(tmp_path: Path) -> None:
    pixels, paths = shots(tmp_path / "in", SOPClassUID=CR, Modality="CR", RescaleSlope=0.5,
                          RescaleIntercept=10, RescaleType="US", WindowCenter=510)  # fmt: skip
    made = joined(paths, tmp_path / "out.dcm")
    np.testing.assert_array_equal(made.pixel_array, pixels)
    assert (made.WindowCenter, made.WindowWidth) == (1000, 1000)
    assert "multiplied by 0.5" in made.DerivationDescription


def test_colours(tmp_path: Path) -> None:
    pixels = np.stack([picture(0, 255, (12, 16, 3), n) for n in range(3)]).astype(np.uint8)
    paths = images(
        tmp_path / "in", pixels, Modality="US", SOPClassUID="1.2.840.10008.5.1.4.1.1.6.1"
    )
    made = joined(paths, tmp_path / "out.dcm", syntax=syntaxes.JPEG_LS)
    assert made.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7.4"
    assert made.BurnedInAnnotation == "YES"  # nothing says that there is none
    assert made.PageNumberVector == [1, 2, 3]
    np.testing.assert_array_equal(judged(tmp_path / "out.dcm", syntaxes.JPEG_LS), pixels)
    assert errors_of(tmp_path / "out.dcm") == set()


def test_compressed_images_of_one_kind_stay_byte_for_byte(tmp_path: Path) -> None:
    _, paths = shots(tmp_path / "in")
    for number, path in enumerate(paths):
        run(export(xs_open(path), tmp_path / f"{number}.dcm", ExportOptions(syntax=syntaxes.RLE)))
    packed = [tmp_path / f"{number}.dcm" for number in range(4)]
    made = joined(packed, tmp_path / "out.dcm")
    assert made.file_meta.TransferSyntaxUID == syntaxes.RLE
    for path in packed:
        frame = pydicom.dcmread(path).PixelData[8 + 4 + 8 : -8]
        assert frame in made.PixelData


def test_a_range_of_images(tmp_path: Path) -> None:
    pixels, paths = shots(tmp_path / "in")
    made = joined(paths, tmp_path / "out.dcm", frames=(1, 2))
    np.testing.assert_array_equal(made.pixel_array, pixels[1:3])


def test_what_does_not_go_together(tmp_path: Path) -> None:
    _, paths = shots(tmp_path / "in", StudyInstanceUID=Each(("1.2", "1.2", "1.3", "1.2")))
    with pytest.raises(UsageError, match="several studies"):
        joined(paths, tmp_path / "out.dcm")
    _, paths = shots(tmp_path / "in", PhotometricInterpretation=Each(["MONOCHROME1"] * 2
                     + ["MONOCHROME2"] * 2))  # fmt: skip
    with pytest.raises(Exception, match=r"another kind|differ in size"):
        joined(paths, tmp_path / "out.dcm")
    _, paths = shots(tmp_path / "in", RescaleSlope=Each((0.5, 0.6, 0.7, 0.8)), RescaleIntercept=0,
                     SOPClassUID=CR)  # fmt: skip
    with pytest.raises(UsageError, match="each is scaled in its own way"):
        joined(paths, tmp_path / "out.dcm")
    assert not (tmp_path / "out.dcm").exists()
