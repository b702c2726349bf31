"""A network for frontal and lateral films: a trunk that learned from photographs, and an end.

The trunk is the first part of EfficientNet-Lite0 and stays as it is, so that networks of one model
share it; the end begins as the next blocks of it and learns what films show (Yosinski et al., "How
transferable are features in deep neural networks?", NeurIPS 2014). Both views share the end but for
the last layer.
"""

from __future__ import annotations

from typing import Final, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from xray_studio.ai.networks.lite import BLOCKS, LiteNet, lite_blocks

FRONTAL, LATERAL = 0, 1
VIEWS = 2
_STEP: Final = 16  # pixels of which the last block sees one value


class ViewsEnd(nn.Module):
    """What a trunk of `kept` blocks sees to one number for each of `outputs` labels."""

    def __init__(self, outputs: int, kept: int) -> None:
        super().__init__()
        if not 1 <= outputs <= 1000 or not 1 <= kept < BLOCKS:
            raise ValueError("outputs or kept")
        blocks = lite_blocks()[kept:]
        self.blocks = nn.ModuleList(blocks)
        self.heads = nn.ModuleList(nn.Linear(blocks[-1].channels, outputs) for _ in range(VIEWS))

    def forward(self, seen: Tensor, view: int) -> Tensor:
        """Return (count, outputs), numbers that a sigmoid makes probabilities."""
        return self.outputs(self.pooled(self.maps(seen)), view)

    def maps(self, seen: Tensor) -> Tensor:
        """Return what the last block sees, (count, channels, rows, columns)."""
        for block in self.blocks:
            seen = block(seen)
        return seen

    def pooled(self, maps: Tensor) -> Tensor:
        """Return the mean of each channel, (count, channels)."""
        return torch.mean(maps, dim=(2, 3))

    def outputs(self, pooled: Tensor, view: int) -> Tensor:
        """Return what the head of a view says of `pooled`, (count, outputs)."""
        return cast("Tensor", self.heads[view](pooled))


class ViewsNet(nn.Module):
    """Pictures (count, 1, rows, columns) of one view to one number for each of `outputs` labels.

    `size` is the side in pixels at which films are looked at, whatever size they have; `kept` is
    how many blocks the trunk has.
    """

    def __init__(self, outputs: int, size: int = 224, kept: int = 8) -> None:
        super().__init__()
        if size < _STEP or size % _STEP:
            raise ValueError("size")
        self.size = size
        self.trunk = LiteNet(kept)
        self.end = ViewsEnd(outputs, kept)
        # Convolutions on processors are faster with the channels of a pixel side by side.
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # PyTorch's stub lacks it

    def forward(self, pictures: Tensor, view: int = FRONTAL) -> Tensor:
        """Return (count, outputs), numbers that a sigmoid makes probabilities."""
        return cast("Tensor", self.end(self.seen(pictures), view))

    def seen(self, pictures: Tensor) -> Tensor:
        """Return what the trunk sees, (count, channels, rows, columns)."""
        return self.trunk.maps(self.resized(pictures))

    def resized(self, pictures: Tensor) -> Tensor:
        """Return pictures at the size at which the network looks at them."""
        if pictures.shape[-2:] == (self.size, self.size):
            return pictures
        return functional.interpolate(
            pictures, (self.size, self.size), mode="bilinear", antialias=True, align_corners=False
        )
