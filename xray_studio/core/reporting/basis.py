"""Which sentences that a network wrote have a basis, and what takes the place of the others.

A network repeats what reports mostly say, so it denies what nobody has looked for. A sentence
stands only where a classifier can tell each finding of it, and finds rare what is denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xray_studio.core.reporting.labels import denied_elsewhere
from xray_studio.core.reporting.templates import TEMPLATES, certainty_of
from xray_studio.core.reporting.writing import Points

# What reports call normal and no finding is about.
_ELSEWHERE: Final = re.compile(
    r"\b(?:bones?|bony|osseous|skelet\w+|ribs?|clavicles?|soft tissues?|mediastin\w+|hil(?:a|ar|um)"
    r"|trachea\w*|vasculature|vascularity|diaphragm\w*|airways?)\b"
)

# Where in the lungs something lies: no probability of a finding tells that.
_PLACES: Final = re.compile(
    r"\b(?:lob(?:e|es|ar)|(?:upper|lower|mid(?:dle)?) (?:lung|zone|field)s?|bas(?:e|es|al|ilar)"
    r"|bibas\w+|apex|apices|apical|perihilar|suprahilar|infrahilar|retrocardiac|subpleural|costophrenic)\b"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and the findings that it tells and denies with their probabilities."""

    text: str
    told: Mapping[str, float]
    denied: Mapping[str, float]

    @property
    def finding(self) -> str:
        """The finding that it rests on: the likeliest of those told, else of those denied."""
        some = self.told or self.denied
        return max(some, key=lambda name: some[name], default="")


def founded(said: Sequence[Said], points: Points) -> tuple[Said, ...]:
    """Return the sentences that have a basis, others in the program's words as far as they have.

    Nothing is told twice in the program's words.
    """
    found, known = list[Said](), set[str]()
    for one in said:
        part = _founded_part(one, points)
        if _names(part) == _names(one) and _names(one) and not _is_more(one):
            found.append(one)
        else:
            found += [own for own in _own_words(part) if not _names(own) & known]
        known |= _names(part)
    return tuple(found)


def _founded_part(one: Said, points: Points) -> Said:
    """Return what of a sentence the classifier can tell, and finds rare where it is denied."""
    told = {n: p for n, p in one.told.items() if n in points.mention}
    denied = {n: p for n, p in one.denied.items() if p < points.absent.get(n, -1.0)}
    return Said(one.text, told, denied)


def _names(one: Said) -> set[str]:
    return {*one.told, *one.denied}


def _is_more(one: Said) -> bool:
    """Tell whether a sentence names a place in the lungs, or calls more normal than findings."""
    plain = one.text.casefold()
    if _PLACES.search(plain) or denied_elsewhere(plain):
        return True
    return not one.told and bool(_ELSEWHERE.search(plain))


def _own_words(part: Said) -> Iterator[Said]:
    for name, template in TEMPLATES.items():
        if name in part.told:
            chance = part.told[name]
            yield Said(template.text(certainty_of(chance)), {name: chance}, {})
        elif name in part.denied and template.absent:
            yield Said(template.absent, {}, {name: part.denied[name]})
