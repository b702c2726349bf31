"""Occlusion: how far an answer falls when a square of the picture is covered.

Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014; computed by
captum, one row of squares after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor

from xray_studio.core.learning.heat import squares

_AT_ONCE: Final = 16


def occlusion(told: Callable[[Tensor], Tensor], picture: Tensor, label: int, number: int) -> Tensor:
    """Return the part of row `number` of squares, the sum of all being the mean, (rows, columns).

    `told` makes outputs, (count, labels), of pictures, (count, 1, rows, columns), of which
    `picture` is one. Squares are covered with the mean grey of the picture.
    """
    from captum.attr import Occlusion

    rows, columns = picture.shape[2:]
    first, end = squares(rows)[number]
    start, stop = squares(columns)[0]
    side = stop - start

    def pasted(band: Tensor) -> Tensor:
        whole = picture.expand(len(band), -1, -1, -1).clone()
        whole[:, :, first:end] = band
        return told(whole)

    with torch.inference_mode():
        fall = Occlusion(pasted).attribute(
            picture[:, :, first:end], (1, end - first, side), (1, 1, max(1, side // 2)),
            float(picture.mean()), label, perturbations_per_eval=_AT_ONCE,
        )  # fmt: skip
        heat = torch.zeros_like(picture[0, 0])
        heat[first:end] = fall[0, 0]
        return heat / _covering(rows, picture.device)[:, None]


def _covering(rows: int, device: torch.device) -> Tensor:
    """Return how many rows of squares cover each row."""
    often = torch.zeros(rows, device=device)
    for first, end in squares(rows):
        often[first:end] += 1.0
    return often
