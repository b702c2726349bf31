"""Grad-CAM: the maps of the last stage, weighted by how much each raises the answer.

Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization", ICCV 2017.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional


def grad_cam(
    network: Callable[[Tensor], Tensor], stage: nn.Module, pictures: Tensor, label: int
) -> Tensor:
    """Return what raises output `label` of `network`, (count, rows, columns) of `pictures`.

    `pictures` are (count, 1, rows, columns), `stage` the part of the network whose maps, (count,
    channels, ...), are weighted. Values are 0 and above, in the unit of the output times that of
    the maps.
    """
    kept: list[Tensor] = []
    handle = stage.register_forward_hook(lambda _stage, _given, made: kept.append(made))
    try:
        with torch.enable_grad():
            raised = network(pictures)[:, label].sum()
            (slope,) = torch.autograd.grad(raised, kept[0])
    finally:
        handle.remove()
    weights = slope.mean(dim=(2, 3), keepdim=True)
    heat = functional.relu((weights * kept[0]).sum(1, keepdim=True)).detach()
    size = pictures.shape[2:]
    return functional.interpolate(heat, size, mode="bilinear", align_corners=False)[:, 0]
