"""Insert menu: phrases, measurements and pictures that go into the report."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from xray_studio.core.report.phrases import PHRASES
from xray_studio.core.report.report import HEADINGS, Measured
from xray_studio.ui.actions.actions import soften
from xray_studio.ui.report_state import sentence_at
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.report_commands import ReportCommands, can_add_picture

LONGEST = 48  # letters of a phrase in the menu
MOST = 40  # phrases of one's own


def insert_menu(session: Session, measured: Sequence[Measured], owner: QWidget) -> QMenu:
    """Return the menu of what can be inserted now; it goes when it is closed."""
    menu = QMenu("Insert", owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    soften(menu)
    commands, state = ReportCommands(session), session.state
    for one in measured:
        words = f"{one.name}: {one.words}"
        menu.addAction(_short(words), partial(commands.insert_measurement, one))
    if not measured:
        menu.addAction("No measurement on this picture").setEnabled(False)
    picture = menu.addAction("The frame in view as a key image", commands.add_picture)
    picture.setEnabled(can_add_picture(state))
    menu.addSeparator()
    report = state.reporting.report
    there = () if report is None else tuple(one.heading for one in report.sections)
    for heading in HEADINGS:
        if heading not in there:
            menu.addAction(f"Section {heading}", partial(commands.add_section, heading))
    menu.addSeparator()
    for name, text in (*state.settings.reports.phrases, *PHRASES):
        menu.addAction(_short(name), partial(commands.insert, text)).setToolTip(text)
    menu.setToolTipsVisible(True)
    menu.addSeparator()
    keep = menu.addAction("Keep this sentence as a phrase", partial(keep_phrase, session))
    keep.setEnabled(sentence_at(state) is not None)
    forget = menu.addAction("Forget my phrases", partial(_forget, session))
    forget.setEnabled(bool(state.settings.reports.phrases))
    return menu


def keep_phrase(session: Session) -> None:
    """Keep the sentence at the cursor as a phrase, the latest first."""
    sentence = sentence_at(session.state)
    if sentence is None:
        return
    kept = session.state.settings.reports.phrases
    others = tuple(one for one in kept if one[1] != sentence.text)
    phrases = ((_short(sentence.text), sentence.text), *others)[:MOST]
    session.change_settings("reports", phrases=phrases)


def _forget(session: Session) -> None:
    session.change_settings("reports", phrases=())


def _short(words: str) -> str:
    words = words.replace("\n", " ").replace("&", "&&")
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
