"""Objects that hold a value to be found again in every attribute of Table E.1-1."""

from __future__ import annotations

from typing import Any

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence

from xray_studio.core.deidentify.table import Row, rows
from xray_studio.dicom.deidentify.elements import known_vr

# What the values that are planted hold; none of it may be in what is written.
MARKS = (b"MRK", b"18871103", b"235912.345678", b"1.2.3.4.9999", b"-93715", b"093Y")
HIDDEN = 0x00082218  # Anatomic Region Sequence, which the table does not name
REFERENCES = {0x00081140, 0x00082112}
PLAIN = {
    "DA": "18871103", "TM": "235912.345678", "DT": "18871103235912.345678", "AS": "093Y",
    "DS": "-93715", "IS": "-93715", "FD": 18871103.25, "FL": 93715.5, "US": 0xBEEF,
    "UL": 0xBEEFBEEF, "SS": -9371, "SL": -93715, "AT": 0xBEEFBEEF,
}  # fmt: skip


def tag_of(row: Row) -> int:
    """Return a tag that falls under a row, the first that fits a pattern."""
    text = row.tag.strip("()").replace("ODD", "0029").replace("50XX,XXXX", "5002,3000")
    group, element = text.replace("XXXX", "1011").replace("XX", "02").split(",")
    return int(group + element, 16)


def vr_for(row: Row) -> str:
    """Return the VR of the attribute of a row; LO for what PS3.6 of pydicom does not know yet."""
    vr = known_vr(tag_of(row)).split(" ")[0]
    return vr or ("SQ" if row.name.endswith("Sequence") else "LO")


def value_for(tag: int, vr: str) -> Any:
    """Return a value that can be found again."""
    mark = f"MRK{tag:08X}"
    if vr in {"OB", "OW", "UN", "OF", "OD", "OL", "OV"}:
        return mark.encode() + b"\0" * 5
    if vr == "SQ":
        return Sequence([item_for(tag)])
    if vr == "UI":
        return f"1.2.3.4.9999.{tag}"
    return PLAIN.get(vr, f"http://{mark}" if vr == "UR" else mark)


def item_for(tag: int) -> Dataset:
    """Return an item with names, a code, private and unknown attributes."""
    item = Dataset()
    item.PatientName = f"MRK{tag:08X}"
    if tag not in REFERENCES:  # codes that say why something is referred to stay
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "MRKC", "99MRK", "MRKM"
    item.add_new(0x00290010, "LO", "MRKMAKER")
    item.add_new(0x00291001, "LO", "MRKPRIVATE")
    item.add_new(0x00090010 + 0x100, "LO", "MRKODD")
    return item


def fill(dataset: Dataset) -> Dataset:
    """Put every attribute of the table into a data set, but for those of commands and files."""
    for row in rows():
        tag = tag_of(row)
        if tag >> 16 > 0x0008 - 1 and tag not in {0x00080018, 0xFFFCFFFC, 0x00420011}:
            dataset.add_new(tag, vr_for(row), value_for(tag, vr_for(row)))
    dataset.add_new(0x60020010, "US", 8)
    dataset.add_new(0x60021500, "LO", "MRKLABEL")
    return dataset


def nested(dataset: Dataset) -> Dataset:
    """Put all of it once more into a sequence, a private one, and one stored as unknown."""
    inner = fill(Dataset())
    dataset.ViewCodeSequence = Sequence([inner])
    dataset.add_new(0x00290010, "LO", "MRKMAKER")
    dataset.add_new(0x00291010, "SQ", Sequence([fill(Dataset())]))
    hidden = Dataset()
    hidden.add_new(HIDDEN, "SQ", Sequence([fill(Dataset())]))
    data = implicit(hidden)[8:]
    dataset[HIDDEN] = DataElement(HIDDEN, "OB", data)
    dataset.add_new(0x00081FFE, "LO", "MRKUNKNOWN")  # no attribute of the standard
    return dataset


def implicit(dataset: Dataset) -> bytes:
    """Return a data set in implicit VR little endian, as unknown values are stored."""
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, True
    write_dataset(stream, dataset)
    return stream.getvalue()
