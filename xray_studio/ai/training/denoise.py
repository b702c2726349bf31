"""Learning to find the noise in pictures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from xray_studio.ai.networks import build
from xray_studio.ai.training.task import Numbers

Plane = npt.NDArray[np.float32]
_LEAST: Final = 1e-3  # squared deviations of the noise: less is as good as nothing
ROUNDS: Final = 8  # examples of each source in one epoch


class Sources(Protocol):
    """Where examples come from."""

    def example(self, number: int, chance: np.random.Generator) -> tuple[Plane, Plane]:
        """Return a picture with noise of a deviation of 1 and without, float32 of one shape."""
        ...


class DenoiseTask:
    """Sources of examples by number, those to learn from, and whole pictures that steer.

    `steering` holds for each name pairs of pictures, (rows, columns), with noise and without.
    """

    def __init__(
        self,
        sources: Sources,
        learned: Numbers,
        steering: Mapping[str, Sequence[tuple[Plane, Plane]]],
        *,
        digest: str,
        network: Mapping[str, Any],
        seed: int,
    ) -> None:
        self.sources, self.learned, self.steering = sources, learned, steering
        torch.manual_seed(seed)
        # Convolutions on processors are faster with the channels of a pixel side by side.
        self.network: nn.Module = build(network).to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # PyTorch's stubs lack it
        told = hashlib.sha256(json.dumps([dict(network), digest, learned.tolist()]).encode())
        self._digest = told.hexdigest()

    @property
    def digest(self) -> str:
        """What tells these examples and this network from others."""
        return self._digest

    def order(self, chance: np.random.Generator) -> Numbers:
        """Return numbers of sources, each `ROUNDS` times, in an order drawn from chance."""
        return chance.permutation(np.repeat(self.learned, ROUNDS))

    def loss(self, numbers: Numbers, chance: torch.Generator) -> Tensor:
        """Return how large what is wrong with each picture is, as the logarithm of its square.

        So a plain picture, of which nearly nothing stays wrong, counts as much as one full of
        edges: the mean over pictures of the peak signal to noise is what grows.
        """
        seed = int(torch.randint(1 << 62, (1,), generator=chance))
        rng = np.random.default_rng(seed)
        pairs = [self.sources.example(int(number), rng) for number in numbers]
        given, wanted = (self._tensor(np.stack(side)) for side in zip(*pairs, strict=True))
        wrong = found_by(self.network, given).float() - (given - wanted)
        return torch.log(wrong.square().mean(dim=(1, 2, 3)) + _LEAST).mean()

    def judged(self, network: nn.Module) -> dict[str, float]:
        """Return the noise that is taken away of each kind of picture, in dB.

        "score" is their mean.
        """
        gains = {name: self._gain(network, pairs) for name, pairs in self.steering.items()}
        return {"score": float(np.mean(list(gains.values()))), **gains}

    def _gain(self, network: nn.Module, pairs: Sequence[tuple[Plane, Plane]]) -> float:
        gains = []
        with torch.no_grad():
            for given, wanted in pairs:
                noise = found_by(network, self._tensor(given[None]))[0, 0].float().cpu().numpy()
                before, after = (
                    np.mean((given - wanted) ** 2),
                    np.mean((given - noise - wanted) ** 2),
                )
                gains.append(10.0 * float(np.log10(before / after)))
        return float(np.mean(gains))

    def _tensor(self, pictures: Plane) -> Tensor:
        device = next(self.network.parameters()).device
        return torch.from_numpy(pictures).unsqueeze(1).to(device)


def found_by(network: nn.Module, pictures: Tensor) -> Tensor:
    """Return the noise of a deviation of 1 that a network finds in pictures (count, 1, ...)."""
    rows, columns = pictures.shape[-2:]
    noise = torch.ones(1, 1, rows // 2, columns // 2, device=pictures.device)
    made: Tensor = network(pictures, noise)
    return made
