"""EfficientNet-Lite: inverted residual blocks for grey pictures, without squeezing and norms.

Tan and Le, "EfficientNet", ICML 2019, in the form for small processors that Google published as
EfficientNet-Lite: blocks of Sandler et al., "MobileNetV2", CVPR 2018, with a clipped rectifier.
Batch normalisation as it was learned from photographs is a part of the convolutions here.
"""

from __future__ import annotations

from typing import Final, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

STEM: Final = 32  # channels
# The first five stages of EfficientNet-Lite0: how many times wider blocks are inside, channels,
# pixels of the filter, stride of the first block, blocks.
STAGES: Final = (
    (1, 16, 3, 1, 1),
    (6, 24, 3, 2, 2),
    (6, 40, 5, 2, 2),
    (6, 80, 3, 2, 3),
    (6, 112, 5, 1, 3),
)
BLOCKS: Final = sum(stage[-1] for stage in STAGES)


class Filter(nn.Module):
    """A convolution that keeps the size of even pictures, or halves it, with a bias.

    Halving, it pads as TensorFlow does, in which the weights were learned: below and right first.
    """

    def __init__(self, inner: int, outer: int, side: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__()
        self.inner = nn.Conv2d(inner, outer, side, stride, 0, groups=groups)
        more = side - stride
        self.padding = (more // 2, more - more // 2) * 2

    def forward(self, values: Tensor) -> Tensor:
        """(pictures, inner, rows, columns) to (pictures, outer, rows / stride, ...)."""
        made: Tensor = self.inner(functional.pad(values, self.padding))
        return made


class LiteBlock(nn.Module):
    """Wider, filtered channel by channel, and narrow again; beside it the input where it fits."""

    def __init__(self, inner: int, outer: int, side: int, stride: int, wider: int) -> None:
        super().__init__()
        middle = inner * wider
        self.widen = nn.Conv2d(inner, middle, 1) if wider > 1 else None
        self.filter = Filter(middle, middle, side, stride, groups=middle)
        self.narrow = nn.Conv2d(middle, outer, 1)
        self.beside = stride == 1 and inner == outer
        self.channels = outer

    def forward(self, values: Tensor) -> Tensor:
        """(pictures, inner, rows, columns) to (pictures, outer, rows / stride, ...)."""
        made = values if self.widen is None else functional.relu6(self.widen(values))
        made = cast("Tensor", self.narrow(functional.relu6(self.filter(made))))
        return made + values if self.beside else made


def lite_blocks() -> list[LiteBlock]:
    """Return the blocks of all stages, from the stem's channels on."""
    made, inner = list[LiteBlock](), STEM
    for wider, outer, side, stride, count in STAGES:
        for number in range(count):
            made.append(LiteBlock(inner, outer, side, stride if number == 0 else 1, wider))
            inner = outer
    return made


class LiteNet(nn.Module):
    """Grey pictures (count, 1, rows, columns) to the mean of each channel of the last block.

    `blocks` is how many of `STAGES` it has. Rows and columns are multiples of 16.
    """

    def __init__(self, blocks: int = BLOCKS) -> None:
        super().__init__()
        if not 1 <= blocks <= BLOCKS:
            raise ValueError("blocks")
        self.stem = Filter(1, STEM, 3, 2)
        self.blocks = nn.ModuleList(lite_blocks()[:blocks])

    def forward(self, pictures: Tensor) -> Tensor:
        """Return what the last block sees, its mean over the picture, (count, channels)."""
        return torch.mean(self.maps(pictures), dim=(2, 3))

    def maps(self, pictures: Tensor) -> Tensor:
        """Return what the last block sees, (count, channels, rows / 16, columns / 16)."""
        values = functional.relu6(self.stem(pictures.contiguous(memory_format=torch.channels_last)))
        for block in self.blocks:
            values = block(values)
        return values
