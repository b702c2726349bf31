"""Drafts that need no engine: one for all films, the most frequent sentences, the likest film's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.cases import ReportText
from xray_studio.core.reporting.bleu import LONGEST, Words, bleu, counts
from xray_studio.core.reporting.labels import sentences_of
from xray_studio.core.reporting.rouge import rouge_l
from xray_studio.core.reporting.words import words_of

Numbers = npt.NDArray[np.int64]
Features = npt.NDArray[np.float32]

_TRIED: Final = (
    400  # reports that could be the constant one, and how many of them are looked at well
)
_CLOSELY: Final = 40
_ROUGHLY_AGAINST: Final = 80  # reports that they are compared with
_AGAINST: Final = 400
_SENTENCES: Final = 8  # at most


def constant(reports: Sequence[ReportText], seed: int) -> ReportText:
    """Return the report that has the highest BLEU-4 where it stands for all reports.

    Drawn candidates are compared with drawn reports first by ROUGE-L, the best of them by BLEU-4.
    """
    chance = np.random.default_rng(seed)
    words = [words_of(one.findings) for one in reports]
    tried = chance.permutation(len(reports))[:_TRIED]
    rough = [words[n] for n in chance.permutation(len(reports))[:_ROUGHLY_AGAINST]]
    means = [np.mean([rouge_l(words[n], one) for one in rough]) for n in tried]
    closely = [int(tried[n]) for n in np.argsort(means)[::-1][:_CLOSELY]]
    others = [words[n] for n in chance.permutation(len(reports))[:_AGAINST]]
    return reports[max(closely, key=lambda number: _bleu4(words[number], others))]


def sentences(reports: Sequence[ReportText], seed: int) -> ReportText:
    """Return a report of the most frequent sentences, as many as give the highest BLEU-4."""
    found = Counter(
        one for report in reports for one in dict.fromkeys(sentences_of(report.findings))
    )
    most = [one for one, _ in found.most_common(_SENTENCES)]
    drawn = np.random.default_rng(seed).permutation(len(reports))[:_AGAINST]
    others = [words_of(reports[n].findings) for n in drawn]
    texts = [f"{'. '.join(most[:count])}." for count in range(1, len(most) + 1)]
    return ReportText(findings=max(texts, key=lambda text: _bleu4(words_of(text), others)))


def _bleu4(draft: Words, others: Sequence[Words]) -> float:
    return float(bleu(np.sum([counts(draft, one) for one in others], axis=0))[LONGEST - 1])


def nearest(rows: Features, others: Features) -> Numbers:
    """Return for each row the number of the one of `others` that points most alike (channels)."""
    return np.asarray(alikeness(rows, others).argmax(axis=1), np.int64)


def alikeness(rows: Features, others: Features) -> Features:
    """Return how alike rows (count, channels) and others point: cosines, -1 to 1, (rows, others).

    Channels are brought to the mean and the spread of `others` before.
    """
    middle, spread = others.mean(axis=0), others.std(axis=0) + 1e-6
    one, other = ((part - middle) / spread for part in (rows, others))
    one, other = (
        part / (np.linalg.norm(part, axis=1, keepdims=True) + 1e-9) for part in (one, other)
    )
    return np.asarray(one @ other.T, np.float32)


Constant = Callable[[Sequence[ReportText], int], ReportText]
FOR_ALL: Final[dict[str, Constant]] = {"constant": constant, "sentences": sentences}
