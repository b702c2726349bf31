"""Copies are found, and only those."""

from __future__ import annotations

import numpy as np

from xray_studio.core.learning import alike


def test_brighter_and_noisier_copies_are_found_across_blocks() -> None:
    rng = np.random.default_rng(2)
    pictures = rng.integers(0, 200, (2500, 16, 16)).astype(np.uint8)
    pictures[1400] = pictures[3] + 20
    pictures[2400] = np.clip(pictures[1401] + rng.normal(0, 2, (16, 16)), 0, 255)
    found = [(one, other) for one, other, _ in alike.pairs_alike(pictures)]
    assert found == [(3, 1400), (1401, 2400)]


def test_pictures_of_one_grey_are_like_none() -> None:
    assert list(alike.pairs_alike(np.zeros((4, 8, 8), np.uint8))) == []
