"""The Basic Profile and its options (PS3.15 E.3), with their codes (PS3.16 CID 7050)."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from xray_studio.core.errors import UsageError

EDITION: Final = "2026c"  # of PS3.15, whose Table E.1-1 is in `resources/deidentify`
BASIC: Final = ("113100", "Basic Application Confidentiality Profile")


class Option(enum.Enum):
    """An option of the Basic Profile. The values are those of the command line and of reports."""

    SAFE_PRIVATE = "retain-safe-private"
    UIDS = "retain-uids"
    DEVICE = "retain-device"
    INSTITUTION = "retain-institution"
    PATIENT = "retain-patient-characteristics"
    FULL_DATES = "retain-full-dates"
    MODIFIED_DATES = "retain-modified-dates"
    DESCRIPTORS = "clean-descriptors"
    STRUCTURED = "clean-structured-content"
    GRAPHICS = "clean-graphics"

    @property
    def code(self) -> tuple[str, str]:
        """Code Value and Code Meaning (scheme DCM) for De-identification Method Code Sequence."""
        return _CODES[self]


PIXELS: Final = ("113101", "Clean Pixel Data Option")
_CODES: Final = {
    Option.GRAPHICS: ("113103", "Clean Graphics Option"),
    Option.STRUCTURED: ("113104", "Clean Structured Content Option"),
    Option.DESCRIPTORS: ("113105", "Clean Descriptors Option"),
    Option.FULL_DATES: (
        "113106",
        "Retain Longitudinal Temporal Information Full Dates Option",
    ),
    Option.MODIFIED_DATES: (
        "113107",
        "Retain Longitudinal Temporal Information Modified Dates Option",
    ),
    Option.PATIENT: ("113108", "Retain Patient Characteristics Option"),
    Option.DEVICE: ("113109", "Retain Device Identity Option"),
    Option.UIDS: ("113110", "Retain UIDs Option"),
    Option.SAFE_PRIVATE: ("113111", "Retain Safe Private Option"),
    Option.INSTITUTION: ("113112", "Retain Institution Identity Option"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """The Basic Profile with some options. Raises UsageError for options that exclude each other.

    What retains uncleaned text while it cleans it elsewhere does not exist: each column of the
    table stands for itself.
    """

    options: frozenset[Option] = frozenset()

    def __post_init__(self) -> None:
        """Refuse options that contradict."""
        if {Option.FULL_DATES, Option.MODIFIED_DATES} <= self.options:
            raise UsageError("Dates are either kept or moved; choose one of the two options.")

    @classmethod
    def named(cls, names: Iterable[str]) -> Profile:
        """Return the profile of options by their names. Raises UsageError for unknown ones."""
        try:
            return cls(frozenset(map(Option, names)))
        except ValueError as error:
            known = ", ".join(option.value for option in Option)
            raise UsageError(f"There is no such option; choose from {known}.") from error

    def __contains__(self, option: Option) -> bool:
        """Tell whether an option is chosen."""
        return option in self.options

    def codes(self, *, pixels: bool) -> list[tuple[str, str]]:
        """Return codes and meanings of what is done; `pixels` tells that text was looked for."""
        chosen = [option.code for option in Option if option in self.options]
        return [BASIC, *sorted([*chosen, *([PIXELS] if pixels else [])])]

    @property
    def temporal(self) -> str:
        """Longitudinal Temporal Information Modified (0028,0303)."""
        if Option.FULL_DATES in self.options:
            return "UNMODIFIED"
        return "MODIFIED" if Option.MODIFIED_DATES in self.options else "REMOVED"
