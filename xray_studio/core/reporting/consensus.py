"""Which of several drafts is taken: the one that is most like all others, by likely findings.

Minimum Bayes risk (Kumar and Byrne, "Minimum Bayes-Risk Decoding for Statistical Machine
Translation", NAACL 2004): drafts that a network finds likely stand for what a radiologist might
have written, so the draft is taken that would have the highest score against them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.reporting.bleu import LONGEST, Words, runs
from xray_studio.core.reporting.finding_f1 import NAMES, told_in
from xray_studio.core.reporting.labels import Told, labels_of, sentences_of
from xray_studio.core.reporting.rouge import rouge_l
from xray_studio.core.reporting.words import words_of

_MOST: Final = 64
# From which probability on a finding is better told than not: half the F1 that can be reached
# (Lipton et al., "Optimal Thresholding of Classifiers to Maximize F1 Measure", 2014).
_POINT: Final = 0.2

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Writing:
    """How a draft is searched for and chosen, as it stands in `model.toml`.

    `words` are asked for. `beams` texts are searched for and `drawn` texts drawn by chance, with
    `heat` as the temperature. Texts count by their log-likelihood over the length to the power
    `length` (Wu et al., 2016) and `coverage` times how much of the memory they look at. `alike`
    weighs how much a text is like all others against that, `findings` how likely the findings are
    that it tells.
    """

    words: int = 36
    beams: int = 4
    drawn: int = 0
    heat: float = 1.0
    length: float = 1.0
    coverage: float = 0.0
    alike: float = 0.0
    findings: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what finds no text. Raises ValueError."""
        counts = (self.beams, self.drawn, self.words)
        if not all(isinstance(one, int) and 0 <= one <= _MOST for one in counts) or not any(
            counts[:2]
        ):
            raise ValueError("beams")
        weights = (self.heat, self.length, self.coverage, self.alike, self.findings)
        if not all(math.isfinite(one) and 0.0 <= one <= 100.0 for one in weights) or not self.heat:
            raise ValueError("weights")

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Writing:
        """Return what stands in a model. Raises ValueError, TypeError for what cannot be."""
        return cls(**facts)

    def facts(self) -> dict[str, Any]:
        """Return it as it stands in a model."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may become the draft: its words, log-likelihood, and look at the memory.

    `is_drawn` tells those drawn by chance from those of the beam.
    """

    words: tuple[str, ...]
    likelihood: float
    coverage: float = 0.0
    is_drawn: bool = False


class Candidates:
    """Texts for one study, and everything by which one is chosen, computed once.

    `chances` are the probabilities of `NAMES`.
    """

    def __init__(self, texts: Sequence[Candidate], chances: Numbers) -> None:
        whole = [one for one in texts if one.words]
        self.texts = [one for one in whole if not contradicts_itself(one.words)] or whole
        plain = [words_of(" ".join(one.words)) for one in self.texts]
        self.alike = likenesses(plain)
        told = [told_in(" ".join(one.words)) for one in self.texts]
        self.agreed = _agreed(np.array(told, np.bool_).reshape(-1, len(NAMES)), chances)

    def chosen(self, how: Writing, among: Sequence[int] | None = None) -> Candidate | None:
        """Return the text that is taken, of some by number or of all; None where there is none."""
        some = list(range(len(self.texts)) if among is None else among)
        if not some:
            return None
        likely = [
            one.likelihood / max(len(one.words), 1) ** how.length + how.coverage * one.coverage
            for one in (self.texts[number] for number in some)
        ]
        alike = self.alike[np.ix_(some, some)].mean(axis=1)
        values = np.array(likely) + how.alike * alike + how.findings * self.agreed[some]
        return self.texts[some[int(values.argmax())]]


def likenesses(texts: Sequence[Words]) -> Numbers:
    """Return how much each text is like each other one, (texts, texts), 0 to 1.

    The mean of ROUGE-L and BLEU-4 of a pair, the second one smoothed by one run that both share.
    """
    known = [[runs(text, length) for length in range(1, LONGEST + 1)] for text in texts]
    found = np.eye(len(texts))
    for row, one in enumerate(texts):
        for column, other in enumerate(texts):
            if row != column:
                four = _bleu4(known[row], known[column], len(one), len(other))
                found[row, column] = (rouge_l(one, other) + four) / 2.0
    return found


Runs = Sequence[Counter[tuple[str, ...]]]


def _bleu4(draft: Runs, reference: Runs, length: int, wanted: int) -> float:
    shares = [
        ((own & other).total() + 1.0) / (own.total() + 1.0)
        for own, other in zip(draft, reference, strict=True)
    ]
    short = min(1.0 - wanted / max(length, 1), 0.0)
    return math.exp(sum(map(math.log, shares)) / len(shares) + short)


def _agreed(told: npt.NDArray[np.bool_], chances: Numbers) -> Numbers:
    """Return how much of what each text tells is likely: the sum of probabilities above `_POINT`.

    To tell what is less likely counts against a text, so one that tells nothing has 0.
    """
    return np.asarray((told * (chances - _POINT)).sum(axis=1), np.float64)


@lru_cache(maxsize=4096)  # most texts share most of their sentences
def _stances(sentence: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the findings that a sentence tells, and those that it denies."""
    labels = labels_of(sentence)
    told = frozenset(n for n in NAMES if labels[n] in {Told.PRESENT, Told.UNCERTAIN})
    return told, frozenset(n for n in NAMES if labels[n] is Told.ABSENT)


def contradicts_itself(words: Words) -> bool:
    """Tell whether one sentence of a text tells a finding that another one denies."""
    each = [_stances(one) for one in sentences_of(" ".join(words))]
    told = frozenset[str]().union(*(one for one, _ in each))
    return any(denied & told for _, denied in each)
