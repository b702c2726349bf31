"""Networks that users bring, as `model.toml` describes them, and what they have in common."""

from __future__ import annotations

from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UnreadableError
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.model import Model
from xray_studio.core.registry import Entry, Registry

Outputs = npt.NDArray[np.float32]
HUGGING_FACE: Final = "hugging-face"
ONNX: Final = "onnx"
GRAPH: Final = "model.onnx"
SOFTMAX, SIGMOID, NONE = "softmax", "sigmoid", "none"
ACTIVATIONS: Final = (SOFTMAX, SIGMOID, NONE)
_SMALLEST: Final = 1e-6  # of a probability, so that it has a logarithm


class GuestNetwork(Protocol):
    """A loaded network. A plugin's factory, called with the folder and the model, returns one."""

    def outputs(self, pictures: Normalised) -> Outputs:
        """Return (pictures, outputs) for pictures, float32 (pictures, rows, columns).

        Pictures are as the model's input says. It runs in a worker process; what it raises is told
        to the user as a model that does not work.
        """


# A kind of network by its name in `model.toml`; installed packages add theirs.
NETWORKS: Final = Registry(
    "xray_studio.networks",
    (
        Entry(HUGGING_FACE, "xray_studio.ai.guests.hugging_face:HuggingFaceNetwork"),
        Entry(ONNX, "xray_studio.ai.guests.onnx_graph:OnnxNetwork"),
    ),
)


def is_guest(model: Model) -> bool:
    """Tell whether a model's network is one that a user brought."""
    return model.network.get("kind") in NETWORKS.entries()


def probabilities(model: Model, outputs: Outputs) -> npt.NDArray[np.float64]:
    """Return (pictures, labels) of a guest from (pictures, outputs): what its labels are worth.

    Outputs that share a label are added where one alone can be true (softmax), else the highest
    counts. Raises UnreadableError where the network has other outputs than the model says.
    """
    names, activation = guest_outputs(model)
    if outputs.ndim != 2 or outputs.shape[1] != len(names):
        raise UnreadableError(
            f"{model.name} gives {outputs[:1].size} numbers for a picture; its model.toml names"
            f" {len(names)} outputs."
        )
    if not np.isfinite(outputs).all():
        raise UnreadableError(f"{model.name} does not work: its answers are no numbers.")
    chances = _activated(outputs.astype(np.float64), activation)
    found = np.zeros((len(chances), len(model.labels)))
    for number, name in enumerate(names):
        if name:
            column = model.labels.index(name)
            joined = np.add if activation == SOFTMAX else np.maximum
            found[:, column] = joined(found[:, column], chances[:, number])
    return np.asarray(found.clip(0.0, 1.0))


def logits(chances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the logarithm of the odds of probabilities, finite for 0 and 1 as well."""
    kept = chances.clip(_SMALLEST, 1.0 - _SMALLEST)
    return np.asarray(np.log(kept / (1.0 - kept)))


def guest_outputs(model: Model) -> tuple[tuple[str, ...], str]:
    """Return the label of each output, "" for none, and the activation. Raises UnreadableError."""
    network: Any = model.network
    told = network.get("outputs", model.labels)
    if not isinstance(told, list | tuple) or not all(isinstance(one, str) for one in told):
        raise UnreadableError(f"The outputs of {model.name} are no list of names.")
    names = tuple(told)
    activation = network.get("activation", SOFTMAX)
    if activation not in ACTIVATIONS or not set(model.labels) <= set(names):
        raise UnreadableError(
            f"model.toml of {model.name} has to name in [network] the activation"
            f" ({', '.join(ACTIVATIONS)}) and in outputs every label."
        )
    if not set(names) <= {*model.labels, ""}:
        raise UnreadableError(f"An output of {model.name} is none of its labels.")
    return names, activation


def _activated(values: npt.NDArray[np.float64], activation: str) -> npt.NDArray[np.float64]:
    if activation == NONE:
        return values
    if activation == SIGMOID:
        return np.asarray(1.0 / (1.0 + np.exp(-values.clip(-50.0, 50.0))))
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
