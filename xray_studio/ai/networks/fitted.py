"""Networks with weights that somebody else may have made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from xray_studio.ai.networks.build import build


def fitted(network: Mapping[str, Any], weights: Mapping[str, torch.Tensor]) -> nn.Module:
    """Return a network with its weights.

    Raises ValueError where they are those of another one, before any memory is taken: what
    `network` asks for may be larger than any machine. Raises UnsupportedError as `build` does.
    """
    with torch.device("meta"):
        wanted = build(network).state_dict()
    if {n: one.shape for n, one in wanted.items()} != {n: one.shape for n, one in weights.items()}:
        raise ValueError("weights")
    made = build(network)
    made.load_state_dict(weights)
    return made
