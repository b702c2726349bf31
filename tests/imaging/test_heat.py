"""Heat maps in the pixels of their picture, and over it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from xray_studio.core.learning.heat import Heat, Method, heat_of
from xray_studio.core.learning.heat_colours import AGAINST, HEAT_MAPS, heat_colours
from xray_studio.imaging.heat import drawn_over, in_picture, smoothed


def _heat(values: np.ndarray, shape: tuple[int, int], method: Method = Method.OCCLUSION) -> Heat:
    return heat_of(method, "nodule", values.astype(np.float32), shape)


@pytest.mark.parametrize("shape", [(300, 200), (97, 411), (20, 16)])
def test_a_place_of_the_network_comes_back_where_it_was(shape: tuple[int, int]) -> None:
    rows, columns = np.mgrid[0:32, 0:32].astype(np.float32)
    for at in ((4, 25), (16, 16), (27, 3)):
        blob = np.exp(-((rows - at[0]) ** 2 + (columns - at[1]) ** 2) / 18.0)
        full = in_picture(_heat(blob, shape))
        assert full.shape == shape
        found = np.unravel_index(int(full.argmax()), shape)
        for place, side, was in zip(found, shape, at, strict=True):
            assert abs((place + 0.5) / side - (was + 0.5) / 32) <= 0.5 / 32 + 0.5 / side
        assert full.max() <= 1.0
        back = cv2.resize(full, (32, 32), interpolation=cv2.INTER_AREA)
        if min(shape) >= 64:
            assert np.abs(back - blob).max() < 0.04


def test_grad_cam_is_told_as_part_of_its_peak_and_others_as_they_are() -> None:
    values = np.array([[0.0, 0.2], [0.1, 0.4]])
    assert _heat(values, (2, 2), Method.GRAD_CAM).values.max() == 1.0
    assert np.array_equal(_heat(values, (2, 2)).values, values.astype(np.float32))
    nothing = _heat(np.zeros((4, 4)), (4, 4), Method.GRAD_CAM)
    assert (nothing.values.max(), nothing.limit) == (0.0, 0.0)


@pytest.mark.parametrize("name", HEAT_MAPS)
def test_colours_tell_for_from_against_and_leave_nothing_uncovered_at_nought(name: str) -> None:
    values = np.array([-2.0, -1.0, 0.0, 0.3, 1.0, 9.0], np.float32)
    colours, cover = heat_colours(values, 1.0, name)
    assert cover.tolist() == pytest.approx([1.0, 1.0, 0.0, 0.5, 1.0, 1.0])
    assert tuple(colours[0]) == tuple(colours[1]) == AGAINST
    assert all(int(one[0]) >= int(one[2]) for one in colours[4:]), (
        "what speaks for it is warm or white"
    )
    assert np.array_equal(colours[4], colours[5])
    assert heat_colours(np.zeros(3, np.float32), 0.0, name)[1].tolist() == [0.0, 0.0, 0.0]


def test_a_heat_map_covers_by_its_opacity_and_leaves_the_rest() -> None:
    values = np.zeros((8, 8))
    values[:, :4] = 1.0
    picture = np.full((80, 160), 100, np.uint8)
    heat = _heat(values, (80, 160))
    drawn = drawn_over(picture, heat, "orange", 0.5)
    assert drawn.shape == (80, 160, 3)
    assert (drawn[:, 120:] == 100).all()
    assert drawn[40, 10].tolist() == [178, 122, 88], "half orange, half film"
    assert np.array_equal(drawn_over(picture, heat, "orange", 0.0)[..., 0], picture)


@pytest.mark.parametrize("method", [Method.GRADIENT_SHAP, Method.OCCLUSION])
def test_maps_are_blurred_for_eyes_and_keep_their_sum(method: Method) -> None:
    values = np.random.default_rng(1).normal(0.01, 1.0, (64, 64))
    heat = _heat(values, (64, 64), method)
    shown = smoothed(heat)
    assert shown.values.std() < 0.5 * heat.values.std()
    assert float(shown.values.sum()) == pytest.approx(float(values.sum()), abs=8.0)
    coarse = _heat(np.abs(values), (64, 64), Method.GRAD_CAM)
    assert smoothed(coarse) is coarse
