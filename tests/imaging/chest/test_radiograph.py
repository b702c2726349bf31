"""Radiographs of the chest: repeatable, with a nodule whose place is known."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.imaging.chest.nodule import NODULE
from xray_studio.imaging.chest.radiograph import Films, take
from xray_studio.imaging.phantom.raster import shrink

SIZE = 256


@pytest.fixture(scope="module", params=["PA", "LL"])
def films(request: pytest.FixtureRequest) -> Films:
    return take(request.param, 5, SIZE)


def test_values_are_twelve_bits_and_use_them(films: Films) -> None:
    for film in (films.now, films.earlier):
        assert film.shape == (SIZE, SIZE)
        assert film.dtype == np.uint16
        assert film.max() <= 4095
        assert np.percentile(film, 99) > 3000
        assert np.percentile(film, 2) < 400


def test_mask_lies_where_the_nodule_is_projected(films: Films) -> None:
    rows, columns = np.nonzero(films.mask)
    place, scale = films.beam.project(np.array(NODULE.centre))
    assert (columns.mean(), rows.mean()) == pytest.approx(tuple(place), abs=4.0 * float(scale))
    across = 2.0 * np.sqrt(films.mask.sum() / np.pi) / float(scale)
    assert 0.9 * NODULE.radius < across / 2.0 < 1.4 * NODULE.radius


def test_nodule_is_brighter_than_what_lies_around_it() -> None:
    film = take("PA", 5, SIZE)
    rows, columns = np.nonzero(film.mask)
    box = np.s_[rows.min() - 8 : rows.max() + 9, columns.min() - 8 : columns.max() + 9]
    around = ~film.mask[box]
    now = film.now[box].astype(float)
    assert now[film.mask[box]].mean() > now[around].mean() + 150.0


def test_patient_is_the_same_a_year_before() -> None:
    film = take("PA", 5, SIZE)
    now, before = (shrink(image.astype(np.float32), 32) for image in (film.now, film.earlier))
    assert np.corrcoef(now.ravel(), before.ravel())[0, 1] > 0.95
    assert not np.array_equal(film.now, film.earlier)


def test_heart_and_stomach_lie_on_the_left_which_is_right_in_the_picture() -> None:
    film = take("PA", 5, SIZE).now.astype(float)
    middle = SIZE // 2
    heart = film[int(0.60 * SIZE) : int(0.66 * SIZE)]
    left, right = heart[:, middle + 36 : middle + 50], heart[:, middle - 50 : middle - 36]
    assert left.mean() > right.mean() + 300.0
    gas = film[int(0.77 * SIZE) : int(0.80 * SIZE)]
    assert gas[:, middle + 30 : middle + 60].mean() < gas[:, middle - 60 : middle - 30].mean() - 500


def test_same_arguments_same_pixels_and_others_differ() -> None:
    one, same = (take("PA", 5, 128) for _ in range(2))
    assert np.array_equal(one.now, same.now)
    assert np.array_equal(one.earlier, same.earlier)
    assert not np.array_equal(one.now, take("PA", 6, 128).now)
