"""Known-bad objects: each kind of rule is found, at its place, with its section, and alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset, dcmread
from pydicom.sequence import Sequence
from pydicom.tag import Tag

from xray_studio.core.conformance import Finding, Severity
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.conformance.check import check_dataset

Change = Callable[[Dataset], None]


def put(**values: Any) -> Change:
    def change(dataset: Dataset) -> None:
        for keyword, value in values.items():
            setattr(dataset, keyword, value)

    return change


def drop(*keywords: str) -> Change:
    def change(dataset: Dataset) -> None:
        for keyword in keywords:
            del dataset[keyword]

    return change


def each(*changes: Change) -> Change:
    def change(dataset: Dataset) -> None:
        for one in changes:
            one(dataset)

    return change


def raw(keyword: str, vr: str, value: Any) -> Change:
    def change(dataset: Dataset) -> None:
        dataset.add_new(keyword, vr, value)

    return change


def inside(keyword: str, change: Change, number: int = 0) -> Change:
    return lambda dataset: change(dataset[keyword].value[number])


def private(dataset: Dataset) -> None:
    dataset.add_new(0x00111010, "LO", "alone")


def voi_table(entries: int, bits: int = 16) -> Change:
    item = Dataset()
    item.LUTDescriptor, item.LUTData = [4, 0, bits], [0] * entries
    item["LUTDescriptor"].VR = item["LUTData"].VR = "US"
    return put(VOILUTSequence=Sequence([item]))


# kind of object, what is changed, path of the finding, part of its rule, section
CASES = [
    # Types and conditions.
    ("xa", drop("PatientID"), "PatientID", "empty where unknown, and missing", "Table C.7-1"),
    ("xa", put(Modality=None), "Modality", "has none", "C.7.3"),
    ("xa", drop("FrameTime"), "FrameTime", "required and missing", "C.7.6.5"),
    ("xa", put(ImageAndFluoroscopyAreaDoseProduct=None, RadiationSetting=None),
     "RadiationSetting", "has none", "C.8.7.2"),
    ("xa", inside("MaskSubtractionSequence", put(MaskOperation="NONE")),
     "MaskSubtractionSequence[1].MaskFrameNumbers", "condition is not met", "C.7.6.10"),
    ("xa", put(PixelAspectRatio=[2, 1]), "PixelAspectRatio", "condition is not met", "C.7.6.3"),
    ("dx", drop("PresentationIntentType"), "PresentationIntentType", "missing", "C.8-68"),
    ("dx", inside("ViewCodeSequence", drop("CodeMeaning")),
     "ViewCodeSequence[1].CodeMeaning", "missing", "C.8-72"),
    ("seg", put(SegmentSequence=Sequence([])), "SegmentSequence", "an item", "C.8.20.2"),
    ("ct", drop("ImageOrientationPatient"), "ImageOrientationPatient", "missing", "C.7.6.2"),
    ("us", inside("SequenceOfUltrasoundRegions", drop("RegionDataType")),
     "SequenceOfUltrasoundRegions[1].RegionDataType", "missing", "C.8.5.5"),
    ("pdf", drop("MIMETypeOfEncapsulatedDocument"), "MIMETypeOfEncapsulatedDocument", "missing",
     "C.24.2"),
    # Values.
    ("xa", put(PatientSex="X"), "PatientSex", "enumerated", "Table C.7-1"),
    ("xa", put(ImageType=["COPY", "PRIMARY", "SINGLE PLANE"]), "ImageType", "value 1", "C.7.6"),
    ("xa", put(ImageType=["ORIGINAL", "PRIMARY", "TRIPLANE"]), "ImageType", "value 3", "C.8.7"),
    ("seg", put(SegmentationType="GREY"), "SegmentationType", "enumerated", "C.8.20.2"),
    # Encoding.
    ("xa", raw("StudyDate", "DA", "2026-11-20"), "StudyDate", "longer than 8", "PS3.5 6.2"),
    ("xa", raw("StudyDate", "DA", "20261341"), "StudyDate", "YYYYMMDD", "PS3.5 6.2"),
    ("xa", raw("StudyTime", "TM", "25"), "StudyTime", "HHMMSS", "PS3.5 6.2"),
    ("xa", raw("KVP", "DS", "123456789.12345678"), "KVP", "longer than 16", "PS3.5 6.2"),
    ("xa", raw("SeriesNumber", "IS", "1.5"), "SeriesNumber", "whole number", "PS3.5 6.2"),
    ("xa", raw("PatientAge", "AS", "65"), "PatientAge", "an age", "PS3.5 6.2"),
    ("xa", raw("Modality", "CS", "xa"), "Modality", "capitals", "PS3.5 6.2"),
    ("xa", raw("StudyID", "SH", "A" * 17), "StudyID", "16", "PS3.5 6.2"),
    ("xa", raw("StudyID", "SH", "A\nB"), "StudyID", "control", "PS3.5 6.2"),
    ("xa", raw("StudyInstanceUID", "UI", "1.2.03.4"), "StudyInstanceUID", "not a UID", "6.2"),
    ("xa", raw("StudyInstanceUID", "UI", "9.2.3"), "StudyInstanceUID", "not a UID", "6.2"),
    ("xa", raw("PatientName", "PN", "A^B^C^D^E^F"), "PatientName", "five parts", "PS3.5 6.2"),
    ("xa", raw("StudyDescription", "LT", "x"), "StudyDescription", "VR is LT", "PS3.6"),
    ("xa", put(ImagerPixelSpacing=[0.1, 0.1, 0.1]), "ImagerPixelSpacing", "3 values", "PS3.6"),
    ("xa", each(drop("SpecificCharacterSet"), put(StudyDescription="Grün")),
     "StudyDescription", "Specific Character Set", "C.12.1.1.2"),
    ("xa", put(SpecificCharacterSet="UTF-8"), "SpecificCharacterSet", "does not have", "C.12"),
    ("xa", put(SpecificCharacterSet=["ISO_IR 100", "ISO_IR 192"]), "SpecificCharacterSet",
     "stand alone", "C.12"),
    ("xa", private, "(0011,1010)", "creator", "PS3.5 7.8.1"),
    # Pixels.
    ("xa", put(HighBit=15), "HighBit", "one less", "PS3.5 8.1.1"),
    ("xa", put(BitsStored=17, HighBit=16), "BitsStored", "Bits Allocated", "PS3.5 8.1.1"),
    ("xa", put(PhotometricInterpretation="RGB"), "SamplesPerPixel", "samples", "C.7.6.3.1.2"),
    ("xa", put(Rows=41), "PixelData", "fewer bytes", "PS3.5 8.1.1"),
    ("xa", put(NumberOfFrames=7), "PixelData", "more bytes", "PS3.5 8.1.1"),
    ("us", put(NumberOfFrames=9), "PixelData", "fewer fragments", "PS3.5 A.4"),
    ("us", put(LossyImageCompression="00"), "LossyImageCompression", "loses", "C.7.6.1.1.5"),
    ("us", put(PlanarConfiguration=1), "PlanarConfiguration", "by pixel", "C.7.6.3.1.3"),
    ("us", put(PhotometricInterpretation="YBR_RCT"), "PhotometricInterpretation", "JPEG 2000",
     "PS3.5 8.2.4"),
    ("dx", drop("PixelData"), "PixelData", "missing", "C.7.6.3"),
    ("dx", put(NumberOfFrames=2), "NumberOfFrames", "one frame only", "C.7.6.6"),
    # Grey values.
    ("xa", put(WindowCenter=[1, 2]), "WindowCenter", "as many values", "C.11.2"),
    ("xa", put(WindowWidth="0.5"), "WindowWidth", "less than 1", "C.11.2.1.2"),
    ("xa", voi_table(3), "VOILUTSequence[1].LUTData", "as many entries", "C.11.1.1"),
    ("xa", voi_table(4, 4), "VOILUTSequence[1].LUTDescriptor", "8 to 16", "C.11.1.1"),
    ("ct", put(RescaleSlope="0"), "RescaleSlope", "It is 0", "C.11.1"),
    # Directions.
    ("ct", put(ImageOrientationPatient=[1, 0, 0, 0, 2, 0]), "ImageOrientationPatient",
     "length 1", "C.7.6.2.1.1"),
    ("ct", put(ImageOrientationPatient=[1, 0, 0, 1, 0, 0]), "ImageOrientationPatient",
     "right angles", "C.7.6.2.1.1"),
    # Frames.
    ("xa", put(FrameIncrementPointer=Tag("SliceLocationVector")), "FrameIncrementPointer",
     "not there", "C.7.6.6.1.2"),
    ("xa", each(put(FrameTimeVector=[0, 33], FrameIncrementPointer=Tag("FrameTimeVector"))),
     "FrameTimeVector", "for each frame", "C.7.6.5"),
    ("xa", inside("MaskSubtractionSequence", put(MaskFrameNumbers=[1, 9])),
     "MaskSubtractionSequence[1].MaskFrameNumbers", "does not have", "C.7.6.10"),
    ("seg", lambda d: d.PerFrameFunctionalGroupsSequence.pop(),
     "PerFrameFunctionalGroupsSequence", "for each frame", "C.7.6.16"),
    ("seg", lambda d: d.PerFrameFunctionalGroupsSequence[0].__delattr__("FrameContentSequence"),
     "PerFrameFunctionalGroupsSequence.FrameContentSequence", "for some frames", "C.7.6.16"),
    ("seg", lambda d: d.PerFrameFunctionalGroupsSequence[1].FrameContentSequence[0].__setattr__(
        "DimensionIndexValues", [1]),
     "PerFrameFunctionalGroupsSequence[2].FrameContentSequence[1].DimensionIndexValues",
     "for each dimension", "C.7.6.16.2.2"),
    # References.
    ("seg", inside("SegmentSequence", put(SegmentNumber=2)), "SegmentSequence", "numbered",
     "C.8.20.2"),
    ("pr", inside("GraphicAnnotationSequence", put(GraphicLayer="NOWHERE")),
     "GraphicAnnotationSequence[1].GraphicLayer", "does not have", "C.10.5"),
    ("ko", drop("CurrentRequestedProcedureEvidenceSequence"),
     "ContentSequence[2].ReferencedSOPSequence[1].ReferencedSOPInstanceUID", "evidence",
     "C.17.2.3"),
    ("xa", lambda d: setattr(d, "SeriesInstanceUID", d.StudyInstanceUID), "SeriesInstanceUID",
     "the same", "PS3.5 9"),
    # Content and waveforms.
    ("report", inside("ContentSequence", drop("RelationshipType")),
     "ContentSequence[1].RelationshipType", "missing", "C.17.3.2.4"),
    ("report", inside("ContentSequence", put(ValueType="NUM")), "ContentSequence[1].ValueType",
     "no such content", "A.35"),
    ("report", inside("ContentSequence", drop("ConceptNameCodeSequence")),
     "ContentSequence[1].ConceptNameCodeSequence", "missing", "C.17.3.2.2"),
    ("ecg", inside("WaveformSequence", put(NumberOfWaveformSamples=1000)),
     "WaveformSequence[1].WaveformData", "as many bytes", "C.10.9.1.7"),
    ("ecg", inside("WaveformSequence", put(SamplingFrequency=100)),
     "WaveformSequence[1].SamplingFrequency", "200 to 1000", "A.34.3"),
]  # fmt: skip


def errors(dataset: Dataset) -> list[Finding]:
    found = check_dataset(dataset, str(dataset.file_meta.TransferSyntaxUID))
    return [finding for finding in found if finding.severity is Severity.ERROR]


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom's, on values that are bad on purpose
@pytest.mark.parametrize(("kind", "change", "path", "rule", "section"), CASES)
def test_rule(kinds: Path, kind: str, change: Change, path: str, rule: str, section: str) -> None:
    dataset = dcmread(kinds / f"{kind}.dcm")
    change(dataset)
    found = errors(dataset)
    assert any(
        finding.path == path and rule in finding.rule and section in finding.section
        for finding in found
    ), [finding.words() for finding in found]


def test_terms_and_extensions_are_notes(kinds: Path) -> None:
    dataset = dcmread(kinds / "xa.dcm")
    dataset.Modality = "ZZ"
    dataset.ReasonForStudy = "Follow-up"  # retired, and of no module
    found = check_dataset(dataset, str(dataset.file_meta.TransferSyntaxUID))
    assert all(finding.severity is Severity.NOTE for finding in found)
    assert {"Modality", "ReasonForStudy"} <= {finding.path for finding in found}


def test_no_value_is_told(kinds: Path) -> None:
    dataset = dcmread(kinds / "xa.dcm")
    with lenient_pydicom():
        dataset.add_new("PatientName", "PN", "Secret^" + "Name" * 20)
        dataset.add_new("PatientID", "LO", "Secret\x01Number" * 9)
        dataset.add_new("PatientBirthDate", "DA", "Secret")
    told = " ".join(finding.words() for finding in errors(dataset))
    assert told.count("Patient") >= 3
    assert "Secret" not in told


def test_unknown_kinds_are_checked_in_what_does_not_depend_on_it(kinds: Path) -> None:
    dataset = dcmread(kinds / "xa.dcm")
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.999"
    dataset.HighBit = 3
    found = check_dataset(dataset, str(dataset.file_meta.TransferSyntaxUID))
    assert [f.path for f in found if f.severity is Severity.ERROR] == ["HighBit"]
    assert any("do not know this kind" in finding.rule for finding in found)
