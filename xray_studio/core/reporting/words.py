"""A report as words, as published work on Indiana University's collection counts them.

Chen et al., "Generating Radiology Reports via Memory-driven Transformer" (R2Gen), EMNLP 2020: the
findings section in lower case, without the numbers of its items and without punctuation but the
full stop, which is a word of its own and ends each sentence; at most 60 words.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 60
_ITEM: Final = re.compile(r"(?:^|(?<=\s))\d{1,2}\.\s")  # "1. ", never the 1.5 of a size
_STOPS: Final = re.compile(r"[.\s]*\.\s+|[.\s]+$")
_REMOVED: Final = re.compile(r"[.,?;*!%^&_+():\[\]{}<=>@|\\/\"'-]")


def words_of(text: str, longest: int = LONGEST) -> tuple[str, ...]:
    """Return the words of a text, "." behind each sentence, `longest` at most (0 for all)."""
    plain = _ITEM.sub("", " ".join(text.casefold().split()))
    found: list[str] = []
    for sentence in _STOPS.split(plain):
        words = _REMOVED.sub("", sentence).split()
        found += [*words, "."] if words else []
    return tuple(found[:longest] if longest else found)
