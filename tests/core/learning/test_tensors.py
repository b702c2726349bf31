"""Weights are read without PyTorch as PyTorch's library writes them, and nothing else is taken."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from xray_studio.ai.weights import write_weights
from xray_studio.core.errors import UnreadableError
from xray_studio.core.learning.tensors import read_tensors


def written(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def test_they_are_those_that_were_written(tmp_path: Path) -> None:
    weights = {"a.weight": torch.randn(3, 4, 5), "b": torch.randn(7), "one": torch.tensor(2.5)}
    sha256 = write_weights(tmp_path / "w", weights)
    found = read_tensors(tmp_path / "w", sha256)
    assert {name: one.shape for name, one in found.items()} == {
        name: tuple(one.shape) for name, one in weights.items()
    }
    assert all(np.array_equal(found[name], one.numpy()) for name, one in weights.items())


def test_what_is_missing_or_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="w cannot be read"):
        read_tensors(tmp_path / "w", "0" * 64)
    (tmp_path / "w").write_bytes(b"12345678")
    with pytest.raises(UnreadableError, match="its SHA-256 differs"):
        read_tensors(tmp_path / "w", "0" * 64)


@pytest.mark.parametrize(
    "facts",
    [
        {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]},
        {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [9], "data_offsets": [0, 36]},
        {"dtype": "F32", "shape": "no"},
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, facts: dict[str, object]) -> None:
    head = json.dumps({"w": facts}).encode()
    data = len(head).to_bytes(8, "little") + head + bytes(8)
    for one in (data, data[:20], b"", b"\xff" * 40):
        with pytest.raises(UnreadableError, match="holds no weights"):
            read_tensors(tmp_path / "w", written(tmp_path / "w", one))
