"""Reports in the real window: written by an engine, reviewed, undone, kept, signed, amended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import focused, press, type_in
from tests.ui.report.made_up import (
    DRAFT,
    FLUID,
    HEART,
    MadeUp,
    editor,
    findings,
    report_of,
    written,
)
from tests.ui.waiting import LONG, choose
from xray_studio.core.report.report import FINDINGS, State
from xray_studio.core.report.sentence import Review
from xray_studio.core.report.signing import is_intact
from xray_studio.services.report import engines
from xray_studio.services.report.store import path_of, read_report, versions
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.report_keeping import LANE
from xray_studio.ui.widgets.icon_button import IconButton


def test_a_draft_comes_sentence_by_sentence_and_is_reviewed(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        assert written(qtbot, window)[-1] == len(DRAFT)
        panel, foot = window.report_panel, window.report_panel.foot
        assert panel.head.badge.text() == "AI draft, not for diagnosis."
        assert report_of(window).state is State.DRAFT
        assert not foot.sign.isEnabled()
        assert window.session.state.reporting.at == (1, 0)
        panel.focus()
        press(window, "Ctrl+Return")
        assert [one.review for one in findings(window)] == [Review.ACCEPTED, Review.UNTOUCHED]
        assert window.session.state.reporting.at == (1, 1)
        press(window, "End")
        type_in(window, " ok")
        assert findings(window)[1].review is Review.CHANGED
        assert findings(window)[1].original == FLUID
        assert not foot.sign.isEnabled()
        panel.parts[2].accept_all.click()
        assert foot.sign.isEnabled()
        assert report_of(window).state is State.EDITED

    drive(script, study)


def test_steps_of_editing_are_taken_back(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        written(qtbot, window)
        whole = report_of(window)
        edited = editor(window)
        edited.setFocus()
        edited.moveCursor(QTextCursor.MoveOperation.End)
        press(window, "Return")
        type_in(window, "Clear lungs")
        assert [one.text for one in findings(window)] == [HEART, FLUID, "Clear lungs"]
        assert findings(window)[2].source is None
        assert not window.session.view.presentation.invert
        for _ in range(2):  # a word is one step
            press(window, "Ctrl+Z")
        assert report_of(window) == whole
        assert edited.toPlainText() == f"{HEART}\n{FLUID}"
        press(window, "Ctrl+Y", "Ctrl+Shift+Z")
        assert findings(window)[2].text == "Clear lungs"
        edited.moveCursor(QTextCursor.MoveOperation.Start)
        press(window, "Return")  # what is pushed down is still what AI wrote
        assert [one.is_open for one in findings(window)] == [True, True, False]
        press(window, "Esc")
        assert focused() is window.stage.viewport

    drive(script, study)


def test_a_report_is_kept_as_it_is_edited_and_comes_back(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def choose_again(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        now = window.session
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        assert findings(window)[0].review is Review.ACCEPTED

    def first(window: MainWindow) -> None:
        written(qtbot, window)
        window.commands["accept_sentence"].trigger()
        window.report_work.keeping.keep_now()  # as the timer does; the program may be killed now
        now = window.session
        qtbot.waitUntil(lambda: now.state.reporting.saved is report_of(window), timeout=LONG)
        assert read_report(path_of(report_of(window))) == report_of(window)
        choose(qtbot, window, "Lung")
        assert now.state.reporting.report is None

    drive(first, study)
    drive(choose_again, study)


def test_a_signed_report_stays_and_is_amended_as_a_new_version(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        written(qtbot, window)
        for part in (*window.report_panel.parts, window.report_panel.summary):
            part.accept_all.click()
        window.commands["sign_report"].trigger()
        dialog: Any = window.desk.dialogs["sign"]
        dialog.sign.click()
        assert dialog.problem.text() == "Name who signs the report."
        dialog.name.setText("A. Reader")
        dialog.sign.click()
        signed = report_of(window)
        assert signed.is_signed
        assert is_intact(signed)
        assert editor(window).isReadOnly()
        assert window.session.state.settings.reports.name == "A. Reader"
        window.commands["amend_report"].trigger()
        assert (report_of(window).version, report_of(window).state) == (2, State.EDITED)
        window.report_work.keeping.keep_now()
        now = window.session
        qtbot.waitUntil(lambda: now.state.reporting.saved is report_of(window), timeout=LONG)
        assert [one.is_signed for one in versions(signed)] == [True, False]
        assert now.state.reporting.others == (signed,)
        assert not window.commands["sign_report"].isEnabled() or report_of(window).has_ai

    drive(script, study)


def test_an_engine_abstains_and_a_person_writes_alone(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    engine.abstains = "This is no film of the chest, so nothing is told of it."

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["show_report"].trigger()
        now, panel = window.session, window.report_panel
        qtbot.waitUntil(lambda: bool(now.state.reporting.engines), timeout=LONG)
        panel.head.write.click()
        qtbot.waitUntil(lambda: bool(now.state.reporting.told), timeout=LONG)
        assert panel.head.problem.text() == engine.abstains
        panel.head.by_hand.click()
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        assert not panel.head.badge.isVisible()
        edited = panel.parts[3].editor
        edited.setFocus()
        QTest.keyClicks(edited, "Normal")
        window.commands["add_report_picture"].trigger()
        assert len(report_of(window).key_pictures) == 1
        assert panel.foot.sign.isEnabled()
        menu = _menu(window)
        assert "Normal chest" in menu
        assert "No measurement on this picture" in menu

    drive(script, study)


def test_an_engine_that_lacks_its_model_says_so(
    qtbot: QtBot, drive: Drive, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = {"name": "findings", "title": "Findings", "unavailable": "Its weights are missing."}
    other = {"name": "structured", "title": "Template", "unavailable": ""}
    monkeypatch.setattr(engines, "engines_known", lambda: [lacking, other])

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["show_report"].trigger()
        now, panel = window.session, window.report_panel
        qtbot.waitUntil(lambda: bool(now.state.reporting.engines), timeout=LONG)
        assert panel.head.engine.currentData() == "structured"
        assert panel.head.write.isEnabled()
        assert panel.head.reason.text().endswith("Findings: Its weights are missing.")
        now.change_settings("reports", engine="findings")
        assert not panel.head.write.isEnabled()
        assert panel.head.reason.text() == "Findings: Its weights are missing."

    drive(script, study)


def _menu(window: MainWindow) -> list[str]:
    from xray_studio.ui.report.insert_menu import insert_menu

    menu = insert_menu(window.session, (), window)
    texts = [action.text() for action in menu.actions()]
    menu.close()
    return texts


def test_tab_goes_through_the_panel_from_top_to_bottom(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        written(qtbot, window)
        panel = window.report_panel
        window.commands["add_report_picture"].trigger()
        panel.head.engine.setFocus()
        seen: list[QWidget | None] = [focused()]
        while seen[-1] is not panel.foot.save:
            press(window, "Tab")
            seen.append(focused())
            assert len(seen) < 40, "Tab never comes to the foot"
        cross = panel.pictures.findChild(IconButton)
        assert cross is not None
        wanted: list[QWidget] = [panel.head.engine, panel.head.write]
        for part in (*panel.parts, panel.summary):
            wanted += [part.accept_all] * part.accept_all.isVisible() + [part.editor]
        wanted += [cross, panel.nearest.fold, panel.agreement]
        foot = (panel.foot.accept, panel.foot.heat, panel.foot.next, panel.foot.insert)
        wanted += [one for one in foot if one.isEnabled()]
        assert seen == [*wanted, panel.foot.save]

    drive(script, study)


def test_one_who_types_on_is_kept_too(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        written(qtbot, window)
        editor(window).setFocus()
        press(window, "End")
        for _ in range(200):  # never half a second without a letter
            type_in(window, "x")
            qtbot.wait(20)
            if read_text(window).endswith("xx"):
                break
        assert read_text(window).endswith("xx")

    def read_text(window: MainWindow) -> str:
        path = path_of(report_of(window))
        if not path.is_file():
            return ""
        section = read_report(path).section(FINDINGS)
        return "" if section is None else section.sentences[0].text

    drive(script, study)


def test_what_is_on_screen_is_kept_after_steps_back_and_again(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        written(qtbot, window)
        now, keeping = window.session, window.report_work.keeping
        editor(window).setFocus()
        press(window, "End")
        type_in(window, " one")
        keeping.keep_now()
        qtbot.waitUntil(lambda: now.state.reporting.saved is report_of(window), timeout=LONG)
        press(window, "Ctrl+Z", "Ctrl+Y")  # the step back waits to be kept now
        keeping.keep_now()
        qtbot.waitUntil(
            lambda: not any(task.lane == LANE for task in window.runner.tasks), timeout=LONG
        )
        assert read_report(path_of(report_of(window))) == report_of(window)

    drive(script, study)
