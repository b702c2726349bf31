"""Headers that are text: `key := value` of Interfile, `key = value` of ENVI."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError
from xray_studio.core.reasons import why_not_opened

LARGEST: Final = 4 << 20  # bytes: what is longer is no header


def read_text_header(path: str, sign: str) -> dict[str, str]:
    """Return keys in small letters with their values; of one told twice the last holds.

    A value in braces may go over several lines. Raises UnreadableError.
    """
    try:
        with Path(on_disk(path)).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableError(f"The header cannot be read: {why_not_opened(error)}.") from error
    if len(data) > LARGEST:
        raise UnreadableError("The header is larger than any header is; the file is damaged.")
    text = re.sub(r"\{[^}]*\}", _in_one_line, data.decode("utf-8", "replace"))
    found: dict[str, str] = {}
    for line in text.splitlines():
        key, there, value = line.split(";", 1)[0].partition(sign)
        if there:
            found[re.sub(r"\s+", " ", key.strip().lstrip("!").lower())] = value.strip()
    return found


def _in_one_line(match: re.Match[str]) -> str:
    return " ".join(match[0].splitlines())


def number_of(found: dict[str, str], *keys: str) -> float | None:
    """Return the first of several keys that is a number."""
    for key in keys:
        try:
            return float(found[key])
        except (KeyError, ValueError):
            continue
    return None
