"""Putting the network of the detector `default` together from what normal films tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from xray_studio.ai.networks.atypical import AtypicalNet
from xray_studio.ai.small_weights import small
from xray_studio.ai.weights import Weights, weights_of
from xray_studio.core.anomaly.seen import Given, Told, Values


def assembled(
    network: Mapping[str, Any], arrays: Mapping[str, Values], head: Weights, held: Given
) -> AtypicalNet:
    """Return the network of subspaces by name and of a head that has learned.

    What the head usually says of each place is told by normal films that were held out.
    """
    net = AtypicalNet(**{name: one for name, one in network.items() if name != "kind"})
    whole = weights_of(arrays) | {f"head.{name}": one for name, one in head.items()}
    net.load_state_dict(whole, strict=False)
    net.eval()
    with torch.inference_mode():
        odds = net.head(torch.from_numpy(held.head))
    usual = {"head_usual": odds.mean(dim=0), "head_usual_spread": odds.std(dim=0).clamp_min(1e-3)}
    net.load_state_dict(usual, strict=False)
    return net


def said(net: AtypicalNet, given: Given) -> Told:
    """Return what the network says of films."""
    texture = [torch.from_numpy(one) for one in given.texture]
    form, tokens, head = (torch.from_numpy(one) for one in (given.form, given.tokens, given.head))
    with torch.inference_mode():
        maps, films = net(form, texture, tokens, head)
    return Told(tuple(np.asarray(one.numpy()) for one in maps), np.asarray(films.numpy()))


def small_weights(net: AtypicalNet) -> Weights:
    """Return its weights as they are kept."""
    return small(net.state_dict())
