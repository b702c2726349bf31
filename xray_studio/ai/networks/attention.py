"""Attention of many heads (Vaswani et al., "Attention Is All You Need", NeurIPS 2017)."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

Pair = tuple[Tensor, Tensor]  # keys and values, (count, heads, places, channels of a head)


class Attention(nn.Module):
    """What each place asks for is looked up among places that are told."""

    def __init__(self, width: int, heads: int, left_out: float) -> None:
        super().__init__()
        if heads < 1 or width < heads or width % heads:
            raise ValueError("heads")
        self.heads = heads
        self.asks, self.keys = nn.Linear(width, width), nn.Linear(width, width)
        self.values, self.out = nn.Linear(width, width), nn.Linear(width, width)
        self.left_out = nn.Dropout(left_out)

    def told(self, values: Tensor) -> Pair:
        """Return keys and values of places (count, places, width)."""
        return self._parted(self.keys(values)), self._parted(self.values(values))

    def forward(self, asking: Tensor, told: Pair, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Return what is found (count, asking, width), and how it looks: (count, asking, places).

        `hidden` marks places that are not seen, of a shape that spreads to (count, heads, asking,
        places). The look is the mean of all heads. Where one is told of, all may ask of it, a place
        each.
        """
        keys, values = told
        if len(keys) == 1 < len(asking):  # all ask of the same: as if one asked at many places
            found, look = self(asking.transpose(0, 1), told, hidden)
            return found.transpose(0, 1), look.transpose(0, 1)
        asks = self._parted(self.asks(asking))
        likeness = asks @ keys.transpose(2, 3) / keys.shape[3] ** 0.5
        look = torch.softmax(likeness.float().masked_fill(hidden, -torch.inf), dim=3)
        found = self.left_out(look.to(values.dtype)) @ values
        count, _, places, _ = found.shape
        whole = found.transpose(1, 2).reshape(count, places, -1)
        return cast("Tensor", self.out(whole)), look.mean(dim=1)

    def _parted(self, values: Tensor) -> Tensor:
        count, places, _ = values.shape
        return values.view(count, places, self.heads, -1).transpose(1, 2)
