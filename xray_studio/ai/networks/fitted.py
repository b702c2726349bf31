"""Networks with weights that somebody else may have made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import nn

from xray_studio.ai.networks.build import build

_COUNTED: Final = "num_batches_tracked"


def fitted(network: Mapping[str, Any], weights: Mapping[str, torch.Tensor]) -> nn.Module:
    """Return a network with its weights.

    Raises ValueError where they are those of another one, before any memory is taken: what
    `network` asks for may be larger than any machine. The steps that normalisation counts may be
    lacking, since nothing needs them afterwards. Raises UnsupportedError as `build` does.
    """
    with torch.device("meta"):
        wanted = build(network).state_dict()
    shapes = {name: one.shape for name, one in wanted.items()}
    told = {name: one.shape for name, one in weights.items()}
    counted = {name: shape for name, shape in shapes.items() if name.endswith(_COUNTED)}
    if counted | told != shapes:
        raise ValueError("weights")
    made = build(network)
    made.load_state_dict(weights, strict=False)
    return made
