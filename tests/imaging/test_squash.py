"""What a network is given: one size, one range, whatever the picture was."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.errors import UsageError
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.imaging.squash import squashed

SPEC = InputSpec(rows=32, columns=24)


def test_any_shape_becomes_one() -> None:
    for shape in ((32, 24), (300, 100), (10, 400), (64, 64, 3)):
        made = squashed(np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8), SPEC)
        assert (made.shape, made.dtype) == ((32, 24), np.uint8)


def test_shrinking_keeps_means_of_areas() -> None:
    picture = np.kron(np.arange(32 * 24).reshape(32, 24) % 256, np.ones((4, 6))).astype(np.uint8)
    plain = InputSpec(rows=32, columns=24, low=0, high=100)
    assert np.array_equal(squashed(picture, plain), picture[::4, ::6])


def test_brightness_and_contrast_of_the_whole_do_not_matter() -> None:
    ramp = np.tile(np.linspace(0, 100, 96), (64, 1)).astype(np.uint8)
    one, other = squashed(ramp, SPEC), squashed(ramp * 2 + 30, SPEC)
    assert np.abs(one.astype(int) - other).max() <= 2
    assert (one.min(), one.max()) == (0, 255)


def test_a_blank_picture_is_black() -> None:
    assert not squashed(np.full((40, 40), 200, np.uint8), SPEC).any()


def test_grey_in_three_channels_is_the_same_grey() -> None:
    grey = np.random.default_rng(2).integers(0, 256, (50, 50)).astype(np.uint8)
    assert np.array_equal(squashed(np.stack([grey] * 3, 2), SPEC), squashed(grey, SPEC))


def test_normalised_by_mean_and_deviation() -> None:
    spec = InputSpec(rows=8, columns=8, mean=0.4, deviation=0.2)
    made = spec.normalised(np.array([[0, 255], [51, 102]], np.uint8))
    assert made == pytest.approx(np.array([[-2.0, 3.0], [-1.0, 0.0]]), abs=1e-6)
    assert made.dtype == np.float32


@pytest.mark.parametrize(
    "wrong", [{"rows": 0}, {"columns": 99999}, {"low": 60.0, "high": 40.0}, {"deviation": 0.0}]
)
def test_sizes_and_ranges_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="no picture can have"):
        InputSpec(**wrong)


def test_shapes_are_kept_and_the_middle_taken_where_a_network_wants_it() -> None:
    spec = InputSpec(rows=32, columns=32, shorter_side=40, stretched=False)
    picture = np.tile(np.arange(160, dtype=np.uint8), (80, 1))
    made = squashed(picture, spec)
    assert made.shape == (32, 32)
    assert (made[0, 0], made[0, -1]) == (48, 110), "as bright as it was, a fifth of the width"
    assert squashed(np.full((5, 9000), 7, np.uint8), spec).tolist() == [[7] * 32] * 32


def test_rare_wishes_stand_in_a_model_only_where_there_are_any() -> None:
    assert "shorter_side" not in InputSpec().facts()
    assert InputSpec(shorter_side=256).facts()["shorter_side"] == 256
    with pytest.raises(UsageError):
        InputSpec(rows=224, columns=224, shorter_side=200)
