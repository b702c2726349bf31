"""Sentences for findings, written for this program: none is taken from a report.

No sentence tells a side, a size, a degree or a change: a calibrated probability is no basis for
any of them. Where a place is told, it is where the finding always is: heart, aorta, spine.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


class Certainty(enum.StrEnum):
    """How sure a sentence is, by the probability of its finding."""

    SEEN = "seen"
    LIKELY = "likely"
    POSSIBLE = "possible"


SURE: Final[Mapping[Certainty, float]] = {Certainty.SEEN: 0.6, Certainty.LIKELY: 0.3}


@dataclass(frozen=True, slots=True)
class Template:
    """What is written of a finding that is there, by certainty, and how it is named in a list.

    `absent` is "" where only a sentence on several findings denies it.
    """

    seen: str
    likely: str
    possible: str
    noun: str
    absent: str = ""

    def text(self, certainty: Certainty) -> str:
        """Return the sentence."""
        told = {Certainty.SEEN: self.seen, Certainty.LIKELY: self.likely}
        return told.get(certainty, self.possible)


def certainty_of(probability: float) -> Certainty:
    """Return how sure a sentence may be."""
    return next((one for one, least in SURE.items() if probability >= least), Certainty.POSSIBLE)


def _plain(noun: str, start: str = "", absent: str = "") -> Template:
    """Return sentences around a noun: "There is ...", "... is likely", "... is possible"."""
    whole = f"{start} {noun}".strip()
    first = whole[:1].upper() + whole[1:]
    return Template(
        f"There is {whole}.", f"{first} is likely.", f"{first} is possible.", noun, absent
    )


# In the order in which a report goes through a film.
TEMPLATES: Final[Mapping[str, Template]] = {
    "cardiomegaly": Template(
        "The heart is enlarged.", "The heart is probably enlarged.", "The heart may be enlarged.",
        "cardiomegaly", "The heart is normal in size.",
    ),
    "aorta": Template(
        "The thoracic aorta is tortuous or atherosclerotic.",
        "The thoracic aorta is probably tortuous or atherosclerotic.",
        "The thoracic aorta may be tortuous or atherosclerotic.",
        "tortuous or atherosclerotic aorta", "The thoracic aorta is unremarkable.",
    ),
    "hernia": _plain("hiatal hernia", "a"),
    "oedema": _plain(
        "pulmonary vascular congestion or oedema",
        absent="The pulmonary vascularity is within normal limits.",
    ),
    "hyperinflation": Template(
        "The lungs are hyperinflated.", "The lungs are probably hyperinflated.",
        "The lungs may be hyperinflated.", "hyperinflation",
    ),
    "opacity": _plain(
        "airspace opacity", absent="There is no focal airspace consolidation."
    ),
    "atelectasis": _plain("atelectasis", absent="There is no atelectasis."),
    "scar": _plain("scarring", absent="There is no scarring."),
    "nodule": _plain("pulmonary nodule", "a"),
    "granuloma": _plain("granuloma", "a"),
    "calcinosis": _plain("calcification"),
    "effusion": _plain("pleural effusion", "a", "There is no pleural effusion."),
    "pneumothorax": _plain("pneumothorax", "a", "There is no pneumothorax."),
    "spine degeneration": Template(
        "There are degenerative changes of the thoracic spine.",
        "Degenerative changes of the thoracic spine are likely.",
        "Degenerative changes of the thoracic spine are possible.",
        "degenerative changes of the spine",
        "The thoracic spine shows no degenerative changes.",
    ),
    "scoliosis": _plain("scoliosis"),
    "fracture": _plain("fracture", "a"),
    "device": _plain("medical device or surgical material", "a"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """One sentence that denies several findings, unless others are told."""

    denied: frozenset[str]
    text: str
    unless: frozenset[str] = frozenset()


_LUNGS: Final = frozenset(("scar", "nodule", "granuloma", "hyperinflation"))
TOGETHER: Final = (
    Group(frozenset(("effusion", "pneumothorax")), "There is no pleural effusion or pneumothorax."),
    Group(frozenset(("opacity", "atelectasis")), "The lungs are clear.", _LUNGS),
    Group(
        frozenset(("opacity", "atelectasis")),
        "There is no focal airspace consolidation or atelectasis.",
    ),
)
CLEAR: Final = "No effusion, airspace opacity, atelectasis or congestion is suspected."
UNDECIDED: Final = "No finding reaches the point from which it is told."
