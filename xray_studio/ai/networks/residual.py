"""A residual network for grey pictures, as slim as wanted.

He et al., "Deep Residual Learning for Image Recognition", CVPR 2016: ResNet-18 with one channel in
and `width` channels in its first stage, where the paper has 64. The stem keeps more of small
pictures: a convolution of 5 x 5 with stride 2, without pooling after it unless `pooled`.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional


class Block(nn.Module):
    """Two convolutions of 3 x 3 around which the input goes on its own."""

    def __init__(self, inner: int, outer: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outer)
        self.second = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outer)
        self.aside: nn.Module = nn.Identity()
        if stride != 1 or inner != outer:
            aside = nn.Conv2d(inner, outer, 1, stride, bias=False)
            self.aside = nn.Sequential(aside, nn.BatchNorm2d(outer))

    def forward(self, values: Tensor) -> Tensor:
        """(pictures, inner, rows, columns) to (pictures, outer, rows / stride, ...)."""
        made = functional.relu(self.first_norm(self.first(values)))
        made = self.second_norm(self.second(made))
        return functional.relu(made + cast("Tensor", self.aside(values)))


class ResidualNet(nn.Module):
    """Pictures (count, 1, rows, columns) to one number for each of `outputs` labels."""

    def __init__(self, outputs: int, width: int = 16, *, pooled: bool = False) -> None:
        super().__init__()
        if not 1 <= outputs <= 1000 or not 1 <= width <= 512:
            raise ValueError("outputs or width")
        self.stem = nn.Conv2d(1, width, 5, 2, 2, bias=False)
        self.stem_norm = nn.BatchNorm2d(width)
        self.pool = nn.MaxPool2d(3, 2, 1) if pooled else nn.Identity()
        stages, inner = [], width
        for number in range(4):
            outer, stride = width << number, 1 if number == 0 else 2
            stages += [Block(inner, outer, stride), Block(outer, outer, 1)]
            inner = outer
        self.stages = nn.Sequential(*stages)
        self.head = nn.Linear(inner, outputs)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return (count, outputs), numbers that a sigmoid or softmax makes probabilities."""
        return cast("Tensor", self.head(self.pooled(pictures)))

    def pooled(self, pictures: Tensor) -> Tensor:
        """Return what the last stage sees, its mean over the picture, (count, channels)."""
        return torch.mean(self.maps(pictures), dim=(2, 3))

    def maps(self, pictures: Tensor) -> Tensor:
        """Return what the last stage sees, (count, channels, rows, columns)."""
        made = functional.relu(self.stem_norm(self.stem(pictures)))
        return cast("Tensor", self.stages(self.pool(made)))
