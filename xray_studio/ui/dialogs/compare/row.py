"""One clip in the list of the comparison: picture, caption, look, and where it stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from xray_studio.ui.browser.series_text import amount, series_title
from xray_studio.ui.dialogs.compare.entries import Entry
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.widgets.elided import Elided
from xray_studio.ui.widgets.icon_button import IconButton
from xray_studio.ui.widgets.segmented import Segmented

LOOKS = (("shown", "As shown"), ("stored", "As stored"))
SIDE = 48  # pixels of the picture
LONGEST = 80  # letters of a caption
MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class Grip(QLabel):
    """What a row is dragged by. `dragged` tells where the pointer is on the screen."""

    dragged = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip("Drag to move this clip (Alt+Up, Alt+Down)")
        self.setFixedWidth(20)
        self.follow_look()

    def follow_look(self) -> None:
        """Take the colours in use."""
        self.setPixmap(icon("grip-vertical", "secondary").pixmap(QSize(18, 18)))

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Take hold."""
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the pointer is."""
        self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self.setCursor(Qt.CursorShape.OpenHandCursor)


class ClipRow(QFrame):
    """A row of the list. Its signals tell what the user does with the clip.

    `moved` tells by how many places, `dragged` where the pointer is on the screen.
    """

    captioned = Signal(str)
    looked = Signal(bool)
    moved = Signal(int)
    dragged = Signal(QPoint)
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grip, self.picture = Grip(self), QLabel(self)
        self.caption, self.about = QLineEdit(self), Elided(self)
        self.look = Segmented("Look", LOOKS, self)
        small = {"side": 28, "size": 16, "parent": self}
        self.up = IconButton("chevron-up", "Move up", **small)  # type: ignore[arg-type]  # as named
        self.down = IconButton("chevron-down", "Move down", **small)  # type: ignore[arg-type]  # as named
        self.remove = IconButton("x", "Remove", **small)  # type: ignore[arg-type]  # as named
        mark(self, kind="row")
        self._build()
        self._connect()

    def show_entry(self, entry: Entry, place: int, count: int, *, hidden: bool) -> None:
        """Show a clip at a place (from 0) of several."""
        if self.caption.text() != entry.caption:
            self.caption.setText(entry.caption)
        self.caption.setPlaceholderText(entry.usual_caption)
        self.caption.setAccessibleName(f"Caption of clip {place + 1}")
        self.look.set_value("stored" if entry.stored else "shown")
        self.look.setAccessibleName(f"Look of clip {place + 1}")
        series, cine = entry.view.series, entry.view.cine
        title = series_title(series, hidden=hidden) if series is not None else "Clip"
        whole = (cine.first, cine.last) == (0, len(entry.clip) - 1)
        frames = "" if whole else f"frames {cine.first + 1} to {cine.last + 1}"
        told = frames or (amount(series) if series is not None else "")
        words = " \N{MIDDLE DOT} ".join(filter(None, (f"{place + 1}", title, told)))
        self.about.set_words(words, words)
        for button, text in ((self.up, "up"), (self.down, "down"), (self.remove, "")):
            name = f"Move clip {place + 1} {text}" if text else f"Remove clip {place + 1}"
            button.setAccessibleName(name)
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place < count - 1)

    def controls(self) -> list[QWidget]:
        """Return what Tab goes through, in order."""
        looks = [self.look.button(key) for key, _ in LOOKS]
        return [self.caption, *looks, self.up, self.down, self.remove]

    def show_picture(self, image: QImage | None) -> None:
        """Show the thumbnail of the series, when it is there."""
        if image is None or image.isNull():
            return
        ratio = self.devicePixelRatioF()
        keep, smooth = (
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        made = QPixmap.fromImage(image.scaled(QSize(SIDE, SIDE) * ratio, keep, smooth))
        made.setDevicePixelRatio(ratio)
        self.picture.setPixmap(made)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the clip with Alt and an arrow."""
        by = MOVES.get(Qt.Key(event.key()), 0)
        if by and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(by)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        """Take the keys that move the clip before a field does."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            by = MOVES.get(Qt.Key(event.key()), 0)
            if by and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.moved.emit(by)
                return True
        return False

    def _build(self) -> None:
        self.picture.setFixedSize(SIDE, SIDE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        mark(self.picture, role="thumbnail")
        mark(self.about, role="caption")
        self.caption.setMaxLength(LONGEST)
        self.caption.setMinimumWidth(120)
        self.caption.setToolTip("What stands above the picture")
        self.look.setFixedSize(px(168), 34)
        self.look.button("shown").setToolTip("With window, colours and overlays of the viewport")
        self.look.button("stored").setToolTip("As its file says")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.caption)
        words.addWidget(self.about)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(8)
        for part, stretch in ((self.grip, 0), (self.picture, 0)):
            row.addWidget(part, stretch)
        row.addLayout(words, 1)
        row.addWidget(self.look, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 2, 0, 0)
        buttons.setSpacing(0)
        for one in (self.up, self.down, self.remove):
            buttons.addWidget(one, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(buttons)

    def _connect(self) -> None:
        self.caption.textEdited.connect(self.captioned)
        self.caption.installEventFilter(self)
        self.look.chosen.connect(lambda key: self.looked.emit(key == "stored"))
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.remove.clicked.connect(self.removed)
        self.grip.dragged.connect(self.dragged)
