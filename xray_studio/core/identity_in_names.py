"""Whether the name of a file tells the patient, in any order, case and way of writing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from xray_studio.core.clip import Identity

_SHORTEST_NAME: Final = 3  # letters of a part of a name that counts as a word of its own
_SHORTEST_INSIDE: Final = 5  # letters that count inside other letters as well ("oldmiller2")
_SHORTEST_NUMBER: Final = 4  # letters and digits of a number that count inside others

_SPELT: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ł": "l"}
_GROUPED: Final = re.compile(r"\d+(?:[-_./ ]\d+)*")  # digits, and groups of them that a sign joins


def told_by_name(name: str, who: Identity) -> tuple[str, ...]:
    """Return which attributes a name tells: "Patient Name", "Patient ID" and so on.

    Parts of names count as words, longer ones inside other words too; numbers without their
    separators; dates as year, month and day in the orders in use, with two or four digits.
    """
    words, run = _words(name), _run(name)
    checks = {
        "Patient Name": any(_holds_name(words, part) for part in _words(who.patient_name)),
        "Patient ID": _holds_number(words, run, who.patient_id),
        "Patient's Birth Date": _holds_date(name, who.birth_date),
        "Accession Number": _holds_number(words, run, who.accession_number),
    }
    return tuple(attribute for attribute, held in checks.items() if held)


def _run(text: str) -> str:
    """Return letters and digits of a text in one run, without case and accents."""
    return "".join(_split(_unaccented(text.casefold())))


def _words(text: str) -> list[str]:
    """Return the words of a text without case, accents and signs; ä is told as ae and as a."""
    plain = text.casefold()
    spelt = "".join(_SPELT.get(letter, letter) for letter in plain)
    found = [*_split(_unaccented(plain)), *(_split(_unaccented(spelt)) if spelt != plain else ())]
    return list(dict.fromkeys(found))


def _unaccented(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _split(text: str) -> list[str]:
    """Return runs of letters and runs of digits."""
    return re.findall(r"[^\W\d_]+|\d+", text)


def _holds_name(words: list[str], part: str) -> bool:
    if part.isdigit():
        return False
    inside = len(part) >= _SHORTEST_INSIDE and any(part in word for word in words)
    return inside or (len(part) >= _shortest(part) and part in words)


def _shortest(part: str) -> int:
    """Return how long a part of a name must be; scripts without letters write in one or two."""
    return _SHORTEST_NAME if part.isascii() else 1


def _holds_number(words: list[str], run: str, number: str) -> bool:
    wanted = _run(number)
    if len(wanted) >= _SHORTEST_NUMBER:
        return wanted in run
    return wanted.isdigit() and wanted in words


def _holds_date(name: str, date: str) -> bool:
    numbers = [re.sub(r"\D", "", found) for found in _GROUPED.findall(name)]
    return any(
        form in number if len(form) == 8 else form == number
        for form in _forms(date)
        for number in numbers
    )


def _forms(date: str) -> Iterator[str]:
    """Yield a DA value (PS3.5 6.2) as it is written: year first, day first, month first."""
    digits = re.sub(r"\D", "", date)
    if len(digits) != 8:
        return
    year, month, day = digits[:4], digits[4:6], digits[6:]
    for written in (year, year[2:]):
        yield from (written + month + day, day + month + written, month + day + written)
