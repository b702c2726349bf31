"""Weights in a byte each: matrices as whole numbers from -127 to 127 with a scale for each row.

Symmetric, row by row, as in Jacob et al., "Quantization and training of neural networks for
efficient integer-arithmetic-only inference", CVPR 2018, here for size alone: networks compute with
the numbers they stand for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import torch

from xray_studio.ai.weights import Weights

SCALE: Final = ".scale"  # behind the name of a matrix
_MOST: Final = 127.0


def small(weights: Mapping[str, torch.Tensor]) -> Weights:
    """Return weights by name with matrices in a byte for each number; the others as float16."""
    found: Weights = {}
    for name, one in weights.items():
        values = one.detach().float()
        if values.ndim != 2:
            found[name] = values.half()
            continue
        scale = values.abs().amax(dim=1).clamp_min(1e-12) / _MOST
        found[name] = torch.round(values / scale[:, None]).to(torch.int8)
        found[name + SCALE] = scale
    return found


def whole(weights: Mapping[str, torch.Tensor]) -> Weights:
    """Return weights by name in float32, small ones as what they stand for."""
    found: Weights = {}
    for name, one in weights.items():
        if one.dtype != torch.int8:
            if not (name.endswith(SCALE) and name.removesuffix(SCALE) in weights):
                found[name] = one.float()
            continue
        scale = weights.get(name + SCALE)
        if scale is None or scale.shape != one.shape[:1]:
            raise ValueError(name)
        found[name] = one.float() * scale[:, None]
    return found
