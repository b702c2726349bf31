"""How far a film of the chest is from normal ones, in four ways, each as a map.

What is left over of a published network's maps once normal films have explained what they can, of
the whole film and of the lungs; the same of the patches of a vision transformer; and a small
network that has learned to find lesions drawn into normal films.
"""

from __future__ import annotations

from typing import Final, cast

import torch
from torch import Tensor, nn

CHANNELS: Final = ("form", "texture", "patches", "density")
HEAD_SIDE: Final = 14  # places a side of what the small network is given and says
_HIGHEST: Final = 10  # places whose mean is what a film is told by


class Left(nn.Module):
    """What is left over of rows of numbers: maps of `channels` by `side` x `side` places."""

    middle: Tensor
    spread: Tensor
    basis: Tensor
    usual: Tensor
    usual_spread: Tensor

    def __init__(self, channels: int, side: int, parts: int) -> None:
        super().__init__()
        if not (1 <= channels <= 4096 and 1 <= side <= 64 and 1 <= parts <= 4096):
            raise ValueError("channels, side or parts")
        numbers = channels * side * side
        self.channels, self.side = channels, side
        self.register_buffer("middle", torch.zeros(numbers))
        self.register_buffer("spread", torch.ones(numbers))
        self.register_buffer("basis", torch.zeros(numbers, parts))
        self.register_buffer("usual", torch.zeros(side, side))
        self.register_buffer("usual_spread", torch.ones(side, side))

    def forward(self, maps: Tensor) -> Tensor:
        """Return spreads above what normal films leave over, (films, side, side)."""
        return (self.raw(maps) - self.usual) / self.usual_spread

    def raw(self, maps: Tensor) -> Tensor:
        """Return the mean square that is left over at each place, (films, side, side)."""
        known = (maps.flatten(1) - self.middle) / self.spread
        left = (known - (known @ self.basis) @ self.basis.T).square()
        return left.view(len(maps), self.channels, self.side, self.side).mean(dim=1)


class LesionHead(nn.Module):
    """Finds drawn lesions in maps of a network, (films, channels, 14, 14), seen both ways round.

    Each place is told by itself, by its mirror image, by the whole film and by where it lies, and
    then by its neighbours.
    """

    middle: Tensor
    spread: Tensor

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        if not (1 <= channels <= 4096 and 1 <= width <= 1024):
            raise ValueError("channels or width")
        self.register_buffer("middle", torch.zeros(channels, 1, 1))
        self.register_buffer("spread", torch.ones(channels, 1, 1))
        self.here = nn.Conv2d(channels, width, 1)
        self.mirrored = nn.Conv2d(channels, width, 1, bias=False)
        self.whole = nn.Linear(channels, width, bias=False)
        self.places = nn.Parameter(torch.zeros(1, width, HEAD_SIDE, HEAD_SIDE))
        self.around = nn.Conv2d(width, width, 3, padding=1)
        self.told = nn.Conv2d(width, 1, 1)
        self.lost = nn.Dropout(0.2)

    def forward(self, maps: Tensor) -> Tensor:
        """Return log-odds of a lesion, (films, 14, 14)."""
        seen = self.lost((maps - self.middle) / self.spread)
        whole = self.whole(seen.mean(dim=(2, 3)))[:, :, None, None]
        first = torch.relu(self.here(seen) + self.mirrored(seen.flip(-1)) + whole + self.places)
        second = torch.relu(self.around(self.lost(first)))
        return cast("Tensor", self.told(second))[:, 0]


class AtypicalNet(nn.Module):
    """Four maps of a film, in spreads above what is usual at each place of normal films.

    `form` is told by the last of the maps of the whole film, `texture` by two maps of the frame of
    the lungs, `patches` by tokens, `density` by the head. `parts` are those of each subspace.
    """

    head_usual: Tensor
    head_usual_spread: Tensor
    lungs: Tensor

    def __init__(
        self, form: int, texture: list[int], tokens: int, grid: int, *, side: int, parts: int,
        head: int, width: int,
    ) -> None:  # fmt: skip
        super().__init__()
        self.form = Left(form, side, parts)
        self.texture = nn.ModuleList(Left(channels, side, parts) for channels in texture)
        self.patches = Left(tokens, grid, parts)
        self.head = LesionHead(head, width)
        self.register_buffer("head_usual", torch.zeros(HEAD_SIDE, HEAD_SIDE))
        self.register_buffer("head_usual_spread", torch.ones(HEAD_SIDE, HEAD_SIDE))
        self.register_buffer("lungs", torch.ones(side, side))

    def forward(
        self, form: Tensor, texture: list[Tensor], tokens: Tensor, head: Tensor
    ) -> tuple[list[Tensor], Tensor]:
        """Return the maps of CHANNELS, (films, rows, columns) each, and (films, channels).

        The latter tell of whole films: means over what is not at the edge, of texture over where
        lungs mostly are, of density the mean of the highest chances.
        """
        maps = [
            self.form(form),
            torch.stack([left(one) for left, one in zip(self.texture, texture, strict=True)]).mean(
                dim=0
            ),
            self.patches(tokens),
        ]
        odds = self.head(head)
        maps.append((odds - self.head_usual) / self.head_usual_spread)
        highest = torch.sigmoid(odds).flatten(1).topk(_HIGHEST, dim=1).values.mean(dim=1)
        weighted = (maps[1] * self.lungs).sum(dim=(1, 2)) / self.lungs.sum()
        whole = [maps[0][:, 1:-1, 1:-1].mean(dim=(1, 2)), weighted]
        whole += [maps[2][:, 1:-1, 1:-1].mean(dim=(1, 2)), highest]
        return maps, torch.stack(whole, dim=1)
