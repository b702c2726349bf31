"""What the encoder of a report network sees in films, changed by chance or as they are."""

from __future__ import annotations

import numpy as np
import torch

from xray_studio.ai.reports.encoder import Encoder
from xray_studio.ai.training.augment import augmented
from xray_studio.ai.training.seen import AUGMENT, Seen
from xray_studio.core.learning.input_spec import InputSpec, Squashed


class Sight:
    """An encoder on a device; `sha256` tells it from others."""

    def __init__(self, encoder: Encoder, sha256: str, device: str) -> None:
        self.encoder, self.sha256, self.device = encoder.to(device), f"{sha256}/grid", device

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
            seen = self.encoder.grids(pictures.to(self.device))
        return np.asarray(seen.half().cpu().numpy(), np.float16)
