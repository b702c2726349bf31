"""Offer bar: one sentence above the pictures with one thing to do; it never stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.icon_button import IconButton
from xray_studio.ui.widgets.icon_label import IconLabel

HEIGHT = 40


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered: `later` is said on the button that puts it off, "" for a cross.

    Without `accept` it is a sentence only.
    """

    picture: str
    sentence: str
    accept: str
    run: Callable[[], object]
    later: str = ""
    refuse: Callable[[], object] | None = None


class OfferBar(QWidget):
    """Shows one offer; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offer: Offer | None = None
        self._mark = IconLabel(18, "text", self)
        self.sentence = QLabel(self)
        self.accept = QPushButton(self)
        self.later = QPushButton(self)
        self.cross = IconButton("x", "Not now", side=28, size=16, parent=self)
        mark(self, area="raised")
        mark(self.accept, kind="accent")
        self._build()
        self.hide()

    def show_offer(self, offer: Offer) -> None:
        """Offer something."""
        self.offer = offer
        self._mark.show_icon(offer.picture)
        self.sentence.setText(offer.sentence)
        self.accept.setText(offer.accept)
        self.accept.setVisible(bool(offer.accept))
        self.later.setText(offer.later)
        self.later.setVisible(bool(offer.later))
        self.cross.setVisible(not offer.later)
        self.show()

    def withdraw(self) -> None:
        """Offer nothing any more."""
        self.offer = None
        self.hide()

    def _build(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Offer")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self.sentence, 1)
        for button in (self.accept, self.later, self.cross):
            row.addWidget(button)
        self.accept.clicked.connect(lambda: self._end(accepted=True))
        for button in (self.later, self.cross):
            button.clicked.connect(lambda: self._end(accepted=False))

    def _end(self, *, accepted: bool) -> None:
        offer = self.offer
        self.withdraw()
        if offer is None:
            return
        if accepted:
            offer.run()
        elif offer.refuse is not None:
            offer.refuse()
