"""The noise in a picture, found by a network (`ai.networks.noise_net` says what it is like).

It is run by ONNX Runtime, which is light enough for the processes that make frames. Large pictures
go through in parts that overlap as far as a pixel can be seen, so the answer is that of the whole.
The number of threads is fixed, since the order of sums, and so the last bit, may depend on it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from xray_studio.core.errors import UnreadableError
from xray_studio.core.learning.model import WEIGHTS, Model, read_model
from xray_studio.core.learning.tensors import Tensors, read_tensors
from xray_studio.core.step import Image
from xray_studio.imaging.onnx_graph import Graph

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

THREADS: Final = 2
PART: Final = 1024  # pixels of a side that are asked for at once
_FOLD: Final = 2
_FOUND: Final = "found"
_BORDER: Final = 16  # pixels beyond the picture, mirrored


class NoiseFinder:
    """A network and how far it sees."""

    def __init__(self, model: Model, tensors: Tensors, threads: int = THREADS) -> None:
        self.depths = [int(depth) for depth in model.network["depths"]]
        self._session = _session(_model(tensors, self.depths), threads)

    @property
    def grain(self) -> int:
        """Pixels of which rows and columns have to be a multiple."""
        return _FOLD << (len(self.depths) - 1)

    @property
    def sight(self) -> int:
        """How many pixels away another one still counts, at most; a multiple of the grain."""
        *outer, inmost = (2 * depth for depth in self.depths)
        layers = [2 * depth for depth in outer] + [inmost]
        layers[0] += 2  # the first and the last
        seen = sum(count * (_FOLD << scale) for scale, count in enumerate(layers)) + self.grain
        return -(-seen // self.grain) * self.grain

    def noise(self, even: Image, deviation: float = 1.0, part: int = PART) -> Image:
        """Return the noise in a picture, float32 (rows, columns), which has a mean near 0.

        `deviation` is that of the noise; `part` how many pixels of a side go through at once.
        """
        rows, columns = even.shape
        more = (-(side + 2 * _BORDER) % self.grain for side in even.shape)
        below, right = (_BORDER + one for one in more)
        wide = np.asarray(
            cv2.copyMakeBorder(even, _BORDER, below, _BORDER, right, cv2.BORDER_REFLECT), np.float32
        )
        made = np.empty_like(wide)
        part = -(-part // self.grain) * self.grain
        for top in range(0, wide.shape[0], part):
            for left in range(0, wide.shape[1], part):
                self._part(wide, made, (top, left), part, deviation)
        inside = made[_BORDER : _BORDER + rows, _BORDER : _BORDER + columns]
        return np.ascontiguousarray(inside)

    def _part(
        self, wide: Image, made: Image, start: tuple[int, int], part: int, deviation: float
    ) -> None:
        """Fill a part of `made` from what the network sees around it."""
        first = [max(0, place - self.sight) for place in start]
        end = [min(n, place + part) for place, n in zip(start, wide.shape, strict=True)]
        last = [min(n, place + self.sight) for place, n in zip(end, wide.shape, strict=True)]
        given = np.ascontiguousarray(wide[first[0] : last[0], first[1] : last[1]])[None, None]
        noise = np.full((1, 1, 1, 1), deviation, np.float32)
        found = self._session.run([_FOUND], {"picture": given, "noise": noise})[0][0, 0]
        rows, columns = (
            slice(place - one, stop - one)
            for place, one, stop in zip(start, first, end, strict=True)
        )
        made[start[0] : end[0], start[1] : end[1]] = found[rows, columns]


@lru_cache(maxsize=2)
def noise_finder(folder: Path) -> NoiseFinder:
    """Return the network whose model lies in a folder; it is kept. Raises UnreadableError."""
    model = read_model(folder)
    tensors = read_tensors(folder / WEIGHTS, model.sha256)
    try:
        return NoiseFinder(model, tensors)
    except Exception as error:  # whatever ONNX Runtime raises for what is no such network
        raise UnreadableError(f"{folder.name} is no network that finds noise.") from error


def _model(tensors: Tensors, depths: list[int]) -> bytes:
    """Return the network as ONNX; names are those of its weights."""
    graph = Graph(("picture", "noise"))

    def layer(kind: str, value: str, name: str, **attributes: Any) -> str:
        weight = f"{name}.weight"
        return graph.add(kind, value, graph.weight(weight, tensors[weight]), **attributes)

    def conv(value: str, name: str) -> str:
        return layer("Conv", value, name, pads=[1, 1, 1, 1])

    def blocks(value: str, name: str, depth: int) -> str:
        for number in range(depth):
            inner = graph.add("Relu", conv(value, f"{name}.{number}.one"))
            inner = conv(inner, f"{name}.{number}.two")
            value = graph.add("Relu", graph.add("Add", inner, value))
        return value

    least = layer("Conv", "noise", "least")
    made = conv(graph.add("SpaceToDepth", "picture", blocksize=_FOLD), "first")
    made = graph.add("Relu", graph.add("Add", made, least))
    made = graph.add("Sub", made, graph.add("Relu", least))
    kept, inmost = [], len(depths) - 1
    for scale in range(inmost):
        kept.append(blocks(made, f"inward.{scale}", depths[scale]))
        made = layer("Conv", kept[-1], f"down.{scale}", strides=[2, 2])
    made = blocks(made, f"inward.{inmost}", depths[inmost])
    for scale in reversed(range(inmost)):
        made = layer("ConvTranspose", made, f"up.{scale}", strides=[2, 2])
        made = blocks(graph.add("Add", made, kept[scale]), f"outward.{scale}", depths[scale])
    graph.add("DepthToSpace", conv(made, "last"), output=_FOUND, blocksize=_FOLD)
    return graph.model(_FOUND)


def _session(model: bytes, threads: int) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_cpu_mem_arena = False  # it would keep the memory of the largest picture
    options.log_severity_level = 3
    # Threads that wait for work would take the processor from other frames.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
