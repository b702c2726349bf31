"""How the rows of the browser are painted."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from xray_studio.core.study import Series
from xray_studio.ui.browser.model import ROW_ROLE, Kind, Row
from xray_studio.ui.browser.series_text import (
    icon_of,
    is_clip,
    patient_details,
    patient_title,
    series_details,
    series_title,
    study_title,
)
from xray_studio.ui.look.icons import tinted
from xray_studio.ui.look.theme import colour, px, tokens
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.widgets.row_paint import LOOKS, paint_ground, paint_line

MARGIN, PICTURE = 12, 72
STRIP = 8
Thumbnails = Callable[[Series], QImage | None]


class BrowserDelegate(QStyledItemDelegate):
    """Paints patients, studies and series; `thumbnail` gives the picture of a series."""

    def __init__(self, thumbnail: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnail = thumbnail
        self.chosen: Callable[[Series], bool] = lambda _series: False
        self.hidden = False

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one row."""
        row = cast("Row", index.data(ROW_ROLE))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        {Kind.PATIENT: self._patient, Kind.STUDY: self._study, Kind.SERIES: self._series}[row.kind](
            painter, option, row
        )

    def _patient(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        area = option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        if row.number > 1:
            painter.fillRect(option.rect.x(), area.y(), option.rect.width(), 1, colour("border"))
        if row.foldable:
            self._ground(painter, option, chosen=False)
            name = "chevron-right" if row.folded else "chevron-down"
            ratio = painter.device().devicePixelRatioF()
            mark = tinted(name, tokens().secondary, 16, ratio)
            painter.drawPixmap(QPoint(area.right() - 15, area.center().y() - 7), mark)
            area.setRight(area.right() - 24)
        title = patient_title(row.patient, row.number, hidden=self.hidden)
        details = patient_details(row.patient, hidden=self.hidden)
        top = area.y() + px(12 if details else 20)
        paint_line(painter, area, top, title, "strong")
        paint_line(painter, area, area.y() + px(31), details, "caption")

    def _study(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        assert row.study is not None
        area = option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        title, date = study_title(row.study, hidden=self.hidden)
        width = LOOKS["date"].metrics().horizontalAdvance(date)
        paint_line(painter, area, area.y() + px(6), date, "date")
        area.setRight(area.right() - width - 8)
        paint_line(painter, area, area.y() + px(6), title, "caption")

    def _series(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        assert row.series is not None
        self._ground(painter, option, chosen=self.chosen(row.series))
        y = option.rect.y() + 10
        self._picture(painter, QRect(option.rect.x() + 16, y, PICTURE, PICTURE), row.series)
        area = option.rect.adjusted(16 + PICTURE + 12, 0, -MARGIN, 0)
        where, how_many = series_details(row.series, hidden=self.hidden)
        how_many = " · ".join(filter(None, (how_many, row.note)))
        title = series_title(row.series, hidden=self.hidden)
        paint_line(painter, area, y + px(4), title, "medium")
        paint_line(painter, area, y + px(26), where, "caption")
        paint_line(painter, area, y + px(46 if where else 26), how_many, "caption")

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, *, chosen: bool) -> None:
        paint_ground(painter, option.rect.adjusted(6, 1, -6, -1), option, chosen=chosen)

    def _picture(self, painter: QPainter, area: QRect, series: Series) -> None:
        painter.save()
        path = QPainterPath()
        path.addRoundedRect(area, 6, 6)
        painter.fillPath(path, QColor("#000000"))
        painter.setClipPath(path)
        image = self._thumbnail(series)
        if image is not None and not image.isNull():
            size = image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
            inside = QRect(QPoint(0, 0), size)
            inside.moveCenter(area.center())
            painter.drawImage(inside, image)
        else:
            self._empty_tile(painter, area, series)
        if is_clip(series):
            self._strip(painter, area)
        painter.restore()

    def _empty_tile(self, painter: QPainter, area: QRect, series: Series) -> None:
        """Paint the icon of the kind of series where there is no picture of it."""
        name = icon_of(series)
        ratio = painter.device().devicePixelRatioF()
        tint = DARK.secondary if series.is_document else DARK.strong_border  # on black
        mark = tinted(name, tint, 24, ratio)
        painter.drawPixmap(area.center() - QPoint(12, 12), mark)

    def _strip(self, painter: QPainter, area: QRect) -> None:
        """Paint the perforated edge of a film along the bottom."""
        edge = QRect(area.x(), area.bottom() + 1 - STRIP, area.width(), STRIP)
        painter.fillRect(edge, QColor(0, 0, 0, 200))
        for x in range(edge.x() + 3, edge.right() - 2, 7):
            painter.fillRect(x, edge.y() + 3, 4, 3, QColor(230, 234, 240, 200))
