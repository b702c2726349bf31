"""A network that finds the noise in a picture: a U-Net in pixel-unshuffled space, without biases.

Ronneberger et al., "U-Net", MICCAI 2015, on pixels put aside by twos and with a map of the noise
beside the picture (Zhang et al., "FFDNet", IEEE Transactions on Image Processing 27(9), 2018). No
layer adds anything of its own (Mohan et al., "Robust and interpretable blind image denoising via
bias-free convolutional neural networks", ICLR 2020): a picture and a map times a number give the
noise times that number. The map says from which strength on the first layer answers, and what that
layer answers to nothing is taken off again: where nothing is, no noise is found.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

FOLD = 2  # pixels that are put aside along each side
_SHARES = {"last": 0.1, "two": 0.3}  # of weights as they usually begin


class Block(nn.Module):
    """Two convolutions of 3 x 3 around which the input goes on its own."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.one = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.two = nn.Conv2d(width, width, 3, 1, 1, bias=False)

    def forward(self, values: Tensor) -> Tensor:
        """(pictures, width, rows, columns) to the same."""
        made = self.two(functional.relu(self.one(values)))
        return functional.relu(made + values)


class NoiseNet(nn.Module):
    """Pictures (count, 1, rows, columns) with an even mean to the noise in them, of that shape.

    `widths` are the channels of each scale, `depths` the blocks at each; rows and columns are
    multiples of `FOLD` times two for each scale but the first.
    """

    def __init__(self, widths: list[int], depths: list[int]) -> None:
        super().__init__()
        sized = 2 <= len(widths) == len(depths) <= 5
        if not (sized and all(1 <= w <= 512 for w in widths) and all(0 < d < 9 for d in depths)):
            raise ValueError("widths or depths")
        pairs, scales = list(pairwise(widths)), list(zip(widths, depths, strict=True))
        self.first = nn.Conv2d(FOLD**2, widths[0], 3, 1, 1, bias=False)
        self.least = nn.Conv2d(1, widths[0], 1, bias=False)
        self.inward = nn.ModuleList([_blocks(*one) for one in scales])
        self.down = nn.ModuleList([nn.Conv2d(a, b, 2, 2, bias=False) for a, b in pairs])
        self.up = nn.ModuleList([nn.ConvTranspose2d(b, a, 2, 2, bias=False) for a, b in pairs])
        self.outward = nn.ModuleList([_blocks(*one) for one in scales[:-1]])
        self.last = nn.Conv2d(widths[0], FOLD**2, 3, 1, 1, bias=False)
        self._begin()

    def _begin(self) -> None:
        """Begin near no noise at all, with blocks that change little."""
        for name, weight in self.named_parameters():
            nn.init.kaiming_normal_(weight, nonlinearity="relu")
            with torch.no_grad():
                weight.mul_(_SHARES.get(name.split(".")[-2], 1.0))

    def forward(self, pictures: Tensor, noise: Tensor) -> Tensor:
        """Return the noise in pictures; `noise` is its deviation, (1, 1, rows / 2, ...) or one."""
        least = self.least(noise)
        made = self.first(functional.pixel_unshuffle(pictures, FOLD))
        made = functional.relu(made + least) - functional.relu(least)
        kept = []
        for inward, down in zip(self.inward, self.down, strict=False):
            made = inward(made)
            kept.append(made)
            made = down(made)
        made = self.inward[-1](made)
        for place in reversed(range(len(self.up))):
            made = self.outward[place](self.up[place](made) + kept[place])
        return functional.pixel_shuffle(self.last(made), FOLD)


def _blocks(width: int, depth: int) -> nn.Sequential:
    return nn.Sequential(*(Block(width) for _ in range(depth)))
