"""GradientShap: gradients at pictures on the way from blank ones, times how far they are apart.

Lundberg and Lee, "A Unified Approach to Interpreting Model Predictions", NeurIPS 2017; computed by
captum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
import torch
from torch import Tensor

from xray_studio.core.learning.heat import ROUNDS

_SAMPLES: Final = 4  # of a round
_BLANKS: Final = 9  # greys from black to white that blank pictures have
_NOISE: Final = 0.02  # of the range from black to white


def gradient_shap(
    told: Callable[[Tensor], Tensor], picture: Tensor, label: int, greys: tuple[float, float],
    number: int,
) -> Tensor:  # fmt: skip
    """Return the part of round `number`, the sum of all being the mean, as (rows, columns).

    `told` makes outputs, (count, labels), of pictures, (count, 1, rows, columns), of which
    `picture` is one; `greys` are black and white as the network is given them. The same number
    gives the same answer.
    """
    from captum.attr import GradientShap

    black, white = greys
    levels = torch.linspace(black, white, _BLANKS, device=picture.device)
    blanks = levels[:, None, None, None].expand(-1, *picture.shape[1:])
    with _seeded(number), torch.enable_grad():
        found = GradientShap(told).attribute(
            picture, blanks, n_samples=_SAMPLES, stdevs=_NOISE * (white - black), target=label
        )
    return found.detach()[0, 0] / ROUNDS


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Draw by chance that a seed alone decides; captum asks the generators of both libraries."""
    before = np.random.get_state()  # noqa: NPY002 - captum draws with it
    np.random.seed(seed)  # noqa: NPY002 - captum draws with it
    try:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            yield
    finally:
        np.random.set_state(before)  # noqa: NPY002 - captum draws with it
