"""A network written as an ONNX model in memory, for a library that runs it.

ONNX is a Protocol Buffers message (onnx.ai/onnx/repo-docs/IR.md, onnx.proto3): fields with a number
and a kind, of which a network without branches needs few. Names and numbers are of that file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from xray_studio.core.step import Image

_IR_VERSION: Final = 8
_OPSET: Final = 17
_FLOAT: Final = 1  # TensorProto.DataType
_INT, _STRING, _INTS = 2, 3, 7  # AttributeProto.AttributeType


@dataclass(slots=True)
class Graph:
    """Operators in order; each gives one value, which is named and may be an input of others."""

    inputs: Sequence[str]
    _nodes: list[bytes] = field(default_factory=list)
    _weights: list[bytes] = field(default_factory=list)

    def weight(self, name: str, values: Image) -> str:
        """Add an array that stays as it is, and return its name."""
        dims = b"".join(_number(1, side) for side in values.shape)
        raw = np.ascontiguousarray(values, "<f4").tobytes()
        self._weights.append(dims + _number(2, _FLOAT) + _text(8, name) + _bytes(9, raw))
        return name

    def add(
        self, kind: str, *inputs: str, output: str = "", **attributes: int | str | list[int]
    ) -> str:
        """Add an operator of ONNX and return the name of what it gives."""
        output = output or f"{kind}{len(self._nodes)}"
        node = b"".join(_text(1, name) for name in inputs) + _text(2, output) + _text(4, kind)
        node += b"".join(_bytes(5, _attribute(*one)) for one in attributes.items())
        self._nodes.append(node)
        return output

    def model(self, output: str) -> bytes:
        """Return the model that gives `output`; inputs and output are float32 of any four sides."""
        graph = b"".join(_bytes(1, node) for node in self._nodes) + _text(2, "network")
        graph += b"".join(_bytes(5, one) for one in self._weights)
        graph += b"".join(_bytes(11, _value(name)) for name in self.inputs)
        graph += _bytes(12, _value(output))
        opset = _text(1, "") + _number(2, _OPSET)
        return _number(1, _IR_VERSION) + _bytes(7, graph) + _bytes(8, opset)


def _attribute(name: str, value: Any) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _INT)
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _number(20, _STRING)
    return _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, _INTS)


def _value(name: str) -> bytes:
    sides = b"".join(_bytes(1, _text(2, f"{name}{place}")) for place in range(4))
    tensor = _number(1, _FLOAT) + _bytes(2, sides)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _varint(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def _number(place: int, value: int) -> bytes:
    return _varint(place << 3) + _varint(value)


def _bytes(place: int, value: bytes) -> bytes:
    return _varint(place << 3 | 2) + _varint(len(value)) + value


def _text(place: int, value: str) -> bytes:
    return _bytes(place, value.encode())
