"""Settings: everything that can be set, searchable; every change takes effect at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from xray_studio.services.settings import Settings
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, scrolling, sized
from xray_studio.ui.dialogs.settings.row import SettingRow
from xray_studio.ui.dialogs.settings.table import SECTIONS, Item, Section
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.widgets.search_field import SearchField

SIZE = (860, 600)
LIST = 168  # pixels: the names of the sections
MORE = {"Archives": "Nodes…", "Keys and mouse": "Change keys…"}
ABOUT = "Every change takes effect at once and is remembered."


class SettingsDialog(QDialog):
    """Sections by name on the left, their settings on the right, a search above."""

    def __init__(
        self,
        session: Session,
        more: Mapping[str, Callable[[], object]],
        parent: QWidget | None = None,
    ) -> None:
        """`more` opens further dialogs, by the title of the section that a button stands in."""
        super().__init__(parent)
        self._session = session
        self.setWindowTitle("Settings")
        sized(self, *SIZE)
        self.search = SearchField("Search settings", "Search", self)
        self.rows: list[SettingRow] = []
        self.sections: dict[str, QWidget] = {}
        self.links: dict[str, QPushButton] = {}
        self.none = QLabel("No setting matches this search.", self)
        self.more = {title: button(words, self) for title, words in MORE.items()}
        for title, run in more.items():
            self.more[title].clicked.connect(run)
        self.reset = button("Reset all", self)
        self.close_button = button("Close", self)
        self._build()
        session.changed.connect(self._follow)
        self._show(session.state.settings)
        self.search.setFocus()

    def look_for(self, text: str) -> None:
        """Search for a text at once."""
        self.search.setText(text)
        self._filter(tuple(text.lower().split()))

    def follow_look(self) -> None:
        """Take the sizes in use."""
        self._links.setFixedWidth(px(LIST))

    def done(self, result: int) -> None:
        """Stop following the session, which outlives this dialog."""
        self._session.changed.disconnect(self._follow)
        super().done(result)

    def _build(self) -> None:
        body = QWidget(self)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list(body))
        self._area = self._page(body)
        row.addWidget(self._area, 1)
        self.search.searched.connect(self._filter)
        self.search.went_down.connect(self._go_to_found)
        self.search.entered.connect(self._go_to_found)
        self.reset.clicked.connect(self._reset_all)
        self.close_button.clicked.connect(self.accept)
        foot = footer([self.reset], [self.close_button])
        framed(self, heading("Settings", ABOUT, self), body, foot)

    def _list(self, parent: QWidget) -> QWidget:
        holder = self._links = QWidget(parent)
        self.follow_look()
        mark(holder, area="background")
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(holder)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(2)
        column.addWidget(self.search)
        column.addSpacing(8)
        for section in SECTIONS:
            link = button(section.title, holder, "quiet")
            mark(link, align="left")
            link.clicked.connect(partial(self._go_to, section.title))
            self.links[section.title] = link
            column.addWidget(link)
        column.addStretch(1)
        return holder

    def _page(self, parent: QWidget) -> QScrollArea:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(16)
        mark(self.none, role="secondary")
        self.none.hide()
        column.addWidget(self.none)
        for section in SECTIONS:
            self.sections[section.title] = self._section(section, page)
            column.addWidget(self.sections[section.title])
        column.addStretch(1)
        area = scrolling(page, parent)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _section(self, section: Section, parent: QWidget) -> QWidget:
        holder = QWidget(parent)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        title = QLabel(section.title, holder)
        mark(title, role="title")
        column.addWidget(title)
        for item in section.items:
            made = SettingRow(item, holder)
            made.changed.connect(partial(self._change, item))
            self.rows.append(made)
            column.addWidget(made)
        if section.title in self.more:
            column.addWidget(self.more[section.title], 0, Qt.AlignmentFlag.AlignLeft)
        return holder

    def _change(self, item: Item, value: object) -> None:
        self._session.change_settings(item.group, **{item.name: value})

    def _reset_all(self) -> None:
        """Take the defaults for everything that stands here; keys of one's own stay."""
        usual, settings = Settings(), self._session.state.settings
        for row in self.rows:
            group, name = row.item.group, row.item.name
            settings = settings.changed(group, **{name: getattr(getattr(usual, group), name)})
        self._session.update(settings=settings)

    def _follow(self, old: State, new: State) -> None:
        if old.settings != new.settings:
            self._show(new.settings)

    def _show(self, settings: Settings) -> None:
        for row in self.rows:
            row.show_value(settings)

    def _filter(self, words: tuple[str, ...]) -> None:
        """Show the settings in which every word stands."""
        for row in self.rows:
            row.setVisible(all(word in row.item.text() for word in words))
            row.mark_words(words)
        for section in SECTIONS:
            rows = [row for row in self.rows if row.item in section.items]
            shown = any(not row.isHidden() for row in rows)
            self.sections[section.title].setVisible(shown)
            self.links[section.title].setEnabled(shown)
        self.none.setVisible(all(row.isHidden() for row in self.rows))
        self._area.verticalScrollBar().setValue(0)

    def _go_to(self, title: str) -> None:
        place = self.sections[title].pos().y()
        self._area.verticalScrollBar().setValue(max(0, place - 16))

    def _go_to_found(self) -> None:
        """Go on from the search to the first control that it found."""
        for row in self.rows:
            if not row.isHidden():
                control = row.control
                target = control if control.focusPolicy() & Qt.FocusPolicy.TabFocus else None
                first = next((w for w in control.findChildren(QWidget) if _takes_tab(w)), target)
                (first or control).setFocus(Qt.FocusReason.TabFocusReason)
                return


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()
