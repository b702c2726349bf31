"""The two rows along the upper edge: menus with the action finder, and the toolbar."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFont, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.actions.keymap import written
from xray_studio.ui.look.icons import SIZE, icon
from xray_studio.ui.look.theme import font, mark, px
from xray_studio.ui.widgets.icon_button import IconButton

# Actions of the toolbar with their icons; "" is a line between groups.
TOOLS = (
    ("open_folder", "folder-open"),
    ("", ""),
    ("window_tool", "contrast"),
    ("zoom_tool", "zoom-in"),
    ("pan_tool", "move"),
    ("magnifier_tool", "search"),
    ("region_tool", "square-dashed"),
    ("", ""),
    ("length_tool", "ruler"),
    ("angle_tool", "angle"),
    ("ellipse_tool", "ellipse"),
    ("outline_tool", "pentagon"),
    ("text_tool", "type"),
    ("", ""),
    ("fit", "maximize"),
    ("actual_size", "1:1"),
    ("", ""),
    ("invert", "sun-moon"),
    ("rotate_left", "rotate-ccw"),
    ("rotate_right", "rotate-cw"),
    ("mirror", "flip-horizontal"),
    ("flip", "flip-vertical"),
    ("reset", "undo-2"),
    ("", ""),
    ("corner_text", "captions"),
)
# Left out where the window is narrower than this; the menus have them all.
NARROW = 1240
NOT_WHEN_NARROW = (
    "rotate_left", "rotate_right", "mirror", "flip", "actual_size", "outline_tool",
)  # fmt: skip


class ActionButton(IconButton):
    """A toolbar button that is always what its action is: enabled, switched on, named."""

    def __init__(self, action: QAction, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(picture, action.text(), parent=parent)
        self._action = action
        if picture == "1:1":
            self.setIcon(QIcon())
            self.setText(picture)
            self.setFont(font(13, QFont.Weight.Medium))
        self.setCheckable(action.isCheckable())
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())
        self.setChecked(self._action.isChecked())


class Header(QWidget):
    """Menus and toolbar of the window."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QMenuBar(self)
        self.menus: dict[str, QMenu] = {}
        self.tools: dict[str, QToolButton] = {}
        self.finder = QPushButton(icon("search", "secondary"), " Find anything", self)
        self.identity = QPushButton("", self)
        self.export = QPushButton(icon("upload", "on_accent"), "  Export clip", self)
        self._actions = actions
        mark(self, area="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._menu_row())
        column.addLayout(self._tool_row())
        line = QFrame(self)
        mark(line, line="horizontal")
        column.addWidget(line)
        self.follow_look()

    def follow_look(self) -> None:
        """Take the room for the size of letters in use."""
        self._leave_out()

    def open_menus(self) -> None:
        """Open the first menu at its first entry; arrows lead to the others."""
        menu = next(iter(self.menus.values()))
        self.bar.setActiveAction(menu.menuAction())
        menu.setActiveAction(next(filter(QAction.isEnabled, menu.actions())))

    def minimumSizeHint(self) -> QSize:
        """Return no least width: the toolbar gives way."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        self._leave_out()

    def _leave_out(self) -> None:
        wide = self.width() >= NARROW + px(300) - 300
        self.finder.setFixedWidth(px(260 if wide else 172))
        for name in NOT_WHEN_NARROW:
            self.tools[name].setVisible(wide)

    def _menu_row(self) -> QHBoxLayout:
        name = QLabel("X-Ray Studio", self)
        mark(name, role="strong")
        self.bar.setNativeMenuBar(False)
        self.menus = self._actions.fill(self.bar)
        mark(self.finder, kind="finder")
        key = QLabel(self.finder)
        mark(key, role="caption")
        self._actions.keys_changed.connect(lambda: self._show_key(key))
        self._show_key(key)
        inside = QHBoxLayout(self.finder)
        inside.setContentsMargins(0, 0, 8, 0)
        inside.addWidget(key, 0, Qt.AlignmentFlag.AlignRight)
        self._follow_action(self.finder, "find_action")
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 12, 0)
        row.setSpacing(16)
        row.addWidget(name)
        row.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.finder)
        return row

    def _tool_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(4)
        for name, picture in TOOLS:
            if name:
                self.tools[name] = ActionButton(self._actions[name], picture, self)
                row.addWidget(self.tools[name])
            else:
                row.addWidget(self._divider())
        row.addStretch(1)
        mark(self.export, kind="accent")
        row.addWidget(self.identity)
        row.addSpacing(4)
        row.addWidget(self.export)
        self._follow_action(self.identity, "hide_identity")
        self._follow_action(self.export, "export")
        self._actions["hide_identity"].changed.connect(self._name_identity)
        self._name_identity()
        return row

    def _show_key(self, label: QLabel) -> None:
        label.setText(written(self._actions.keys["find_action"]))

    def _divider(self) -> QWidget:
        holder = QWidget(self)
        line = QFrame(holder)
        mark(line, line="vertical")
        row = QHBoxLayout(holder)
        row.setContentsMargins(8, 6, 8, 6)
        row.addWidget(line)
        return holder

    def _follow_action(self, button: QPushButton, name: str) -> None:
        action = self._actions[name]
        button.setIconSize(QSize(SIZE - 2, SIZE - 2))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.text().rstrip("…"))
        button.clicked.connect(action.trigger)

        def follow() -> None:
            button.setToolTip(action.toolTip())
            button.setEnabled(action.isEnabled())

        action.changed.connect(follow)
        follow()

    def _name_identity(self) -> None:
        hidden = self._actions["hide_identity"].isChecked()
        self.identity.setText("  Show identity" if hidden else "  Hide identity")
        self.identity.setIcon(icon("eye-off" if not hidden else "eye"))
