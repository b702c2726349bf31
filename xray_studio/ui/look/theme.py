"""Look of the window: colour tokens, the type family, palette and style sheet.

Every colour in the window is one of these tokens; every distance is a multiple of 4 pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from xray_studio.core.resources import resource
from xray_studio.ui.look.style_sheet import style_sheet
from xray_studio.ui.look.tokens import DARK, LIGHT, Tokens

FAMILY = "Inter"
FONT_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")
BODY, CAPTION, TITLE = 13, 12, 15


TEXT_SCALES = {"usual": 1.0, "large": 1.15, "larger": 1.3, "largest": 1.5}


@dataclass(slots=True)
class _Look:
    """The look in use."""

    tokens: Tokens = DARK
    scale: float = 1.0


_look = _Look()


class Follower(Protocol):
    """A widget with a picture or a size of its own that the style sheet does not reach."""

    def follow_look(self) -> None:
        """Take the colours and sizes in use now."""


def tokens() -> Tokens:
    """Return the colours in use."""
    return _look.tokens


def px(size: float) -> int:
    """Return a length in logical pixels that grows with the size of letters."""
    return round(size * _look.scale)


def colour(token: str) -> QColor:
    """Return a token, by name, as a colour."""
    return QColor(getattr(tokens(), token))


def font(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the type family at a size in pixels, with figures of equal width.

    The size is that of usual letters; it grows with the size of letters that is set.
    """
    made = QFont(FAMILY)
    made.setPixelSize(px(size))
    made.setWeight(weight)
    made.setFeature(QFont.Tag.fromString("tnum"), 1)
    return made


def palette() -> QPalette:
    """Return the palette for what the style sheet does not reach."""
    made = QPalette()
    for role, token in _ROLES.items():
        made.setColor(role, colour(token))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, colour("disabled"))
    made.setColor(QPalette.ColorRole.HighlightedText, colour("text"))
    return made


_ROLES = {
    QPalette.ColorRole.Window: "panel",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "background",
    QPalette.ColorRole.AlternateBase: "panel",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "secondary",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Highlight: "selected",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
}


def apply_theme(app: QApplication, theme: str = "dark", text: str = "usual") -> None:
    """Dress the application: Fusion style, fonts, palette, style sheet.

    `theme` is "dark", "light" or "system", which asks the system and takes dark when it does not
    tell; `text` is one of TEXT_SCALES. What is open changes at once.
    """
    if FAMILY not in QFontDatabase.families():
        for name in FONT_FILES:
            QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}")))
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.styleHints().setColorScheme(_SCHEMES[theme])
    _look.tokens = LIGHT if _is_light(app, theme) else DARK
    _look.scale = TEXT_SCALES[text]
    app.setFont(font())
    app.setPalette(palette())
    app.setStyleSheet(style_sheet(tokens(), px))
    _tell(app)


_SCHEMES = {
    "dark": Qt.ColorScheme.Dark,
    "light": Qt.ColorScheme.Light,
    "system": Qt.ColorScheme.Unknown,
}


def _is_light(app: QApplication, theme: str) -> bool:
    """Tell whether a theme is light now."""
    if theme == "system":
        return app.styleHints().colorScheme() is Qt.ColorScheme.Light
    return theme == "light"


def _tell(app: QApplication) -> None:
    """Let widgets follow that have pictures or sizes of their own."""
    for widget in app.allWidgets():
        follow = getattr(widget, "follow_look", None)
        if follow is not None:
            follow()
        widget.update()


def mark(widget: QWidget, **properties: str) -> None:
    """Give a widget a look of the style sheet, such as `role="caption"` or `kind="accent"`.

    Roles of labels: title, strong, secondary, caption, done, danger, note. Kinds of buttons:
    accent, quiet, link. Areas: background, panel, raised. Lines: horizontal, vertical.
    """
    # Dressing a widget anew takes milliseconds, so it is done only for what changes.
    changed = {name: value for name, value in properties.items() if widget.property(name) != value}
    for name, value in changed.items():
        widget.setProperty(name, value)
    if changed:
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)
