"""Lines of a section: what they were, how they are spelt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import press, type_in
from tests.ui.report.made_up import (
    DRAFT,
    FLUID,
    HEART,
    MadeUp,
    editor,
    findings,
    written,
)
from tests.ui.waiting import LONG
from xray_studio.core.job import run
from xray_studio.core.report.phrases import PHRASES
from xray_studio.core.report.report import FINDINGS
from xray_studio.core.report.sentence import Review
from xray_studio.services.report.spelling import slips, words_of
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.report.lines import known_again
from xray_studio.ui.report.sentence_words import rests_words, spoken
from xray_studio.ui.report.slips import offer, slips_in
from xray_studio.ui.viewer.report_commands import rewritten


def test_words_that_no_list_knows_are_underlined(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        written(qtbot, window)
        edited, now = editor(window), window.session
        edited.setFocus()
        press(window, "End")
        type_in(window, " Smal efusion")
        window.report_spelling.check()
        qtbot.waitUntil(lambda: bool(now.state.reporting.slips), timeout=LONG)
        told = now.state.reporting.slips
        line = edited.toPlainText().split("\n")[0]
        assert [line[slice(*place)] for place in slips_in(line, told)] == ["Smal", "efusion"]
        underlined = edited.grab().toImage()
        menu, cursor = QMenu(window), edited.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left)
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        offer(menu, cursor, told, edited.word_kept.emit)
        texts = [action.text() for action in menu.actions()]
        assert texts[0] == "effusion"
        menu.actions()[0].trigger()
        assert findings(window)[0].text == f"{HEART} Smal effusion"
        edited.word_kept.emit("smal")
        window.report_spelling.check()
        qtbot.waitUntil(lambda: not now.state.reporting.slips, timeout=LONG)
        assert edited.grab().toImage() != underlined

    drive(script, study)


def test_spelling_knows_radiology() -> None:
    known = [text for _, text in PHRASES]
    assert run(slips([*known, "CT 3.4 mm, XXY; the patient's costophrenic angles"])) == {}
    found = run(slips(["An efusion, and cardiomegally"], ["other"]))
    assert found["efusion"][0] == "effusion"
    assert found["cardiomegally"] == ("cardiomegaly",)
    assert list(words_of("Dr X's 2nd T12, naïve words")) == ["words"]


def test_lines_keep_what_they_were() -> None:
    ai = tuple(one for heading, one in DRAFT if heading == FINDINGS)
    assert known_again([(-1, HEART), (1, FLUID)], ai) == [(0, HEART), (1, FLUID)]
    assert known_again([(0, "The heart"), (-1, "is enlarged."), (1, FLUID)], ai) == [
        (0, "The heart"),
        (-1, "is enlarged."),
        (1, FLUID),
    ]
    assert known_again([(1, FLUID), (0, HEART)], ai) == [(1, FLUID), (-1, HEART)]
    assert spoken(ai[0]) == "AI, not reviewed, probability of cardiomegaly 84\N{NO-BREAK SPACE}%"
    assert spoken(replace(ai[0], review=Review.ACCEPTED)).startswith("AI, accepted")
    denied = rests_words(ai[1])
    assert (
        "a probability of pleural effusion 3\N{NO-BREAK SPACE}%, whatever the sentence says"
        in denied
    )


def test_rewriting_removes_inserts_and_changes() -> None:
    from tests.core.report.reports import drafted

    report = drafted()
    texts = [one.text for one in report.sections[0].sentences]
    same = rewritten(report, 0, list(enumerate(texts)))
    assert same is report
    made = rewritten(report, 0, [(-1, "First."), (0, f"{texts[0]} More."), (-1, " ")])
    assert [one.text for one in made.sections[0].sentences] == ["First.", f"{texts[0]} More."]
    assert not rewritten(report, 0, []).sections[0].sentences
