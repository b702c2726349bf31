"""The brain-like mask finds the brain of a made head, and says when there is none."""

from pathlib import Path

import numpy as np
import pytest

from xray_studio.core.errors import UnsupportedError
from xray_studio.core.job import run
from xray_studio.core.labels.words import segments_of_words
from xray_studio.core.volume.filters import BrainLikeMask, filter_of
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.open import open_volume
from xray_studio.volume.brain_like import threshold
from xray_studio.volume.filters import filtered

REAL = Path(__file__).parents[2].parent / "shared/data/volumes/anatomical.nii"
SPACING = (1.5, 1.5, 2.0)


def _head(seed: int = 0) -> tuple[Volume, np.ndarray]:
    """Return a head as T1-weighted MR shows it, and its brain: white, grey, fluid, bone, scalp.

    A bridge of 4 mm joins brain and scalp through the bone; the coil is uneven.
    """
    shape = (90, 128, 110)
    at = np.indices(shape).astype(float)
    z, y, x = (at[n] * SPACING[2 - n] - shape[n] * SPACING[2 - n] / 2 for n in range(3))

    def ball(size: float) -> np.ndarray:
        return (x / (66 * size)) ** 2 + (y / (82 * size)) ** 2 + (z / (72 * size)) ** 2

    wave = 1 + 0.05 * np.sin(x / 4) * np.sin(y / 5) * np.sin(z / 4)
    brain = ball(0.82) < wave**2
    values = np.zeros(shape)
    values[ball(1.0) < 1] = 260.0  # scalp and fat
    values[ball(0.94) < 1] = 15.0  # bone
    values[ball(0.87) < 1] = 45.0  # fluid
    values[brain] = 130.0
    values[ball(0.6) < wave**2] = 180.0
    values[(x / 10) ** 2 + (y / 25) ** 2 + (z / 12) ** 2 < 1] = 45.0  # ventricles
    bridges = (np.abs(x) < 2) & (np.abs(z) < 2) & (ball(1.0) < 1) & ~brain
    values[bridges] = 150.0
    values *= 1 + 0.15 * x / 66
    values += np.random.default_rng(seed).normal(0, 8, shape)
    affine = from_axes(shape, (-80, -90, -85), np.eye(3), SPACING)
    brain |= (x / 10) ** 2 + (y / 25) ** 2 + (z / 12) ** 2 < 1
    return Volume(np.abs(values).astype(np.float32), affine, "MR"), brain


def test_the_brain_of_a_made_head_is_found() -> None:
    volume, brain = _head()
    made = run(filtered(volume, BrainLikeMask()))
    mask = made.values.astype(bool)
    assert 2 * (mask & brain).sum() / (mask.sum() + brain.sum()) > 0.95
    assert made.values.dtype == np.uint8
    assert (made.modality, made.unit, made.windows) == ("", "", ())
    (segment,) = segments_of_words(dict(made.label_words))
    assert (segment.name, segment.code.meaning, segment.made) == (
        "Brain-like", "Brain", "brain-like-mask",
    )  # fmt: skip


def test_values_are_kept_within_where_asked() -> None:
    volume, brain = _head()
    made = run(filtered(volume, filter_of("brain-like-mask:result=values")))
    assert made.modality == "MR"
    kept = made.values != volume.values.min()
    assert np.array_equal(made.values[kept], volume.values[kept])
    assert 2 * (kept & brain).sum() / (kept.sum() + brain.sum()) > 0.95


def test_a_head_without_a_brain_is_said() -> None:
    empty = np.zeros((20, 20, 20), np.float32)
    empty[::5] = 100.0
    volume = Volume(empty, from_axes(empty.shape, (0, 0, 0), np.eye(3), (1, 1, 1)), "MR")
    with pytest.raises(UnsupportedError, match="wide enough"):
        run(filtered(volume, BrainLikeMask()))
    with pytest.raises(UnsupportedError, match="wide enough"):
        threshold(np.full((3, 3, 3), 7.0))


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared/data")
def test_a_block_from_within_a_real_brain_is_mostly_marked() -> None:
    volume = run(open_volume(REAL))
    mask = run(filtered(volume, BrainLikeMask(cut=2.0))).values.astype(bool)
    bright = volume.values > threshold(volume.values)
    assert mask[bright].mean() > 0.9
    assert mask.mean() > 0.75  # it has no background, so that grey matter is the dark part
