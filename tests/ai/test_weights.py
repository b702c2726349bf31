"""Weights are numbers and nothing that runs."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import torch

from xray_studio.ai.networks import build, fitted
from xray_studio.ai.weights import read_weights, write_weights
from xray_studio.core.errors import UnreadableError, UnsupportedError


def test_what_is_written_is_read(tmp_path: Path) -> None:
    weights = {"a": torch.randn(3, 4), "b": torch.arange(5), "c": torch.zeros(2).bfloat16()}
    digest = write_weights(tmp_path / "w.safetensors", weights)
    found = read_weights(tmp_path / "w.safetensors", digest)
    assert all(torch.equal(found[name], one) for name, one in weights.items())
    assert write_weights(tmp_path / "again.safetensors", weights) == digest


def test_another_file_than_was_meant_is_refused(tmp_path: Path) -> None:
    write_weights(tmp_path / "w.safetensors", {"a": torch.zeros(1)})
    with pytest.raises(UnreadableError, match="SHA-256 differs"):
        read_weights(tmp_path / "w.safetensors", "0" * 64)


@pytest.mark.parametrize("name", ["model.pt", "model.safetensors"])
def test_pickles_are_refused_with_the_reason(tmp_path: Path, name: str) -> None:
    torch.save({"a": torch.zeros(3)}, tmp_path / name)
    with pytest.raises(UnsupportedError, match="can run any program"):
        read_weights(tmp_path / name)
    for protocol in range(2, 6):
        (tmp_path / name).write_bytes(pickle.dumps({"a": 1}, protocol))
        with pytest.raises(UnsupportedError, match="is a pickle"):
            read_weights(tmp_path / name)


@pytest.mark.parametrize(
    "content", [b"", b"abc", b"\xff" * 64, b"\x10" + bytes(7) + b"{broken json!!!}"]
)
def test_damaged_files_are_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w.safetensors").write_bytes(content)
    with pytest.raises(UnreadableError, match=r"w\.safetensors is damaged"):
        read_weights(tmp_path / "w.safetensors")
    with pytest.raises(UnreadableError, match="cannot be read: it is no longer there"):
        read_weights(tmp_path / "gone.safetensors")


def test_a_network_is_built_from_numbers() -> None:
    network = build({"kind": "residual", "outputs": 3, "width": 4})
    assert network(torch.zeros(2, 1, 64, 48)).shape == (2, 3)
    assert sum(one.numel() for one in network.parameters()) < 60_000
    for wrong in ({}, {"kind": "x"}, {"kind": "residual"}, {"kind": "residual", "outputs": 0}):
        with pytest.raises(UnsupportedError):
            build(wrong)


def test_a_network_that_is_larger_than_its_weights_takes_no_memory() -> None:
    small = {"kind": "residual", "outputs": 3, "width": 4}
    weights = build(small).state_dict()
    assert torch.equal(fitted(small, weights).state_dict()["head.bias"], weights["head.bias"])
    with pytest.raises(ValueError, match="weights"):
        fitted({**small, "width": 512}, weights)
    with pytest.raises(ValueError, match="weights"):
        fitted(small, {**weights, "more": torch.zeros(1)})
