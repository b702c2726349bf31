"""A sentence of a report: its words, who wrote them, and what a person made of them."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from xray_studio.core.learning.assessment import ModelMark
from xray_studio.core.learning.chance import per_cent
from xray_studio.core.reporting.templates import TEMPLATES


class Review(enum.StrEnum):
    """What a person did with a sentence that an engine wrote."""

    UNTOUCHED = "untouched"
    ACCEPTED = "accepted"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Source:
    """The engine that wrote something, and the model behind it.

    An engine without a model fills templates: what it writes is no work of AI.
    """

    engine: str
    model: ModelMark | None = None

    @property
    def is_ai(self) -> bool:
        """Tell whether a model stands behind it."""
        return self.model is not None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or a few that belong together.

    `source` is None for what a person wrote. `probability`, 0 to 1, is that of `finding`, whose
    heat map shows what the sentence rests on; None and "" where there is none. `original` is what
    the engine wrote where `review` is CHANGED, else "".
    """

    text: str
    source: Source | None = None
    probability: float | None = None
    finding: str = ""
    review: Review = Review.UNTOUCHED
    original: str = ""

    def __post_init__(self) -> None:
        """Refuse what no sentence can be."""
        if not self.text.strip():
            raise ValueError("a sentence has no words")
        if self.probability is not None and not 0.0 <= self.probability <= 1.0:
            raise ValueError("a probability lies outside 0 to 1")
        if self.source is None and self.review is not Review.UNTOUCHED:
            raise ValueError("a sentence that a person wrote is reviewed")
        if (self.review is Review.CHANGED) != bool(self.original):
            raise ValueError("a changed sentence lacks its original, or another one has some")

    @property
    def is_ai(self) -> bool:
        """Tell whether a model wrote it, whatever became of it since."""
        return self.source is not None and self.source.is_ai

    @property
    def is_open(self) -> bool:
        """Tell whether a model wrote it and no person has accepted or changed it."""
        return self.is_ai and self.review is Review.UNTOUCHED

    def accepted(self) -> Sentence:
        """Return it as accepted; what a person wrote or changed stays what it is."""
        if self.source is None or self.review is Review.CHANGED:
            return self
        return replace(self, review=Review.ACCEPTED)

    def changed(self, text: str) -> Sentence:
        """Return it with other words; with those that it had at first it is untouched again."""
        if text == self.text:
            return self
        if self.source is None:
            return replace(self, text=text)
        first = self.original or self.text
        if text == first:
            return replace(self, text=first, review=Review.UNTOUCHED, original="")
        return replace(self, text=text, review=Review.CHANGED, original=first)


def chance_words(sentence: Sentence, *, short: bool = False) -> str:
    """Return whose probability stands behind a sentence, "" for none: "cardiomegaly 2 %".

    It is that of the finding, also where the sentence denies it; `short` names that in few words.
    """
    if sentence.probability is None:
        return ""
    known = None if short else TEMPLATES.get(sentence.finding)
    of = sentence.finding if known is None else known.noun
    return " ".join(filter(None, (of, per_cent(sentence.probability))))
