"""Reports as JSON: read back exactly, and what is damaged is named."""

from __future__ import annotations

import json
from typing import Any, Final

from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.plain_values import plain_of, value_of
from xray_studio.core.report.report import Report
from xray_studio.core.report.signing import is_intact

SCHEMA: Final = "xray-studio.report"
VERSION: Final = 1
LARGEST: Final = 16 << 20  # bytes


def to_plain(report: Report) -> dict[str, Any]:
    """Return a report as lists, numbers and text, with the version of this form."""
    return {"schema": SCHEMA, "schema_version": VERSION, **plain_of(report)}


def to_json(report: Report) -> str:
    """Return a report as JSON; the same report gives the same text."""
    return json.dumps(to_plain(report), ensure_ascii=False, indent=2) + "\n"


def from_json(data: bytes, where: str = "The report") -> Report:
    """Return the report that JSON holds.

    Raises UnreadableError with what is damaged, UnsupportedError for a later form.
    """
    if len(data) > LARGEST:
        raise UnreadableError(f"{where} cannot be read: it is too large for a report.")
    try:
        plain = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{where} cannot be read: it is no JSON.") from error
    return from_plain(plain, where)


def from_plain(plain: object, where: str = "The report") -> Report:
    """Return the report of plain values. Raises as `from_json`."""
    if not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
        raise UnreadableError(f"{where} cannot be read: it is no report of this program.")
    version = plain.get("schema_version")
    if type(version) is not int or version < 1:
        raise UnreadableError(f"{where} cannot be read: its version is none.")
    if version > VERSION:
        raise UnsupportedError(f"{where} was written by a later version of the program; update.")
    facts = {name: one for name, one in plain.items() if name not in {"schema", "schema_version"}}
    try:
        found: Report = value_of(Report, facts)
    except ValueError as error:
        raise UnreadableError(f"{where} cannot be read: {error}.") from error
    if not is_intact(found):
        raise UnreadableError(f"{where} was changed after it was signed; it is not opened.")
    return found
