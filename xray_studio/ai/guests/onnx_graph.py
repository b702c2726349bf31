"""A network from an ONNX file: a graph of known operations, computed by ONNX Runtime.

The graph comes as verified bytes, so it reaches no other file; operations of libraries beside it
are never loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.ai.compute import found
from xray_studio.ai.weights import verified
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.learning.guest import GRAPH, Outputs
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.model import Model

_AT_ONCE: Final = 16
_FATAL: Final = 4
_FLOAT: Final = "tensor(float)"


class OnnxNetwork:
    """A graph with one input of pictures, (pictures, channels, rows, columns)."""

    device = "cpu"

    def __init__(self, folder: Path, model: Model) -> None:
        self._session = _session(verified(folder / GRAPH, model.sha256))
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or inputs[0].type != _FLOAT:
            raise UnsupportedError(f"{GRAPH} has to take one input of 32-bit numbers, pictures.")
        self._input = inputs[0].name
        self._output = str(model.network.get("output", outputs[0].name))
        if self._output not in {one.name for one in outputs}:
            raise UnsupportedError(f"{GRAPH} has no output {self._output!r}.")
        count, self._channels = _shape(inputs[0].shape, model)
        self._at_once = count or _AT_ONCE
        self._fixed = count > 0
        self._mean, self._deviation = (
            np.resize(np.array(model.network.get(name, one), np.float32), (1, self._channels, 1, 1))
            for name, one in (("mean", [0.0]), ("deviation", [1.0]))
        )

    def outputs(self, pictures: Normalised) -> Outputs:
        """Return (pictures, outputs)."""
        parts = []
        for first in range(0, len(pictures), self._at_once):
            part = pictures[first : first + self._at_once]
            missing = self._at_once - len(part) if self._fixed else 0
            grey = np.concatenate([part, np.zeros((missing, *part.shape[1:]), np.float32)])
            parts.append(self._asked(grey)[: len(part)])
        return np.concatenate(parts)

    def _asked(self, grey: Normalised) -> Outputs:
        given = (np.repeat(grey[:, None], self._channels, axis=1) - self._mean) / self._deviation
        try:
            (told,) = self._session.run([self._output], {self._input: given.astype(np.float32)})
        except Exception as error:
            raise UnreadableError(
                f"{GRAPH} cannot be computed on pictures of this size."
            ) from error
        return np.asarray(told, np.float32).reshape(len(grey), -1)


def _session(data: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = _FATAL
    options.intra_op_num_threads = found().threads
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise UnreadableError(
            f"{GRAPH} is no ONNX file that can be computed: it is damaged, keeps numbers in another"
            " file, or uses operations that ONNX Runtime does not have."
        ) from error


def _shape(shape: list[Any], model: Model) -> tuple[int, int]:
    """Return how many pictures at once (0: any number) and channels. Raises UnsupportedError."""
    told = [side if isinstance(side, int) else 0 for side in shape]
    sides = (model.input.rows, model.input.columns)
    if (
        len(told) != 4
        or told[1] not in {1, 3}
        or any(had and had != side for had, side in zip(told[2:], sides, strict=True))
    ):
        raise UnsupportedError(
            f"{GRAPH} takes {shape}; needed are pictures, 1 or 3 channels, {sides[0]} rows and"
            f" {sides[1]} columns, as model.toml says."
        )
    return told[0], told[1]
