"""What the encoder of a report network sees in films, changed by chance or as they are."""

from __future__ import annotations

import torch

from xray_studio.ai.reports.encoder import Encoder
from xray_studio.ai.training.seen import Looking


class Sight(Looking):
    """An encoder on a device."""

    def __init__(self, encoder: Encoder, sha256: str, device: str) -> None:
        super().__init__(f"{sha256}/grid", device)
        self.encoder = encoder.to(device)

    def looked(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return grids, (films, channels, rows, columns)."""
        return self.encoder.grids(pictures)
