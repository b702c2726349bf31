"""Some releases of PySide6 lose a reference to None in every call that returns None.

After a few thousand calls the interpreter ends with "deallocating None". On Python 3.12 and later
None is immortal and nothing can be counted; a release is proven clean on Python 3.11.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage, QTransform

CALLS = 2_000
SLACK = 100


def _returning_none() -> dict[str, Callable[[], None]]:
    named, timer, image = QObject(), QTimer(), QImage(4, 4, QImage.Format.Format_Grayscale8)
    turned = QTransform()
    return {
        "setObjectName": lambda: named.setObjectName("x"),
        "setInterval": lambda: timer.setInterval(5),
        "fill": lambda: image.fill(3),
        "reset": turned.reset,
    }


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
@pytest.mark.parametrize("name", ["setObjectName", "setInterval", "fill", "reset"])
def test_calls_that_return_none_keep_their_references(name: str) -> None:
    call = _returning_none()[name]
    call()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        call()
    assert abs(sys.getrefcount(None) - before) < SLACK
