"""Pixels of the phantoms stay what they are: means of nine blocks of each kind of picture.

They are compared within a stored value or two, since libraries round differently on other
processors. Who changes them on purpose raises REVISION in `services.demonstration.folder`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from xray_studio.imaging.chest.ct import Gantry, Scan
from xray_studio.imaging.chest.nodule import NODULE
from xray_studio.imaging.chest.radiograph import take
from xray_studio.imaging.echo import labels, make_echo
from xray_studio.imaging.phantom import LATERAL, RAO_CRANIAL, Fluoroscopy, make_angiogram


def plane_b() -> NDArray[np.uint16]:
    return make_angiogram(5, 30, 128, view=LATERAL, run_number=6, plane=1).frames[29]


def fluoroscopy() -> NDArray[np.uint16]:
    return make_angiogram(
        5, 10, 128, view=RAO_CRANIAL, run_number=9, frame_time=133.333, kind=Fluoroscopy
    ).frames[9]


EXPECTED: dict[str, tuple[Callable[[], NDArray[np.generic]], list[float]]] = {
    "run": (
        lambda: make_angiogram(5, 40, 128).frames[39],
        [940.7, 1140.6, 2095.6, 953.4, 1136.8, 2399.1, 558.8, 1231.9, 1828.0],
    ),
    "plane B": (plane_b, [581.4, 832.6, 672.2, 1382.5, 1552.0, 1178.5, 677.3, 1037.3, 920.7]),
    "fluoroscopy": (
        fluoroscopy,
        [695.3, 1230.6, 2291.0, 978.5, 1194.7, 2746.7, 1007.5, 585.5, 928.2],
    ),
    "chest from behind": (
        lambda: take("PA", 5, 256).now,
        [1828.2, 2033.7, 1823.3, 1150.4, 2261.2, 1246.2, 1880.0, 3231.8, 1703.2],
    ),
    "chest from the side, before": (
        lambda: take("LL", 5, 256).earlier,
        [429.1, 2778.4, 342.4, 629.6, 1917.9, 536.6, 703.7, 3107.8, 539.0],
    ),
    "slice": (
        lambda: Scan(Gantry(192, 80), 5, NODULE).slice(50),
        [-855.8, -700.6, -857.0, -583.8, -371.2, -578.1, -828.1, -666.3, -826.5],
    ),
    "ultrasound": (
        lambda: make_echo(labels("A", "B", "C", "D"), 5, 1).frames[8, ..., 0],
        [2.9, 25.4, 0.2, 12.2, 58.1, 17.9, 17.7, 54.2, 22.0],
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_picture_is_what_it_was(name: str) -> None:
    make, expected = EXPECTED[name]
    picture = make().astype(float)
    rows, columns = (size // 3 for size in picture.shape)
    found = [
        picture[i * rows : (i + 1) * rows, j * columns : (j + 1) * columns].mean()
        for i in range(3)
        for j in range(3)
    ]
    assert found == pytest.approx(expected, abs=1.5)
