"""What is dragged inside the program: a series from the list, or the picture of a place."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from xray_studio.core.study import Series

CARD = 72  # pixels
FORMAT = "application/x-xray-studio"


class Carried(QMimeData):
    """A series, or a place of the grid. Nothing of it can be read by another program."""

    def __init__(self, what: Series | int) -> None:
        super().__init__()
        self.what = what
        self.setData(FORMAT, b"")


def carried(data: QMimeData) -> Series | int | None:
    """Return what is dragged, None for anything from elsewhere."""
    return data.what if isinstance(data, Carried) else None


def card(image: QImage | None, ratio: float) -> QPixmap:
    """Return what is seen at the pointer while a series is dragged: its thumbnail, if there is."""
    side = round(CARD * ratio)
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.black)
    if image is not None:
        keep, smooth = (
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        small = image.scaled(side, side, keep, smooth)
        painter = QPainter(made)
        painter.drawImage((side - small.width()) // 2, (side - small.height()) // 2, small)
        painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def carry(source: QWidget, what: Series | int, picture: QPixmap) -> None:
    """Drag something from a widget until it is dropped."""
    drag, data = QDrag(source), Carried(what)
    drag.setMimeData(data)
    drag.setPixmap(picture)
    drag.setHotSpot(QPoint(-12, -12))  # what is said below the pointer stays in sight
    drag.exec(Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.CopyAction)
