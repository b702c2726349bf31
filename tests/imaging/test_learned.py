"""The learned denoiser where there is no noise: nothing appears that was not there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from xray_studio.imaging.steps.learned import Learned

AROUND = np.ones((5, 5), np.uint8)


@pytest.mark.parametrize("seed", [1, 2])
def test_flat_parts_of_drawn_pictures_stay_as_they_are(seed: int) -> None:
    drawn = np.zeros((224, 256), np.float32)
    cv2.ellipse(drawn, (128, 20), (110, 180), 0, 0, 180, 60.0, -1)
    speckle = np.random.default_rng(seed).random(drawn.shape) > 0.995
    drawn[speckle & (drawn > 0)] = 90.0
    made = Learned().smooth(drawn[None], 0)
    flat = cv2.erode(drawn, AROUND) == cv2.dilate(drawn, AROUND)
    assert 0.2 < flat.mean() < 1.0
    np.testing.assert_array_equal(made[flat], drawn[flat])
