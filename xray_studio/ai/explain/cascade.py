"""Networks whose weights are thrown away from the answer inwards, to see whether maps notice.

Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018: a map that stays the same when what
was learned is replaced by chance shows the picture, not the network.
"""

from __future__ import annotations

import copy
from typing import Final

import torch
from torch import nn

from xray_studio.ai.networks.views import ViewsNet

STEPS: Final = ("head", "last block", "all that learned", "everything")


def randomised(network: ViewsNet, steps: int, seed: int) -> ViewsNet:
    """Return a copy of a network of which the first `steps` of `STEPS` are drawn by chance.

    The same seed draws the same weights.
    """
    other = copy.deepcopy(network)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for part in [one for step in _parts(other)[:steps] for one in step]:
            for module in part.modules():
                draw = getattr(module, "reset_parameters", None)
                if callable(draw):
                    draw()
    return other


def _parts(network: ViewsNet) -> list[list[nn.Module]]:
    """Return what each of `STEPS` throws away beyond those before it."""
    end = network.end
    return [[end.heads], [end.blocks[-1]], [*end.blocks][:-1], [network.trunk]]
