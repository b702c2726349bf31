"""Drawn lesions lie in lungs, change what they mark, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.imaging import drawn_lesions
from xray_studio.imaging.drawn_lesions import drawn


def _film() -> tuple[np.ndarray, np.ndarray]:
    film, lungs = np.full((256, 256), 180, np.uint8), np.zeros((256, 256), np.float32)
    for columns in (slice(50, 115), slice(140, 205)):
        film[50:200, columns], lungs[50:200, columns] = 70, 1.0
    return film, lungs


def test_most_films_have_lesions_and_all_lie_at_lungs() -> None:
    film, lungs = _film()
    other = np.random.default_rng(5).integers(0, 255, film.shape).astype(np.uint8)
    made = [drawn(film, lungs, other, np.random.default_rng(seed)) for seed in range(40)]
    some = [one for one in made if one.mask.max() > 0.5]
    assert 20 <= len(some) < 40
    for one in made:
        assert one.film.dtype == np.uint8
        assert 0.0 <= one.mask.min() <= one.mask.max() <= 1.0
        assert one.mask[:6, :6].max() < 0.3, "far from the lungs nothing is marked"


@pytest.mark.parametrize("kind", list(drawn_lesions._KINDS))
def test_each_kind_changes_what_it_marks(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    share, draw = drawn_lesions._KINDS[kind]
    assert share > 0.0
    monkeypatch.setattr(drawn_lesions, "_KINDS", {kind: (1.0, draw)})
    monkeypatch.setattr(drawn_lesions, "_LESIONS", (0.0, 1.0, 0.0, 0.0))
    monkeypatch.setattr(drawn_lesions, "_TONED", 0.0)
    film, lungs = _film()
    noisy = np.clip(film + np.random.default_rng(0).normal(0, 4, film.shape), 0, 255)
    found = []
    for seed in range(6):
        one = drawn(noisy.astype(np.uint8), lungs, film, np.random.default_rng(seed))
        monkeypatch.setattr(drawn_lesions, "_LESIONS", (1.0, 0.0, 0.0, 0.0))
        plain = drawn(noisy.astype(np.uint8), lungs, film, np.random.default_rng(seed))
        monkeypatch.setattr(drawn_lesions, "_LESIONS", (0.0, 1.0, 0.0, 0.0))
        changed = np.abs(one.film.astype(float) - plain.film)
        if (one.mask > 0.5).sum() > 20:
            found.append(changed[one.mask > 0.5].mean() - changed[one.mask < 0.01].mean())
    assert np.mean(found) > 2.0


def test_films_have_any_tones_and_lesions_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    film, lungs = _film()
    made = list[drawn_lesions.Drawn]()
    for share in (0.0, 1.0):
        monkeypatch.setattr(drawn_lesions, "_TONED", share)
        made += [drawn(film, lungs, film, np.random.default_rng(seed)) for seed in range(8)]
    for plain, toned in zip(made[:8], made[8:], strict=True):
        assert np.array_equal(plain.mask, toned.mask)
        assert not np.array_equal(plain.film, toned.film)
    spreads = [one.film.std() for one in made[8:]]
    assert max(spreads) > 1.3 * min(spreads)


def test_without_lungs_nothing_is_drawn() -> None:
    film, _ = _film()
    made = drawn(film, np.zeros(film.shape, np.float32), film, np.random.default_rng(1))
    assert made.mask.max() == 0.0
