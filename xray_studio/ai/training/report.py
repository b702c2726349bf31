"""Learning to write reports of films, word after word, with the word before told as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from xray_studio.ai.networks import build
from xray_studio.ai.networks.report_net import VIEWS, ReportNet
from xray_studio.ai.networks.word_nets import Memory
from xray_studio.ai.reports.search import Rules, followed, likeliest
from xray_studio.ai.training.seen import Seen
from xray_studio.ai.training.task import Numbers
from xray_studio.core.reporting.bleu import bleu, counts
from xray_studio.core.reporting.finding_f1 import told_in
from xray_studio.core.reporting.rouge import rouge_l
from xray_studio.core.reporting.vocabulary import BEGIN, PAD, UNKNOWN, Vocabulary
from xray_studio.core.reporting.words import words_of

SMOOTH: Final = 0.1  # of words: there is more than one way to say a thing
_ALONE: Final = 0.15  # how often a lateral film is left out, so that frontal ones alone do
_UNSURE: Final = 0.3  # deviation of what is added to log-odds by chance
_SHELF: Final = 256  # reports that are put in order of length, so that few places stay empty
_AT_ONCE: Final = 64
_MEASURED: Final = 512  # films by which what is seen is brought to one scale

Values = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """What is learned from, a row for each study.

    `seen` is what the encoder sees in films, (films, channels, rows, columns): as they are, then
    changed by chance. `cases` tell the numbers of frontal and lateral films, `found` the log-odds
    of findings (studies, findings), `texts` the words to write as numbers. `shares` tell how often
    each study is drawn. `written` is each report as it stands, `told` what it tells of findings.
    """

    seen: Sequence[Seen]
    cases: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]
    found: Values
    texts: Sequence[Sequence[int]]
    shares: Values
    written: Sequence[tuple[str, ...]]
    told: Truth
    learned: Numbers
    steering: Numbers


class ReportTask:
    """A `ReportNet` that learns reports."""

    def __init__(
        self, reports: Reports, vocabulary: Vocabulary, network: Mapping[str, Any], *,
        digest: str, seed: int,
    ) -> None:  # fmt: skip
        self.reports, self.vocabulary, self._digest = reports, vocabulary, digest
        self.facts = dict(network)
        torch.manual_seed(seed)
        made = build(network)
        assert isinstance(made, ReportNet)
        self.built = made
        self.network: nn.Module = made
        # Where nobody asks for another length: that of whole reports, not of what is learned.
        self.usual = round(float(np.mean([len(reports.written[n]) for n in reports.learned])))
        self._lengths = np.array([vocabulary.length(text) for text in reports.texts])
        self._scale()

    def _scale(self) -> None:
        """Bring what is given to one scale, by the studies that are learned from."""
        reports, net = self.reports, self.built
        films = sorted({n for row in reports.learned for view in reports.cases[row] for n in view})
        some = films[:: max(len(films) // _MEASURED, 1)]
        seen = torch.from_numpy(np.asarray(reports.seen[0][some], np.float32))
        found = torch.from_numpy(reports.found[reports.learned]).float()
        net.seen_middle.copy_(seen.mean((0, 2, 3)))
        net.seen_spread.copy_(seen.std((0, 2, 3)) + 1e-3)
        net.found_middle.copy_(found.mean(0))
        net.found_spread.copy_(found.std(0) + 1e-3)

    @property
    def digest(self) -> str:
        """What tells these studies, words and network from others."""
        told = hashlib.sha256(json.dumps([self.facts, self._digest]).encode())
        reports = self.reports
        told.update(json.dumps([list(map(list, case)) for case in reports.cases]).encode())
        told.update(json.dumps([list(map(int, text)) for text in reports.texts]).encode())
        told.update(self.vocabulary.text().encode())
        for array in (reports.found, reports.shares, reports.learned, reports.steering):
            told.update(np.ascontiguousarray(array).data)
        return told.hexdigest()

    def order(self, chance: np.random.Generator) -> Numbers:
        """Return studies of an epoch, drawn by their shares; those of like length together."""
        learned, shares = self.reports.learned, self.reports.shares[self.reports.learned]
        drawn = chance.choice(learned, len(learned), p=shares / shares.sum())
        parts = []
        for first in range(0, len(drawn), _SHELF):
            shelf = drawn[first : first + _SHELF]
            parts.append(shelf[np.argsort([len(self.reports.texts[n]) for n in shelf])])
        return np.asarray(np.concatenate(parts), np.int64)

    def loss(self, numbers: Numbers, chance: torch.Generator) -> Tensor:
        """Return the cross-entropy of the words of some reports."""
        memory = self._memory(self.built, numbers, self._lengths[numbers], chance)
        texts = [self.reports.texts[number] for number in numbers]
        longest = max(map(len, texts))
        wanted = torch.full((len(texts), longest), PAD)
        for row, text in enumerate(texts):
            wanted[row, : len(text)] = torch.tensor(text)
        before = torch.cat([torch.full((len(texts), 1), BEGIN), wanted[:, :-1]], dim=1)
        device = memory.values.device
        told = self.built.words(before.to(device), memory)
        # What is no word of the vocabulary is read, and never learned to be written.
        wanted = torch.where(wanted == UNKNOWN, PAD, wanted).to(device)
        return functional.cross_entropy(
            told.float().flatten(0, 1), wanted.flatten(), ignore_index=PAD, label_smoothing=SMOOTH
        )

    def judged(self, network: nn.Module) -> dict[str, float]:
        """Return how drafts of the studies that steer read beside their reports.

        They are written word by word, the likeliest each. "score" is the mean of BLEU-4, ROUGE-L
        and the F1 of findings over all of them: texts alike for all films would have no F1.
        """
        assert isinstance(network, ReportNet)
        return self.scores(self.drafts(network, self.reports.steering))

    def scores(self, drafts: Sequence[Sequence[str]]) -> dict[str, float]:
        """Return how drafts of the studies that steer read beside their reports."""
        words = [words_of(" ".join(draft)) for draft in drafts]
        wanted = [self.reports.written[n] for n in self.reports.steering]
        pairs = list(zip(words, wanted, strict=True))
        four = float(bleu(np.sum([counts(*pair) for pair in pairs], axis=0))[3])
        rouge = float(np.mean([rouge_l(*pair) for pair in pairs]))
        told = np.array([told_in(" ".join(draft)) for draft in drafts], np.bool_)
        truth = self.reports.told[self.reports.steering]
        either = int(told.sum() + truth.sum())
        f1 = 2.0 * int((told & truth).sum()) / either if either else 0.0
        return {
            "score": (four + rouge + f1) / 3.0, "bleu4": four, "rouge_l": rouge, "findings_f1": f1,
            "distinct": len(set(words)) / len(words),
        }  # fmt: skip

    def drafts(self, network: ReportNet, numbers: Numbers, length: int = 0) -> list[list[str]]:
        """Return the words of drafts of a length, the likeliest each; 0 for the usual length."""
        rules, found = Rules(self.vocabulary), list[list[str]]()
        with torch.inference_mode():
            for first in range(0, len(numbers), _AT_ONCE):
                some = numbers[first : first + _AT_ONCE]
                memory = self._memory(network, some, np.full(len(some), length or self.usual), None)
                texts = followed(network.words, memory, rules, likeliest)
                found += [self.vocabulary.said(text.words) for text in texts]
        return found

    def memory_of(self, network: ReportNet, number: int, length: int) -> Memory:
        """Return what a network remembers of a study, its films as they are."""
        with torch.inference_mode():
            return self._memory(network, np.array([number], np.int64), np.array([length]), None)

    def _memory(
        self,
        network: ReportNet,
        numbers: Numbers,
        lengths: Numbers,
        chance: torch.Generator | None,
    ) -> Memory:
        """Return what is remembered of studies; with `chance` as if they were others' films."""
        reports = self.reports
        grids = np.zeros((len(numbers), VIEWS, *reports.seen[0].shape[1:]), np.float32)
        there = torch.zeros(len(numbers), VIEWS, dtype=torch.bool)
        for row, number in enumerate(numbers):
            for view, films in enumerate(reports.cases[number]):
                left = chance is not None and view > 0 and _draw(chance) < _ALONE
                if films and not left:
                    version = _one(len(reports.seen), chance)
                    grids[row, view] = reports.seen[version][films[_one(len(films), chance)]]
                    there[row, view] = True
        found = torch.from_numpy(reports.found[numbers]).float()
        if chance is not None:
            found += _UNSURE * torch.randn(found.shape, generator=chance)
        device = next(network.parameters()).device
        given = (torch.from_numpy(grids), there, found, torch.from_numpy(lengths))
        return network.memory(*(one.to(device) for one in given))


def _draw(chance: torch.Generator) -> float:
    return float(torch.rand(1, generator=chance))


def _one(count: int, chance: torch.Generator | None) -> int:
    """Return one of several, drawn from chance; the first without."""
    return 0 if chance is None else int(torch.randint(count, (1,), generator=chance))
