"""Weights of networks: safetensors, which holds numbers and nothing that runs, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.files import replacing
from xray_studio.core.reasons import why_not_opened

Weights = dict[str, torch.Tensor]

# What files of weights begin with that are pickles, or may hold some.
_PICKLES: Final = {b"PK\x03\x04": "PyTorch's own format, a pickle"} | {
    bytes([0x80, protocol]): "a pickle" for protocol in range(2, 6)
}
_JSON: Final = 8  # bytes before the head of a safetensors file, which is JSON


def read_weights(path: Path, sha256: str = "") -> Weights:
    """Return the tensors in a file by name; with `sha256` it must be the file of that hash.

    Raises UnsupportedError for pickles and other formats, UnreadableError for what is damaged,
    missing or another file than was meant.
    """
    try:
        return load(verified(path, sha256))
    except (SafetensorError, ValueError, TypeError, KeyError) as error:
        raise UnreadableError(
            f"{path.name} is damaged: it is no whole safetensors file."
        ) from error


def verified(path: Path, sha256: str = "") -> bytes:
    """Return a file of a model; with `sha256` it must be the file of that hash.

    Raises UnsupportedError for pickles, UnreadableError for another file or none.
    """
    data = _bytes(path)
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise UnreadableError(
            f"{path.name} is not the file that its model was made with (its SHA-256 differs);"
            " install the model again."
        )
    return data


def write_weights(path: Path, weights: Mapping[str, torch.Tensor]) -> str:
    """Write tensors and return the SHA-256 of the file. Raises WriteError."""
    data = packed(weights)
    with replacing(path) as temporary:
        temporary.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def weights_of(arrays: Mapping[str, npt.NDArray[Any]]) -> Weights:
    """Return arrays by name as tensors."""
    return {name: torch.from_numpy(np.ascontiguousarray(one)) for name, one in arrays.items()}


def sha256_of(weights: Mapping[str, torch.Tensor]) -> str:
    """Return the SHA-256 of the file that `write_weights` makes of tensors."""
    return hashlib.sha256(packed(weights)).hexdigest()


def packed(weights: Mapping[str, torch.Tensor], facts: dict[str, str] | None = None) -> bytes:
    """Return tensors, and words by name, as one safetensors file."""
    whole = {name: one.detach().contiguous().cpu() for name, one in weights.items()}
    return save(whole, facts)


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {why_not_opened(error)}.") from error
    for sign, words in _PICKLES.items():
        if data.startswith(sign) and data[_JSON : _JSON + 1] != b"{":
            raise UnsupportedError(
                f"{path.name} is {words}: opening it can run any program that somebody put into it,"
                " so it is not opened; ask for the weights as safetensors."
            )
    return data
