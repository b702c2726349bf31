"""What filters see in the place of padding."""

from __future__ import annotations

import numpy as np

from xray_studio.core.padding import filled


def test_pictures_go_on_where_there_is_nothing() -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    nothing = np.zeros((3, 4), bool)
    assert filled(values, nothing) is values
    nothing[0] = True
    nothing[1, :2] = True
    nothing[2, 3] = True
    wanted = [[6, 6, 6, 7], [6, 6, 6, 7], [8, 9, 10, 10]]
    assert np.array_equal(filled(values, nothing), np.array(wanted, np.float32))
    assert not filled(values, np.ones((3, 4), bool)).any()
