"""Images part: the images that a document selects, as small pictures that lead to them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from xray_studio.core.content import Reference
from xray_studio.core.document import Images
from xray_studio.ui.look.icons import tinted
from xray_studio.ui.look.theme import CAPTION, colour, font, px
from xray_studio.ui.look.tokens import DARK

TILE, GAP, WORDS = 160, 12, 64
Thumbnail = Callable[[Reference], QImage | None]
ABSENT = "Not among the files"


class ImageTile(QPushButton):
    """One image: a picture with words below. It cannot be pressed when the image is not open."""

    def __init__(
        self, target: Reference, words: str, thumbnail: Thumbnail, known: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._target, self._thumbnail, self._words = target, thumbnail, words
        self.setEnabled(known)
        self.setAccessibleName(words if known else f"{words}: {ABSENT.lower()}")
        self.setToolTip(words if known else ABSENT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint picture, words and focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("raised" if self.underMouse() and self.isEnabled() else "panel"))
        painter.drawRoundedRect(self.rect(), 8, 8)
        self._paint_picture(painter, QRect(8, 8, self.width() - 16, self.width() - 16))
        self._paint_words(painter)
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 8, 8)
        painter.end()

    def _paint_picture(self, painter: QPainter, area: QRect) -> None:
        painter.setBrush(QColor("#000000"))
        painter.drawRoundedRect(area, 4, 4)
        image = self._thumbnail(self._target) if self.isEnabled() else None
        if image is not None and not image.isNull():
            painter.drawImage(area.adjusted(2, 2, -2, -2), image)
            return
        name = "image" if self.isEnabled() else "eye-off"
        mark = tinted(name, DARK.faint, 24, self.devicePixelRatioF())
        painter.drawPixmap(area.center().x() - 12, area.center().y() - 12, mark)

    def _paint_words(self, painter: QPainter) -> None:
        painter.setFont(font(CAPTION))
        painter.setPen(colour("text" if self.isEnabled() else "secondary"))
        area = QRect(10, self.width() - 2, self.width() - 20, px(WORDS) - 8)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        words = self._words if self.isEnabled() else f"{self._words}\n{ABSENT}"
        painter.drawText(area, flags, words)


class ImagesPart(QWidget):
    """Tiles in rows; `link_asked` tells the object of the one that is pressed."""

    link_asked = Signal(object)

    def __init__(
        self,
        block: Images,
        thumbnail: Thumbnail,
        known: Callable[[Reference], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tiles = []
        for place, target in enumerate(block.targets):
            words = block.texts[place] if place < len(block.texts) else ""
            tile = ImageTile(target, words, thumbnail, known(target), self)
            tile.clicked.connect(lambda _checked=False, target=target: self.link_asked.emit(target))
            self.tiles.append(tile)
        self._lay_out(TILE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tiles out anew."""
        super().resizeEvent(event)
        self._lay_out(event.size().width())

    def _lay_out(self, width: int) -> None:
        side, high = px(TILE), px(TILE) + px(WORDS)
        columns = max(1, (width + GAP) // (side + GAP))
        for number, tile in enumerate(self.tiles):
            row, column = divmod(number, columns)
            tile.setGeometry(QRect(column * (side + GAP), row * (high + GAP), side, high))
        rows = -(-len(self.tiles) // columns)
        self.setFixedHeight(max(1, rows * (high + GAP)))

    def sizeHint(self) -> QSize:
        """Return the size of one row."""
        return QSize(px(TILE), px(TILE) + px(WORDS))
