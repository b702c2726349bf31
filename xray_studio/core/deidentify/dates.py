"""Dates that are moved by whole days; times stay (PS3.15 E.3.6, modified dates)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

_DATE: Final = re.compile(r"(\d{4})[.]?(\d{2})[.]?(\d{2})")  # dots: before DICOM 3 (PS3.5 6.2)
_MOMENT: Final = re.compile(r"(\d{8})(\d{0,6}(?:\.\d{1,6})?)([+-]\d{4})?")


def moved_date(value: str, days: int) -> str:
    """Return a DA value `days` earlier, "" for one that is no whole date."""
    found = _DATE.fullmatch(value.strip())
    if found is None:
        return ""
    try:
        moved = date(*map(int, found.groups())) - timedelta(days=days)
    except (ValueError, OverflowError):
        return ""
    return f"{moved.year:04}{moved.month:02}{moved.day:02}"


def moved_moment(value: str, days: int) -> str:
    """Return a DT value `days` earlier with its time and zone; "" where the day is not told."""
    found = _MOMENT.fullmatch(value.strip())
    moved = moved_date(found[1], days) if found is not None else ""
    return f"{moved}{found[2]}{found[3] or ''}" if found is not None and moved else ""
