"""The content tree of a structured report (PS3.3 C.17.3), as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A coded concept: Code Value, Coding Scheme Designator, Code Meaning (PS3.3 8)."""

    value: str = ""
    scheme: str = ""
    meaning: str = ""

    def __str__(self) -> str:
        """Return the meaning, else the code itself."""
        return self.meaning or " ".join(filter(None, (self.value, self.scheme)))

    def is_one(self, *codes: str) -> bool:
        """Tell whether this is one of some codes of the DICOM terminology (PS3.16 D)."""
        return self.scheme in {"DCM", "SRT", "SCT", "LN", ""} and self.value in codes


NO_CODE = Code()


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that a document points at. UIDs are "" where unknown, `frames` count from 1.

    No frames stand for the whole object.
    """

    sop_instance_uid: str
    sop_class_uid: str = ""
    series_instance_uid: str = ""
    study_instance_uid: str = ""
    frames: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """One item of a report and what is below it.

    `value_type` is TEXT, CODE, NUM and so on, `text` the value as people read it, `number` and
    `unit` (a UCUM code) those of NUM, `code` that of CODE. `place` is the path of positions
    (from 1) that other items refer to; `target` is what IMAGE, WAVEFORM, COMPOSITE show, or what
    the coordinates of SCOORD and TCOORD lie on. `moment` is a DT value as stored: that of DATETIME,
    else when the item was observed.
    """

    value_type: str
    name: Code = NO_CODE
    relationship: str = ""
    text: str = ""
    number: float | None = None
    unit: str = ""
    code: Code = NO_CODE
    target: Reference | None = None
    children: tuple[Content, ...] = ()
    place: tuple[int, ...] = (1,)
    refers_to: tuple[int, ...] = ()
    template: str = ""
    moment: str = ""

    def walk(self) -> Iterator[Content]:
        """Yield this item and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, *codes: str) -> Content | None:
        """Return the first child named by one of some DICOM codes."""
        return next((child for child in self.children if child.name.is_one(*codes)), None)

    def all_of(self, *codes: str) -> tuple[Content, ...]:
        """Return the children named by one of some DICOM codes."""
        return tuple(child for child in self.children if child.name.is_one(*codes))
