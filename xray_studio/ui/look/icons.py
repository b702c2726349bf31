"""Icons: one family, drawn from SVG at the size and resolution asked for, tinted by state."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from xray_studio.core.resources import resource
from xray_studio.ui.look.theme import tokens

SIZE = 20
STROKE = 1.5  # pixels, whatever the size of the icon
_GRID = 24.0  # the family is drawn on a square of 24


@lru_cache(maxsize=512)
def tinted(name: str, colour: str, size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """Return an icon in one colour ("#RRGGBB"), `size` logical pixels, `ratio` pixels for each."""
    svg = resource(f"icons/{name}.svg").read_text("utf-8")
    svg = svg.replace("currentColor", colour)
    svg = svg.replace('stroke-width="1.5"', f'stroke-width="{STROKE * _GRID / size:.3f}"')
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class _Engine(QIconEngine):
    """Draws one icon in the colour of its mode and state."""

    def __init__(self, name: str, colour: str, on: str) -> None:
        super().__init__()
        self._name, self._colour, self._on = name, colour, on

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """Return the picture: `size` logical pixels, `scale` device pixels for each."""
        side = max(1, min(size.width(), size.height()))
        return tinted(self._name, self._tint(mode, state), side, scale)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the picture at one device pixel a pixel."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw into a rectangle, centred."""
        side = min(rect.width(), rect.height())
        ratio = painter.device().devicePixelRatioF()
        corner = rect.center() - QPoint((side - 1) // 2, (side - 1) // 2)
        painter.drawPixmap(corner, tinted(self._name, self._tint(mode, state), side, ratio))

    def clone(self) -> QIconEngine:
        """Return an engine like this one."""
        return _Engine(self._name, self._colour, self._on)

    def _tint(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        wanted = self._on if state is QIcon.State.On else self._colour
        faint = mode is QIcon.Mode.Disabled and wanted != "none"
        return tokens().disabled if faint else shade(wanted)


@lru_cache(maxsize=256)
def icon(name: str, colour: str = "text", on: str = "accent") -> QIcon:
    """Return an icon by name: text colour, accent when checked, faint when disabled.

    `colour` and `on` are names of tokens, or "none" for a state that draws nothing. The icon
    follows the theme.
    """
    return QIcon(_Engine(name, colour, on))


def shade(name: str) -> str:
    """Return the colour of a token now; what is none stays as it is."""
    return str(getattr(tokens(), name, name))
