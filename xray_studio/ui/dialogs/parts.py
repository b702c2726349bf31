"""Parts that all dialogs share: heading, footer, separator."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from xray_studio.ui.look.theme import mark, px

MARGIN = 20
EDGE = 16  # pixels of the window that stay in sight round a dialog
LEAST = QSize(480, 360)


def sized(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog a size for letters of the usual size, never larger than the main window."""
    parent = dialog.parentWidget()
    wanted = QSize(px(width), px(height))
    if parent is not None:
        while (above := parent.window().parentWidget()) is not None:
            parent = above
        room = parent.window().size() - QSize(2 * EDGE, 2 * EDGE)
        wanted = wanted.boundedTo(room.expandedTo(LEAST))
    dialog.resize(wanted)


def separator(parent: QWidget) -> QFrame:
    """Return a line of one pixel."""
    line = QFrame(parent)
    mark(line, line="horizontal")
    return line


def button(text: str, parent: QWidget, kind: str = "") -> QPushButton:
    """Return a button that does not catch Enter by itself."""
    made = QPushButton(text, parent)
    made.setAutoDefault(False)
    mark(made, kind=kind)
    return made


def heading(title: str, about: str, parent: QWidget) -> QHBoxLayout:
    """Return the first row of a dialog: its title and what it is about."""
    strong, quiet = QLabel(title, parent), QLabel(about, parent)
    mark(strong, role="title")
    mark(quiet, role="secondary")
    quiet.setObjectName("about")
    row = QHBoxLayout()
    row.setContentsMargins(MARGIN, 16, MARGIN, 16)
    row.setSpacing(12)
    row.addWidget(strong)
    row.addWidget(quiet, 1)
    return row


def footer(left: Sequence[QWidget], right: Sequence[QWidget]) -> QHBoxLayout:
    """Return the last row of a dialog: buttons on both sides."""
    row = QHBoxLayout()
    row.setContentsMargins(MARGIN, 12, MARGIN, 12)
    row.setSpacing(8)
    for widget in left:
        row.addWidget(widget)
    row.addStretch(1)
    for widget in right:
        row.addWidget(widget)
    return row


def scrolling(body: QWidget, parent: QWidget) -> QScrollArea:
    """Return the body of a dialog so that it scrolls where the screen is too small for it."""
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(body)
    return area


def framed(dialog: QDialog, head: QHBoxLayout, body: QWidget, foot: QHBoxLayout) -> None:
    """Lay out a dialog: heading, line, body, line, footer."""
    column = QVBoxLayout(dialog)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addLayout(head)
    column.addWidget(separator(dialog))
    column.addWidget(body, 1)
    column.addWidget(separator(dialog))
    column.addLayout(foot)


def captioned(grid: QGridLayout, label: str, content: QWidget) -> QLabel:
    """Add a row to a form of two columns and return its caption."""
    caption = QLabel(label, content.parentWidget())
    mark(caption, role="secondary")
    number = grid.rowCount()
    grid.addWidget(caption, number, 0)
    grid.addWidget(content, number, 1)
    return caption


def beside(parent: QWidget, *parts: tuple[QWidget, int]) -> QWidget:
    """Return widgets side by side, each with its share of the room."""
    holder = QWidget(parent)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part, stretch in parts:
        row.addWidget(part, stretch)
    return holder
