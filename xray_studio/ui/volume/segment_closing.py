"""Closing: segments that are in no file are not lost with the window before somebody said so."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from xray_studio.ui.grid.offer_bar import Offer, OfferBar
from xray_studio.ui.session import Session
from xray_studio.ui.volume.kept import unsaved

ONE: Final = "Segments of a volume are not saved. Closing the window loses them."
SEVERAL: Final = "Segments of {} volumes are not saved. Closing the window loses them."
LOSE, STAY = "Close without saving", "Go on"


class SegmentClosing:
    """Asks before a window closes with segments that are not saved."""

    def __init__(self, session: Session, bar: OfferBar, window: QWidget) -> None:
        self._session, self._bar, self._window = session, bar, window
        self._agreed = False

    def may_close(self) -> bool:
        """Tell whether nothing is lost, or that was agreed to; ask otherwise."""
        count = unsaved(self._session.state)
        if self._agreed or not count:
            return True
        words = ONE if count == 1 else SEVERAL.format(count)
        self._bar.show_offer(Offer("triangle-alert", words, LOSE, self._close, STAY, lambda: None))
        return False

    def agree(self) -> None:
        """Let the window close whatever is lost."""
        self._agreed = True

    def _close(self) -> None:
        self.agree()
        self._window.close()
