"""Tensors in a safetensors file as arrays of numpy, without a library that computes with them.

The format (huggingface.co/docs/safetensors): 8 bytes with the length of a head in JSON, the head,
which names kind of number, shape and place of each tensor, and their bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UnreadableError
from xray_studio.core.reasons import why_not_opened

Tensors = Mapping[str, npt.NDArray[np.float32]]
_LENGTH: Final = 8
_FACTS: Final = "__metadata__"
_NUMBERS: Final = {"F32": "<f4", "I16": "<i2"}


def read_tensors(path: Path, sha256: str) -> Tensors:
    """Return the tensors in a file by name as float32; it must be the file of that hash.

    They are float32, or whole numbers of two bytes.
    Raises UnreadableError for what is missing, damaged or another file than was meant.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {why_not_opened(error)}.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise UnreadableError(
            f"{path.name} is not the file that its model was made with (its SHA-256 differs);"
            " install the model again."
        )
    try:
        return _tensors(data)
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableError(f"{path.name} holds no weights that can be used here.") from error


def _tensors(data: bytes) -> Tensors:
    start = _LENGTH + int.from_bytes(data[:_LENGTH], "little")
    head: dict[str, Any] = json.loads(data[_LENGTH:start])
    found = {}
    for name, facts in head.items():
        if name == _FACTS:
            continue
        number = np.dtype(_NUMBERS[facts["dtype"]])
        first, end = facts["data_offsets"]
        shape = tuple(int(side) for side in facts["shape"])
        if end - first != number.itemsize * math.prod(shape):
            raise ValueError(name)
        values = np.frombuffer(data, number, math.prod(shape), start + first)
        found[name] = values.reshape(shape).astype(np.float32)
    return found
