"""Values that stand in for others: of the right VR and length, and about nobody."""

from __future__ import annotations

from typing import Any, Final

from pydicom.dataset import Dataset

from xray_studio.core.deidentify.pseudonyms import Pseudonyms
from xray_studio.dicom.attributes.values import tag_of

REMOVED: Final = "REMOVED"
# Numbers by which things of one kind are told apart in a set: they get a pseudonym of their own.
_NUMBERS: Final = frozenset(map(tag_of, (
    "ClinicalTrialProtocolID", "ClinicalTrialSubjectID", "ClinicalTrialSubjectReadingID",
    "ContainerIdentifier", "SpecimenIdentifier", "DeviceSerialNumber", "StationName", "DetectorID",
)))  # fmt: skip
_FIXED: Final[dict[int, Any]] = {tag_of("ReasonForTheAttributeModification"): "COERCE"}
_BY_VR: Final[dict[str, Any]] = {
    "AS": "000Y", "DA": "19000101", "TM": "000000", "DT": "19000101000000", "UR": "urn:removed",
    "DS": "0", "IS": "0", "OB": b"\0\0", "OW": b"\0\0", "UN": b"\0\0", "OF": b"\0" * 4,
    "OL": b"\0" * 4, "OD": b"\0" * 8, "OV": b"\0" * 8, "US": 0, "SS": 0, "UL": 0, "SL": 0, "SV": 0,
    "UV": 0, "FL": 0.0, "FD": 0.0, "AT": 0,
}  # fmt: skip


def dummy(tag: int, vr: str, before: str, pseudonyms: Pseudonyms) -> Any:
    """Return the value that stands in for one whose text is `before`; not for sequences."""
    if tag in _FIXED:
        return _FIXED[tag]
    if vr == "UI":
        return pseudonyms.uid(before) or pseudonyms.uid(f"{tag:08x}")
    if vr == "PN":
        return pseudonyms.number("person", before, "N")
    if tag in _NUMBERS and before:
        return pseudonyms.number("number", f"{tag:08x} {before}")
    return _BY_VR.get(vr, REMOVED)


def dummy_code(item: Dataset) -> None:
    """Make a code (PS3.3 8.8) one that means nothing; items that are no codes stay."""
    if not any(tag_of(word) in item for word in ("CodeValue", "LongCodeValue", "URNCodeValue")):
        return
    item.clear()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = REMOVED, "99REMOVED", "Removed"
