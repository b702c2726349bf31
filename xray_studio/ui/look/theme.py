"""Look of the window: colour tokens, the type family, palette and style sheet.

Every colour in the window is one of these tokens; every distance is a multiple of 4 pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from xray_studio.core.resources import resource
from xray_studio.ui.look.style_sheet import style_sheet

FAMILY = "Inter"
FONT_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")
BODY, CAPTION, TITLE = 13, 12, 15


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by what they mean, as "#RRGGBB"."""

    background: str
    panel: str
    raised: str
    border: str
    strong_border: str
    text: str
    secondary: str
    faint: str
    accent: str
    accent_fill: str
    selected: str
    ai: str
    done: str
    danger: str


DARK = Tokens(
    background="#0E1116",
    panel="#151A21",
    raised="#1C222B",
    border="#1F2630",
    strong_border="#2B3441",
    text="#E6EAF0",
    secondary="#8A94A3",
    faint="#6B7584",
    accent="#4DA3FF",
    accent_fill="#2F7FD6",
    selected="#20364F",
    ai="#F2B84B",
    done="#4CC38A",
    danger="#F26D6D",
)


def tokens() -> Tokens:
    """Return the colours in use."""
    return DARK


def colour(token: str) -> QColor:
    """Return a token, by name, as a colour."""
    return QColor(getattr(tokens(), token))


def font(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the type family at a size in pixels, with figures of equal width."""
    made = QFont(FAMILY)
    made.setPixelSize(size)
    made.setWeight(weight)
    made.setFeature(QFont.Tag.fromString("tnum"), 1)
    return made


def palette() -> QPalette:
    """Return the palette for what the style sheet does not reach."""
    made = QPalette()
    for role, token in _ROLES.items():
        made.setColor(role, colour(token))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, colour("faint"))
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


def apply_theme(app: QApplication) -> None:
    """Dress the application: Fusion style, fonts, palette, style sheet."""
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}")))
    app.setStyle("Fusion")
    app.setFont(font())
    app.setPalette(palette())
    app.setStyleSheet(style_sheet(tokens()))


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
