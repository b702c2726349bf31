"""Letters of the edges: they turn and flip with the picture."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.orientation import Orientation, as_shown
from xray_studio.core.presentation import Presentation
from xray_studio.imaging.render import oriented

PRESENTATIONS = st.builds(
    Presentation,
    rotation=st.sampled_from((0, 90, 180, 270)),
    flip_horizontal=st.booleans(),
    flip_vertical=st.booleans(),
)


@given(PRESENTATIONS)
def test_letters_go_where_their_edge_goes(presentation: Presentation) -> None:
    picture = np.zeros((3, 3), np.uint8)
    picture[1, 0], picture[1, 2], picture[0, 1], picture[2, 1] = 1, 2, 3, 4
    shown = oriented(picture, presentation)
    letters = {1: "R", 2: "L", 3: "A", 4: "P"}
    found = as_shown(Orientation("R", "L", "A", "P"), presentation)
    assert found.left == letters[shown[1, 0]]
    assert found.right == letters[shown[1, 2]]
    assert found.top == letters[shown[0, 1]]
    assert found.bottom == letters[shown[2, 1]]
