"""Drafts beside the reports that were written, study by study, for the eye."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.plain_values import plain_of, value_of

SCHEMA: Final = "xray-studio.drafts"
VERSION: Final = 1
SUFFIX: Final = ".drafts.json"
LARGEST: Final = 64 << 20  # bytes
REPORT: Final = "report"  # the column of what a person wrote
_TITLES: Final = {
    REPORT: "Report, as written", "constant": "Baseline: one report for all",
    "sentences": "Baseline: commonest sentences", "nearest": "Baseline: nearest film",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """What one wrote of a study: the report, or the draft of an engine or baseline."""

    name: str
    findings: str
    impression: str

    @property
    def title(self) -> str:
        """Who wrote it, as a person reads it."""
        return _TITLES.get(self.name, f"Draft by {self.name}")


@dataclass(frozen=True, slots=True)
class ShownStudy:
    """A study: its name, its frontal film as PNG in base64 ("" where it cannot be read), columns.

    The first column is the report.
    """

    name: str
    film: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Studies of a split of a collection, with drafts of a model, by its hash."""

    dataset: str
    split: str
    model: str
    studies: tuple[ShownStudy, ...]

    @property
    def about(self) -> str:
        """What is shown, in a line."""
        return f"{self.dataset}, split {self.split}, model {self.model[:16]}"


def data_file(page: Path) -> Path:
    """Return the file beside a page that holds the same as data."""
    return page.with_suffix(SUFFIX)


def to_json(shown: SideBySide) -> str:
    """Return it as JSON."""
    plain = {"schema": SCHEMA, "schema_version": VERSION, **plain_of(shown)}
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def from_json(data: bytes, where: str) -> SideBySide:
    """Return what JSON holds.

    Raises UnreadableError with what is damaged, UnsupportedError for a later form.
    """
    try:
        plain = json.loads(data.decode("utf-8"))
        if len(data) > LARGEST or not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
            raise ValueError("it does not hold drafts beside reports")  # noqa: TRY301 - told below
        if plain.get("schema_version") != VERSION:
            raise UnsupportedError(f"{where} is of a later version of this program.")
        held = {name: one for name, one in plain.items() if not name.startswith("schema")}
        made: SideBySide = value_of(SideBySide, held)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{where} cannot be read: {error}.") from error
    return made
