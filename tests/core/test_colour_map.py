"""Colour maps, beside the libraries that carry the same ones."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from pydicom.pixels.processing import apply_color_lut

from tests.services.clips import Frames
from xray_studio.core.clip import Clip
from xray_studio.core.colour_map import COLOUR_MAPS, colour_table, known_colour_map
from xray_studio.core.errors import UsageError
from xray_studio.core.legend import legend, window_ends
from xray_studio.core.lut import LookupTable, Pixels, Rescale
from xray_studio.core.presentation import Presentation, VoiFunction, Window
from xray_studio.imaging.render import render

RAMP = np.arange(256, dtype=np.uint8)
STANDARD = {
    "hot-iron": "1.2.840.10008.1.5.1", "pet": "1.2.840.10008.1.5.2",
    "hot-metal-blue": "1.2.840.10008.1.5.3", "pet-20-step": "1.2.840.10008.1.5.4",
}  # fmt: skip


@pytest.mark.parametrize("name", COLOUR_MAPS)
def test_maps_are_those_of_the_standard_and_of_their_authors(name: str) -> None:
    if name in STANDARD:
        expected = apply_color_lut(RAMP, palette=STANDARD[name])
    else:
        expected = cv2.applyColorMap(RAMP[:, None], getattr(cv2, f"COLORMAP_{name.upper()}"))[
            :, 0, ::-1
        ]
    assert np.array_equal(colour_table(name), expected)


def test_names_are_checked() -> None:
    assert known_colour_map("grey") == known_colour_map("") == ""
    with pytest.raises(UsageError, match="no colour map blue; choose one of grey, hot-iron"):
        known_colour_map("blue")


def test_grey_is_shown_in_colour_and_colour_as_it_is() -> None:
    how = Presentation(voi=Window.spanning(0, 255), colour_map="viridis")
    grey = Clip(Frames(RAMP.reshape(1, 16, 16)), pixels=Pixels(8))
    assert np.array_equal(render(grey, 0, how).reshape(256, 3), colour_table("viridis"))
    colour = Clip(Frames(np.full((1, 4, 4, 3), 7, np.uint8)))
    assert np.array_equal(render(colour, 0, how), colour.stored(0))


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("invert", [False, True])
def test_a_legend_tells_what_is_brightest(inverted: bool, invert: bool) -> None:
    frames = Frames(np.zeros((1, 4, 4), np.uint16))
    clip = Clip(frames, pixels=Pixels(12, inverted=inverted), modality=(Rescale(1, -1024, "HU"),))
    how = Presentation(colour_map="pet", invert=invert)
    for voi, ends in (
        (None, ("-1024", "3071")),
        (Window.spanning(-10, 30), ("-10", "30")),
        (LookupTable(0, 8, b"\0\0"), ("lowest", "highest")),
    ):
        found = legend(clip, how, voi, 0)
        assert found is not None
        shown = (found.foot, found.top) if inverted == invert else (found.top, found.foot)
        assert (shown, found.unit) == (ends, "HU")
    assert legend(clip, Presentation(), None, 0) is None


def test_ends_of_windows_are_what_is_shown_black_and_white() -> None:
    assert window_ends(Window(40, 401)) == (-160.5, 239.5)
    assert window_ends(Window(0.5, 1.0, VoiFunction.LINEAR_EXACT)) == (0.0, 1.0)
