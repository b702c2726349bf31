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

from xray_studio.ui.actions.actions import Actions, Spec
from xray_studio.ui.actions.keymap import written
from xray_studio.ui.actions.keymaps import MouseMap
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, scrolling, sized
from xray_studio.ui.look.theme import mark

DRAGS = {
    "window": "Window: level up and down, width sideways",
    "pan": "Move the picture",
    "zoom": "Zoom",
    "scroll": "Go through the frames",
}
WHEEL = {"frames": "Next or previous frame", "zoom": "Zoom at the pointer"}
FOCUS = (
    ("↑ and ↓", "Go through the list of series"),
    ("↓", "From a search to what it found"),
    ("Enter", "Show the first series found"),
    ("Esc", "Clear a search"),
    ("Enter or Esc", "Take a number or put it back; leave the field"),
    ("Alt and a letter", "Open a menu"),
)
COLUMNS = 2


class KeysDialog(QDialog):
    """Lists the keys of all actions, by menu, and what the mouse does."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys and mouse")
        sized(self, 760, 600)
        blocks = [(title, key_rows(specs, actions.keys)) for title, specs in actions.menus.items()]
        blocks[2][1].extend(number_rows(actions.keys))
        mouse, focus = (
            ("Mouse on the picture", mouse_rows(actions.mouse)),
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
        self.change = button("Change keys…", self)
        self.change.clicked.connect(actions["edit_keys"].trigger)
        head, foot = (
            heading("Keys and mouse", about, self),
            footer([self.change], [self.close_button]),
        )
        framed(self, head, body, foot)
        body.setFocus()  # so that arrows and page keys scroll


def key_rows(specs: Sequence[Spec], keys: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return keys and names of the actions of a menu."""
    return [
        (" or ".join(written(key) for key in keys[spec.name].split()), spec.text.rstrip("…"))
        for spec in specs
        if spec.name and keys[spec.name] and spec.title is None
    ]


def number_rows(keys: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the keys of the windows that a file stores, and of the presets."""
    stored = [keys[f"window_{number}"] for number in (1, 2)]
    presets = [keys[f"window_{number}"] for number in range(3, 10)]
    rows = ((stored, "Windows stored in the file"), (presets, "Presets of the modality"))
    return [(span, name) for own, name in rows if (span := _span(own))]


def _span(keys: Sequence[str]) -> str:
    """Return keys in words: "3 to 9", "1 and 2"."""
    found = [written(key) for key in keys if key]
    if len(found) > 2:
        return f"{found[0]} to {found[-1]}"
    return " and ".join(found)


def mouse_rows(mouse: MouseMap) -> list[tuple[str, str]]:
    """Return what the mouse does on a picture."""
    rows = [
        ("Drag", DRAGS.get(mouse.left, "What the tool does: window, zoom, pan …")),
        ("Middle drag", DRAGS[mouse.middle]),
        ("Shift and drag", DRAGS["pan"]),
        ("Ctrl and drag", DRAGS.get(mouse.ctrl_left, "")),
        ("Right drag", DRAGS.get(mouse.right, "")),
        ("Right click", "Menu"),
        ("Wheel", WHEEL[mouse.wheel]),
        ("Shift and wheel", "Ten frames" if mouse.wheel == "frames" else ""),
        ("Ctrl and wheel", WHEEL[mouse.ctrl_wheel]),
        ("Wheel with the magnifier", "2 to 8 times as large"),
    ]
    return [row for row in rows if row[1]]


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
