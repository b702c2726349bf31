"""Pictures that are no chest films: of every kind, the same for the same seed."""

from __future__ import annotations

import numpy as np

from xray_studio.imaging import not_chest
from xray_studio.imaging.not_chest import SIZE, drawn, spoilt


def test_every_kind_is_a_picture() -> None:
    for kind in not_chest._KINDS:
        for seed in range(5):
            assert kind(np.random.default_rng(seed)).shape == (SIZE, SIZE)


def test_the_same_chance_gives_the_same_pictures() -> None:
    one, other = (np.random.default_rng(3) for _ in range(2))
    for _ in range(30):
        picture = drawn(one)
        assert (picture.shape, picture.dtype) == ((SIZE, SIZE), np.uint8)
        assert np.array_equal(picture, drawn(other))


def test_a_spoilt_film_has_its_size_and_is_another_picture() -> None:
    chance = np.random.default_rng(1)
    film = chance.integers(0, 256, (40, 60)).astype(np.uint8)
    for _ in range(40):
        made = spoilt(film, film, chance)
        assert (made.shape, made.dtype) == (film.shape, np.uint8)
        assert not np.array_equal(made, film)
