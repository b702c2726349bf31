"""Which findings a report tells: present, absent, uncertain, or not mentioned at all.

Rules as in NegEx (Chapman et al., "A simple algorithm for identifying negated findings and diseases
in discharge summaries", J Biomed Inform 34, 2001) and CheXpert's labeller (Irvin et al., AAAI
2019): a mention counts unless words before or behind it, within their reach, deny or doubt it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.reporting.mentions import FINDING_PHRASES, OTHER, REMOVED


class Told(enum.StrEnum):
    """What a report says of a finding."""

    PRESENT = "present"
    UNCERTAIN = "uncertain"
    ABSENT = "absent"
    UNTOLD = ""


_ORDER: Final = (Told.UNTOLD, Told.ABSENT, Told.UNCERTAIN, Told.PRESENT)

_SENTENCE: Final = re.compile(r"(?<!\d)[.;:?!]+\s+|[.;:?!]+$|\s\d{1,2}\.\s|\n")
# Where the reach of a word that denies ends.
_TURN: Final = re.compile(
    r"\b(?:but|however|although|though|except|other than|apart from|aside from|there (?:is|are)"
    r"|which|while|whereas|otherwise|and (?:stable|unchanged|mild))\b"
)
_DENIED: Final = re.compile(
    r"\b(?:no|not|without|negative for|free (?:of|from)|clear of|absence of|absent|exclud\w+"
    r"|ruled? out|resolution of|resolved|deni\w+|neither|nor|never)\b"
)
_DENIED_BEHIND: Final = re.compile(
    r"^[^,]*?\b(?:(?:is|are|was|were|has been|have been) (?:not|no longer|absent)|not (?:seen|"
    r"identified|present|demonstrated|appreciated|visualized|evident)|(?:has|have) (?:\w+ )?"
    r"(?:resolved|cleared|removed)|resolved|is absent|ruled out|excluded)\b"
)
_DOUBTED: Final = re.compile(
    r"\b(?:may|might|could|possibl[ey]|probabl[ey]|likely|suspicious|suspect\w*|suggest\w*|vs"
    r"|questionable|question|concern\w*|versus|equivocal|differential|appears?|consider\w*|perhaps|borderline|presum\w*|potential\w*)\b"
)
_NOT_EXCLUDED: Final = re.compile(r"\b(?:cannot|can not|not)(?: \w+){0,3} (?:exclude|rule)\w*")


def labels_of(text: str) -> Mapping[str, Told]:
    """Return what a report says of each finding of `FINDINGS`.

    "normal" is present where nothing is present or uncertain, and absent where anything is.
    """
    each = [_labels_in(sentence) for sentence in sentences_of(text)]
    found = {
        name: max((told[number] for told, _ in each), key=_ORDER.index, default=Told.UNTOLD)
        for number, name in enumerate(FINDING_PHRASES)
    }
    strange = any(one for _, one in each)
    told_any = any(one in (Told.PRESENT, Told.UNCERTAIN) for one in found.values())
    return {NORMAL: Told.ABSENT if told_any or strange else Told.PRESENT, **found}


@lru_cache(maxsize=4096)  # most reports share most of their sentences
def _labels_in(sentence: str) -> tuple[tuple[Told, ...], bool]:
    """Return what a sentence says of each finding, and whether it tells anything else abnormal."""
    told = tuple(
        max(_told(sentence, name), key=_ORDER.index, default=Told.UNTOLD)
        for name in FINDING_PHRASES
    )
    return told, _is_strange(sentence)


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a report in small letters, numbers of its items left out."""
    plain = " ".join(text.casefold().replace("xxxx", " ").split())
    parts = (REMOVED.sub(" ", part).strip() for part in _SENTENCE.split(plain))
    return [part for part in parts if part]


def _told(sentence: str, name: str) -> Iterator[Told]:
    phrases = FINDING_PHRASES[name]
    if phrases.absent and phrases.absent.search(sentence):
        yield Told.ABSENT
    for match in phrases.mentions.finditer(sentence):
        yield _stance(sentence, match)


def _stance(sentence: str, match: re.Match[str]) -> Told:
    """Return how a mention is meant, by the words before, in and behind it."""
    before = _TURN.split(sentence[: match.start()])[-1]
    behind = _TURN.split(sentence[match.end() :])[0]
    around = f"{before} {match.group()} {behind}"
    if _NOT_EXCLUDED.search(around):
        return Told.UNCERTAIN
    if _DENIED.search(before) or _DENIED.search(match.group()) or _DENIED_BEHIND.search(behind):
        return Told.ABSENT
    return Told.UNCERTAIN if _DOUBTED.search(around) else Told.PRESENT


def denied_elsewhere(text: str) -> bool:
    """Tell whether a text denies what makes a film abnormal and is none of the findings.

    That is "no bony abnormality", not "no focal airspace disease", which is a finding.
    """
    return any(
        _stance(sentence, match) is Told.ABSENT and not _is_of_a_finding(sentence, match)
        for sentence in sentences_of(text)
        for match in OTHER.finditer(sentence)
    )


def _is_of_a_finding(sentence: str, match: re.Match[str]) -> bool:
    return any(
        one.start() <= match.start() and match.end() <= one.end()
        for phrases in FINDING_PHRASES.values()
        for one in phrases.mentions.finditer(sentence)
    )


def _is_strange(sentence: str) -> bool:
    return any(_stance(sentence, m) is not Told.ABSENT for m in OTHER.finditer(sentence))
