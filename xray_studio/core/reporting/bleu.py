"""BLEU of a collection: how many runs of 1 to 4 words a draft shares with its reference.

Papineni et al., "BLEU", ACL 2002, without smoothing, as in the evaluation of COCO's captions (Chen
et al., 2015), which published work on reports uses: runs are counted over all drafts before they
are divided, and drafts that are shorter together than their references are charged once for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Words = Sequence[str]

LONGEST: Final = 4
_TINY, _SMALL = 1e-15, 1e-9  # as COCO's, so that nothing shared gives no error


def counts(draft: Words, reference: Words) -> Numbers:
    """Return what BLEU adds up over drafts: (2 + 2 * 4,).

    Words of the draft and of the reference, runs of 1 to 4 words that are right, and all runs.
    """
    right, there = [], []
    for length in range(1, LONGEST + 1):
        own, wanted = runs(draft, length), runs(reference, length)
        right.append((own & wanted).total())
        there.append(own.total())
    return np.array([len(draft), len(reference), *right, *there], np.float64)


def runs(words: Words, length: int) -> Counter[tuple[str, ...]]:
    """Return how often each run of `length` words stands in a text."""
    return Counter(zip(*(words[first:] for first in range(length)), strict=False))


def bleu(sums: Numbers) -> Numbers:
    """Return BLEU-1 to BLEU-4 (..., 4), 0 to 1, from sums of `counts` (..., 10)."""
    drafts, references = sums[..., 0] + _TINY, sums[..., 1] + _SMALL
    right, there = sums[..., 2 : 2 + LONGEST], sums[..., 2 + LONGEST :]
    means = np.cumsum(np.log((right + _TINY) / (there + _SMALL)), axis=-1)
    short = np.minimum(1.0 - references / drafts, 0.0)
    return np.asarray(np.exp(means / np.arange(1, LONGEST + 1) + short[..., None]), np.float64)
