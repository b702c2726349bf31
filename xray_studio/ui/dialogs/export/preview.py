"""The left side of the export dialog: the picture as it will be written, and what it tells."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from xray_studio.core.output import Picture
from xray_studio.ui.dialogs.export.target import size_words
from xray_studio.ui.dialogs.parts import MARGIN
from xray_studio.ui.frame_worker import to_qimage
from xray_studio.ui.look.theme import font, mark
from xray_studio.ui.look.tokens import DARK

SQUARE = QSize(316, 316)


class PictureBox(QWidget):
    """A picture fitted into a black rectangle, or a sentence in its place."""

    def __init__(self, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(size)
        self.setAccessibleName("Preview")
        self.image = QImage()
        self.sentence = ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, picture and sentence."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(self.rect(), 8, 8)
        painter.setClipPath(path)
        painter.fillRect(self.rect(), QColor("#000000"))
        if not self.image.isNull():
            size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            area = QRect(0, 0, size.width(), size.height())
            area.moveCenter(self.rect().center())
            painter.drawImage(area, self._fine(area))
        elif self.sentence:
            painter.setPen(QColor(DARK.secondary))  # on black in both themes
            painter.setFont(font())
            words = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
            painter.drawText(self.rect().adjusted(24, 24, -24, -24), words, self.sentence)
        painter.end()

    def _fine(self, area: QRect) -> QImage:
        """Return the picture reduced well: QPainter alone leaves out pixels."""
        ratio = self.devicePixelRatioF()
        wanted = area.size() * ratio
        if wanted.width() >= self.image.width():
            return self.image
        mode = Qt.TransformationMode.SmoothTransformation
        return self.image.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, mode)


class ExportPreview(QWidget):
    """Picture, its frame and size, and what the export tells about the patient.

    `slider` goes through the frames; it is hidden unless the dialog uses it.
    """

    def __init__(self, parent: QWidget | None = None, size: QSize = SQUARE) -> None:
        super().__init__(parent)
        self.box = PictureBox(size, self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName("Moment of the preview")
        self.slider.hide()
        self.frame = QLabel(self)
        self.size_words = QLabel(self)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        mark(self.note, role="note")
        for label in (self.frame, self.size_words):
            mark(label, role="caption")
        facts = QHBoxLayout()
        facts.addWidget(self.frame)
        facts.addStretch(1)
        facts.addWidget(self.size_words)
        self.setFixedWidth(size.width() + 2 * MARGIN)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(12)
        column.addWidget(self.box)
        column.addWidget(self.slider)
        column.addLayout(facts)
        column.addWidget(self.note)
        column.addStretch(1)

    def show_picture(self, picture: Picture) -> None:
        """Show a picture as it will be written: uint8 (rows, columns) or RGB."""
        self.box.image = to_qimage(picture)
        self.size_words.setText(size_words(picture.shape[1], picture.shape[0]))
        self.box.update()

    def show_error(self, sentence: str) -> None:
        """Show why there is no picture."""
        self.box.image, self.box.sentence = QImage(), sentence
        self.size_words.clear()
        self.box.update()
