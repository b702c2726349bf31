"""Heat maps of the networks of a finding classifier, piece by piece, in a worker process."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from xray_studio.ai.asking import asked
from xray_studio.ai.explain.cascade import randomised
from xray_studio.ai.explain.grad_cam import grad_cam
from xray_studio.ai.explain.gradient_shap import gradient_shap
from xray_studio.ai.explain.occlusion import occlusion
from xray_studio.ai.findings import FindingNetworks, loaded, with_one_trunk
from xray_studio.ai.networks.views import ViewsNet
from xray_studio.core.learning.heat import HeatValues, Method
from xray_studio.core.learning.input_spec import InputSpec, Normalised
from xray_studio.core.learning.question import Question


def piece(question: Question, picture: Normalised, number: int) -> HeatValues:
    """Return piece `number` of a heat map of a picture, float32 (rows, columns) as the picture.

    Runs in a worker process. Raises StudioError where the model or the memory does not do.
    """

    def ask(networks: FindingNetworks, _: str) -> HeatValues:
        return _piece(networks, question, picture, number)

    return asked(question.folder, lambda: loaded(question.folder, question.sha256), ask)


def _piece(
    networks: FindingNetworks, question: Question, picture: Normalised, number: int
) -> HeatValues:
    given = torch.from_numpy(picture)[None, None].to(networks.device)
    network = _asked(networks, question)
    heat = _METHODS[question.method](network, given, networks.model.input, number)
    return np.asarray(heat.float().cpu().numpy(), np.float32)


class _Asked(nn.Module):
    """What networks say of one finding of films of one view, in log-odds, (count, 1)."""

    def __init__(self, networks: list[ViewsNet], question: Question) -> None:
        super().__init__()
        self.networks = networks
        self.view, self.label, self.shares = question.view, question.label, question.shares

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the part of the log-odds that these pictures have in them."""
        seen = self.networks[0].seen(pictures)
        return torch.stack([self._part(number, seen) for number in range(len(self.networks))]).sum(
            0
        )

    def _part(self, number: int, seen: Tensor) -> Tensor:
        told: Tensor = self.networks[number].end(seen, self.view)
        return told[:, self.label : self.label + 1] * self.shares[number]

    def one(self, number: int) -> Callable[[Tensor], Tensor]:
        """Return what one of the networks adds."""
        return lambda pictures: self._part(number, self.networks[number].seen(pictures))


def _asked(networks: FindingNetworks, question: Question) -> _Asked:
    if not question.thrown_away:
        return _Asked(networks.networks, question)
    known = (question.folder, question.sha256, question.thrown_away, question.seed)
    return _Asked(_randomised(*known, networks.device), question)


@lru_cache(maxsize=4)
def _randomised(folder: str, sha256: str, steps: int, seed: int, device: str) -> list[ViewsNet]:
    known = loaded(folder, sha256).networks
    found = (randomised(one, steps, seed + number) for number, one in enumerate(known))
    return [one.to(device).eval() for one in with_one_trunk(list(found))]


def _grad_cam(asked: _Asked, picture: Tensor, _spec: InputSpec, _number: int) -> Tensor:
    maps = [
        grad_cam(asked.one(number), network.end.blocks[-1], picture, 0)
        for number, network in enumerate(asked.networks)
    ]
    return torch.stack(maps).sum(0)[0]


def _gradient_shap(asked: _Asked, picture: Tensor, spec: InputSpec, number: int) -> Tensor:
    greys = (-spec.mean / spec.deviation, (1.0 - spec.mean) / spec.deviation)
    return gradient_shap(asked, picture, 0, greys, number)


def _occlusion(asked: _Asked, picture: Tensor, _spec: InputSpec, number: int) -> Tensor:
    return occlusion(asked, picture, 0, number)


_METHODS = {
    Method.GRAD_CAM: _grad_cam,
    Method.GRADIENT_SHAP: _gradient_shap,
    Method.OCCLUSION: _occlusion,
}
