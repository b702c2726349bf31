"""A residual network for frontal and lateral films: one trunk, norms and a head for each view.

He et al., "Deep Residual Learning for Image Recognition", CVPR 2016, with the shortcut of
He et al., "Bag of Tricks", CVPR 2019 (mean before the convolution of 1 x 1). Views share what
they show but not how bright or how often, so each has norms of its own (Chang et al.,
"Domain-Specific Batch Normalization", CVPR 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

FRONTAL, LATERAL = 0, 1
VIEWS = 2
_LEAST = 8  # pixels a side


class ViewNorm(nn.Module):
    """Batch normalisation with statistics, scale and shift of each view."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.views = nn.ModuleList(nn.BatchNorm2d(channels) for _ in range(VIEWS))

    def forward(self, values: Tensor, view: int) -> Tensor:
        """Return values, of pictures of one view, normalised."""
        return cast("Tensor", self.views[view](values))


class ViewBlock(nn.Module):
    """Two convolutions of 3 x 3 around which the input goes on its own."""

    def __init__(self, inner: int, outer: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.first = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.first_norm = ViewNorm(outer)
        self.second = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.second_norm = ViewNorm(outer)
        changes = stride != 1 or inner != outer
        self.aside = nn.Conv2d(inner, outer, 1, bias=False) if changes else None
        self.aside_norm = ViewNorm(outer) if changes else None

    def forward(self, values: Tensor, view: int) -> Tensor:
        """(pictures, inner, rows, columns) to (pictures, outer, rows / stride, ...)."""
        made = functional.relu(self.first_norm(self.first(values), view), inplace=True)
        made = self.second_norm(self.second(made), view)
        return functional.relu(made + self._aside(values, view), inplace=True)

    def _aside(self, values: Tensor, view: int) -> Tensor:
        if self.aside is None or self.aside_norm is None:
            return values
        if self.stride != 1:
            values = functional.avg_pool2d(values, self.stride, ceil_mode=True)
        return cast("Tensor", self.aside_norm(self.aside(values), view))


class ViewsNet(nn.Module):
    """Pictures (count, 1, rows, columns) of one view to one number for each of `outputs` labels.

    `widths` are the channels of the stages, `depths` how many blocks each has, two
    where nothing is told. `sizes` are
    the sides in pixels at which frontal and lateral films are looked at, whatever size they have.
    """

    def __init__(
        self,
        outputs: int,
        widths: Sequence[int] = (16, 32, 64, 128),
        sizes: Sequence[int] = (192, 128),
        depths: Sequence[int] = (),
    ) -> None:
        super().__init__()
        if not 1 <= outputs <= 1000 or not all(1 <= width <= 512 for width in widths):
            raise ValueError("outputs or widths")
        if not widths or len(sizes) != VIEWS or min(sizes) < _LEAST:
            raise ValueError("widths or sizes")
        self.sizes = tuple(sizes)
        self.stem = nn.Conv2d(1, widths[0], 5, 2, 2, bias=False)
        self.stem_norm = ViewNorm(widths[0])
        self.depths = tuple(depths) or (2,) * len(widths)
        blocks, inner = [], widths[0]
        for number, (outer, depth) in enumerate(zip(widths, self.depths, strict=True)):
            blocks += [ViewBlock(inner, outer, 2 if number else 1)]
            blocks += [ViewBlock(outer, outer, 1) for _ in range(depth - 1)]
            inner = outer
        self.blocks = nn.ModuleList(blocks)
        self.heads = nn.ModuleList(nn.Linear(inner, outputs) for _ in range(VIEWS))
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # PyTorch's stub lacks it

    def forward(self, pictures: Tensor, view: int = FRONTAL) -> Tensor:
        """Return (count, outputs), numbers that a sigmoid makes probabilities."""
        return self.outputs(self.pooled(self.maps(self.resized(pictures, view), view)), view)

    def resized(self, pictures: Tensor, view: int) -> Tensor:
        """Return pictures at the size at which the network looks at a view."""
        side = self.sizes[view]
        if pictures.shape[-2:] == (side, side):
            return pictures
        return functional.interpolate(
            pictures, (side, side), mode="bilinear", antialias=True, align_corners=False
        )

    def maps(self, pictures: Tensor, view: int) -> Tensor:
        """Return what the last stage sees, (count, channels, rows, columns)."""
        values = self.stem(pictures.contiguous(memory_format=torch.channels_last))
        values = functional.relu(self.stem_norm(values, view), inplace=True)
        values = functional.max_pool2d(values, 3, 2, 1)
        for block in self.blocks:
            values = block(values, view)
        return cast("Tensor", values)

    def pooled(self, maps: Tensor) -> Tensor:
        """Return the mean of each channel, (count, channels)."""
        return torch.mean(maps, dim=(2, 3))

    def outputs(self, pooled: Tensor, view: int) -> Tensor:
        """Return what the head of a view says of `pooled`, (count, outputs)."""
        return cast("Tensor", self.heads[view](pooled))
