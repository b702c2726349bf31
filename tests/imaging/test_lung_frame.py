"""The frame of the lungs: what is taken out of a film lies where it was when it is laid back."""

from __future__ import annotations

import numpy as np

from xray_studio.imaging.lung_frame import LungFrame
from xray_studio.imaging.places import finer


def _lungs() -> np.ndarray:
    lungs = np.zeros((128, 128), np.float32)
    lungs[30:100, 20:55] = lungs[30:100, 70:110] = 1.0
    return lungs


def test_it_holds_the_lungs_with_a_margin() -> None:
    frame = LungFrame.around(_lungs())
    assert frame.left < 20 / 128 < frame.left + 0.2
    assert frame.bottom > 100 / 128 > frame.bottom - 0.2
    taken = np.asarray(frame.taken(_lungs(), 64))
    assert taken.shape == (64, 64)
    assert 0.4 < taken.mean() < 0.75


def test_without_lungs_it_is_the_whole_film() -> None:
    assert LungFrame.around(np.zeros((128, 128), np.float32)) == LungFrame(0.0, 0.0, 1.0, 1.0)


def test_what_is_laid_back_lies_where_it_was() -> None:
    frame, spot = LungFrame.around(_lungs()), np.zeros((128, 128), np.float32)
    spot[60:70, 80:95] = 1.0
    again = frame.laid_back(np.asarray(frame.taken(spot, 56), np.float32), 128)
    assert abs(np.argwhere(again > 0.5).mean(axis=0) - (64.5, 87.0)).max() < 1.0
    whole = LungFrame(0.0, 0.0, 1.0, 1.0)
    coarse = np.arange(49, dtype=np.float32).reshape(7, 7)
    inner = slice(16, 112)
    laid = whole.laid_back(coarse, 128)
    assert np.abs(laid - finer(coarse, 128))[inner, inner].max() < 0.2
