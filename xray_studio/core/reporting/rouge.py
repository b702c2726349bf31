"""ROUGE-L of a draft: the longest row of words that it shares with its reference, gaps allowed.

Lin, "ROUGE", 2004, sentence level, with recall counting 1.2 times as in the evaluation of COCO's
captions (Chen et al., 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

BETA: Final = 1.2


def rouge_l(draft: Sequence[str], reference: Sequence[str]) -> float:
    """Return ROUGE-L, 0 to 1."""
    shared = common(draft, reference)
    if not shared:
        return 0.0
    precision, recall = shared / len(draft), shared / len(reference)
    return (1.0 + BETA**2) * precision * recall / (recall + BETA**2 * precision)


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence.

    Hyyrö, "Bit-parallel LCS-length computation revisited", 2004: a row of the table at once.
    """
    places: dict[str, int] = {}
    for place, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << place
    whole = (1 << len(one)) - 1
    row = whole
    for word in other:
        hit = row & places.get(word, 0)
        row = ((row + hit) | (row - hit)) & whole
    return len(one) - row.bit_count()
