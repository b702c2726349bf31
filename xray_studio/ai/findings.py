"""What networks say of chest films: findings, each with one number for each network.

A model holds as many networks as there were folds of cross-validation. Films that none of them
learned from are judged by all; a study of the training's own collection by the one that never saw
it (`xray_studio.services.learning.inference.findings`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from xray_studio.ai.asking import asked, settled
from xray_studio.ai.compute import Compute
from xray_studio.ai.guests.load import Guest, guest
from xray_studio.ai.networks.fitted import fitted
from xray_studio.ai.networks.views import ViewsNet
from xray_studio.ai.weights import Weights, read_weights
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.learning.guest import is_guest, logits, probabilities
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.model import WEIGHTS, Model, read_model

TASK: Final = "classifier"
KIND: Final = "views"  # of network
_AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """What the networks say of pictures of one view: (networks, pictures, labels), uncalibrated.

    `note` tells what did not go as usual.
    """

    labels: tuple[str, ...]
    values: npt.NDArray[np.float64]
    device: str
    note: str = ""


def look(
    folder: str, sha256: str, view: int, pictures: Normalised, network: int | None = None
) -> Outputs:
    """Return what the model in a folder says of pictures, float32 (pictures, rows, columns).

    `view` is `networks.views.FRONTAL` or `LATERAL`, `network` the only one to ask. The model is
    loaded by the first call and kept. Runs in a worker process. Raises StudioError where the model
    or the memory does not do.
    """

    def ask(networks: FindingNetworks | GuestFindings, note: str) -> Outputs:
        return networks.told(pictures, view, network, note)

    return asked(folder, lambda: _answering(folder, sha256), ask)


def _answering(folder: str, sha256: str) -> FindingNetworks | GuestFindings:
    if is_guest(read_model(Path(folder))):
        return GuestFindings(guest(folder, sha256))
    return loaded(folder, sha256)


@dataclass(frozen=True, slots=True)
class GuestFindings:
    """A finding classifier that a user brought: one network, asked of every film alike."""

    guest: Guest

    def on_processor(self) -> GuestFindings:
        """Move to the processor, and stay there."""
        return GuestFindings(self.guest.on_processor())

    def told(
        self, pictures: Normalised, _view: int, _network: int | None = None, note: str = ""
    ) -> Outputs:
        """Return what the network says."""
        model = self.guest.model
        if model.task != TASK:
            raise _for_another_task(model)
        values = logits(probabilities(model, self.guest.outputs(pictures)))
        return Outputs(model.labels, values[None], self.guest.device, note)


@lru_cache(maxsize=2)
def loaded(folder: str, sha256: str) -> FindingNetworks:
    """Return the networks of a model, kept after the first call."""
    return settled(lambda compute: FindingNetworks(Path(folder), sha256, compute))


class FindingNetworks:
    """The networks of a finding classifier, loaded and ready to answer."""

    def __init__(self, folder: Path, sha256: str, compute: Compute) -> None:
        self.model = read_model(folder)
        _check(self.model)
        self.device = compute.device
        weights = read_weights(folder / WEIGHTS, sha256)
        made = [_network(self.model, part) for part in parted(weights).values()]
        if not made:
            raise _other(self.model)
        self.networks = [one.to(compute.device) for one in with_one_trunk(made)]

    def on_processor(self) -> FindingNetworks:
        """Move to the processor, and stay there."""
        self.networks, self.device = [one.to("cpu") for one in self.networks], "cpu"
        return self

    def outputs(self, pictures: Tensor, view: int) -> Tensor:
        """Return the mean of all networks for pictures (count, 1, rows, columns): (count, labels).

        Gradients pass through, so that answers can be explained.
        """
        seen = self.networks[0].seen(pictures)
        return torch.stack([network.end(seen, view) for network in self.networks]).mean(0)

    def told(
        self, pictures: Normalised, view: int, network: int | None = None, note: str = ""
    ) -> Outputs:
        """Return what each network, or one, says, a few pictures at a time."""
        chosen = self.networks if network is None else self.networks[network : network + 1]
        parts = []
        with torch.inference_mode():
            for first in range(0, len(pictures), _AT_ONCE):
                batch = torch.from_numpy(pictures[first : first + _AT_ONCE]).unsqueeze(1)
                seen = self.networks[0].seen(batch.to(self.device))
                parts.append(torch.stack([one.end(seen, view).cpu() for one in chosen]))
        labels = self.model.labels
        none = torch.zeros(len(chosen), 0, len(labels))
        values = torch.cat([none, *parts], dim=1).double().numpy()
        if not np.isfinite(values).all():
            raise UnreadableError(f"{self.model.name} does not work: its answers are no numbers.")
        return Outputs(labels, np.asarray(values, np.float64), self.device, note)


def packed_networks(
    trunk: Weights,
    ends: list[Weights],
    numbers: Mapping[str, npt.NDArray[np.int64]] | None = None,
) -> Weights:
    """Return the weights of networks under one roof, in float16: "trunk.stem...", "0.blocks...".

    Whole `numbers` by name stand beside them.
    """
    parts = {"trunk": trunk} | {str(number): one for number, one in enumerate(ends)}
    found = {
        f"{part}.{name}": tensor.half()
        for part, one in parts.items()
        for name, tensor in one.items()
    }
    return found | {name: torch.from_numpy(values) for name, values in (numbers or {}).items()}


def parted(weights: Weights) -> dict[int, Weights]:
    """Return the weights of each network by its number, the trunk's in each, as float32."""
    trunk: Weights = {}
    ends: dict[int, Weights] = {}
    for name, tensor in weights.items():
        number, _, rest = name.partition(".")
        if number == "trunk":
            trunk[name] = tensor.float()
        elif number.isdigit():
            ends.setdefault(int(number), {})[f"end.{rest}"] = tensor.float()
    return {number: trunk | ends[number] for number in sorted(ends)}


def with_one_trunk(networks: list[ViewsNet]) -> list[ViewsNet]:
    """Return networks whose trunks are alike with one in common, which looks only once."""
    for network in networks[1:]:
        network.trunk = networks[0].trunk
    return networks


def _network(model: Model, weights: Weights) -> ViewsNet:
    try:
        network = fitted(model.network, weights)
    except ValueError as error:
        raise _other(model) from error
    assert isinstance(network, ViewsNet)
    return network.eval()


def _other(model: Model) -> UnreadableError:
    return UnreadableError(
        f"The weights of {model.name} are not those of its network; install it again."
    )


def _check(model: Model) -> None:
    if is_guest(model):
        raise UnsupportedError(
            f"{model.name} is a network that you brought; it answers, but what speaks for its"
            " answers is shown for networks of this program alone."
        )
    if model.task != TASK:
        raise _for_another_task(model)
    if model.network.get("kind") != KIND:
        raise UnsupportedError(
            f"{model.name} has a network that cannot tell findings ({model.network.get('kind')!r},"
            f" not {KIND!r}); install it again."
        )


def _for_another_task(model: Model) -> UnsupportedError:
    return UnsupportedError(f"{model.name} is a model for {model.task!r}, not for {TASK!r}.")
