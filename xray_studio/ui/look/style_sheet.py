"""Style sheet of the window, written with the colour tokens."""

from __future__ import annotations

from collections.abc import Callable
from string import Template
from typing import Any

from xray_studio.core.resources import resource

_AREAS = """
QWidget { color: $text; }
QMainWindow, QDialog, QWidget[area="panel"] { background: $panel; }
QWidget[area="background"] { background: $background; }
QWidget[area="raised"] { background: $raised; }
QFrame[line="horizontal"] { background: $border; min-height: 1px; max-height: 1px; border: none; }
QFrame[line="vertical"] { background: $border; min-width: 1px; max-width: 1px; border: none; }
QSplitter::handle { background: $border; }
QSplitter::handle:hover, QSplitter::handle:pressed { background: $accent_fill; }
QDialog { border: 1px solid $strong_border; }
QFrame[kind="cell-bar"] {
    background: $panel; border: 1px solid $strong_border; border-radius: 8px;
}
QDialog[kind="popup"] { background: $raised; border: 1px solid $strong_border; }
QToolTip {
    background: $raised; color: $text; border: 1px solid $strong_border; padding: 4px 8px;
}
"""

_LABELS = """
QLabel { background: transparent; }
QLabel[role="title"] { font-size: $title; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="secondary"] { color: $secondary; }
QLabel[role="caption"] { color: $secondary; font-size: $caption; }
QLabel[role="done"] { color: $done; }
QLabel[role="danger"] { color: $danger; }
QLabel[role="note"] {
    color: $note_ink; background: $note_fill; border: 1px solid $note_border; border-radius: 8px;
    padding: 8px 12px; font-size: $caption;
}
QLabel:disabled { color: $faint; }
"""

_BUTTONS = """
QPushButton, QToolButton[kind="button"] {
    background: $raised; border: 1px solid $strong_border; border-radius: 8px;
    min-height: 20px; padding: 5px 12px;
}
QPushButton[align="left"] { text-align: left; }
QPushButton:hover, QToolButton[kind="button"]:hover { background: $strong_border; }
QPushButton:pressed, QToolButton[kind="button"]:pressed { background: $border; }
QPushButton:checked, QToolButton[kind="button"]:checked {
    background: $selected; border-color: $accent_fill;
}
QPushButton:focus, QToolButton:focus, QPushButton:checked:focus {
    border: 1px solid $accent; outline: none;
}
QPushButton:disabled, QToolButton[kind="button"]:disabled {
    color: $faint; background: $panel; border-color: $border;
}
QPushButton[kind="accent"], QToolButton[kind="accent"] {
    background: $accent_fill; border: 1px solid $accent_fill; border-radius: 8px; color: $on_accent;
    min-height: 20px; padding: 5px 12px; font-weight: 500;
}
QPushButton[kind="accent"]:hover, QToolButton[kind="accent"]:hover { background: $accent_hover; }
QPushButton[kind="accent"]:pressed, QToolButton[kind="accent"]:pressed {
    background: $accent_pressed;
}
QPushButton[kind="accent"]:focus, QToolButton[kind="accent"]:focus {
    border: 1px solid $accent_ring;
}
QPushButton[kind="accent"]:disabled, QToolButton[kind="accent"]:disabled {
    background: $raised; border-color: $border; color: $faint;
}
QPushButton[kind="finder"] {
    background: $background; color: $secondary; text-align: left; padding: 3px 8px;
}
QPushButton[kind="finder"]:hover { background: $background; border-color: $faint; }
QPushButton[kind="quiet"], QPushButton[kind="link"] {
    background: transparent; border-color: transparent;
}
QPushButton[kind="quiet"]:hover { background: $raised; }
QPushButton[kind="link"] { color: $accent; padding: 2px 4px; min-height: 18px; border-radius: 4px; }
QPushButton[kind="link"][edge="flush"] { padding: 2px 0px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="quiet"]:focus, QPushButton[kind="link"]:focus { border-color: $accent; }
QToolButton {
    background: transparent; border: 1px solid transparent; border-radius: 8px; padding: 0px;
}
QToolButton:hover { background: $raised; }
QToolButton:pressed { background: $border; }
QToolButton:checked { background: $selected; color: $accent; }
QToolButton:disabled { color: $disabled; }
QToolButton::menu-indicator { image: none; }
"""

_FIELDS = """
QLineEdit, QAbstractSpinBox, QComboBox {
    background: $background; border: 1px solid $strong_border; border-radius: 8px;
    min-height: 20px; padding: 5px 8px; selection-background-color: $accent_fill;
    selection-color: $on_accent;
}
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border-color: $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    color: $faint; border-color: $border;
}
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$open"); width: 16px; height: 16px; }
QLineEdit > QToolButton { border: none; background: transparent; }
QPlainTextEdit, QTextBrowser {
    background: $background; border: 1px solid $border; border-radius: 8px; padding: 4px;
    selection-background-color: $accent_fill; selection-color: $on_accent;
}
QSlider { min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $strong_border; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $strong_border; }
QSlider::handle:horizontal {
    width: 10px; height: 10px; margin: -4px 0; border-radius: 6px; background: $text;
    border: 1px solid $text;
}
QSlider::handle:horizontal:focus {
    margin: -6px 0; border: 3px solid $accent; border-radius: 8px; background: $handle;
}
QSlider::handle:horizontal:disabled { background: $faint; border-color: $faint; }
QProgressBar {
    background: $strong_border; border: none; border-radius: 2px; min-height: 4px; max-height: 4px;
}
QProgressBar::chunk { background: $done; border-radius: 2px; }
"""

_SEGMENTS = """
QFrame[kind="segmented"] {
    background: $background; border: 1px solid $strong_border; border-radius: 8px;
}
QFrame[kind="segmented"] > QPushButton {
    background: transparent; border: 1px solid transparent; border-radius: 6px; color: $secondary;
    padding: 2px 8px; min-height: 20px;
}
QFrame[kind="segmented"] > QPushButton:hover { color: $text; }
QFrame[kind="segmented"] > QPushButton:checked { background: $selected; color: $text; }
QFrame[kind="segmented"] > QPushButton:focus { border-color: $accent; }
QFrame[kind="segmented"] > QPushButton:disabled { color: $disabled; }
QFrame[kind="segmented"] > QPushButton:checked:disabled { background: $border; color: $faint; }
"""

_MENUS = """
QMenuBar { background: transparent; border: none; padding: 0px; spacing: 0px; }
QMenuBar::item { background: transparent; border-radius: 6px; padding: 4px 8px; margin: 0px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $raised; }
QMenu {
    background: $raised; border: 1px solid $strong_border; border-radius: 8px; padding: 4px;
}
QMenu::item { padding: 6px 24px 6px 8px; border-radius: 4px; min-width: 160px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 0px; height: 0px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $strong_border; margin: 4px 8px; }
"""

_VIEWS = """
QAbstractScrollArea { background: transparent; border: none; }
QTreeView, QListView {
    background: transparent; border: none; outline: none; selection-background-color: $selected;
}
QTreeView, QFileDialog QListView, QScrollArea[kind="page"] {
    border: 1px solid transparent; border-radius: 6px;
}
QTreeView:focus, QFileDialog QListView:focus, QScrollArea[kind="page"]:focus {
    border-color: $accent;
}
QFileDialog QTreeView::item, QFileDialog QListView::item { min-height: 28px; }
QTreeView::indicator, QListView::indicator, QCheckBox[kind="mark"]::indicator {
    background: $background; border: 1px solid $secondary; border-radius: 4px; width: 14px;
    height: 14px;
}
QTreeView::indicator:checked, QListView::indicator:checked,
QCheckBox[kind="mark"]::indicator:checked {
    background: $accent_fill; border-color: $accent_fill; image: url("$tick");
}
QTreeView::indicator:indeterminate {
    background: $accent_fill; border-color: $accent_fill; image: url("$dash");
}
QCheckBox[kind="mark"] { spacing: 8px; }
QCheckBox[kind="mark"]::indicator:focus { border-color: $accent; }
QCheckBox[kind="mark"]:disabled { color: $faint; }
QTreeView::item { border: none; padding: 0 4px; }
QTreeView::item:selected { background: $selected; color: $text; }
QTreeView::item:hover:!selected { background: $raised; }
QHeaderView { background: $panel; }
QHeaderView::section {
    background: $panel; color: $secondary; border: none; border-bottom: 1px solid $border;
    padding: 4px 8px; font-size: $caption;
}
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $strong_border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: none; border: none; width: 0; height: 0;
}
QTabBar { background: transparent; border: none; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $secondary; border: 1px solid transparent;
    border-bottom: 2px solid transparent; padding: 7px 3px 8px 3px; margin: 0 2px; min-height: 18px;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { border-color: $accent; border-radius: 6px; }
QTabBar[kind="rail"]::tab { padding: 0; margin: 0; border: none; }
QTabBar[kind="patients"]::tab {
    border-bottom: none; border-top-left-radius: 8px; border-top-right-radius: 8px;
    padding: 5px 15px 6px 15px; margin: 0 4px 0 0; min-height: 20px;
}
QTabBar[kind="patients"]::tab:selected { background: $raised; }
"""

_SHEET = Template(_AREAS + _LABELS + _BUTTONS + _FIELDS + _SEGMENTS + _MENUS + _VIEWS)


_SIZES = {"caption": 12, "title": 15}


def style_sheet(tokens: Any, px: Callable[[float], int]) -> str:
    """Return the style sheet in the colours of `tokens` (theme.Tokens).

    `px` gives the sizes of letters in pixels.
    """
    colours = {name: getattr(tokens, name) for name in tokens.__slots__}
    sizes = {name: f"{px(size)}px" for name, size in _SIZES.items()}
    # A style sheet takes pictures from files only, in colours of their own.
    marks = {name: resource(f"icons/{name}-on-accent.svg").as_posix() for name in ("tick", "dash")}
    marks["open"] = resource("icons/open-down.svg").as_posix()  # seen on light and dark alike
    return _SHEET.substitute(colours, **sizes, **marks)
