"""Learning which findings the films of a study show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from xray_studio.ai.networks.views import FRONTAL, LATERAL, VIEWS, ViewsEnd
from xray_studio.ai.training.seen import Seen
from xray_studio.ai.training.state import State
from xray_studio.ai.training.task import Numbers
from xray_studio.ai.weights import Weights
from xray_studio.core.learning.fusion import SEEN, Calibration, fitted, probabilities
from xray_studio.core.learning.fusion import VIEWS as VIEW_NAMES
from xray_studio.core.learning.scores import auroc

_LATERAL: Final = 0.5  # what the lateral film alone weighs beside the frontal one
_LATERALS: Final = 0.5  # how often a lateral film is looked at
_BESIDE: Final = 6  # one of so many cases of other collections is learned from in an epoch
_LEFT_OUT: Final = 0.3  # of the channels that a head sees, each time others
_LEAST: Final = 3  # positives by which a label can steer
_AT_ONCE: Final = 32

Truth = npt.NDArray[np.float32]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Studies:
    """What is learned from.

    `seen` is what the trunk sees in films, (films, channels, rows, columns): first as they are,
    then in versions changed by chance. `cases` tell for each case the numbers of its frontal and of
    its lateral films. `truth` (cases, labels) is 1, 0, or NaN where nobody looked.
    `learned`, `beside` and `steering` are numbers of cases; of those `beside`, from other
    collections, a sixth is learned from in each epoch.
    """

    seen: Sequence[Seen]
    cases: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]
    truth: Truth
    learned: Numbers
    beside: Numbers
    steering: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """How the training of one fold ended.

    `weights` are float16; `probabilities` and `truth` (studies, labels) are
    those of the studies that steered it. `score` is that of the best epoch, `epoch` its number.
    """

    weights: Weights
    calibration: Calibration
    probabilities: Values
    truth: Values
    score: float
    epoch: int


class FindingTask:
    """Findings of studies as the outputs of a `ViewsEnd` that begins with some weights."""

    def __init__(
        self, studies: Studies, begin: Weights, *, kept: int, digest: str, seed: int
    ) -> None:
        self.studies, self._kept, self._digest = studies, kept, digest
        self.labels = studies.truth.shape[1]
        self.truth = torch.from_numpy(studies.truth)
        self.weights = _label_weights(self.truth[studies.learned])
        torch.manual_seed(seed)
        self.built = self._built()
        self.built.load_state_dict(begin, strict=False)  # heads are new
        self.network: nn.Module = self.built
        _begin_at_shares(self.built, self.truth[studies.learned])

    def _built(self) -> ViewsEnd:
        end = ViewsEnd(self.labels, self._kept)
        # Convolutions on processors are faster with the channels of a pixel side by side.
        return end.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]  # PyTorch's stub lacks it

    @property
    def digest(self) -> str:
        """What tells these films, labels and network from others."""
        told = hashlib.sha256(json.dumps([self._kept, self._digest]).encode())
        told.update(json.dumps([list(map(list, case)) for case in self.studies.cases]).encode())
        studies = self.studies
        for array in (self.truth.numpy(), studies.learned, studies.beside):
            told.update(np.ascontiguousarray(array).data)
        return told.hexdigest()

    def order(self, chance: np.random.Generator) -> Numbers:
        """Return the cases of an epoch, in an order drawn from chance."""
        beside = chance.permutation(self.studies.beside)[: len(self.studies.beside) // _BESIDE]
        return chance.permutation(np.concatenate([self.studies.learned, beside]))

    def loss(self, numbers: Numbers, chance: torch.Generator) -> Tensor:
        """Return the cross-entropy of each view of some cases, and of both together."""
        told: list[Tensor | None] = [None, None]
        whose: list[Numbers] = []
        for view in (FRONTAL, LATERAL):
            having = [number for number in numbers if self._looked_at(number, view, chance)]
            whose.append(np.array(having, np.int64))
            if len(having) > 1:  # one alone has no statistics
                films = np.array([_one(self.studies.cases[n][view], chance) for n in having])
                told[view] = self._learning(films, view, chance)
        losses = [
            share * self._loss(one, cases)
            for one, cases, share in zip(told, whose, (1.0, _LATERAL), strict=True)
            if one is not None
        ]
        frontal, lateral = told
        if frontal is not None and lateral is not None:
            both, first, second = np.intersect1d(whose[0], whose[1], return_indices=True)
            losses += [self._loss((frontal[first] + lateral[second]) / 2.0, both)]
        return torch.stack(losses).sum() if losses else 0.0 * next(self.built.parameters()).sum()

    def _looked_at(self, number: int, view: int, chance: torch.Generator) -> bool:
        """Tell whether a view of a case is looked at this time: lateral films every other one."""
        if not self.studies.cases[number][view]:
            return False
        return view == FRONTAL or bool(torch.rand(1, generator=chance) < _LATERALS)

    def _learning(self, films: Numbers, view: int, chance: torch.Generator) -> Tensor:
        """Return what the network in training says of films, each in a version drawn by chance."""
        versions = torch.randint(len(self.studies.seen), (len(films),), generator=chance)
        seen = [self.studies.seen[v][n] for v, n in zip(versions.tolist(), films, strict=True)]
        pooled = self.built.pooled(self.built.maps(self._given(np.stack(seen))))
        # Which channels are left out is drawn here, so that going on after an end draws the same.
        left = torch.rand(pooled.shape, generator=chance) >= _LEFT_OUT
        pooled = pooled * left.to(pooled.device) / (1.0 - _LEFT_OUT)
        return self.built.outputs(pooled, view).float()

    def _loss(self, told: Tensor, cases: Numbers) -> Tensor:
        truth = self.truth[cases].to(told.device)
        known = ~torch.isnan(truth)
        losses = functional.binary_cross_entropy_with_logits(
            told, torch.where(known, truth, 0.0), reduction="none"
        )
        weights = self.weights.to(told.device) * known
        return (losses * weights).sum() / len(cases)

    def judged(self, network: nn.Module) -> dict[str, float]:
        """Return the area under the curve of studies that steer: mean of labels, and of each.

        "score" is the mean over labels with three positives or more.
        """
        assert isinstance(network, ViewsEnd)
        told, truth = self.outputs(network, self.studies.steering), self._steering_truth()
        mean = np.nanmean(np.stack(told), axis=0)
        areas = {}
        for number in range(self.labels):
            known = ~np.isnan(truth[:, number])
            yes = truth[known, number] > 0.5
            if _LEAST <= int(yes.sum()) < int(known.sum()):
                areas[number] = float(auroc(mean[known, number], yes)[0])
        score = float(np.mean(list(areas.values()))) if areas else 0.5
        return {"score": score, "first_label": areas.get(0, 0.5)}

    def outputs(self, network: ViewsEnd, cases: Numbers) -> tuple[Values, Values]:
        """Return what a network says of cases (cases, labels) by their frontal and lateral films.

        NaN where there is no such film.
        """
        frontal, lateral = (self._view_outputs(network, cases, view) for view in range(VIEWS))
        return frontal, lateral

    def _view_outputs(self, network: ViewsEnd, cases: Numbers, view: int) -> Values:
        """Return the mean over the films of a view of each case, (cases, labels), else NaN."""
        films = [film for number in cases for film in self.studies.cases[number][view]]
        told = self._told(network, np.array(films, np.int64), view)
        found = np.full((len(cases), self.labels), np.nan)
        place = 0
        for row, number in enumerate(cases):
            count = len(self.studies.cases[number][view])
            if count:
                found[row] = told[place : place + count].mean(axis=0)
            place += count
        return found

    def _told(self, network: ViewsEnd, films: Numbers, view: int) -> Values:
        """Return what a network says of films as they are, (films, labels)."""
        found = [np.zeros((0, self.labels))]
        with torch.no_grad():
            for first in range(0, len(films), _AT_ONCE):
                given = self._given(self.studies.seen[0][films[first : first + _AT_ONCE]])
                found.append(network(given, view).double().cpu().numpy())
        return np.concatenate(found)

    def _steering_truth(self) -> Values:
        return self.studies.truth[self.studies.steering].astype(np.float64)

    def finished(self, state: State) -> Fold:
        """Return the best network, as exact as it is kept, and its calibration."""
        weights = {
            name: tensor.half() for name, tensor in state.best.items() if tensor.is_floating_point()
        }
        kept = self._built()
        kept.load_state_dict({name: one.float() for name, one in weights.items()})
        kept = kept.eval().to(next(self.network.parameters()).device)
        told, truth = self.outputs(kept, self.studies.steering), self._steering_truth()
        calibration = self._calibration(dict(zip(VIEW_NAMES, told, strict=True)), truth)
        best = state.best_epoch
        assert best is not None, "a training has at least one epoch"
        chances = _calibrated(told[FRONTAL], told[LATERAL], calibration)
        return Fold(weights, calibration, chances, truth, best.score, best.number)

    def _calibration(self, told: Mapping[str, Values], truth: Values) -> Calibration:
        """Return what fits outputs of the studies that steer, by their views, to the truth."""
        lines = {}
        for seen, views in SEEN.items():
            values = np.stack([told[view] for view in views], axis=2)
            having = ~np.isnan(values).any(axis=(1, 2))
            lines[seen] = fitted(values[having], truth[having], self._shares())
        return Calibration(
            {seen: line[0] for seen, line in lines.items()},
            {seen: line[1] for seen, line in lines.items()},
        )

    def _shares(self) -> Values:
        """Return how often each label is true in the studies of the collection that is judged."""
        own = np.concatenate([self.studies.learned, self.studies.steering])
        return np.asarray(np.nanmean(self.studies.truth[own], axis=0), np.float64)

    def _given(self, seen: Seen) -> Tensor:
        device = next(self.network.parameters()).device
        given = torch.from_numpy(seen.astype(np.float32)).to(device)
        return given.contiguous(memory_format=torch.channels_last)


def _calibrated(frontal: Values, lateral: Values, calibration: Calibration) -> Values:
    """Return probabilities of studies, by both views where both are there."""
    both, alone = calibration.logits(frontal, lateral), calibration.logits(frontal, None)
    logits = np.where(np.isnan(both), alone, both)
    other = calibration.logits(None, lateral)
    return probabilities(np.where(np.isnan(logits), other, logits))


def _one(films: Sequence[int], chance: torch.Generator) -> int:
    """Return one of several films of a view, drawn from chance."""
    return films[int(torch.randint(len(films), (1,), generator=chance))]


def _label_weights(truth: Tensor) -> Tensor:
    """Return what each label weighs: rare ones more, so that the common do not drown them.

    By the root of one over the uncertainty (entropy) of the label; together they are 1.
    """
    share = torch.nanmean(truth, dim=0).clamp(0.002, 0.998)
    entropy = -(share * share.log() + (1 - share) * (1 - share).log())
    return entropy.rsqrt() / entropy.rsqrt().sum()


def _begin_at_shares(network: ViewsEnd, truth: Tensor) -> None:
    """Let every output begin at how often it is true."""
    share = torch.nanmean(truth, dim=0).clamp(0.002, 0.998)
    with torch.no_grad():
        for head in network.heads:
            assert isinstance(head, nn.Linear)
            head.bias.copy_(torch.logit(share))
            head.weight.mul_(0.1)
