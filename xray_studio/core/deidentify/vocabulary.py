"""Words that can stand in a description and name nobody: anatomy, devices, sequences, views."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Final

from xray_studio.core.resources import resource

_FILE: Final = "deidentify/vocabulary.txt"
_SPLIT: Final = re.compile(r"[\s,;:/\\|()\[\]{}<>+*=&#%.'\"_^~-]+")
_MEASURE: Final = re.compile(
    r"\d{1,3}(?:mm|cm|mg|ml|kv|kvp|ma|mas|s|ms|sec|min|t|fps|hz|x\d{1,3})?"
)
_TIMES: Final = re.compile(r"[tr][12]\*?|te\d{1,3}|tr\d{1,4}|b\d{1,4}|[lcts]\d{1,2}")


@cache
def safe_words() -> frozenset[str]:
    """Return the words, in small letters."""
    lines = resource(_FILE).read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_safe(text: str, names: Collection[str] = ()) -> bool:
    """Tell whether every word of a text is known to name nobody, and none is part of `names`.

    `names` are words of the patient and others in small letters: Hand is a part of the body unless
    it is somebody's name. Short numbers and measures are words; longer numbers are not.
    """
    words = [word for word in _SPLIT.split(text.casefold()) if word]
    return all(_is_known(word) and word not in names for word in words)


def _is_known(word: str) -> bool:
    return (
        word in safe_words()
        or _MEASURE.fullmatch(word) is not None
        or _TIMES.fullmatch(word) is not None
    )


def name_words(*names: str) -> frozenset[str]:
    """Return the words of names and numbers, in small letters, those of one letter left out."""
    parts = (word for name in names for word in _SPLIT.split(name.casefold()))
    return frozenset(word for word in parts if len(word) > 1)
