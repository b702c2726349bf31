"""Why part: the channels that fired in the chosen region, and what the detector says of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from xray_studio.core.anomaly.detection import Unusual
from xray_studio.core.anomaly.explanation import Contribution, Explanation
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.heatmap.words import asked_words, whole_per_cent
from xray_studio.ui.look.theme import CAPTION, colour, font, mark, px
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import Answer, chosen_region, offers_of, why_told
from xray_studio.ui.viewer.unusual_commands import UnusualCommands
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.segmented import Segmented

MAP: Final = "map"
ROW, BAR, GAP, VALUE = 22, 8, 8, 52  # logical pixels for letters of the usual size
NAMES: Final = 0.5  # of the width that names have at most
EDGE: Final = 4.0  # logical pixels behind the longest name, so that none is cut by rounding
ABREAST: Final = 3  # pictures to choose from in a line


class WhyPart(QWidget):
    """Channels with their shares; contributions and pictures where a detector can tell them."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = UnusualCommands(session)
        self.title, self.channels, self.sentence, self.meaning = (QLabel(self) for _ in range(4))
        for label, role in (
            (self.title, "strong"),
            (self.channels, "secondary"),
            (self.sentence, "secondary"),
            (self.meaning, "caption"),
        ):
            label.setWordWrap(True)
            mark(label, role=role)
        self.title.setText("Why marked")
        self.ask = button("Ask the detector", self)
        self.ask.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hint(self.ask, "What each thing that it looks at adds to the score", "ask_why")
        self.ask.clicked.connect(lambda: self.asked.emit("ask_why"))
        self.bars = ContributionBars(self)
        self._sights: Segmented | None = None
        self._known: Explanation | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        for part in (self.title, self.channels, self.ask, self.sentence, self.bars, self.meaning):
            self._column.addWidget(part)

    @property
    def sights(self) -> Segmented | None:
        """The choice between the map and pictures of the explanation, None without any."""
        return self._sights

    def show_state(self, state: State, answer: Answer) -> None:
        """Show why the chosen region was marked, nothing without one."""
        region = chosen_region(state)
        self.setVisible(region is not None)
        if region is None:
            return
        self.channels.setText(channel_words(answer, region))
        self.channels.setVisible(bool(self.channels.text()))
        told = why_told(state)
        offer = next((one for one in offers_of(state) if one.name == answer.detector), None)
        self.ask.setVisible(offer is not None and offer.explains and told is None)
        busy = state.looks.busy and state.looks.why is not None
        self.ask.setText(asked_words(state.looks) if busy else "Ask the detector")
        self.ask.setEnabled(not state.looks.busy and answer.whole)
        self.sentence.setText("" if told is None else told.sentence)
        self.sentence.setVisible(bool(self.sentence.text()))
        self.bars.show_contributions(() if told is None else told.contributions)
        self._show_sights(state, told)

    def _show_sights(self, state: State, told: Explanation | None) -> None:
        """Offer the pictures of an explanation in place of the map."""
        if told is not self._known:
            self._known = told
            if self._sights is not None:
                self._column.removeWidget(self._sights)
                self._sights.deleteLater()
                self._sights = None
            if told is not None and told.sights:
                named = ((str(n), one.title) for n, one in enumerate(told.sights))
                options = ((MAP, "Map"), *named)
                lines = -(-len(options) // ABREAST)
                self._sights = Segmented("Picture", options, self, lines=lines)
                self._sights.chosen.connect(self._see)
                self._column.insertWidget(self._column.count() - 1, self._sights)
        sight = state.looks.sight
        if self._sights is not None:
            self._sights.set_value(MAP if sight is None else str(sight))
        unit = f"Bars count {told.unit}." if told is not None and told.unit else ""
        meaning = ""
        if told is not None and sight is not None and sight < len(told.sights):
            meaning = told.sights[sight].meaning
        self.meaning.setText(" ".join(filter(None, (unit, meaning))))
        self.meaning.setVisible(bool(self.meaning.text()))

    def _see(self, key: str) -> None:
        self._commands.see(None if key == MAP else int(key))


def channel_words(answer: Answer, region: Unusual) -> str:
    """Return what each channel that fired in a region means, with its share."""
    lines = []
    for name, share in region.channels:
        words = answer.found.channels.get(name, "")
        lines.append(f"{name}, {whole_per_cent(share)}{': ' if words else ''}{words}.")
    return "\n".join(f"{line[:1].upper()}{line[1:]}" for line in lines)


class ContributionBars(QWidget):
    """One line a contribution: its name, a bar to the right for more and to the left for less."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: tuple[Contribution, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What each thing adds")

    def show_contributions(self, told: tuple[Contribution, ...]) -> None:
        """Show contributions in their order, nothing for none."""
        self._told = told
        self.setVisible(bool(told))
        lines = [f"{one.name}, {one.words}: {_signed(one.value)}" for one in told]
        self.setAccessibleDescription("; ".join(lines))
        self.setToolTip("\n".join(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of all lines; the width is what the panel gives."""
        return QSize(120, px(ROW) * len(self._told))

    def follow_look(self) -> None:
        """Take the height for the size of letters in use."""
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint every line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(CAPTION))
        most = max((abs(one.value) for one in self._told), default=0.0) or 1.0
        less = any(one.value < 0.0 for one in self._told)
        for number, one in enumerate(self._told):
            line = QRectF(0, number * px(ROW), self.width(), px(ROW))
            self._paint(painter, line, one, part=one.value / most, less=less)
        painter.end()

    def names_width(self) -> float:
        """Return the width that the longest name takes, and no more than names may have."""
        measure = QFontMetrics(font(CAPTION))
        widest = max((measure.horizontalAdvance(one.name) for one in self._told), default=0)
        return min(widest + EDGE, NAMES * self.width())

    def _paint(
        self, painter: QPainter, line: QRectF, one: Contribution, *, part: float, less: bool
    ) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        name = QRectF(line.x(), line.y(), self.names_width(), line.height())
        value = QRectF(line.right() - px(VALUE), line.y(), px(VALUE), line.height())
        shown = QFontMetrics(painter.font()).elidedText(
            one.name, Qt.TextElideMode.ElideRight, int(name.width())
        )
        painter.setPen(colour("text"))
        painter.drawText(name, int(middle | Qt.AlignmentFlag.AlignLeft), shown)
        painter.setPen(colour("secondary"))
        painter.drawText(value, int(middle | Qt.AlignmentFlag.AlignRight), _signed(one.value))
        room = QRectF(name.right() + GAP, 0, value.left() - name.right() - 2 * GAP, px(BAR))
        room.moveTop(line.center().y() - room.height() / 2)
        start = room.center().x() if less else room.left()
        reach = (room.width() / 2 if less else room.width()) * abs(part)
        bar = QRectF(start if part > 0 else start - reach, room.top(), reach, room.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("ai" if part > 0 else "accent"))
        painter.drawRect(bar)
        painter.fillRect(QRectF(start - 0.5, line.top() + 3, 1, line.height() - 6), colour("faint"))


def _signed(value: float) -> str:
    sign = "\N{MINUS SIGN}" if value < 0 else "+"
    return f"{sign}{abs(value):.2f}"
