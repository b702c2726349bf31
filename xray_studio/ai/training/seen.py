"""What the trunk of a network sees in films, changed by chance or as they are.

A trunk that does not learn sees the same in each epoch, so it looks once at some versions of each
film, and what learns begins with what it saw.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from xray_studio.ai.networks.lite import LiteNet
from xray_studio.ai.training.augment import Augment, augmented
from xray_studio.ai.weights import Weights, read_weights
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.core.learning.model import WEIGHTS

AUGMENT: Final = Augment(turn=4.0, scale=0.08, shift=0.04, gamma=0.15, noise=0.0, flip=0.0)
_BLOCKS: Final = "blocks."

Seen = npt.NDArray[np.float16]


class Looking(ABC):
    """A network that does not learn, and what it sees in films; `sha256` tells it from others."""

    def __init__(self, sha256: str, device: str) -> None:
        self.sha256, self.device = sha256, device

    @abstractmethod
    def looked(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return what it sees in pictures, (films, 1, rows, columns), float32, on its device."""

    def shape(self, spec: InputSpec) -> tuple[int, int, int]:
        """Return channels, rows and columns of what it sees in one film."""
        return self.seen(np.zeros((1, spec.rows, spec.columns), np.uint8), spec).shape[1:]

    @staticmethod
    def chance(seed: int) -> torch.Generator:
        """Return the chance by which films are changed."""
        return torch.Generator().manual_seed(seed)

    def seen(self, films: Squashed, spec: InputSpec, chance: torch.Generator | None = None) -> Seen:
        """Return what it sees, (films, channels, rows, columns); with `chance` changed by it."""
        given = torch.from_numpy(np.array(films))
        if chance is not None:
            given = augmented(given, AUGMENT, chance)
        pictures = torch.from_numpy(spec.normalised(given.numpy())).unsqueeze(1)
        with torch.inference_mode():
            seen = self.looked(pictures.to(self.device))
        return np.asarray(seen.half().cpu().numpy(), np.float16)


class Trunk(Looking):
    """The first `kept` blocks of a published network, and what the others begin with.

    `folder` is that of the published model, `sha256` the hash of its weights. Raises StudioError
    where they are not there or others.
    """

    def __init__(self, folder: Path, sha256: str, kept: int, device: str) -> None:
        super().__init__(sha256, device)
        whole = {name: one.float() for name, one in read_weights(folder / WEIGHTS, sha256).items()}
        self.weights = {n: one for n, one in whole.items() if _place(n) < kept}
        self.after: Weights = {
            f"{_BLOCKS}{_place(name) - kept}.{name.split('.', 2)[2]}": one
            for name, one in whole.items()
            if _place(name) >= kept
        }
        self.network = LiteNet(kept)
        self.network.load_state_dict(self.weights)
        self.network.eval().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # PyTorch's stub lacks it

    def looked(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return maps, (films, channels, rows / 16, columns / 16)."""
        return self.network.maps(pictures)


def _place(name: str) -> int:
    """Return the number of the block that a weight belongs to, -1 for the stem."""
    return int(name.split(".")[1]) if name.startswith(_BLOCKS) else -1
