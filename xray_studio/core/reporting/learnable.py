"""Reports as sentences that a network can learn to write: none that a film alone is no basis for.

Sides, sizes and degrees are taken out of a sentence where it stays one without them ("mild left
basilar atelectasis" teaches "basilar atelectasis"); a sentence that compares with earlier films,
tells a number, or was blacked out for privacy ("XXXX") is left out as a whole.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from xray_studio.core.reporting.claims import is_unfounded

LONGEST: Final = 60  # words of a report that are learned, as the published protocol counts them
STOP: Final = "."
COMMA: Final = ","

_ITEM: Final = re.compile(r"(?:^|(?<=\s))\d{1,2}\.\s")
_STOPS: Final = re.compile(r"[.!?]\s+|[.!?]$|\n")
_TOKEN: Final = re.compile(r"[a-z0-9]+(?:[-'/][a-z0-9]+)*|[,;:]")
_SIDE: Final = r"(?:left|right)"
_DEGREE: Final = r"(?:mild(?:ly)?|moderate(?:ly)?|severe(?:ly)?|small|large)"
_GONE: Final = re.compile(
    rf"\b{_SIDE} (?:greater|more|worse|larger) than (?:the )?{_SIDE}\b"
    rf"|\b(?:on|in|at|to|within|of) (?:the )?{_SIDE}(?: side)?(?=$| ,| and\b| or\b| with\b)"
    rf"|\b{_SIDE} (?:and|or) {_SIDE}\b|\b{_SIDE}[- ]?sided\b|\bbilateral(?:ly)?\b"
    rf"|\bunilateral(?:ly)?\b|\b{_SIDE}\b"
    rf"|\b{_DEGREE}(?: (?:to|or|and) |-to-){_DEGREE}\b|\b{_DEGREE}\b"
)
_DANGLING: Final = re.compile(
    r"^(?:and|or|than|to|,)\b|^,|\b(?:and|or|than|to|of|the|an?|in|on|at|with|very|more|,)$"
    r"|\b(?:and|or|of|the|an?|in|on|at|with|than) (?:and|or|of|than|,|is|are)\b|, (?:and|or|,)$"
    r"|(?:^|\s)(?:than|greater)(?:\s|$)"
)
_DIGIT: Final = re.compile(r"\d")
_LEAST: Final = 2  # words of a sentence


def learnable(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the sentences of a report that can be learned, each as words in small letters.

    "," is a word of its own. Nothing is left of a report that only tells what no film shows alone.
    """
    plain = _ITEM.sub("", " ".join(text.casefold().split(" ")))
    found = (_learnable(part) for part in _STOPS.split(plain))
    return tuple(dict.fromkeys(words for words in found if words))


@lru_cache(maxsize=8192)  # most reports share most of their sentences
def _learnable(sentence: str) -> tuple[str, ...]:
    """Return the words of a sentence without what a film is no basis for; none where it fails."""
    words = [COMMA if word in ";:" else word for word in _TOKEN.findall(sentence)]
    told = _GONE.sub(" ", " ".join(words))
    told = re.sub(r"(?: ,)+(?= |$)", " ,", " ".join(told.split())).strip(" ,")
    told = re.sub(r"\ba(?= [aeiou])", "an", re.sub(r"\ban(?= [^aeiou])", "a", told))
    if is_unfounded(told) or _DIGIT.search(told) or _DANGLING.search(told):
        return ()
    found = tuple(told.split())
    return found if len(found) >= _LEAST else ()


def flat(sentences: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Return sentences as one row of words, each with its stop: whole ones, as many as fit."""
    found: list[str] = []
    for sentence in sentences:
        if sum(word != COMMA for word in (*found, *sentence, STOP)) > LONGEST:
            break
        found += [*sentence, STOP]
    return tuple(found)
