"""Drafts beside reports: film, report and every draft of one study after the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.learning.heat import BADGE
from xray_studio.core.reporting.side_by_side import Column, ShownStudy, SideBySide
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, scrolling, sized
from xray_studio.ui.look.theme import mark, px

TITLE = "Drafts beside reports"
NO_FILM = "The film could not be read."
NOTHING = "Nothing was written."
FILM, LEAST, ROW = 280, 200, 28  # logical pixels: side of the film, width of a column, a row
ACROSS = 3  # columns side by side


class DraftsDialog(QDialog):
    """A list of studies, the film of the chosen one, and who wrote what about it.

    Up and Down in the list, or the buttons, go from study to study.
    """

    def __init__(
        self, shown: SideBySide, films: Sequence[QImage | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        sized(self, 1240, 720)
        self._shown, self._films = shown, films
        self.list = QListWidget(self)
        self.list.setAccessibleName("Studies")
        for study in shown.studies:
            row = QListWidgetItem(study.name, self.list)
            row.setSizeHint(QSize(0, px(ROW)))
        self.list.setFixedWidth(px(168))
        self.film = QLabel(self)
        self.film.setFixedSize(px(FILM), px(FILM))
        self.film.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.film.setWordWrap(True)
        mark(self.film, role="secondary")
        self.columns: list[QWidget] = []
        self.previous = self._step("Previous", -1)
        self.next = self._step("Next", 1)
        self.place = QLabel(self)
        mark(self.place, role="secondary")
        close = button("Close", self)
        close.clicked.connect(self.accept)
        foot = footer([self.previous, self.next, self.place], [close])
        framed(self, heading(TITLE, f"{shown.about}. {BADGE}.", self), self._body(), foot)
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def go(self, by: int) -> None:
        """Go to another study, as far as there is one."""
        last = len(self._shown.studies) - 1
        self.list.setCurrentRow(max(0, min(last, self.list.currentRow() + by)))

    def _step(self, text: str, by: int) -> QPushButton:
        made = button(text, self)
        made.setAccessibleName(f"{text} study")
        made.clicked.connect(lambda: self.go(by))
        return made

    def _body(self) -> QWidget:
        body, texts = QWidget(self), QWidget(self)
        column = QVBoxLayout(texts)
        column.setContentsMargins(0, 0, 0, 0)
        self._texts = QGridLayout()
        self._texts.setSpacing(MARGIN)
        column.addLayout(self._texts)
        column.addStretch(1)
        area: QScrollArea = scrolling(texts, self)
        area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        area.setAccessibleName("Report and drafts")
        row = QHBoxLayout(body)
        row.setContentsMargins(MARGIN, 12, MARGIN, 12)
        row.setSpacing(MARGIN)
        row.addWidget(self.list)
        row.addWidget(self.film, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(area, 1)
        return body

    def _show(self, number: int) -> None:
        if not 0 <= number < len(self._shown.studies):
            return
        study, film = self._shown.studies[number], self._films[number]
        self._show_film(study, film)
        for old in self.columns:
            self._texts.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.columns = [_column(one, self) for one in study.columns]
        for place, made in enumerate(self.columns):
            self._texts.addWidget(made, place // ACROSS, place % ACROSS)
        self.place.setText(f"{number + 1:,} of {len(self._shown.studies):,}")
        self.previous.setEnabled(number > 0)
        self.next.setEnabled(number < len(self._shown.studies) - 1)

    def _show_film(self, study: ShownStudy, film: QImage | None) -> None:
        self.film.setAccessibleName(f"Film of the study {study.name}")
        if film is None:
            self.film.setText(NO_FILM)
            return
        ratio = self.devicePixelRatioF()
        whole = QPixmap.fromImage(film).scaled(
            self.film.size() * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        whole.setDevicePixelRatio(ratio)
        self.film.setPixmap(whole)


def _column(one: Column, parent: QWidget) -> QWidget:
    """Return what one wrote, below its name."""
    holder = QWidget(parent)
    holder.setMinimumWidth(px(LEAST))
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(_label(one.title, "strong", holder))
    parts = [part for part in (one.findings, one.impression) if part]
    for part in parts or [NOTHING]:
        column.addWidget(_label(part, "" if parts else "secondary", holder))
    column.addStretch(1)
    return holder


def _label(text: str, role: str, parent: QWidget) -> QLabel:
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        mark(made, role=role)
    return made
