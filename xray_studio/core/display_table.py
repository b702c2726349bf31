"""Measured luminances as text: a table of commas, semicolons or tabs, or numbers one a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from xray_studio.core.display_check import LEVELS, Measured, Response
from xray_studio.core.errors import UsageError

AMBIENT: Final = "ambient"
HEAD: Final = (
    "level,luminance,luminance with ambient light,luminance of the GSDF,JND index,"
    "contrast,contrast of the GSDF,contrast deviation percent"
)
_WHAT: Final = "Write 18 lines of level and cd/m², from 0 to 255, or 18 numbers."
_LONGEST: Final = 1 << 16  # letters; 18 numbers need a few hundred


def read_measured(text: str, ambient: float | None = None) -> Measured:
    """Return the luminances that a text tells.

    A line holds level and luminance (what follows is left aside), or luminances alone, in the order
    of LEVELS. A line "ambient,0.3" tells the ambient light, which `ambient` outranks. Lines that
    begin with "#" and one heading are passed over. A comma is the decimal one only where
    semicolons or tabs separate. Raises UsageError for anything else, so that no number is mistaken.
    """
    if len(text) > _LONGEST:
        raise UsageError(f"This text is too long for 18 luminances. {_WHAT}")
    rows = [_cells(line) for line in text.lstrip("\ufeff").splitlines()]
    rows = [row for row in rows if row and not row[0].startswith("#")]
    told = [row for row in rows if row[0].lower() == AMBIENT]
    rows = [row for row in rows if row[0].lower() != AMBIENT]
    if rows and not _is_number(rows[0][0]):
        rows = rows[1:]
    if ambient is None:
        ambient = _ambient(told)
    return Measured(_luminances(rows), ambient)


def written(response: Response) -> str:
    """Return what was measured and what it comes to as a table that `read_measured` reads."""
    measured = response.measured
    lines = ["# X-Ray Studio, grey-scale display check", HEAD]
    steps = ("", "", ""), *zip(
        _exact(response.contrasts), _exact(response.wanted_contrasts),
        _exact(response.deviations), strict=True,
    )  # fmt: skip
    columns = zip(
        LEVELS, measured.luminances, measured.seen, response.wanted, response.jnd, strict=True
    )
    for (level, *values), step in zip(columns, steps, strict=True):
        lines.append(",".join([str(level), repr(values[0]), *_exact(values[1:]), *step]))
    lines.append(f"{AMBIENT},{measured.ambient!r}")
    lines.append(f"# luminance ratio,{response.ratio:.6g}")
    lines.append(f"# largest contrast deviation percent,{response.worst:.6g}")
    lines.append(f"# passes as,{response.passes or 'no class'}")
    return "\n".join(lines) + "\n"


def _exact(values: Sequence[float]) -> list[str]:
    return [f"{value:.6g}" for value in values]


def _cells(line: str) -> list[str]:
    """Return the cells of a line; those of semicolons and tabs with decimal points."""
    line = line.strip()
    if ";" in line or "\t" in line:
        found = [cell.strip().replace(",", ".") for cell in re.split(r"[;\t]", line)]
    elif "," in line:
        found = [cell.strip() for cell in line.split(",")]
    else:
        found = line.split()
    while found and not found[-1]:
        found.pop()
    return found


def _luminances(rows: Sequence[Sequence[str]]) -> tuple[float, ...]:
    if len(rows) == len(LEVELS) and all(len(row) > 1 for row in rows):
        levels = [_number(row[0]) for row in rows]
        if levels != list(LEVELS):
            raise UsageError(f"The levels are not 0, 15, 30 to 255. {_WHAT}")
        return tuple(_number(row[1]) for row in rows)
    if len(rows) > 1 and any(len(row) > 1 for row in rows):
        raise UsageError(f"It cannot be told which of these numbers are luminances. {_WHAT}")
    return tuple(_number(cell) for row in rows for cell in row)


def _ambient(rows: Sequence[Sequence[str]]) -> float:
    if not rows:
        return 0.0
    if len(rows) > 1 or len(rows[0]) < 2:
        raise UsageError('Ambient light is one line, such as "ambient,0.3".')
    return _number(rows[0][1])


def _number(cell: str) -> float:
    if not _is_number(cell):
        raise UsageError(f"“{cell[:20]}” is no number. {_WHAT}")
    return float(cell)


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", cell, re.ASCII) is not None
