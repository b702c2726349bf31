"""How much drafts read like the reports that were written: BLEU, METEOR, ROUGE-L and CIDEr."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.bootstrap import draws, ends_of
from xray_studio.core.reporting.bleu import Words, bleu
from xray_studio.core.reporting.bleu import counts as bleu_counts
from xray_studio.core.reporting.cider import Cider
from xray_studio.core.reporting.meteor import Stem, meteor
from xray_studio.core.reporting.meteor import counts as meteor_counts
from xray_studio.core.reporting.rouge import rouge_l

Numbers = npt.NDArray[np.float64]

NAMES: Final = ("bleu1", "bleu2", "bleu3", "bleu4", "meteor", "rouge_l", "cider")


@dataclass(frozen=True, slots=True, eq=False)
class TextCounts:
    """What scores of a collection rest on, a row for each draft."""

    bleu: Numbers
    meteor: Numbers
    rouge: Numbers
    cider: Numbers

    def scores(self, weights: npt.NDArray[Any]) -> Numbers:
        """Return scores (draws, 7), as `NAMES` has them, of drafts weighing so (draws, drafts)."""
        known = np.asarray(weights, np.float64)
        whole = known.sum(axis=1)
        return np.column_stack([
            bleu(known @ self.bleu), meteor(known @ self.meteor),
            known @ self.rouge / whole, known @ self.cider / whole,
        ])  # fmt: skip


class References:
    """Reports as they were written, one for each study, which drafts are compared with."""

    def __init__(self, references: Sequence[Words], stem: Stem) -> None:
        self._words, self._stem = [tuple(one) for one in references], stem
        self._cider = Cider(self._words)

    def counts(self, drafts: Sequence[Words]) -> TextCounts:
        """Return what the scores of drafts rest on, one draft for each reference."""
        pairs = list(zip(drafts, self._words, strict=True))
        return TextCounts(
            np.array([bleu_counts(*pair) for pair in pairs]),
            np.array([meteor_counts(*pair, self._stem) for pair in pairs]),
            np.array([rouge_l(*pair) for pair in pairs]),
            np.array(self._cider.scores(drafts)),
        )


def text_scores(counts: TextCounts, owners: Sequence[str], seed: int) -> dict[str, Any]:
    """Return each score with its 95 % interval (`NAME_ci`), by drawing studies or patients anew.

    All are 0 to 1 but CIDEr, which is 0 to 10.
    """
    plain = counts.scores(np.ones((1, len(owners))))[0]
    blocks = [counts.scores(weights) for weights in draws(owners, seed)]
    facts: dict[str, Any] = {}
    for number, name in enumerate(NAMES):
        ends = ends_of(np.concatenate(blocks)[:, number]) if blocks else None
        facts |= {name: float(plain[number]), f"{name}_ci": ends}
    return facts
