"""Whose videos they are, from a table: CSV with a line of names, or JSON, one entry a video."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.video.identity import Identity, date_of
from xray_studio.core.video.modalities import modality_of

_FILE: Final = "file"
_KNOWN: Final = (
    "patient_id", "patient_name", "issuer", "birth_date", "sex", "study_uid", "study_id",
    "study_date", "study_time", "study_description", "accession", "referring", "modality",
)  # fmt: skip
_READ: Final = {"birth_date": date_of, "study_date": date_of, "modality": modality_of}


def read_table(path: Path) -> dict[str, Identity]:
    """Return identities by the name of the file that each belongs to.

    Raises UnreadableError for what is no table, UsageError for columns that mean nothing.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{path.name} cannot be read as a table in UTF-8.") from error
    rows = _json_rows(path, text) if path.suffix.lower() == ".json" else _csv_rows(text)
    found: dict[str, Identity] = {}
    for number, row in enumerate(rows, 1):
        name = row.pop(_FILE, "")
        if not name:
            raise UsageError(f"Entry {number} of {path.name} names no {_FILE}.")
        if name in found:
            raise UsageError(f"{path.name} tells twice whose video {name} is.")
        found[name] = _identity(path, row)
    return found


def identities_for(
    videos: Sequence[Path], table: dict[str, Identity], common: Identity
) -> list[tuple[Path, Identity]]:
    """Return whose each video is: as the table tells, and what is told of all.

    Files are looked up by their path and then by their name. One that is not in the table is only
    what is told of all, and fails for itself where that is too little.
    """
    return [(video, _of(video, table, common)) for video in videos]


def _of(video: Path, table: dict[str, Identity], common: Identity) -> Identity:
    found = table.get(str(video), table.get(video.name))
    return common if found is None else found.over(common)


def _csv_rows(text: str) -> list[dict[str, str]]:
    dialect = (
        ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    )
    rows = csv.DictReader(io.StringIO(text), delimiter=dialect)
    return [
        {str(name).strip().lower(): (told or "").strip() for name, told in row.items() if name}
        for row in rows
    ]


def _json_rows(path: Path, text: str) -> list[dict[str, str]]:
    try:
        told: Any = json.loads(text)
    except ValueError as error:
        raise UnreadableError(f"{path.name} is no JSON that can be read.") from error
    entries = told if isinstance(told, list) else None
    if entries is None or not all(isinstance(one, dict) for one in entries):
        raise UnreadableError(f"{path.name} must hold a list of objects, one for each video.")
    return [{str(name).lower(): str(value) for name, value in one.items()} for one in entries]


def _identity(path: Path, row: dict[str, str]) -> Identity:
    odd = [name for name in row if name not in _KNOWN]
    if odd:
        raise UsageError(
            f"{path.name} has a column {odd[0]} that means nothing here; known are {_FILE},"
            f" {', '.join(_KNOWN)}."
        )
    told: dict[str, Any] = {
        name: _READ[name](value) if name in _READ else value for name, value in row.items()
    }
    return Identity(**told)
