"""Tags panel: every attribute of the file on screen, with search; sequences unfold; rows copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFontMetrics,
    QGuiApplication,
    QHideEvent,
    QKeySequence,
    QPainter,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.kinds import IMAGE, VIDEO
from xray_studio.ui.look.theme import colour, font, mark, px
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.tags.model import ROW_ROLE, TagsModel, as_text, matching
from xray_studio.ui.view import View
from xray_studio.ui.widgets.search_field import SearchField

if TYPE_CHECKING:  # pydicom is not needed to show what it read
    from xray_studio.dicom.tags import TagRow

HEIGHT = 42
FEW = 400  # a search result of no more rows is unfolded
SEARCHED = "Name, number or value"
SEARCHED_HIDDEN = "Nothing while tags are hidden"
HIDDEN = "Tags can name the patient, so they are not shown while identity is hidden."


class TagDelegate(QStyledItemDelegate):
    """Paints a tag in two lines: name and number above, value below."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of two lines."""
        return QSize(120, px(HEIGHT))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the ground, then both lines."""
        row = cast("TagRow", index.data(ROW_ROLE))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, colour("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, colour("raised"))
        area = option.rect.adjusted(4, 4, -12, 0)
        number = f"{row.tag} {row.vr}"
        width = _line(painter, area, number, 12, "secondary", right=True)
        _line(painter, area.adjusted(0, 0, -width - 8, 0), row.name, 12, "secondary")
        _line(painter, area.adjusted(0, px(16), 0, 0), row.value, 13, "text")


def _line(
    painter: QPainter, area: QRect, text: str, size: int, token: str, *, right: bool = False
) -> int:
    """Paint one line of text, shortened to the area, and return its width."""
    letters = font(size)
    metrics = QFontMetrics(letters)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.setFont(letters)
    painter.setPen(colour(token))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(QRect(area.x(), area.y(), area.width(), metrics.height()), side, shown)
    return metrics.horizontalAdvance(shown)


class TagsPanel(QWidget):
    """Tags of the file that the frame on screen comes from.

    `wanted` tells the path of a file whose tags are to be read: only while the panel can be seen.
    """

    wanted = Signal(str)
    identity_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._path = ""
        self._rows: Sequence[TagRow] = ()
        self.search = SearchField("Search tags", SEARCHED, self)
        self.model = TagsModel(self)
        self.view = QTreeView(self)
        self.note = QLabel(self)
        self.reveal = QPushButton("Show identity", self)
        self._build()
        self._connect()
        self._clear()

    def show_tags(self, path: str, rows: Sequence[TagRow]) -> None:
        """Show what was read from a file, unless another one is on screen by now."""
        if path == self._path:
            self._rows = rows
            self._list()

    def focus(self) -> None:
        """Give the focus to the search, or to the button that shows hidden tags."""
        part = self.search if self.search.isVisibleTo(self) else self.reveal
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_error(self, path: str, sentence: str) -> None:
        """Say why the tags of a file cannot be shown."""
        if path == self._path:
            self._say(sentence)

    def copy(self) -> None:
        """Copy the selected tags, one to a line, to the clipboard."""
        chosen = sorted(
            self.view.selectionModel().selectedRows(), key=lambda i: self.view.visualRect(i).top()
        )
        QGuiApplication.clipboard().setText("\n".join(as_text(i.data(ROW_ROLE)) for i in chosen))

    def showEvent(self, event: QShowEvent) -> None:
        """Read what is on screen now."""
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of what is shown."""
        super().hideEvent(event)
        self._clear()

    def follow_look(self) -> None:
        """Lay out the rows for the size of letters in use."""
        self.view.doItemsLayout()

    def _build(self) -> None:
        self.setAccessibleName("Tags")
        self._build_view()
        self.note.setWordWrap(True)
        mark(self.note, role="secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.note)
        column.addWidget(self.reveal, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.view, 1)
        column.addStretch(0)

    def _build_view(self) -> None:
        self.view.setModel(self.model)
        self.view.setItemDelegate(TagDelegate(self.view))
        self.view.setHeaderHidden(True)
        self.view.setUniformRowHeights(True)
        self.view.setIndentation(16)
        self.view.setMouseTracking(True)
        self.view.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        self.view.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.view.setAccessibleName("Tags of this file")
        copy = QAction("Copy", self.view)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.view.addAction(copy)

    def _connect(self) -> None:
        self._session.changed.connect(self._follow)
        self.search.searched.connect(self._list)
        self.search.went_down.connect(self._go_to_list)
        self.search.entered.connect(self._go_to_list)
        self.reveal.clicked.connect(self.identity_asked)

    def _follow(self, old: State, new: State) -> None:
        if old.identity_hidden != new.identity_hidden:
            self._hide_identity(hidden=new.identity_hidden)
        if not self.isVisible():
            return
        if old.identity_hidden != new.identity_hidden or _shown(old) is not _shown(new):
            self._ask()
        elif not new.view.cine.playing and readable_path(new) not in {"", self._path}:
            self._ask_for(readable_path(new))

    def _hide_identity(self, *, hidden: bool) -> None:
        """Forget what was searched for, which may be a name; there is nothing to search then."""
        self.search.setPlaceholderText(SEARCHED_HIDDEN if hidden else SEARCHED)
        self.search.setEnabled(not hidden)
        if hidden:
            self.search.forget()

    def _ask(self) -> None:
        self._clear()
        state = self._session.state
        if readable_path(state):
            self._say("Reading tags…")
            self._ask_for(readable_path(state))
        elif path_on_screen(state.view) and not has_tags(state.view):
            self._say("This file is not DICOM, so it has no tags.")

    def _ask_for(self, path: str) -> None:
        """Read another file; the tags of its neighbour stand until then, so that nothing blinks."""
        self._path = path
        self.wanted.emit(path)

    def _clear(self) -> None:
        self._path, self._rows = "", ()
        self.model.show(())
        hidden = self._session.state.identity_hidden
        self._say(HIDDEN if hidden else "The tags of a file stand here when one is open.")
        self.reveal.setVisible(hidden)

    def _list(self) -> None:
        words = self.search.words()
        rows = matching(self._rows, words) if words else self._rows
        place = self.view.verticalScrollBar().value()
        self.model.show(rows)
        if words and len(rows) <= FEW:
            self.view.expandAll()
        if self._rows:
            self._say("" if rows else "No tag matches this search.")
        self.view.verticalScrollBar().setValue(place)

    def _go_to_list(self) -> None:
        """Go on from the search to the first tag found."""
        if self.view.isVisible():
            self.view.setCurrentIndex(self.model.index(0, 0))
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _say(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self.view.setVisible(not sentence)


def _shown(state: State) -> object:
    return state.view.clip or state.view.document


def path_on_screen(view: View) -> str:
    """Return the file that the frame on screen comes from, "" when there is none."""
    if view.document is not None:
        return view.document.path
    if view.clip is None or not view.clip.paths:
        return ""
    return view.clip.paths[min(view.frame, len(view.clip.paths) - 1)]


def readable_path(state: State) -> str:
    """Return the file whose tags can be shown now: none while identity is hidden."""
    if state.identity_hidden or not has_tags(state.view):
        return ""
    return path_on_screen(state.view)


def has_tags(view: View) -> bool:
    """Tell whether what is on screen has tags, or a header of a volume that tells something."""
    return view.series is None or view.series.kind not in {IMAGE, VIDEO}
