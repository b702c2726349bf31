"""What networks see in each region of films, for detectors of the unusual."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from xray_studio.ai.asking import asked, settled
from xray_studio.ai.networks.atypical import AtypicalNet
from xray_studio.ai.networks.lite import LiteNet
from xray_studio.ai.trunk import TrunkNetwork
from xray_studio.ai.vit import VitNetwork, vit_network
from xray_studio.core.anomaly.seen import Given, Maps, Regions, Told, Values
from xray_studio.core.learning.input_spec import Normalised

_AT_ONCE: Final = 16


def of_vit(folder: str, sha256: str, pictures: Normalised) -> Regions:
    """Return what this program's vision transformer sees in the patches of pictures.

    `pictures` are float32 (pictures, rows, columns). This and the function below run in a worker
    process and raise StudioError with the reason.
    """

    def ask(network: VitNetwork, note: str) -> Regions:
        tokens, attention, rollout = list[Tensor](), list[Tensor](), list[Tensor]()
        with torch.inference_mode():
            for batch in _batches(pictures, network.device):
                seen, taken = network.regions(batch)
                tokens.append(seen)
                attention.append(taken)
                rollout.append(network.rollout(batch))
        return Regions(_array(tokens), _array(attention), _array(rollout), note)

    return asked(folder, lambda: vit_network(folder, sha256), ask)


def of_lite(
    folder: str, sha256: str, blocks: tuple[int, ...], side: int, pictures: Normalised
) -> Maps:
    """Return what blocks of a published network see, its mean in each of side x side regions."""

    def ask(network: LiteNetwork, note: str) -> Maps:
        found: dict[int, list[Tensor]] = {block: [] for block in blocks}
        with torch.inference_mode():
            for batch in _batches(pictures, network.device):
                for block, maps in network.seen(batch, blocks).items():
                    found[block].append(functional.adaptive_avg_pool2d(maps, side))
        return Maps(tuple(_array(found[block]) for block in blocks), note)

    return asked(folder, lambda: lite_network(folder, sha256), ask)


def of_atypical(folder: str, sha256: str, given: Given) -> Told:
    """Return how far films are from normal ones, of what networks see of them.

    Runs in a worker process and raises StudioError.
    """

    def ask(network: AtypicalNetwork, note: str) -> Told:
        def there(values: Values) -> Tensor:
            return torch.from_numpy(values).to(network.device)

        with torch.inference_mode():
            maps, films = network.network(
                there(given.form), [there(one) for one in given.texture],
                there(given.tokens), there(given.head),
            )  # fmt: skip
        return Told(tuple(_array([one]) for one in maps), _array([films]), note)

    return asked(folder, lambda: _atypical(folder, sha256), ask)


class AtypicalNetwork(TrunkNetwork[AtypicalNet]):
    """A detector's network that is loaded."""


@lru_cache(maxsize=1)
def _atypical(folder: str, sha256: str) -> AtypicalNetwork:
    return settled(lambda compute: AtypicalNetwork(Path(folder), sha256, compute, AtypicalNet))


class LiteNetwork(TrunkNetwork[LiteNet]):
    """A published network that is loaded."""

    def seen(self, pictures: Tensor, blocks: tuple[int, ...]) -> dict[int, Tensor]:
        """Return what some blocks see, (count, channels, rows, columns), by their number from 0."""
        given = pictures.contiguous(memory_format=torch.channels_last)
        values, found = functional.relu6(self.network.stem(given)), dict[int, Tensor]()
        for number, block in enumerate(self.network.blocks[: max(blocks) + 1]):
            values = block(values)
            if number in blocks:
                found[number] = values
        return found


@lru_cache(maxsize=1)
def lite_network(folder: str, sha256: str) -> LiteNetwork:
    """Return the network in a folder, loaded once. Raises StudioError with the reason."""
    return settled(lambda compute: LiteNetwork(Path(folder), sha256, compute, LiteNet))


def _batches(pictures: Normalised, device: str) -> list[Tensor]:
    parts = range(0, len(pictures), _AT_ONCE)
    return [torch.from_numpy(pictures[n : n + _AT_ONCE]).unsqueeze(1).to(device) for n in parts]


def _array(parts: list[Tensor]) -> Values:
    return np.asarray(torch.cat(parts).float().cpu().numpy(), np.float32)
