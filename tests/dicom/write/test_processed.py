"""Objects of processed values, judged by dciodvfy, DCMTK and pydicom."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts

from tests.dicom.objects import XA, make_object, picture, save
from tests.dicom.write.judges import judged
from tests.dicom.write.validator import errors_of
from xray_studio import open as open_clip
from xray_studio import process
from xray_studio.__main__ import main
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import run
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.core.scene import Scene
from xray_studio.core.step import Group, Image, Stack, Step
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.write import derivation
from xray_studio.dicom.write.derivation import OTHER, codes_of
from xray_studio.dicom.write.objects import uid_from
from xray_studio.services.export.run import export
from xray_studio.services.processing.catalogue import steps_known
from xray_studio.services.processing.process import process as process_clip
from xray_studio.services.settings import Settings, save_settings

STEP = "gaussian:sigma=0.8"
CT, CR = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.1"


def run_object(**changes: Any) -> Dataset:
    """Return a run of 12 bits in the upper bits' stead, with times, windows and a padding value."""
    frames = np.stack([picture(0, 4095, (40, 56), seed) for seed in range(5)]).astype(np.uint16)
    facts: dict[str, Any] = {
        "SOPClassUID": XA, "Modality": "XA", "BitsStored": 12, "HighBit": 11,
        "FrameTimeVector": [0, 60, 70, 60, 80], "FrameIncrementPointer": 0x00181065,
        "ImageType": ["ORIGINAL", "PRIMARY", "SINGLE PLANE"], "WindowCenter": 2000,
        "WindowWidth": 3000, "SeriesDescription": "LCA", "SmallestImagePixelValue": 0,
        "PixelIntensityRelationship": "LOG",
    }  # fmt: skip
    return make_object(frames, **(facts | changes))


def rounded(made: Path, source: Path, words: str = STEP) -> float:
    """Return how far the values of an object are from those of a processed clip, at most."""
    found, wanted = open_clip(made), open_clip(source).process(words)
    assert len(found) == len(wanted)
    return max(
        float(np.abs(found[n].astype(float) - wanted[n].astype(float)).max())
        for n in range(len(found))
    )


def test_a_run_stays_a_run(tmp_path: Path) -> None:
    source, target = tmp_path / "in.dcm", tmp_path / "out.dcm"
    save(run_object(), source)
    before = source.read_bytes()
    assert main(["process", str(source), str(target), "--step", STEP, "-q"]) == 0
    old, new = pydicom.dcmread(source), pydicom.dcmread(target)
    assert source.read_bytes() == before
    assert rounded(target, source) <= 0.5
    assert (new.SOPClassUID, new.NumberOfFrames, new.BitsAllocated, new.BitsStored) == (
        XA,
        5,
        16,
        12,
    )
    assert list(new.ImageType) == ["DERIVED", "SECONDARY", "SINGLE PLANE"]
    for keyword in ("PatientID", "StudyInstanceUID", "FrameTimeVector", "WindowCenter", "Modality"):
        assert new[keyword] == old[keyword], keyword
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID"):
        assert new[keyword] != old[keyword]
        assert new[keyword].value.startswith("2.25.")
    assert new.file_meta.ImplementationClassUID == uid_from("implementation")
    assert new.SeriesDescription == "LCA DENOISED"
    assert new.DerivationDescription == STEP
    assert [item.CodeValue for item in new.DerivationCodeSequence] == ["113088"]
    (item,) = new.SourceImageSequence
    assert item.ReferencedSOPInstanceUID == old.SOPInstanceUID
    assert item.PurposeOfReferenceCodeSequence[0].CodeValue == "121322"
    assert "SmallestImagePixelValue" not in new
    assert errors_of(target) - errors_of(source) == set()


def test_values_are_those_of_an_export_of_values(tmp_path: Path) -> None:
    source = Path(save(run_object(), tmp_path / "in.dcm"))
    process(source, tmp_path / "out.dcm", STEP, frames=(1, 3))
    run(export(open_clip(source).process(STEP), tmp_path / "out.npz"))
    found = judged(tmp_path / "out.dcm", syntaxes.EXPLICIT_LITTLE)
    with np.load(tmp_path / "out.npz") as told:
        assert np.abs(told["values"][1:4] - found).max() <= 0.5
    new = pydicom.dcmread(tmp_path / "out.dcm")
    assert list(new.FrameTimeVector) == [0, 70, 60]
    assert new.SourceImageSequence[0].ReferencedFrameNumber == [2, 3, 4]


@pytest.mark.parametrize("name", ["jpeg-ls", "jpeg-lossless", "rle", "jpeg-2000"])
def test_lossless_syntaxes_hold_the_same(tmp_path: Path, name: str) -> None:
    source = Path(save(run_object(), tmp_path / "in.dcm"))
    process(source, tmp_path / "plain.dcm", STEP)
    process(source, tmp_path / "packed.dcm", STEP, syntax=name)
    packed = tmp_path / "packed.dcm"
    found = judged(packed, pydicom.dcmread(packed).file_meta.TransferSyntaxUID)
    assert np.array_equal(found, judged(tmp_path / "plain.dcm", syntaxes.EXPLICIT_LITTLE))
    with pytest.raises(UsageError, match="without loss"):
        process(source, tmp_path / "lossy.dcm", STEP, syntax="jpeg-baseline")
    assert not (tmp_path / "lossy.dcm").exists()


def test_slices_keep_their_units(tmp_path: Path) -> None:
    """Signed Hounsfield numbers stay what they are; padding stays where it was, and only there."""
    values = picture(-1000, 2000, (48, 48)).astype(np.int16)
    values[:, :9] = -2000
    values[:, 30] = -1999
    facts = {
        "RescaleSlope": 2,
        "RescaleIntercept": -24,
        "RescaleType": "HU",
        "PixelPaddingValue": -2000,
    }
    source = Path(
        save(make_object(values, SOPClassUID=CT, Modality="CT", **facts), tmp_path / "in.dcm")
    )
    process(source, tmp_path / "out.dcm", STEP)
    new = pydicom.dcmread(tmp_path / "out.dcm")
    assert (new.RescaleSlope, new.RescaleIntercept, new.PixelRepresentation) == (2, -24, 1)
    assert new.PixelPaddingValue == -2000
    assert np.array_equal(new.pixel_array == -2000, values == -2000)
    assert rounded(tmp_path / "out.dcm", source) <= 1.0  # half of the slope


def test_a_table_becomes_a_rescale(tmp_path: Path) -> None:
    """A radiograph with a Modality LUT keeps the values of the table in 16 bits."""
    item = Dataset()
    item.LUTDescriptor, item.ModalityLUTType = [256, 0, 16], "US"
    item.LUTData = (np.arange(256) ** 2 // 16).astype("<u2").tobytes()
    image = picture(0, 255, (48, 48)).astype(np.uint8)
    made = make_object(image, SOPClassUID=CR, Modality="CR", ModalityLUTSequence=[item])
    source = Path(save(made, tmp_path / "in.dcm"))
    process(source, tmp_path / "out.dcm", STEP)
    new = pydicom.dcmread(tmp_path / "out.dcm")
    assert "ModalityLUTSequence" not in new
    assert (new.SOPClassUID, new.BitsStored, new.RescaleType) == (CR, 16, "US")
    assert rounded(tmp_path / "out.dcm", source) == 0.0


def test_colours_stay_colours(tmp_path: Path) -> None:
    colours = np.stack([picture(0, 255, (32, 40), n) for n in range(3)], -1).astype(np.uint8)
    ultrasound = "1.2.840.10008.5.1.4.1.1.6.1"
    source = Path(
        save(make_object(colours, SOPClassUID=ultrasound, Modality="US"), tmp_path / "in.dcm")
    )
    process(source, tmp_path / "out.dcm", STEP)
    new = pydicom.dcmread(tmp_path / "out.dcm")
    assert (new.SOPClassUID, new.PhotometricInterpretation) == (ultrasound, "RGB")
    assert rounded(tmp_path / "out.dcm", source) == 0.0


class Halved(Step):
    """Gives values of another range."""

    name, title, about, group = "halved", "Halved", "For tests.", Group.MEASURE

    def output(self, scene: Scene) -> Scene:
        return replace(scene, low=scene.low / 2, high=scene.high / 2)

    def apply(self, stack: Stack, scene: Scene) -> Image:
        return stack.middle / 2


@pytest.mark.parametrize("photometric", ["MONOCHROME2", "MONOCHROME1"])
def test_other_values_become_a_capture(tmp_path: Path, photometric: str) -> None:
    """What its numbers mean is told by a Real World Value Mapping."""
    source = Path(save(run_object(PhotometricInterpretation=photometric), tmp_path / "in.dcm"))
    clip = process_clip(open_clip(source), Pipeline((Stage(Halved()),)))
    target = tmp_path / "out.dcm"
    run(export(clip, target))
    new = pydicom.dcmread(target)
    assert new.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7.3"
    assert (new.Modality, new.PhotometricInterpretation) == ("XA", "MONOCHROME2")
    assert list(new.FrameTimeVector) == [0, 60, 70, 60, 80]
    (mapping,) = new.RealWorldValueMappingSequence
    numbers = new.pixel_array * mapping.RealWorldValueSlope + mapping.RealWorldValueIntercept
    wanted = np.stack(list(clip))
    assert np.abs(numbers - wanted).max() <= abs(mapping.RealWorldValueSlope) / 2
    assert errors_of(target) == set()


def test_uids_stand_under_the_root_of_an_organisation(tmp_path: Path) -> None:
    save_settings(Settings().changed("objects", uid_root="1.2.826.0.1.3680043.2"))
    source = Path(save(run_object(), tmp_path / "in.dcm"))
    process(source, tmp_path / "out.dcm", STEP)
    new = pydicom.dcmread(tmp_path / "out.dcm")
    for uid in (new.SOPInstanceUID, new.SeriesInstanceUID):
        assert uid.startswith("1.2.826.0.1.3680043.2.")
        assert uid.is_valid


def test_every_step_has_a_code() -> None:
    """That of the context group (CID 7203) for all that smooths; one of our own where none fits."""
    group = {
        code for name in cid_concepts[7203]["DCM"] for code in concepts["DCM"][name]
    }  # fmt: skip
    for step in steps_known():
        (code,) = codes_of([(step.name, step.group.value)])
        assert code == OTHER or code[0] in group, step.name
        assert step.group is not Group.DENOISE or code != OTHER
    assert {step.name for step in steps_known()} >= derivation._CODES.keys()


def test_what_cannot_be_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = save(run_object(), tmp_path / "in.dcm")
    for words, told in (
        ((source, "out.dcm"), "Name at least one --step"),
        ((source, "out.png", "--step", STEP), "write OUT.dcm"),
        ((source, "out.dcm", "--step", STEP, "--frames", "4-9"), "no frames 4-9"),
        ((source, source, "--step", STEP), "originals are never changed"),
    ):
        arguments = [words[0], str(tmp_path / words[1]), *words[2:]]
        assert main(["process", *arguments, "-q"]) in {1, 2}
        assert told in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.dcm"]


def test_stopped_anywhere_nothing_stays(tmp_path: Path) -> None:
    clip = open_clip(save(run_object(), tmp_path / "in.dcm")).process(STEP)
    for stop in (1, 2, 4, 6):
        job = export(clip, tmp_path / "out.dcm")
        for _ in range(stop):
            next(job)
        job.close()
    assert [path.name for path in tmp_path.iterdir()] == ["in.dcm"]


def readable(path: Path) -> None:
    """Let DCMTK read an object."""
    if shutil.which("dcmdump"):
        subprocess.run(["dcmdump", "-q", "+E", path], check=True, capture_output=True)


def new_errors(source: Path, target: Path) -> set[str]:
    """Return errors that the source has not. A wrong UID of the source is told where it is named.

    dciodvfy reads no deflated objects: of such a source its inflated copy is asked.
    """
    plain = source
    if pydicom.dcmread(source, force=True).file_meta.get("TransferSyntaxUID") == syntaxes.DEFLATED:
        plain = target.with_suffix(".inflated")
        subprocess.run(["dcmconv", "+te", source, plain], check=True, capture_output=True)
    named = {str(pydicom.dcmread(source, force=True).get("SOPInstanceUID", "?"))}
    found = errors_of(target) - errors_of(plain)
    return {error for error in found if not any(uid in error for uid in named)}


def test_real_objects(shared_data: Path, tmp_path: Path) -> None:
    written = 0
    for path in sorted((shared_data / "dicom").iterdir()):
        if path.stat().st_size > 1_000_000:
            continue
        target = tmp_path / f"{path.stem}.dcm"
        try:
            process(path, target, STEP)
        except StudioError as error:
            assert "does not say what it is" in str(error)  # noqa: PT017 - most objects raise nothing
            continue
        written += 1
        readable(target)
        assert new_errors(path, target) == set(), path.name
        step = abs(float(pydicom.dcmread(target).get("RescaleSlope", 1)))
        assert rounded(target, path) <= step / 2
    assert written > 15


def test_the_demonstration(tmp_path: Path, small_demonstration: Path) -> None:
    classes = set()
    for path in sorted(small_demonstration.rglob("*.dcm")):
        found = pydicom.dcmread(path, stop_before_pixels=True)
        kind = (
            found.SOPClassUID,
            found.get("NumberOfFrames", 1) > 1,
            found.get("PhotometricInterpretation"),
        )
        if "Rows" not in found or "Segmentation" in found.SOPClassUID.name or kind in classes:
            continue
        classes.add(kind)
        target = tmp_path / "out.dcm"
        process(path, target, STEP, overwrite=True)
        readable(target)
        assert new_errors(path, target) == set(), path.name
        assert pydicom.dcmread(target, stop_before_pixels=True).SOPClassUID == found.SOPClassUID
    assert len(classes) > 3


def test_a_subtraction_says_what_was_subtracted_and_leaves_no_mask(tmp_path: Path) -> None:
    item = Dataset()
    item.MaskOperation, item.MaskFrameNumbers = "AVG_SUB", [1, 2]
    item.MaskSubPixelShift = [0.5, 0.0]
    facts = {"MaskSubtractionSequence": [item], "RecommendedViewingMode": "NAT"}
    source, target = tmp_path / "in.dcm", tmp_path / "out.dcm"
    save(run_object(**facts), source)
    assert main(["process", str(source), str(target), "--step", "subtract", "-q"]) == 0
    new = pydicom.dcmread(target)
    assert list(new.ImageType)[:2] == ["DERIVED", "SECONDARY"]
    assert new.SeriesDescription == "LCA DSA"
    assert new.DerivationCodeSequence[0].CodeValue == "113062"
    assert new.DerivationDescription.endswith(
        "(mask frames 1, 2 (as the file says); mask moved 0.5 down (pixels); no logarithm)"
    )
    assert "MaskSubtractionSequence" not in new
    assert "RecommendedViewingMode" not in new
    (scale,) = new.RealWorldValueMappingSequence
    wanted = np.stack(list(open_clip(source).process("subtract")))
    found = new.pixel_array * scale.RealWorldValueSlope + scale.RealWorldValueIntercept
    np.testing.assert_array_equal(found, wanted)
    assert new.WindowWidth > 1, "differences have a window of their own"
    assert errors_of(target) <= errors_of(source)
