"""A network from a Hugging Face folder on this machine: a known architecture, its numbers, no code.

Nothing is fetched and nothing of the folder is run: transformers builds what `config.json` names
from its own modules, and the weights are those bytes whose hash stands in `model.toml`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from xray_studio.ai.asking import settled
from xray_studio.ai.weights import Weights, read_weights, verified
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.learning.guest import Outputs
from xray_studio.core.learning.hugging_face import CONFIG
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.model import WEIGHTS, Model

_AT_ONCE: Final = 16


class HuggingFaceNetwork:
    """An image classifier of transformers."""

    def __init__(self, folder: Path, model: Model) -> None:
        told, weights = model.network, read_weights(folder / WEIGHTS, model.sha256)
        config = json.loads(verified(folder / CONFIG, str(told["config_sha256"])))
        ends = (told["mean"], told["deviation"])
        self._asked = settled(lambda compute: _Asked(built(config, weights), ends, compute.device))

    def on_processor(self) -> HuggingFaceNetwork:
        """Move to the processor, and stay there."""
        self._asked.on_processor()
        return self

    @property
    def device(self) -> str:
        """Where it is computed."""
        return self._asked.device

    def outputs(self, pictures: Normalised) -> Outputs:
        """Return (pictures, outputs), before any activation."""
        return self._asked.rows(pictures, lambda told: told.logits)


class HuggingFaceTrunk:
    """What a network of transformers sees before it answers; it need not be a classifier."""

    def __init__(
        self, config: dict[str, Any], weights: Weights, ends: tuple[Any, Any], device: str
    ) -> None:
        self._asked = _Asked(built(config, weights, classifies=False), ends, device)

    def on_processor(self) -> HuggingFaceTrunk:
        """Move to the processor, and stay there."""
        self._asked.on_processor()
        return self

    def features(self, pictures: Normalised) -> Outputs:
        """Return (pictures, channels), as `pooled` takes them from the last layer."""
        return self._asked.rows(pictures, pooled)


class _Asked:
    """A network and the mean and deviation of the channels that it takes."""

    def __init__(self, network: Any, ends: tuple[Any, Any], device: str) -> None:
        self._network, self.device = network.to(device), device
        self._mean, self._deviation = (_column(numbers) for numbers in ends)

    def on_processor(self) -> None:
        self._network, self.device = self._network.to("cpu"), "cpu"

    def rows(self, pictures: Normalised, take: Callable[[Any], Tensor]) -> Outputs:
        """Return what `take` takes of the answer, one row for each picture."""
        parts = []
        with torch.inference_mode():
            for first in range(0, len(pictures), _AT_ONCE):
                grey = torch.from_numpy(pictures[first : first + _AT_ONCE]).unsqueeze(1)
                given = ((grey - self._mean) / self._deviation).to(self.device)
                parts.append(take(self._network(pixel_values=given)).float().cpu())
        return np.asarray(torch.cat(parts).numpy(), np.float32)


def pooled(told: Any) -> Tensor:
    """Return one row for each picture: the pooled output, the class token, or the mean of a map."""
    if getattr(told, "pooler_output", None) is not None:
        rows: Tensor = told.pooler_output.flatten(1)
        return rows
    last: Tensor = told.last_hidden_state
    return last.mean((2, 3)) if last.ndim == 4 else last[:, 0]


def built(config: dict[str, Any], weights: Weights, *, classifies: bool = True) -> Any:
    """Return the network that a config names, with its weights, ready to be asked.

    Without `classifies` it is the trunk alone, which gives features. Raises UnsupportedError for
    what transformers does not know, UnreadableError for weights of another network.
    """
    # The library asks the network for nothing: it is told so before it is imported.
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    from transformers.utils import logging

    quiet: Any = logging
    quiet.set_verbosity_error()
    quiet.disable_progress_bar()
    known, kind = _kind(config, classifies=classifies)
    try:
        network, told = kind.from_pretrained(
            None, config=known, state_dict=dict(weights), output_loading_info=True
        )
    except (RuntimeError, ValueError) as error:
        raise _other() from error
    missing = {name for name in told["missing_keys"] if classifies or "pooler" not in name}
    if missing or (classifies and told["unexpected_keys"]):
        raise _other()
    if told["missing_keys"]:
        network.pooler = None
    return network.eval()


def _kind(config: dict[str, Any], *, classifies: bool) -> tuple[Any, Any]:
    import transformers
    from transformers.models.auto import modeling_auto

    kinds = modeling_auto.MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING
    try:
        known = transformers.AutoConfig.for_model(**_plain(config))
        return known, (kinds if classifies else modeling_auto.MODEL_MAPPING)[type(known)]
    except (ValueError, KeyError, TypeError, ImportError, AttributeError) as error:
        raise UnsupportedError(
            f"The library transformers {transformers.__version__} has no network of the kind that"
            f" {CONFIG} names ({config.get('model_type')}) for images."
        ) from error


def _other() -> UnreadableError:
    return UnreadableError(
        f"{WEIGHTS} does not hold the numbers of the network that {CONFIG} names; ask for both from"
        " one source."
    )


def _plain(config: dict[str, Any]) -> dict[str, Any]:
    """Return what describes the network, without the words of who saved it."""
    left_out = {"auto_map", "_name_or_path", "transformers_version", "architectures"}
    return {name: value for name, value in config.items() if name not in left_out}


def _column(numbers: Any) -> Tensor:
    return torch.tensor(list(numbers), dtype=torch.float32).reshape(1, -1, 1, 1)
