"""Which view pictures are of, as a network says, and how strange they are to it."""

from __future__ import annotations

import math
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
from xray_studio.ai.familiar import Familiar
from xray_studio.ai.guests.load import Guest, guest
from xray_studio.ai.networks import fitted
from xray_studio.ai.networks.residual import ResidualNet
from xray_studio.ai.weights import read_weights
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.guest import is_guest, probabilities
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.model import WEIGHTS, Model, read_model

TASK: Final = "view"
VIEWS: Final = (View.FRONTAL.value, View.LATERAL.value, View.OTHER.value)
OTHER: Final = View.OTHER.value
_AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a network says of pictures.

    `probabilities` are (pictures, labels), calibrated; `strangeness` (pictures,) is above 1 for
    what is not like the films it learned from. `note` tells what did not go as usual.
    """

    labels: tuple[str, ...]
    probabilities: npt.NDArray[np.float64]
    strangeness: npt.NDArray[np.float64]
    device: str
    note: str = ""

    def answers(self) -> list[str]:
        """Return the view of each picture: the likeliest, or "other" for what is strange."""
        likeliest = self.probabilities.argmax(axis=1)
        strange = ~(self.strangeness <= 1.0)  # what is no number is strange too
        pairs = zip(likeliest, strange, strict=True)
        return [OTHER if odd else self.labels[int(number)] for number, odd in pairs]


def look(folder: str, sha256: str, pictures: Normalised) -> Seen:
    """Return what the model in a folder says of pictures, float32 (pictures, rows, columns).

    The model is loaded by the first call and kept. Runs in a worker process. Raises StudioError
    with the reason where the model or the memory does not do.
    """

    def ask(network: ViewNetwork | GuestView, note: str) -> Seen:
        return network.seen(pictures, note)

    return asked(folder, lambda: _loaded(folder, sha256), ask)


@lru_cache(maxsize=2)
def _loaded(folder: str, sha256: str) -> ViewNetwork | GuestView:
    if is_guest(read_model(Path(folder))):
        return GuestView(guest(folder, sha256))
    return settled(lambda compute: ViewNetwork(Path(folder), sha256, compute))


def view_network(folder: str, sha256: str) -> ViewNetwork:
    """Return the network of a view classifier, loaded once. Raises StudioError for a guest's."""
    found = _loaded(folder, sha256)
    if isinstance(found, GuestView):
        raise UnsupportedError(
            f"{found.guest.model.name} is a network that you brought, which gives no features."
        )
    return found


@dataclass(frozen=True, slots=True)
class GuestView:
    """A view classifier that a user brought. It says itself what it was not made for: "other"."""

    guest: Guest

    def on_processor(self) -> GuestView:
        """Move to the processor, and stay there."""
        return GuestView(self.guest.on_processor())

    def seen(self, pictures: Normalised, note: str = "") -> Seen:
        """Return what the network says."""
        model = self.guest.model
        if model.task != TASK:
            raise _for_another_task(model)
        if sorted(model.labels) != sorted(VIEWS):
            raise UnsupportedError(
                f"{model.name} tells {', '.join(model.labels)}; a view classifier has to tell"
                f" {', '.join(VIEWS)}, since others are asked only of what it does not refuse."
            )
        told = probabilities(model, self.guest.outputs(pictures))
        chances = told[:, [model.labels.index(view) for view in VIEWS]]
        return Seen(VIEWS, chances, np.zeros(len(chances)), self.guest.device, note)


class ViewNetwork:
    """A view classifier that is loaded."""

    def __init__(self, folder: Path, sha256: str, compute: Compute) -> None:
        self.folder, self.sha256 = folder, sha256
        self.model = read_model(folder)
        _check(self.model)
        weights = read_weights(folder / WEIGHTS, sha256)
        try:
            self.familiar = Familiar.taken(weights)
            network = fitted(self.model.network, weights)
            self.heat = _positive(self.model.calibration["temperature"])
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise UnreadableError(
                f"The weights of {self.model.name} are not those of its network; install it again."
            ) from error
        assert isinstance(network, ResidualNet)
        self.network = network.eval().to(compute.device)
        self.device = compute.device

    def on_processor(self) -> ViewNetwork:
        """Move to the processor, and stay there."""
        self.network, self.device = self.network.to("cpu"), "cpu"
        return self

    def seen(self, pictures: Normalised, note: str = "") -> Seen:
        """Return what the network says, a few pictures at a time."""
        told, features = [], []
        with torch.inference_mode():
            for first in range(0, len(pictures), _AT_ONCE):
                batch = torch.from_numpy(pictures[first : first + _AT_ONCE]).unsqueeze(1)
                pooled = self.network.pooled(batch.to(self.device))
                features.append(pooled.float().cpu())
                told.append(self.network.head(pooled).float().cpu())
            chances = torch.softmax(torch.cat(told) / self.heat, dim=1)
            strange = self.familiar.strangeness(torch.cat(features))
        if not torch.isfinite(chances).all():
            raise UnreadableError(f"{self.model.name} does not work: its answers are no numbers.")
        return Seen(self.model.labels, _numbers(chances), _numbers(strange), self.device, note)


def _check(model: Model) -> None:
    if model.task != TASK or model.network.get("kind") != "residual":
        raise _for_another_task(model)
    if model.labels != VIEWS:
        raise UnsupportedError(
            f"{model.name} tells {', '.join(model.labels)}, where {', '.join(VIEWS)} are needed."
        )


def _for_another_task(model: Model) -> UnsupportedError:
    return UnsupportedError(f"{model.name} is a model for {model.task!r}, not for {TASK!r}.")


def _positive(value: object) -> float:
    if not isinstance(value, int | float) or not 0.0 < value < math.inf:
        raise ValueError(value)
    return float(value)


def _numbers(tensor: Tensor) -> npt.NDArray[np.float64]:
    return np.asarray(tensor.double().numpy(), np.float64)
