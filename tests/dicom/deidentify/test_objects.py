"""What stands beside attributes: streams, spare bits, private blocks, content, references."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from imagecodecs import jpeg2k_decode, jpeg2k_encode, jpeg8_decode, jpeg8_encode, jpegls_encode
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.dicom.deidentify.test_rows import KEY, planned, written
from tests.dicom.objects import make_object, picture, save
from xray_studio.core.deidentify.options import Option, Profile
from xray_studio.core.errors import UnsupportedError
from xray_studio.dicom.deidentify.plan import plan_object
from xray_studio.dicom.deidentify.rules import Order
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.bare import without_words
from xray_studio.dicom.write.frames import copied_frame
from xray_studio.dicom.write.objects import coded, reference

EXPLICIT = syntaxes.EXPLICIT_LITTLE
SR = "1.2.840.10008.5.1.4.1.1.88.33"
MARK = b"MRK Doe Jane"
FINDING, OTHER = ("121071", "DCM", "Finding"), ("MRKX", "99MRK", "MRK meaning")


def read(plan: bytes) -> Dataset:
    from io import BytesIO

    return dcmread(BytesIO(plan))


def segment(marker: bytes, data: bytes) -> bytes:
    return b"\xff" + marker + (len(data) + 2).to_bytes(2, "big") + data


@pytest.mark.parametrize(
    "added",
    [segment(b"\xfe", MARK), segment(b"\xe1", b"Exif\0\0" + MARK), segment(b"\xed", MARK)],
    ids=["comment", "exif", "photoshop"],
)
@pytest.mark.parametrize("syntax", [syntaxes.JPEG_BASELINE, syntaxes.JPEG_LS])
def test_jpeg_loses_its_words(added: bytes, syntax: str) -> None:
    pixels = picture(0, 255, (40, 56)).astype(np.uint8)
    encode = jpeg8_encode if syntax == syntaxes.JPEG_BASELINE else jpegls_encode
    plain = bytes(encode(pixels))
    stream = plain[:2] + added + plain[2:] + MARK
    assert MARK not in without_words(stream, syntax)
    assert without_words(stream, syntax) == without_words(plain, syntax)
    if syntax == syntaxes.JPEG_BASELINE:
        found = jpeg8_decode(without_words(stream, syntax))
        np.testing.assert_array_equal(found, jpeg8_decode(plain))


def test_jpeg_2000_comments_are_blank() -> None:
    pixels = picture(0, 255, (40, 56)).astype(np.uint8)
    plain = bytes(jpeg2k_encode(pixels, level=0, codecformat="j2k"))
    at = plain.index(b"\xff\x90")  # before the first tile
    stream = plain[:at] + segment(b"\x64", b"\0\1" + MARK) + plain[at:]
    bare = without_words(stream, syntaxes.JPEG_2000_LOSSLESS)
    assert MARK not in bare
    assert len(bare) == len(stream)
    np.testing.assert_array_equal(jpeg2k_decode(bare), pixels)


def test_what_is_no_stream_stays() -> None:
    assert without_words(b"\xff\xd8no", syntaxes.JPEG_BASELINE) == b"\xff\xd8no"
    assert without_words(b"nothing", syntaxes.JPEG_2000) == b"nothing"
    assert without_words(MARK, syntaxes.RLE) == MARK


def test_spare_bits_are_cleared_with_their_overlay(tmp_path: Path) -> None:
    values = picture(0, 4095, (8, 16)).astype(np.uint16)
    hidden = values | (np.arange(16, dtype=np.uint16) % 2 << 15)
    dataset = make_object(hidden, BitsStored=12, HighBit=11)
    for element, vr, value in (
        (0x10, "US", 8), (0x11, "US", 16), (0x40, "CS", "G"), (0x50, "SS", [1, 1]),
        (0x100, "US", 16), (0x102, "US", 15),
    ):  # fmt: skip
        dataset.add_new(0x60000000 | element, vr, value)
    plan = planned(dataset, tmp_path / "spare.dcm", EXPLICIT).plan
    assert plan is not None
    frame = copied_frame(plan.frames[0], plan.how)
    np.testing.assert_array_equal(np.frombuffer(frame.data, np.uint16), values.reshape(-1))
    assert not any(tag.group >> 8 == 0x60 for tag in read(written_of(plan)).keys())  # noqa: SIM118


def written_of(plan: object) -> bytes:
    return plan.head + plan.attributes  # type: ignore[attr-defined]


def test_regions_of_interest_stay_and_drawings_go(tmp_path: Path) -> None:
    dataset = make_object(np.zeros((8, 8), np.uint8))
    for group, kind in ((0x6000, "R"), (0x6002, "G")):
        for element, vr, value in (
            (0x10, "US", 8), (0x11, "US", 8), (0x22, "LO", "MRK"), (0x40, "CS", kind),
            (0x50, "SS", [1, 1]), (0x100, "US", 1), (0x102, "US", 0), (0x3000, "OW", b"\xff" * 8),
        ):  # fmt: skip
            dataset.add_new(group << 16 | element, vr, value)
    plan = planned(dataset, tmp_path / "o.dcm", EXPLICIT, Option.GRAPHICS)
    assert b"MRK" not in written(plan)
    assert plan.plan is not None
    groups = {tag.group for tag in read(written_of(plan.plan)).keys() if tag.group >= 0x6000}  # noqa: SIM118
    assert groups == {0x6000}


def test_safe_private_are_numbers(tmp_path: Path) -> None:
    dataset = make_object(np.zeros((8, 8), np.uint8))
    for creator, element, vr, value in (
        ("Philips PET Private Group", 0x70531000, "DS", "0.25"),
        ("Philips PET Private Group", 0x70531009, "DS", "1\\2"),
        ("Philips PET Private Group", 0x70531001, "DS", "3"),
    ):
        dataset.add_new(0x70530010, "LO", creator)
        dataset.add_new(element, vr, value)
    dataset.add_new(0x00E10010, "LO", "ELSCINT1")
    dataset.add_new(0x00E11021, "DS", "1")
    dataset["00E11021"]._value = "MRK 1"
    dataset.add_new(0x00E11050, "LO", "chest")  # a safe word is no number
    kept = planned(dataset, tmp_path / "p.dcm", EXPLICIT, Option.SAFE_PRIVATE)
    found = read(written(kept))
    assert found[0x70531000].value == 0.25
    assert 0x70531001 not in found
    assert not any(tag.group == 0x00E1 for tag in found.keys())  # noqa: SIM118 - of pydicom
    gone = planned(dataset, tmp_path / "q.dcm", EXPLICIT)
    assert not any(tag.is_private for tag in read(written(gone)).keys())  # noqa: SIM118


def item(kind: str, name: tuple[str, str, str] = FINDING, **values: object) -> Dataset:
    made = Dataset()
    made.RelationshipType, made.ValueType = "CONTAINS", kind
    made.ConceptNameCodeSequence = coded(name)
    for word, value in values.items():
        setattr(made, word, value)
    return made


def report() -> Dataset:
    image = Dataset()
    image.RelationshipType, image.ValueType = "CONTAINS", "IMAGE"
    image.ReferencedSOPSequence = Sequence([reference("1.2.840.10008.5.1.4.1.1.2", "1.2.3.4")])
    number = item("NUM", MeasuredValueSequence=Sequence([Dataset()]))
    number.MeasuredValueSequence[0].NumericValue = "12.5"
    content = [
        item("TEXT", TextValue="MRK Doe"), item("TEXT", TextValue="Chest normal"), number,
        item("TEXT", OTHER, TextValue="chest"), item("PNAME", PersonName="MRK^Doe"),
        item("DATE", Date="20200304"), item("UIDREF", UID="1.2.3.4"),
        item("CODE", ConceptCodeSequence=coded(OTHER)), image,
        item("CONTAINER", ContentSequence=Sequence([item("TEXT", TextValue="MRK")])),
    ]  # fmt: skip
    return make_object(
        None, SOPClassUID=SR, Modality="SR", ValueType="CONTAINER", CompletionFlag="COMPLETE",
        VerificationFlag="VERIFIED",
        ContentSequence=Sequence(content), VerifyingObserverSequence=Sequence([observer()]),
    )  # fmt: skip


def observer() -> Dataset:
    made = Dataset()
    made.VerifyingObserverName, made.VerifyingOrganization = "MRK^Doctor", "MRK clinic"
    made.VerificationDateTime = "20200102030405"
    made.VerifyingObserverIdentificationCodeSequence = coded(OTHER)
    return made


def test_content_without_the_option_is_references(tmp_path: Path) -> None:
    plan = planned(report(), tmp_path / "sr.dcm", EXPLICIT)
    assert b"MRK" not in plan.data
    found = read(plan.data)
    assert [one.ValueType for one in found.ContentSequence] == ["IMAGE"]
    pointed = found.ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID
    assert pointed == KEY.uid("1.2.3.4")
    assert found.VerifyingObserverSequence[0].VerifyingObserverName.family_name[0] == "N"


def test_cleaned_content_keeps_codes_and_numbers(tmp_path: Path) -> None:
    options = (Option.STRUCTURED, Option.MODIFIED_DATES)
    plan = planned(report(), tmp_path / "sr.dcm", EXPLICIT, *options)
    assert b"MRK" not in plan.data
    found = read(plan.data).ContentSequence
    assert [one.ValueType for one in found] == [
        "TEXT", "TEXT", "NUM", "PNAME", "DATE", "UIDREF", "IMAGE", "CONTAINER"
    ]  # fmt: skip
    assert [one.TextValue for one in found[:2]] == ["REMOVED", "Chest normal"]
    assert found[2].MeasuredValueSequence[0].NumericValue == 12.5
    assert KEY.uid("1.2.3.4") == found[5].UID
    assert found[4].Date < "20200304"
    assert found[7].ContentSequence[0].TextValue == "REMOVED"


def test_an_object_says_what_was_done(tmp_path: Path) -> None:
    dataset = make_object(np.zeros((8, 8), np.uint8), BurnedInAnnotation="YES")
    source = save(dataset, tmp_path / "a.dcm")
    options = frozenset((Option.FULL_DATES, Option.UIDS))
    plan = plan_object(Order(source, Profile(options), KEY, looked=True))
    found = read(written(plan))
    assert (found.PatientIdentityRemoved, found.BurnedInAnnotation) == ("YES", "NO")
    assert found.LongitudinalTemporalInformationModified == "UNMODIFIED"
    codes = [code.CodeValue for code in found.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113101", "113106", "113110"]
    assert found.SOPInstanceUID == dataset.SOPInstanceUID
    assert found.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID


@pytest.mark.parametrize(
    ("sop_class", "words"),
    [
        ("1.2.840.10008.1.3.10", "DICOMDIR"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "encapsulated"),
        ("1.2.840.10008.5.1.4.1.1.66", "Raw data"),
    ],
)
def test_what_nobody_can_look_through_is_refused(
    tmp_path: Path, sop_class: str, words: str
) -> None:
    source = save(make_object(None, SOPClassUID=sop_class), tmp_path / "a.dcm")
    with pytest.raises(UnsupportedError, match=words):
        plan_object(Order(source, Profile(), KEY))


def test_a_stand_in_goes_with_what_it_belonged_to(tmp_path: Path) -> None:
    """The name of the committee is there where its approval number is, which is removed."""
    dataset = make_object(
        np.zeros((8, 8), np.uint8), ClinicalTrialSponsorName="MRK", ClinicalTrialProtocolID="MRK",
        ClinicalTrialProtocolEthicsCommitteeName="MRK", ClinicalTrialSubjectID="MRK",
        ClinicalTrialProtocolEthicsCommitteeApprovalNumber="MRK",
    )  # fmt: skip
    found = read(written(planned(dataset, tmp_path / "trial.dcm", EXPLICIT)))
    assert "ClinicalTrialProtocolEthicsCommitteeName" not in found
    assert found.ClinicalTrialSponsorName == "REMOVED"
    assert len(found.ClinicalTrialSubjectID) == 12


def test_attributes_that_are_hidden_by_encryption_go(tmp_path: Path) -> None:
    dataset = make_object(np.zeros((8, 8), np.uint8))
    hidden = Dataset()
    hidden.EncryptedContentTransferSyntaxUID, hidden.EncryptedContent = EXPLICIT, MARK
    dataset.EncryptedAttributesSequence = Sequence([hidden])
    found = written(planned(dataset, tmp_path / "hidden.dcm", EXPLICIT))
    assert MARK not in found
    assert "EncryptedAttributesSequence" not in read(found)
