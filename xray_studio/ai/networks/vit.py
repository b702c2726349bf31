"""A vision transformer: a picture as a row of patches, each of which looks at all others.

Dosovitskiy et al., "An image is worth 16 x 16 words", ICLR 2021, with places told by sines and
cosines of both axes (He et al., "Masked autoencoders are scalable vision learners", CVPR 2022).
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional


class Attention(nn.Module):
    """Every token takes from all tokens what answers its question, in several heads."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.asked = nn.Linear(width, 3 * width)
        self.told = nn.Linear(width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        """(pictures, tokens, width) to the same."""
        questions, keys, values = self._parts(tokens)
        made = functional.scaled_dot_product_attention(questions, keys, values)
        return cast("Tensor", self.told(made.transpose(1, 2).reshape(tokens.shape)))

    def weights(self, tokens: Tensor) -> Tensor:
        """Return how much each token takes from each, (pictures, heads, tokens, tokens).

        Each row is at least 0 and has a sum of 1.
        """
        questions, keys, _ = self._parts(tokens)
        scale: float = questions.shape[-1] ** -0.5
        return torch.softmax(questions @ keys.transpose(-2, -1) * scale, dim=-1)

    def _parts(self, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        count, length, width = tokens.shape
        parts = self.asked(tokens).view(count, length, 3, self.heads, width // self.heads)
        questions, keys, values = parts.permute(2, 0, 3, 1, 4)
        return questions, keys, values


class Block(nn.Module):
    """Attention and a layer for each token alone, around which the tokens go on their own."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.alone = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, tokens: Tensor) -> Tensor:
        """(pictures, tokens, width) to the same."""
        tokens = tokens + self.attention(self.before(tokens))
        return tokens + cast("Tensor", self.alone(self.between(tokens)))

    def weights(self, tokens: Tensor) -> Tensor:
        """Return how much each token takes from each, (pictures, heads, tokens, tokens)."""
        return self.attention.weights(self.before(tokens))


class Vit(nn.Module):
    """Pictures (count, 1, size, size) to tokens (count, 1 + patches, width).

    `patch` is the side of a patch in pixels, `depth` the number of blocks. The first token is that
    of the class, which is of no place; the others are the patches, row by row.
    """

    places: Tensor

    def __init__(self, size: int, patch: int, width: int, depth: int, heads: int) -> None:
        super().__init__()
        _check(size, patch, width, depth, heads)
        self.patch, self.side = patch, size // patch
        self.first = nn.Linear(patch * patch, width)
        self.whole = nn.Parameter(torch.zeros(1, 1, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.last = nn.LayerNorm(width)
        self.register_buffer("places", places(self.side, width), persistent=False)
        begin(self)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the tokens of all patches."""
        return self.seen(self.begun(pictures))

    def begun(self, pictures: Tensor) -> Tensor:
        """Return patches as tokens with their places, before any block, without that of the class.

        (count, patches, width).
        """
        return cast("Tensor", self.first(patches(pictures, self.patch))) + self.places

    def seen(self, tokens: Tensor) -> Tensor:
        """Return what the blocks make of some patches, with the token of the class before them."""
        tokens = self._with_whole(tokens)
        for block in self.blocks:
            tokens = block(tokens)
        return cast("Tensor", self.last(tokens))

    def attentions(self, pictures: Tensor) -> Tensor:
        """Return how much each token takes from each, (depth, count, heads, tokens, tokens)."""
        tokens, found = self._with_whole(self.begun(pictures)), []
        for block in self.blocks:
            found.append(cast("Block", block).weights(tokens))
            tokens = block(tokens)
        return torch.stack(found)

    def _with_whole(self, tokens: Tensor) -> Tensor:
        return torch.cat([self.whole.expand(len(tokens), -1, -1), tokens], dim=1)


def patches(pictures: Tensor, patch: int) -> Tensor:
    """Return pictures (count, 1, rows, columns) cut up, (count, patches, patch x patch)."""
    count, _, rows, columns = pictures.shape
    cut = pictures.reshape(count, rows // patch, patch, columns // patch, patch)
    return cut.transpose(2, 3).reshape(count, -1, patch * patch)


def places(side: int, width: int) -> Tensor:
    """Return sines and cosines that tell places from one another, (1, side x side, width)."""
    quarter = width // 4
    rates = torch.exp(-torch.arange(quarter) / quarter * torch.log(torch.tensor(10_000.0)))
    angles = torch.arange(side, dtype=torch.float32)[:, None] * rates
    axis = torch.cat([angles.sin(), angles.cos()], dim=1)
    rows, columns = axis[:, None].expand(-1, side, -1), axis[None].expand(side, -1, -1)
    return torch.cat([rows, columns], dim=2).reshape(1, side * side, width)


def begin(network: nn.Module) -> None:
    """Draw the weights with which a transformer begins: linear layers as Glorot and Bengio do."""
    for module in network.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
    for name, parameter in network.named_parameters(recurse=False):
        if parameter.ndim == 3:  # tokens of their own
            nn.init.normal_(network.get_parameter(name), std=0.02)


def _check(size: int, patch: int, width: int, depth: int, heads: int) -> None:
    sized = 2 <= patch <= size <= 1024 and size % patch == 0 and size // patch <= 64
    shaped = 4 <= width <= 1024 and width % 4 == 0 and 1 <= heads <= width and width % heads == 0
    if not (sized and shaped and 1 <= depth <= 24):
        raise ValueError("size, patch, width, depth or heads")
