"""What the middle of the window says while there is no picture: one sentence, one action."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.widgets.icon_label import IconLabel

MARK = 40
EDGE = 16


@dataclass(frozen=True, slots=True)
class Words:
    """One empty state: icon, title, sentence and the names of the actions it offers."""

    icon: str
    title: str
    sentence: str
    actions: tuple[str, ...] = ()


START = Words(
    "film",
    "Open a study to begin",
    "Drop files or folders anywhere in this window, or choose where they are.",
    ("open_folder", "open_files", "demonstration"),
)
SCANNING = Words("folder-search", "Looking for pictures", "The first one is shown as it is found.")
NOTHING = Words(
    "folder-search",
    "No pictures were found",
    "There is nothing here that can be shown. Open another folder.",
    ("open_folder",),
)
ALL_SKIPPED = Words(
    "folder-search",
    "No pictures were found",
    "Files were found, but none of them holds a picture that can be shown.",
    ("skipped", "open_folder"),
)
_ICONS = {
    "open_folder": "folder-open",
    "open_files": "file-image",
    "demonstration": "heart-pulse",
    "skipped": "triangle-alert",
}


def words_for(state: State) -> Words:
    """Return what to say in a state."""
    if state.scanning or state.catalog.patients:
        return SCANNING
    if state.catalog.skipped:
        return ALL_SKIPPED
    return NOTHING if state.opened else START


class EmptyPage(QWidget):
    """The page shown in place of the viewport."""

    def __init__(self, session: Session, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._words: Words | None = None
        self.mark = IconLabel(MARK, "faint", self)
        self.title = QLabel(self)
        self.sentence = QLabel(self)
        self.buttons: dict[str, QPushButton] = {}
        self._build()
        session.changed.connect(lambda _old, new: self._show(words_for(new)))
        self._show(words_for(session.state))

    def _build(self) -> None:
        mark(self, area="background")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Start")
        mark(self.title, role="title")
        mark(self.sentence, role="secondary")
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(5)
        column.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self.title, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addSpacing(16)
        self._row = self._buttons()
        column.addLayout(self._row)
        column.addStretch(6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below one another where they have no room side by side."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        shown = [button for button in self.buttons.values() if not button.isHidden()]
        wide = sum(button.sizeHint().width() + 8 for button in shown) + 2 * EDGE
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.LeftToRight if wide <= self.width() else ways.TopToBottom)

    def _buttons(self) -> QBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for name, picture in _ICONS.items():
            self.buttons[name] = self._button(self._actions[name], picture)
            row.addWidget(self.buttons[name], 0, Qt.AlignmentFlag.AlignHCenter)
        row.addStretch(1)
        return row

    def _button(self, action: QAction, picture: str) -> QPushButton:
        button = QPushButton(icon(picture), f"  {action.text().rstrip('…')}", self)
        button.setAccessibleName(action.text().rstrip("…"))
        button.setToolTip(action.toolTip())
        button.setIconSize(QSize(18, 18))
        button.setMinimumHeight(36)
        button.clicked.connect(action.trigger)
        return button

    def _show(self, words: Words) -> None:
        if words is self._words:
            return
        self._words = words
        self.mark.show_icon(words.icon)
        self.title.setText(words.title)
        self.sentence.setText(words.sentence)
        for name, button in self.buttons.items():
            button.setVisible(name in words.actions)
            first = words.actions[:1] == (name,)
            mark(button, kind="accent" if first else "")
            button.setIcon(icon(_ICONS[name], "on_accent" if first else "text"))
        self._arrange()
