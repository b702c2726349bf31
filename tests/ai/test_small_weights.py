"""Weights in a byte each, and back."""

from __future__ import annotations

import pytest
import torch

from xray_studio.ai.small_weights import SCALE, small, whole


def test_matrices_come_back_within_half_a_step() -> None:
    matrix = torch.randn(6, 40, generator=torch.Generator().manual_seed(0))
    again = whole(small({"a": matrix, "b": torch.ones(6)}))
    steps = matrix.abs().amax(dim=1, keepdim=True) / 127
    assert ((again["a"] - matrix).abs() <= 0.5001 * steps).all()
    assert torch.equal(again["b"], torch.ones(6))


def test_a_row_of_zeros_stays_one() -> None:
    assert torch.equal(whole(small({"a": torch.zeros(2, 3)}))["a"], torch.zeros(2, 3))


def test_what_lacks_its_scale_is_refused() -> None:
    made = small({"a": torch.ones(2, 3)})
    made.pop("a" + SCALE)
    with pytest.raises(ValueError, match="a"):
        whole(made)
