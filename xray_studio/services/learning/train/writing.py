"""How drafts are searched for and chosen is itself chosen: on the studies that steer a training."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from xray_studio.core.job import Job, Progress
from xray_studio.core.reporting.bleu import bleu, counts
from xray_studio.core.reporting.consensus import Candidate, Candidates, Writing
from xray_studio.core.reporting.finding_f1 import told_in
from xray_studio.core.reporting.rouge import rouge_l
from xray_studio.core.reporting.words import words_of

if TYPE_CHECKING:
    from xray_studio.ai.networks.report_net import ReportNet
    from xray_studio.ai.training.report import ReportTask
    from xray_studio.ai.training.state import State

POOL: Final = Writing(beams=4, drawn=24, heat=0.6)
_STUDIES: Final = 200  # at most, by which it is chosen
_LONGER: Final = (0.7, 0.85, 1.0, 1.15, 1.3)  # than whole reports are
_LENGTHS: Final = (0.6, 1.0)
_COVERAGES: Final = (0.0, 0.5)
_ALIKE: Final = (0.0, 2.0, 4.0, 8.0)
_FINDINGS: Final = (0.0, 0.5, 1.0, 2.0, 4.0)


def chosen_writing(task: ReportTask, state: State) -> Job[Writing]:
    """Return how drafts are best written: by BLEU-4, ROUGE-L and half the F1 of findings, together.

    Texts are searched for once; every way to choose among them is tried.
    """
    network = _network(task, state)
    words = yield from _words(task, network)
    pools = yield from _pools(task, network, replace(POOL, words=words))
    yield Progress(message="Choosing how drafts are written")
    told = [_Told(pool, task, row) for pool, row in pools]
    return max(_ways(words), key=lambda how: _score(told, how))


def _network(task: ReportTask, state: State) -> ReportNet:
    """Return the best network, as exact as it is kept."""
    from xray_studio.ai.networks import build
    from xray_studio.ai.networks.report_net import ReportNet

    network = build(task.facts)
    assert isinstance(network, ReportNet)
    network.load_state_dict({name: one.half().float() for name, one in state.best.items()})
    return network.eval()


def _words(task: ReportTask, network: ReportNet) -> Job[int]:
    """Return the length that drafts are best asked for, the likeliest word each."""
    scores = dict[int, float]()
    for number, share in enumerate(_LONGER):
        yield Progress(number, len(_LONGER), "Trying lengths of drafts")
        words = round(share * task.usual)
        drafts = task.drafts(network, task.reports.steering, words)
        told = task.scores(drafts)
        scores[words] = told["bleu4"] + told["rouge_l"] + told["findings_f1"] / 2.0
    return max(scores, key=lambda words: scores[words])


def _pools(task: ReportTask, network: ReportNet, how: Writing) -> Job[list[tuple[Candidates, int]]]:
    from xray_studio.ai.reports.drafting import candidates

    rows = [int(row) for row in task.reports.steering[:_STUDIES]]
    found = []
    for number, row in enumerate(rows):
        yield Progress(number, len(rows), "Trying how drafts are written")
        memory = task.memory_of(network, row, how.words)
        logits = task.reports.found[row]
        found.append((candidates(network, memory, task.vocabulary, how, logits), row))
    return found


def _ways(words: int) -> list[Writing]:
    """Return every way that is tried, the simplest first."""
    counts = ((POOL.beams, 0), (0, POOL.drawn), (POOL.beams, POOL.drawn))
    return [
        replace(
            POOL, words=words, beams=some[0], drawn=some[1], length=length, coverage=coverage,
            alike=alike, findings=findings,
        )
        for some, length, coverage, alike, findings in itertools.product(
            counts, _LENGTHS, _COVERAGES, _ALIKE, _FINDINGS
        )
        if not (some[0] == 0 and coverage)  # what is drawn looks at nothing that is measured
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Counts:
    """What one text adds to the score of all."""

    bleu: tuple[float, ...]
    rouge: float
    right: int
    either: int


class _Told:
    """The texts of one study and what each would add to the score."""

    def __init__(self, pool: Candidates, task: ReportTask, row: int) -> None:
        self.pool, self._wanted = pool, task.reports.written[row]
        self._truth, self._known = task.reports.told[row], dict[tuple[str, ...], _Counts]()

    def counts(self, how: Writing) -> _Counts:
        """Return what the text that is chosen adds."""
        pool = self.pool
        some = [n for n, one in enumerate(pool.texts) if one.is_drawn in _kinds(how)]
        chosen = pool.chosen(how, some)
        return self._counts(chosen or Candidate((), 0.0))

    def _counts(self, text: Candidate) -> _Counts:
        if text.words not in self._known:
            said = " ".join(text.words)
            words, told = words_of(said), np.array(told_in(said), np.bool_)
            self._known[text.words] = _Counts(
                tuple(counts(words, self._wanted)), rouge_l(words, self._wanted),
                int((told & self._truth).sum()), int(told.sum() + self._truth.sum()),
            )  # fmt: skip
        return self._known[text.words]


def _kinds(how: Writing) -> tuple[bool, ...]:
    return (*([False] if how.beams else []), *([True] if how.drawn else []))


def _score(told: Sequence[_Told], how: Writing) -> float:
    """Return BLEU-4, ROUGE-L and half the F1 of findings over all, together.

    Half, since choosing by findings alone costs the text more than it brings them.
    """
    found = [one.counts(how) for one in told]
    four = float(bleu(np.sum([one.bleu for one in found], axis=0))[3])
    rouge = float(np.mean([one.rouge for one in found]))
    either = sum(one.either for one in found)
    f1 = 2.0 * sum(one.right for one in found) / either if either else 0.0
    return four + rouge + f1 / 2.0
