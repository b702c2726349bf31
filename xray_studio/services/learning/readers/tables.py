"""Tables (CSV) of people and programs: rows by column name, and bad ones named."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TextIO

from xray_studio.core.errors import UnreadableError
from xray_studio.core.reasons import why_not_opened
from xray_studio.core.study import Skipped

Cells = dict[str, str]
_LONGEST: Final = 1 << 20  # letters of one cell


def columns_of(table: Path) -> tuple[str, ...]:
    """Return the names of a table's columns, small and without blanks; none of what is no table."""
    try:
        with _opened(table) as lines:
            return tuple(_plain(name) for name in next(csv.reader(lines), []))
    except (OSError, csv.Error):
        return ()


def table_with(folder: Path, needed: Sequence[str]) -> Path | None:
    """Return the first table in a folder, by name, that has all columns in `needed`."""
    tables = sorted(folder.glob("*.csv"))
    return next((table for table in tables if set(needed) <= set(columns_of(table))), None)


def rows_of(table: Path, needed: Sequence[str]) -> Iterator[tuple[str, Cells] | Skipped]:
    """Yield each row with its place in words ("reports.csv, line 12") and its cells by column.

    Rows of another length than the head are told and left out. Raises UnreadableError when the
    table cannot be read or lacks one of the columns in `needed`.
    """
    csv.field_size_limit(_LONGEST)
    try:
        with _opened(table) as lines:
            rows = csv.reader(lines)
            head = [_plain(name) for name in next(rows, [])]
            lacking = [name for name in needed if name not in head]
            if lacking:
                there = ", ".join(head) or "none"
                raise UnreadableError(f"{table.name} has no column {lacking[0]}; it has {there}.")
            yield from _checked(table, head, rows)
    except OSError as error:
        raise UnreadableError(f"{table.name}: {why_not_opened(error)}.") from error


def _opened(table: Path) -> TextIO:
    """Open a table as UTF-8; as UTF-16 where its first bytes say so, as spreadsheets write it."""
    with table.open("rb") as file:
        wide = file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    coding = "utf-16" if wide else "utf-8-sig"
    return table.open(encoding=coding, errors="replace", newline="")


def _checked(
    table: Path, head: list[str], rows: Iterator[list[str]]
) -> Iterator[tuple[str, Cells] | Skipped]:
    line = 1
    while True:
        line += 1
        where = f"{table.name}, row {line}"
        try:
            cells = next(rows, None)
        except csv.Error:
            yield Skipped(where, "damaged: it is no row of a table")
            continue
        if cells is None:
            return
        if not any(cells):
            continue
        if len(cells) != len(head):
            yield Skipped(where, f"has {len(cells)} columns where the head has {len(head)}")
            continue
        yield where, dict(zip(head, (cell.strip() for cell in cells), strict=True))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
