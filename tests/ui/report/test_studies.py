"""Reports of several studies: drafts go on in the background, and show beside no other study."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.uid import generate_uid
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import focused, press
from tests.ui.report.made_up import DRAFT, HEART, MadeUp, report_of
from tests.ui.studies import write_cine
from tests.ui.waiting import LONG, choose
from xray_studio.core.errors import UsageError
from xray_studio.core.report import edit
from xray_studio.core.report.report import Where
from xray_studio.services.report.store import path_of, read_report
from xray_studio.ui import report_work
from xray_studio.ui.areas import holds_focus
from xray_studio.ui.main_window import MainWindow

A, B = "LCA", "Lung"  # series of two patients


def begin(qtbot: QtBot, window: MainWindow) -> threading.Semaphore:
    """Begin a draft about A of which one sentence is written, and return what lets it go on."""
    MadeUp.held = threading.Semaphore(1)
    choose(qtbot, window, A)
    window.commands["write_draft"].trigger()
    now = window.session
    qtbot.waitUntil(lambda: now.state.reporting.writing is not None, timeout=LONG)
    return MadeUp.held


def seen(window: MainWindow) -> str:
    """Return all words of the report on screen."""
    panel = window.report_panel
    parts = [part for part in (*panel.parts, panel.summary) if part.isVisibleTo(panel)]
    labels = (panel.head.busy, panel.head.problem, panel.head.badge)
    shown = [one.text() for one in labels if one.isVisibleTo(panel)]
    return " ".join([*(part.editor.toPlainText() for part in parts), *shown])


def shown_busy(window: MainWindow) -> bool:
    """Tell whether a draft about the study in view is being written."""
    return bool(window.session.state.reporting.busy)


def written_aside(window: MainWindow) -> int:
    """Return how many sections are written so far of a draft about a study that was left."""
    (aside,) = window.session.state.reports_aside
    return 0 if aside.writing is None else len(aside.writing.sections)


def drafting(window: MainWindow) -> bool:
    """Tell whether an engine is at work."""
    return any(task.lane == report_work.LANE for task in window.runner.tasks)


def test_a_draft_goes_on_while_another_patient_is_in_view(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        now, told = window.session, list[str]()
        held = begin(qtbot, window)
        now.changed.connect(lambda _old, _new: told.append(seen(window)))
        choose(qtbot, window, B)
        told.clear()
        held.release()
        qtbot.waitUntil(lambda: written_aside(window) == 2, timeout=LONG)
        assert not shown_busy(window)
        assert not any(told)  # nothing of A was ever to be read beside B
        assert window.report_panel.head.write.isEnabled()
        choose(qtbot, window, A)  # what was written so far is there, and goes on
        assert shown_busy(window)
        assert HEART in seen(window)
        held.release(len(DRAFT))
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        assert not shown_busy(window)
        assert not now.state.reports_aside

    drive(script, study)


def test_a_draft_that_ends_in_the_background_is_kept_and_waits(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        now, told = window.session, list[str]()
        window.report_work.told.connect(lambda words, _role: told.append(words))
        held = begin(qtbot, window)
        (strip,) = window.jobs.strips
        assert strip.title.text() == "Writing a draft: Phantom, Coronary"
        choose(qtbot, window, B)
        window.commands["hide_identity"].trigger()
        assert strip.title.text() == "Writing a draft"
        window.commands["write_draft"].trigger()  # waits until A is written
        assert now.state.reporting.busy
        held.release(2 * len(DRAFT))
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        assert told == [report_work.ELSEWHERE]
        (aside,) = now.state.reports_aside
        assert aside.report is not None
        assert aside.report.study_instance_uid != report_of(window).study_instance_uid
        window.report_work.keeping.keep_now()
        qtbot.waitUntil(lambda: now.state.reports_aside[0].saved is aside.report, timeout=LONG)
        assert read_report(path_of(aside.report)) == aside.report
        choose(qtbot, window, A)
        assert report_of(window) is aside.report

    drive(script, study)


def test_a_draft_ends_with_its_patient(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        now = window.session
        for leaves in (False, True):
            begin(qtbot, window)
            if leaves:
                choose(qtbot, window, B)
            window.commands["close_all"].trigger()
            assert not now.state.reporting.busy
            assert not now.state.reports_aside
            qtbot.waitUntil(lambda: not drafting(window), timeout=LONG)
            window.open([str(study)])
        begin(qtbot, window)
        window.controller.close(now.state.active)
        assert not now.state.reporting.busy
        window.open([str(study)])
        begin(qtbot, window)  # the window is closed while it is written
        choose(qtbot, window, B)

    assert drive(script, study) == 0


def test_the_first_draft_does_not_wait_for_a_list_of_engines(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        choose(qtbot, window, A)
        now = window.session
        assert now.state.reporting.engines is None
        window.commands["write_draft"].trigger()
        assert now.state.reporting.busy
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)

    drive(script, study)


def test_the_report_that_was_asked_for_is_signed_and_no_other(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        now, signed = window.session, {}
        for name in (A, B):
            choose(qtbot, window, name)
            window.commands["write_draft"].trigger()
            qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
            for part in (*window.report_panel.parts, window.report_panel.summary):
                part.accept_all.click()
            signed[name] = report_of(window)
        with pytest.raises(UsageError, match="Another report is in view"):
            window.report_work.sign(signed[A], "A. Reader", "")
        assert report_of(window) is signed[B]
        window.report_work.sign(signed[B], "A. Reader", "")
        choose(qtbot, window, A)
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        assert not report_of(window).is_signed

    drive(script, study)


def test_what_was_typed_last_is_there_after_a_quick_look_elsewhere(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        now = window.session
        choose(qtbot, window, A)
        window.commands["write_draft"].trigger()
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        for number in range(3):
            edited = edit.change(report_of(window), Where(1, 0), f"Edit {number}.")
            now.update(reporting=now.state.reporting.put(edited))
            choose(qtbot, window, B)
            assert now.state.reporting.report is None
            choose(qtbot, window, A)
            qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
            assert report_of(window) == edited

    drive(script, study)


def test_the_focus_stays_in_the_panel_when_another_patient_comes(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        now, panel = window.session, window.report_panel
        choose(qtbot, window, A)
        MadeUp.held = threading.Semaphore(0)
        window.commands["show_report"].trigger()
        press(window, "Ctrl+Alt+R")  # the engines are not known yet
        assert focused() is panel.head.write  # which stops it
        MadeUp.held.release(len(DRAFT))
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        assert focused() is panel.parts[1].editor
        choose(qtbot, window, B)
        assert focused() is panel.head.write
        choose(qtbot, window, A)
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        assert holds_focus(panel)

    drive(script, study)


def test_an_analysis_does_not_push_an_edited_report_aside(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        now, told = window.session, list[str]()
        choose(qtbot, window, A)
        window.commands["write_draft"].trigger()
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        window.report_work.told.connect(lambda words, _role: told.append(words))
        mine = report_of(window)
        first, second = replace(mine, identifier="first"), replace(mine, identifier="second")
        study = now.state.reporting.study
        window.report_work.take(study, first)  # nobody has touched the draft before
        assert report_of(window) is first
        edited = edit.change(first, Where(1, 0), "Edited.")
        now.update(reporting=now.state.reporting.put(edited))
        window.report_work.take(study, second)
        assert report_of(window) is edited
        assert second in now.state.reporting.others
        assert told == ["The draft is among the other reports on the study."]
        window.report_work.keeping.keep_now()
        qtbot.waitUntil(path_of(second).is_file, timeout=LONG)

    drive(script, study)


def test_patients_who_share_a_study_uid_share_no_report(
    qtbot: QtBot, drive: Drive, engine: type[MadeUp], tmp_path: Path
) -> None:
    del engine
    shared = {"StudyInstanceUID": generate_uid(entropy_srcs=["shared"]), "StudyDate": "20261120"}
    for number, name in ((1, A), (2, B)):
        who = {"PatientName": f"Phantom^{name}", "PatientID": f"DEMO-{number}"}
        write_cine(tmp_path / f"run{number}.dcm", number, name, who | shared)

    def script(window: MainWindow) -> None:
        now = window.session
        choose(qtbot, window, A)
        window.commands["write_draft"].trigger()
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        mine = report_of(window)
        window.report_work.keeping.keep_now()
        qtbot.waitUntil(lambda: now.state.reporting.saved is mine, timeout=LONG)
        choose(qtbot, window, B)
        qtbot.waitUntil(lambda: now.state.reporting.looked, timeout=LONG)
        assert now.state.reporting.report is None
        assert not now.state.reporting.others
        choose(qtbot, window, A)
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        assert report_of(window) == mine

    drive(script, tmp_path)
