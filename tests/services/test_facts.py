"""What is told of a clip."""

from __future__ import annotations

import numpy as np

from tests.imaging.test_render import Held
from xray_studio.core.clip import Clip
from xray_studio.core.lut import Pixels
from xray_studio.services.facts import clip_facts


def test_the_depth_of_colours_is_that_of_the_file() -> None:
    colours = Held(np.zeros((1, 4, 5, 3), np.uint8))
    assert clip_facts(Clip(colours, pixels=Pixels(bits=16)))["bits_stored"] == 16
