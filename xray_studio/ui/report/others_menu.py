"""Other reports: further ones on the study in view, and versions that were signed before."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from xray_studio.core.report.report import Report
from xray_studio.core.report.words import time_words
from xray_studio.ui.actions.actions import soften
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.report_commands import ReportCommands


def others_menu(session: Session, owner: QWidget) -> QMenu:
    """Return the menu of other reports, the latest first; it goes when it is closed."""
    menu = QMenu("Other reports", owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    soften(menu)
    commands = ReportCommands(session)
    others = sorted(session.state.reporting.others, key=lambda one: one.created, reverse=True)
    for one in others:
        menu.addAction(report_words(one), partial(commands.turn_to, one))
    return menu


def report_words(report: Report) -> str:
    """Return a report in a line: when it was begun or signed, how far it is, which version."""
    signed = report.signature
    time = report.created if signed is None else signed.time
    version = f", version {report.version}" if report.version > 1 else ""
    return f"{time_words(time)}, {report.state.value}{version}"
