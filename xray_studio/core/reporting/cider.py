"""CIDEr-D: how alike a draft and its reference are in runs of words that few references hold.

Vedantam et al., "CIDEr", CVPR 2015, in the form that the evaluation of COCO's captions computes:
runs of 1 to 4 words weigh by how rare they are among the references, cosines are clipped, drafts
of another length lose. Ten times the mean; 0 to 10.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xray_studio.core.reporting.bleu import LONGEST, Words, runs

SIGMA: Final = 6.0  # words of difference in length
_Vector = dict[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A text as one vector for each length of runs, with their norms, and how long it is."""

    vectors: tuple[_Vector, ...]
    norms: tuple[float, ...]
    length: int


class Cider:
    """CIDEr-D against references; how rare a run is, all of them tell together."""

    def __init__(self, references: Sequence[Words]) -> None:
        self._known = Counter(
            run for one in references for n in range(1, LONGEST + 1) for run in runs(one, n)
        )
        self._whole = math.log(max(len(references), 1))
        self._references = [_weighed(one, self._known, self._whole) for one in references]

    def scores(self, drafts: Sequence[Words]) -> list[float]:
        """Return CIDEr-D of a draft for each reference, 0 to 10."""
        weighed: dict[Words, _Weighed] = {}
        for draft in map(tuple, drafts):
            if draft not in weighed:
                weighed[draft] = _weighed(draft, self._known, self._whole)
        pairs = zip(map(tuple, drafts), self._references, strict=True)
        return [_alike(weighed[draft], reference) for draft, reference in pairs]


def _weighed(words: Words, known: Counter[tuple[str, ...]], whole: float) -> _Weighed:
    vectors = tuple(
        {run: often * (whole - math.log(max(known[run], 1))) for run, often in found.items()}
        for found in (runs(words, n) for n in range(1, LONGEST + 1))
    )
    norms = tuple(math.sqrt(sum(value * value for value in v.values())) for v in vectors)
    return _Weighed(vectors, norms, max(len(words) - 1, 0))


def _alike(draft: _Weighed, reference: _Weighed) -> float:
    apart = draft.length - reference.length
    found = 0.0
    for own, wanted, one, other in zip(
        draft.vectors, reference.vectors, draft.norms, reference.norms, strict=True
    ):
        shared = sum(min(value, wanted.get(run, 0.0)) * wanted.get(run, 0.0)
                     for run, value in own.items())  # fmt: skip
        found += shared / (one * other) if one and other else 0.0
    return 10.0 * found / LONGEST * math.exp(-(apart**2) / (2.0 * SIGMA**2))
