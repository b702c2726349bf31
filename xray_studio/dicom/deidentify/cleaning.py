"""Values that stay when they are known to name nobody, and dates that are moved."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from xray_studio.core.deidentify.dates import moved_date, moved_moment
from xray_studio.core.deidentify.options import Option, Profile
from xray_studio.core.deidentify.pseudonyms import Pseudonyms
from xray_studio.core.deidentify.vocabulary import is_safe
from xray_studio.dicom.attributes.values import tag_of, text
from xray_studio.dicom.deidentify.dummies import REMOVED, dummy
from xray_studio.dicom.deidentify.elements import texts
from xray_studio.dicom.deidentify.rules import Subject

_DATES: Final = frozenset(("DA", "DT", "TM"))
# Coding schemes whose codes are published (PS3.16 8): a code of theirs is no free text.
_SCHEMES: Final = frozenset((
    "DCM", "SCT", "SRT", "SNM3", "SNM", "LN", "UCUM", "FMA", "RADLEX", "UMLS", "NCIt", "I10", "I9C",
    "ICD10", "NEU", "MDC", "BI", "BARI", "ISO639_1", "ISO639_2", "ISO3166_1", "RFC3066", "RFC5646",
    "HGNC", "ITIS_TSN", "PUBCHEM_CID", "MSH",
))  # fmt: skip
_VALUES: Final = ("CodeValue", "LongCodeValue", "URNCodeValue")
# What an item of content holds that was cleaned before the item is gone through.
_CONTENT: Final = tuple(map(tag_of, (
    "ConceptNameCodeSequence", "ConceptCodeSequence", "TextValue", "PersonName", "Date", "Time",
    "DateTime", "UID",
)))  # fmt: skip


class Cleaner:
    """Cleans values of one object by a profile."""

    def __init__(self, profile: Profile, pseudonyms: Pseudonyms, subject: Subject) -> None:
        self.profile, self._pseudonyms, self._subject = profile, pseudonyms, subject

    def element(self, dataset: Dataset, tag: BaseTag, found: DataElement) -> bool:
        """Clean an attribute that is no sequence; tell whether it stays."""
        if found.VR in _DATES:
            return self._dated(dataset, tag, found)
        return found.VR in _TEXTS and all(self.is_safe(one) for one in texts(found))

    def is_safe(self, value: str) -> bool:
        """Tell whether a text names nobody."""
        return is_safe(value, self._subject.words)

    def _dated(self, dataset: Dataset, tag: BaseTag, found: DataElement) -> bool:
        moved = [self.moved(found.VR, value) for value in texts(found)]
        if not all(moved):
            return False
        if found.VR != "TM" and moved:
            dataset[tag] = DataElement(tag, found.VR, moved if len(moved) > 1 else moved[0])
        return True

    def moved(self, vr: str, value: str) -> str:
        """Return a date or moment moved by the days of the patient, "" for none; times stay."""
        if vr == "TM":
            return value
        days = self._pseudonyms.days(self._subject.patient)
        return moved_date(value, days) if vr == "DA" else moved_moment(value, days)

    def moment(self, vr: str, value: str) -> str:
        """Return a date or time of content as the profile has it."""
        if Option.FULL_DATES in self.profile:
            return value
        moved = self.moved(vr, value) if Option.MODIFIED_DATES in self.profile else ""
        return moved or str(dummy(0, vr, value, self._pseudonyms))

    def person(self, name: str) -> str:
        """Return the pseudonym of somebody."""
        return str(dummy(0, "PN", name, self._pseudonyms))

    def uid(self, uid: str) -> str:
        """Return a UID as the profile has it."""
        return uid if Option.UIDS in self.profile else self._pseudonyms.uid(uid)

    def codes(self, items: Iterable[Dataset]) -> list[Dataset]:
        """Return those codes whose scheme is a published one, with meanings that name nobody."""
        return [item for item in items if self.code(item)]

    def code(self, item: Dataset) -> bool:
        """Clean a code (PS3.3 8.8), tell whether it stays: its value is one of a known scheme.

        A meaning that is neither the scheme's own nor made of safe words is replaced.
        """
        scheme = text(item, "CodingSchemeDesignator")
        value = next(filter(None, (text(item, word) for word in _VALUES)), "")
        if scheme not in _SCHEMES or not value:
            return False
        meaning = text(item, "CodeMeaning")
        if meaning.casefold() not in _meanings() and not self.is_safe(meaning):
            item.CodeMeaning = REMOVED
        known = {tag_of(word) for word in (*_VALUES, *_CODE)}
        for tag in [tag for tag in item.keys() if tag not in known]:  # noqa: SIM118
            del item[tag]
        return True

    def set_aside(self, item: Dataset) -> Dataset:
        """Take out of an item what was cleaned already, and return it."""
        kept = Dataset()
        for tag in _CONTENT:
            if tag in item:
                kept[tag] = item[tag]
                del item[tag]
        return kept


_CODE: Final = ("CodingSchemeDesignator", "CodingSchemeVersion", "CodeMeaning")
_TEXTS: Final = frozenset(("LO", "SH", "ST", "LT", "UT", "UC", "CS"))


@cache
def _meanings() -> frozenset[str]:
    """Return the meanings of the codes of PS3.16, in small letters."""
    from pydicom.sr._concepts_dict import concepts

    told: Any = concepts
    return frozenset(
        meaning.casefold()
        for scheme in told.values()
        for codes in scheme.values()
        for meaning, _ in codes.values()
    )
