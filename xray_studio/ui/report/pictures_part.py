"""Pictures part: the frames that a report shows."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.report.report import KeyPicture, Report
from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.elided import Elided
from xray_studio.ui.widgets.icon_button import IconButton


class PicturesPart(QWidget):
    """One row a picture. `removed` tells one that is to go."""

    removed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[KeyPicture, ...], bool] = ((), False)
        self.heading = QLabel("Key images", self)
        mark(self.heading, role="strong")
        self._rows = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addLayout(self._rows)
        self.hide()

    def show_pictures(self, report: Report | None) -> bool:
        """List the pictures of a report, nothing where it shows none; tell whether rows are new."""
        pictures = () if report is None else report.key_pictures
        fixed = report is not None and report.is_signed
        self.setVisible(bool(pictures))
        if self._shown == (pictures, fixed):
            return False
        self._shown = pictures, fixed
        while self._rows.count():
            item = self._rows.takeAt(0)
            old = None if item is None else item.widget()
            if old is not None:
                old.deleteLater()
        for number, one in enumerate(pictures, 1):
            self._rows.addWidget(self._row(number, one, fixed=fixed))
        return True

    def _row(self, number: int, one: KeyPicture, *, fixed: bool) -> QWidget:
        holder = QWidget(self)
        words = Elided(holder)
        told = f"{number}. {one.caption or 'Picture'}, frame {one.frame + 1}"
        words.set_words(told, told)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(words, 1)
        if not fixed:
            cross = IconButton("x", f"Remove {told}", side=28, size=16, parent=holder)
            cross.clicked.connect(partial(self.removed.emit, one))
            row.addWidget(cross)
        return holder
