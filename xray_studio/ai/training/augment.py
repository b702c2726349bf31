"""Pictures changed by chance as if taken anew: turned, shifted, brighter, noisier."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Augment:
    """How far pictures are changed at most.

    `turn` is in degrees, `scale`, `shift` and `noise` are shares of the picture, its sides and its
    range, `gamma` is that of the logarithm of gamma; `flip` and `invert` are how often left and
    right, black and white change places.
    """

    turn: float = 8.0
    scale: float = 0.12
    shift: float = 0.06
    gamma: float = 0.35
    noise: float = 0.03
    flip: float = 0.5
    invert: float = 0.0


def augmented(pictures: Tensor, how: Augment, chance: torch.Generator) -> Tensor:
    """Return pictures, uint8 (count, rows, columns), each changed in its own way; new ones."""
    values = pictures.float().div_(255.0).unsqueeze(1)
    values = _moved(values, how, chance)
    count = len(values)
    powers = torch.exp(how.gamma * _between(count, chance)).view(-1, 1, 1, 1)
    values = values.clamp_(0.0, 1.0).pow_(powers)
    if how.noise:
        strength = how.noise * torch.rand(count, 1, 1, 1, generator=chance)
        values += strength * torch.randn(values.shape, generator=chance)
    turned_round = torch.rand(count, 1, 1, 1, generator=chance) < how.invert
    values = torch.where(turned_round, 1.0 - values, values)
    return values.clamp_(0.0, 1.0).mul_(255.0).round_().to(torch.uint8).squeeze(1)


def _moved(values: Tensor, how: Augment, chance: torch.Generator) -> Tensor:
    count = len(values)
    angle = math.radians(how.turn) * _between(count, chance)
    scale = 1.0 + how.scale * _between(count, chance)
    mirror = 1.0 - 2.0 * (torch.rand(count, generator=chance) < how.flip).float()
    shift = 2.0 * how.shift * _between(2 * count, chance).view(count, 2)
    cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
    first = torch.stack([cosine * mirror, -sine, shift[:, 0]], dim=1)
    second = torch.stack([sine * mirror, cosine, shift[:, 1]], dim=1)
    grid = functional.affine_grid(
        torch.stack([first, second], dim=1), list(values.shape), align_corners=False
    )
    return functional.grid_sample(values, grid, align_corners=False)


def _between(count: int, chance: torch.Generator) -> Tensor:
    """Return numbers between -1 and 1."""
    return 2.0 * torch.rand(count, generator=chance) - 1.0
