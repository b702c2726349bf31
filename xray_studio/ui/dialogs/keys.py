"""Keys and mouse: everything that can be done without a menu, on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from xray_studio.ui.actions.actions import Spec
from xray_studio.ui.actions.keymap import written
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, scrolling
from xray_studio.ui.look.theme import mark

MOUSE = (
    ("Drag", "Window: level up and down, width sideways"),
    ("Middle drag", "Move the picture"),
    ("Shift and drag", "Move the picture"),
    ("Right drag", "Zoom"),
    ("Right click", "Menu"),
    ("Wheel", "Next or previous frame"),
    ("Shift and wheel", "Ten frames"),
    ("Ctrl and wheel", "Zoom at the pointer"),
)
FOCUS = (
    ("↑ and ↓", "Go through the list of series"),
    ("↓", "From a search to what it found"),
    ("Enter", "Show the first series found"),
    ("Esc", "Clear a search"),
    ("Enter or Esc", "Take a number or put it back; leave the field"),
    ("Alt and a letter", "Open a menu"),
)
NUMBERS = (("1 and 2", "Windows stored in the file"), ("3 to 9", "Presets of the modality"))
COLUMNS = 2


class KeysDialog(QDialog):
    """Lists the keys of all actions, by menu, and what the mouse does."""

    def __init__(self, menus: Mapping[str, Sequence[Spec]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys and mouse")
        self.resize(760, 600)
        blocks = [(title, key_rows(specs)) for title, specs in menus.items()]
        blocks[2][1].extend(NUMBERS)
        mouse, focus = (
            ("Mouse on the picture", list(MOUSE)),
            ("Lists, fields and menus", list(FOCUS)),
        )
        page = _page([*blocks, mouse, focus])
        body = scrolling(page, self)
        body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        body.setAccessibleName("All keys")
        mark(body, kind="page")
        self.close_button = button("Close", self)
        self.close_button.clicked.connect(self.accept)
        about = "A list or a field keeps the keys it needs while it has the focus."
        head, foot = heading("Keys and mouse", about, self), footer([], [self.close_button])
        framed(self, head, body, foot)
        body.setFocus()  # so that arrows and page keys scroll


def key_rows(specs: Sequence[Spec]) -> list[tuple[str, str]]:
    """Return keys and names of the actions of a menu."""
    return [
        (" or ".join(written(key) for key in spec.keys.split()), spec.text.rstrip("…"))
        for spec in specs
        if spec.keys and spec.title is None
    ]


def _page(blocks: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> QWidget:
    page = QWidget()
    columns = [QVBoxLayout() for _ in range(COLUMNS)]
    heights = [0] * COLUMNS
    for title, rows in blocks:
        column = heights.index(min(heights))
        heights[column] += len(rows) + 2
        columns[column].addLayout(_block(title, rows, page))
    row = QHBoxLayout(page)
    row.setContentsMargins(MARGIN, 16, MARGIN, 16)
    row.setSpacing(40)
    for made in columns:
        made.setSpacing(24)
        made.addStretch(1)
        row.addLayout(made, 1)
    return page


def _block(title: str, rows: Sequence[tuple[str, str]], page: QWidget) -> QGridLayout:
    grid = QGridLayout()
    grid.setVerticalSpacing(6)
    grid.setHorizontalSpacing(12)
    grid.setColumnStretch(0, 3)
    grid.setColumnStretch(1, 2)
    head = QLabel(title, page)
    mark(head, role="strong")
    grid.addWidget(head, 0, 0, 1, 2)
    for number, (key, name) in enumerate(rows, 1):
        left, right = QLabel(name, page), QLabel(key, page)
        for label, role in ((left, "secondary"), (right, "")):
            label.setWordWrap(True)
            mark(label, role=role)
        right.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(left, number, 0)
        grid.addWidget(right, number, 1)
    return grid
