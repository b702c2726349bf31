"""What networks see in pictures, as rows of numbers that other programs can learn from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from xray_studio.ai.asking import asked, settled
from xray_studio.ai.compute import Compute
from xray_studio.ai.findings import FindingNetworks
from xray_studio.ai.findings import loaded as finding_networks
from xray_studio.ai.guests.hugging_face import HuggingFaceTrunk
from xray_studio.ai.view import view_network
from xray_studio.ai.vit import VitNetwork, vit_network
from xray_studio.ai.weights import read_weights, verified
from xray_studio.core.learning.hugging_face import CONFIG
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.model import WEIGHTS

_AT_ONCE: Final = 32
Rows = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Rows (pictures, channels) of what a network sees; `note` tells what did not go as usual."""

    rows: Rows
    note: str = ""


def of_view(folder: str, sha256: str, pictures: Normalised) -> Told:
    """Return what the last stage of a view classifier sees, its mean over each picture.

    `pictures` are float32 (pictures, rows, columns). This and the functions below run in a worker
    process and raise StudioError with the reason.
    """

    def ask(network: Any, note: str) -> Told:
        return Told(_rows(network.network.pooled, pictures, network.device), note)

    return asked(folder, lambda: view_network(folder, sha256), ask)


def of_findings(folder: str, sha256: str, views: tuple[int, ...], pictures: Normalised) -> Told:
    """Return mean and highest value of what the last stages of a finding classifier see.

    Networks of the model stand one behind another. `views` are 0 for frontal and 1 for lateral
    films; rows of other pictures, -1, are not numbers, since it was not made for them.
    """

    def ask(networks: FindingNetworks, note: str) -> Told:
        films = [number for number, view in enumerate(views) if view >= 0]
        # Without films one picture tells how many numbers there are: rows of all files are alike.
        rows = _rows(_pooled(networks), pictures[films or [0]], networks.device)
        found = np.full((len(views), rows.shape[1]), np.nan, np.float32)
        found[films] = rows[: len(films)]
        return Told(found, note)

    return asked(folder, lambda: finding_networks(folder, sha256), ask)


def _pooled(networks: FindingNetworks) -> Any:
    def pooled(given: Tensor) -> Tensor:
        seen = networks.networks[0].seen(given)
        return torch.cat([one.end.pooled(one.end.maps(seen)) for one in networks.networks], dim=1)

    return pooled


def of_vit(folder: str, sha256: str, pictures: Normalised) -> Told:
    """Return what this program's vision transformer sees: the mean over each picture's patches."""

    def ask(network: VitNetwork, note: str) -> Told:
        return Told(_rows(network.pooled, pictures, network.device), note)

    return asked(folder, lambda: vit_network(folder, sha256), ask)


def of_transformer(
    folder: str, sha256: str, config_sha256: str, ends: tuple[Any, Any], pictures: Normalised
) -> Told:
    """Return what the last layer of a network in a Hugging Face folder sees.

    `ends` are mean and deviation of its channels. It is the pooled output where the network has
    one, else its class token, else the mean over its last map.
    """

    def ask(trunk: HuggingFaceTrunk, note: str) -> Told:
        return Told(trunk.features(pictures), note)

    return asked(folder, lambda: _transformer(folder, sha256, config_sha256, ends), ask)


@lru_cache(maxsize=1)
def _transformer(
    folder: str, sha256: str, config_sha256: str, ends: tuple[Any, Any]
) -> HuggingFaceTrunk:
    weights = read_weights(Path(folder) / WEIGHTS, sha256)
    config = json.loads(verified(Path(folder) / CONFIG, config_sha256))

    def make(compute: Compute) -> HuggingFaceTrunk:
        return HuggingFaceTrunk(config, weights, ends, compute.device)

    return settled(make)


def _rows(trunk: Any, pictures: Normalised, device: str) -> Rows:
    parts = []
    with torch.inference_mode():
        for first in range(0, len(pictures), _AT_ONCE):
            batch = torch.from_numpy(pictures[first : first + _AT_ONCE]).unsqueeze(1)
            parts.append(trunk(batch.to(device)).float().cpu().numpy())
    return np.asarray(np.concatenate(parts), np.float32)
