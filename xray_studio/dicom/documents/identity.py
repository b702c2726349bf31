"""Where the words of a document tell somebody whom its object names."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from pydicom.dataset import Dataset

from xray_studio.core.clip import Identity
from xray_studio.core.identity_in_names import told_by_name
from xray_studio.dicom.attributes.facts import read_identity
from xray_studio.dicom.attributes.values import text
from xray_studio.dicom.documents.source import Source
from xray_studio.dicom.documents.written import decoded

# Numbers and places beside those of `Identity`, which tell a person as well.
_NUMBERS = ("OtherPatientIDs", "AdmissionID", "PatientTelephoneNumbers", "PatientAddress")
# HL7 CDA R2 4.2: participants of the header who are persons.
_PERSONS = ("recordTarget", "author", "dataEnterer", "informant", "authenticator",
            "legalAuthenticator", "informationRecipient", "participant")  # fmt: skip

_PATIENT = 0x00100010  # told by `read_identity`

Told = dict[str, tuple[str, ...]]


def told_in_words(dataset: Dataset, words: Mapping[str, str]) -> Told:
    """Return which attributes of an object the words at each place tell; places without are not in.

    Words are looked through for everything that `told_by_name` knows, for the names of all persons
    of the object and for other numbers of the patient.
    """
    known = [*_known(dataset)]
    found = {}
    for place, said in words.items():
        told = [*told_by_name(said, read_identity(dataset))]
        told += [label for label, who in known if told_by_name(said, who)]
        if told:
            found[place] = tuple(dict.fromkeys(told))
    return found


def _known(dataset: Dataset) -> Iterator[tuple[str, Identity]]:
    """Yield persons, addresses and further numbers of an object with the names of attributes."""
    for element in dataset.iterall():
        person = element.VR == "PN" and element.tag != _PATIENT and not element.tag.is_private
        if person and element.value:
            yield element.name, Identity(patient_name=str(element.value))
    for keyword in _NUMBERS:
        number = text(dataset, keyword)
        if number:
            yield dataset[keyword].name, Identity(patient_id=number)


def words_inside(data: bytes, kind: str) -> dict[str, str]:
    """Return the words of a text, HTML or XML document, marks and comments with them."""
    return {"in its text": html.unescape(decoded(data))} if _is_text(kind) else {}


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or "xml" in kind or not kind


def persons_inside(data: bytes, kind: str) -> tuple[str, ...]:
    """Return the elements of a clinical document (HL7 CDA) that are there to name persons."""
    if "xml" not in kind:
        return ()
    said = re.sub(r"^\s*<\?xml[^>]*\?>", "", decoded(data))
    if re.search(r"<!(DOCTYPE|ENTITY)", said, re.IGNORECASE):
        return ()
    try:
        root = ET.fromstring(said)  # noqa: S314 - no entities of its own: see above
    except ET.ParseError:
        return ()
    there = {str(element.tag).rpartition("}")[2] for element in root}
    return tuple(name for name in _PERSONS if name in there)


def told_by(source: Source, words: Mapping[str, str]) -> Told:
    """Return what `told_in_words` does, of an object that was read."""
    return told_in_words(source.dataset, words)
