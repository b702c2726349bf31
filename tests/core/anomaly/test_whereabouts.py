"""Where a region lies is said by lungs where they are known, and by sides of the patient."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.anomaly.whereabouts import place_words
from xray_studio.core.orientation import Orientation

SHAPE = (90, 120)
NOTHING, SUPINE = Orientation(), Orientation("R", "L", "H", "F")


def _lungs() -> np.ndarray:
    """Two lungs from row 15 to 74: the picture's left one in columns 20 to 49."""
    mask = np.zeros(SHAPE, np.bool_)
    mask[15:75, 20:50] = True
    mask[15:75, 70:100] = True
    return mask


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ((5, 5), "upper left of the picture"),
        ((5, 60), "upper middle of the picture"),
        ((45, 60), "middle of the picture"),
        ((45, 110), "right of the picture"),
        ((89, 119), "lower right of the picture"),
    ],
)
def test_without_orientation_it_is_a_ninth_of_the_picture(
    place: tuple[int, int], words: str
) -> None:
    """Nothing is said of the patient that the file does not tell."""
    assert place_words(place, SHAPE, NOTHING) == words


def test_sides_are_those_of_the_patient() -> None:
    """Where the letters at the edges are known, right and left of the patient are told."""
    assert place_words((5, 5), SHAPE, SUPINE) == "upper left, patient's right"
    turned = Orientation("L", "R", "H", "F")
    assert place_words((5, 5), SHAPE, turned) == "upper left, patient's left"
    assert place_words((45, 5), SHAPE, SUPINE) == "left of the picture, patient's right"
    assert place_words((5, 60), SHAPE, SUPINE) == "upper middle of the picture"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ((16, 30), "right upper zone"),
        ((45, 30), "right middle zone"),
        ((74, 30), "right lower zone"),
        ((16, 90), "left upper zone"),
        ((45, 60), "middle, outside the lungs"),
        ((85, 60), "lower middle, outside the lungs"),
        ((5, 5), "right upper, outside the lungs"),
    ],
)
def test_in_lungs_it_is_a_zone(place: tuple[int, int], words: str) -> None:
    """Zones are thirds of the height of a lung; a film lies as usual where nobody tells."""
    assert place_words(place, SHAPE, NOTHING, _lungs()) == words


def test_mirrored_and_upturned_films_are_told_as_they_lie() -> None:
    """Sides and zones follow the letters of the file."""
    mirrored = Orientation("L", "R", "H", "F")
    assert place_words((16, 30), SHAPE, mirrored, _lungs()) == "left upper zone"
    upturned = Orientation("L", "R", "F", "H")
    assert place_words((16, 30), SHAPE, upturned, _lungs()) == "left lower zone"
