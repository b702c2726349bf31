"""Reports in the real window: written by an engine, reviewed, undone, kept, signed, amended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from tests.core.report.reports import FILM, MODEL, NOW
from tests.ui.conftest import Drive
from tests.ui.keys import focused, press, type_in
from tests.ui.waiting import LONG, choose
from xray_studio.core.job import Job, Progress, run
from xray_studio.core.learning.assessment import ModelMark
from xray_studio.core.learning.cases import ReportText
from xray_studio.core.report import edit
from xray_studio.core.report.engine import Asked, Draft, begun
from xray_studio.core.report.phrases import PHRASES
from xray_studio.core.report.report import FINDINGS, IMPRESSION, TECHNIQUE, Report, State, Where
from xray_studio.core.report.sentence import Review, Sentence, Source
from xray_studio.core.report.signing import is_intact, sign
from xray_studio.services.report import engines
from xray_studio.services.report.files import Form
from xray_studio.services.report.library import Entry
from xray_studio.services.report.nearest import Near
from xray_studio.services.report.spelling import slips, words_of
from xray_studio.services.report.store import keep, path_of, read_report, versions
from xray_studio.ui import nearest_work
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.report.section_editor import SectionEditor, known_again, rests_words, spoken
from xray_studio.ui.report.slips import offer, slips_in
from xray_studio.ui.viewer.report_commands import rewritten

AI = Source("made-up", ModelMark("made-up", "1.0", "ab" * 32))
HEART, FLUID = "The heart is enlarged.", "There is no effusion."
DRAFT = (
    (TECHNIQUE, Sentence("One film.", Source("made-up"))),
    (FINDINGS, Sentence(HEART, AI, 0.84, "cardiomegaly")),
    (FINDINGS, Sentence(FLUID, AI, 0.03, "effusion")),
    (IMPRESSION, Sentence("Cardiomegaly.", AI, 0.84, "cardiomegaly")),
)


class MadeUp:
    """Writes the same draft of anything, or abstains."""

    name, title, abstains = "made-up", "Made up", ""

    def __init__(self, _model: object = None) -> None:
        """Load nothing."""

    def unavailable(self) -> str:
        """Be there."""
        return ""

    def draft(self, asked: Asked) -> Job[Draft]:
        """Write a sentence after the other."""
        assert len(asked.films) == 1
        draft = Draft(AI, notes=("Not for diagnosis.",), abstained=self.abstains)
        for heading, sentence in () if self.abstains else DRAFT:
            draft = draft.with_sentence(heading, sentence)
            yield Progress(message="Writing", partial=draft)
        return draft


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[MadeUp]]:
    """Let one engine be there, which is made up."""

    def known() -> list[dict[str, Any]]:
        return [{"name": MadeUp.name, "title": MadeUp.title, "unavailable": ""}]

    monkeypatch.setattr(engines, "engines_known", known)
    monkeypatch.setattr(engines, "engine_called", lambda _name: MadeUp())
    yield MadeUp
    MadeUp.abstains = ""


def report_of(window: MainWindow) -> Report:
    found = window.session.state.reporting.report
    assert found is not None
    return found


def findings(window: MainWindow) -> tuple[Sentence, ...]:
    section = report_of(window).section(FINDINGS)
    assert section is not None
    return section.sentences


def editor(window: MainWindow) -> SectionEditor:
    return window.report_panel.parts[1].editor


def written(qtbot: QtBot, window: MainWindow) -> list[int]:
    """Let a draft be written, and return how many sentences were seen on the way."""
    choose(qtbot, window, "LCA")
    window.commands["show_report"].trigger()
    state = window.session
    qtbot.waitUntil(lambda: bool(state.state.reporting.engines), timeout=LONG)
    seen: list[int] = []

    def note(_old: object, new: Any) -> None:
        draft = new.reporting.writing
        if draft is not None:
            seen.append(sum(len(one.sentences) for one in draft.sections))

    state.changed.connect(note)
    window.report_panel.write.click()
    qtbot.waitUntil(lambda: state.state.reporting.report is not None, timeout=LONG)
    state.changed.disconnect(note)
    return seen


def test_a_draft_comes_sentence_by_sentence_and_is_reviewed(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp]
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        assert written(qtbot, window)[-1] == len(DRAFT)
        panel, foot = window.report_panel, window.report_panel.foot
        assert panel.badge.text() == "AI draft, not for diagnosis."
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
        press(window, "Ctrl+Y", "Ctrl+Y")
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
        window.report_work.keep_now()  # as the timer does; the program may be killed now
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
        window.report_work.keep_now()
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
        panel.write.click()
        qtbot.waitUntil(lambda: bool(now.state.reporting.told), timeout=LONG)
        assert panel.problem.text() == engine.abstains
        panel.by_hand.click()
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        assert not panel.badge.isVisible()
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


def test_a_report_is_saved_for_others(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp], tmp_path: Path
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        written(qtbot, window)
        told: list[str] = []
        window.report_saving.told.connect(lambda words, _role: told.append(words))

        def save(form: Form, name: str) -> Path:
            window.report_saving.save(report_of(window), form, tmp_path / name)
            qtbot.waitUntil(lambda: bool(told), timeout=LONG)
            assert told.pop() == f"The report is saved as {name}."
            return tmp_path / name

        words = save(Form.TEXT, "report.txt").read_text("utf-8")
        assert f"[AI] {HEART}" in words
        assert "Phantom" in words
        made = dcmread(save(Form.SR, "report.dcm"))
        assert (made.CompletionFlag, made.VerificationFlag) == ("PARTIAL", "UNVERIFIED")
        assert [one.sop_instance_uid for one in report_of(window).objects] == [made.SOPInstanceUID]
        window.commands["hide_identity"].trigger()
        assert "Phantom" not in save(Form.TEXT, "hidden.txt").read_text("utf-8")
        assert len(window.save_menu().actions()) == len(Form)

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
        assert panel.engine.currentData() == "structured"
        assert panel.write.isEnabled()
        assert panel.reason.text().endswith("Findings: Its weights are missing.")
        now.change_settings("reports", engine="findings")
        assert not panel.write.isEnabled()
        assert panel.reason.text() == "Findings: Its weights are missing."

    drive(script, study)


def test_a_png_is_reported_on_signed_and_sent(
    qtbot: QtBot, drive: Drive, engine: type[MadeUp], tmp_path: Path
) -> None:
    del engine
    film = tmp_path / "film.png"
    Image.fromarray(np.arange(6400, dtype=np.uint16).reshape(80, 80) // 26).save(film)

    def script(window: MainWindow) -> None:
        now = window.session
        qtbot.waitUntil(lambda: now.view.clip is not None, timeout=LONG)
        window.commands["show_report"].trigger()
        qtbot.waitUntil(lambda: bool(now.state.reporting.engines), timeout=LONG)
        window.report_panel.write.click()
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        for part in (*window.report_panel.parts, window.report_panel.summary):
            part.accept_all.click()
        window.report_work.sign("A. Reader", "")
        told: list[str] = []
        window.report_saving.told.connect(lambda words, _role: told.append(words))
        for form, name in ((Form.PDF, "film.pdf"), (Form.SR, "film.dcm")):
            window.report_saving.save(report_of(window), form, tmp_path / name)
            qtbot.waitUntil(lambda: bool(told), timeout=LONG)
            assert told.pop().startswith(f"The report is saved as {name}.")
        made = dcmread(tmp_path / "film.dcm")
        assert (made.VerificationFlag, made.PatientID) == ("VERIFIED", "")
        assert (tmp_path / "film.pdf").read_bytes().startswith(b"%PDF")
        assert report_of(window).objects[0].sop_instance_uid == made.SOPInstanceUID

    drive(script, film)


def test_cases_of_a_library_are_shown_for_comparison(
    qtbot: QtBot, drive: Drive, study: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    near = Near(Entry("a.png", "", ("effusion",), ReportText(findings="Fluid.")), 0.5)

    def indexing(_folder: Path) -> Job[str]:
        yield Progress(1, 2, "Reading films")
        return "The library holds 1 cases."

    def like(*_asked: object) -> Job[tuple[Near, ...]]:
        yield Progress(message="Comparing films")
        return (near,)

    monkeypatch.setattr(nearest_work, "indexing", indexing)
    monkeypatch.setattr(nearest_work, "cases_like", like)

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["show_report"].trigger()
        part, now = window.report_panel.nearest, window.session
        assert part.isVisible()
        assert not part.body.isVisible()
        part.fold.click()
        assert part.choose.isVisible()
        assert not part.look.isVisible()
        window.nearest_work.use(tmp_path)
        qtbot.waitUntil(lambda: now.state.reporting.nearest.cases == (near,), timeout=LONG)
        assert now.state.settings.reports.library == str(tmp_path)
        assert part.marked.isVisible()
        told = [one.text() for one in part.body.findChildren(QLabel)]
        assert {"1. effusion", "Fluid.", "Not there"} <= set(told)
        assert now.state.reporting.report is None
        choose(qtbot, window, "Lung")
        assert now.state.reporting.nearest.cases is None

    drive(script, study)


def test_agreement_is_shown_by_finding_and_month_and_saved(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    def script(window: MainWindow) -> None:
        window.commands["show_agreement"].trigger()
        qtbot.waitUntil(lambda: "agreement" in window.desk.dialogs, timeout=LONG)
        empty: Any = window.desk.dialogs["agreement"]
        assert empty.nothing.isVisible()
        assert not empty.export_button.isEnabled()
        empty.accept()
        for n, model in enumerate((MODEL, replace(MODEL, sha256="ef" * 32))):
            keep(_signed(n, model))
        qtbot.waitUntil(lambda: "agreement" not in window.desk.dialogs, timeout=LONG)
        window.commands["show_agreement"].trigger()
        qtbot.waitUntil(lambda: "agreement" in window.desk.dialogs, timeout=LONG)
        dialog: Any = window.desk.dialogs["agreement"]
        rows = [dialog.table.topLevelItem(n) for n in range(dialog.table.topLevelItemCount())]
        told = [[row.text(n) for n in range(6)] for row in rows]
        assert told[0] == ["All sentences", "2", "2", "2", "2", "33 %"]
        assert ["Effusion", "0", "0", "0", "2", ""] in told
        assert ["Cardiomegaly", "2", "0", "2", "0", "50 %"] in told
        assert [one.other for one in dialog.chart.months] == [False, True]
        assert "another model" in dialog.chart.accessibleDescription()
        assert len(dialog.models.text().splitlines()) == 2
        window.agreeing.write(tmp_path / "drafts.jsonl")
        qtbot.waitUntil((tmp_path / "drafts.jsonl").is_file, timeout=LONG)
        assert len((tmp_path / "drafts.jsonl").read_text("utf-8").splitlines()) == 2

    drive(script)


def _signed(number: int, model: ModelMark) -> Report:
    """Return a report, signed in a month of its own, with an accepted, a changed, a new line."""
    source = Source("findings", model)
    draft = (
        Draft(source)
        .with_sentence(FINDINGS, Sentence(HEART, source, 0.8, "cardiomegaly"))
        .with_sentence(FINDINGS, Sentence(FLUID, source))
        .with_sentence(IMPRESSION, Sentence("Cardiomegaly.", source, 0.8, "cardiomegaly"))
    )
    time = NOW.replace(month=1 + number)
    report = begun(draft, f"1.2.{number}", (FILM,), time)
    report = edit.remove(edit.accept(report, Where(0, 0)), Where(1, 0))
    report = edit.change(report, Where(0, 1), "Costophrenic angles are sharp.")
    report = edit.insert(report, Where(0, 2), "There is a small pleural effusion.")
    return sign(report, "A. Reader", time)


def _menu(window: MainWindow) -> list[str]:
    from xray_studio.ui.report.insert_menu import insert_menu

    menu = insert_menu(window.session, (), window)
    texts = [action.text() for action in menu.actions()]
    menu.close()
    return texts


def test_lines_keep_what_they_were() -> None:
    ai = tuple(one for heading, one in DRAFT if heading == FINDINGS)
    assert known_again([(-1, HEART), (1, FLUID)], ai) == [(0, HEART), (1, FLUID)]
    assert known_again([(0, "The heart"), (-1, "is enlarged."), (1, FLUID)], ai) == [
        (0, "The heart"),
        (-1, "is enlarged."),
        (1, FLUID),
    ]
    assert known_again([(1, FLUID), (0, HEART)], ai) == [(1, FLUID), (-1, HEART)]
    assert spoken(ai[0]) == "AI, not reviewed, probability of cardiomegaly 84 %"
    assert spoken(replace(ai[0], review=Review.ACCEPTED)).startswith("AI, accepted")
    denied = rests_words(ai[1])
    assert "a probability of pleural effusion 3 %, whatever the sentence says" in denied


def test_rewriting_removes_inserts_and_changes() -> None:
    from tests.core.report.reports import drafted

    report = drafted()
    texts = [one.text for one in report.sections[0].sentences]
    same = rewritten(report, 0, list(enumerate(texts)))
    assert same is report
    made = rewritten(report, 0, [(-1, "First."), (0, f"{texts[0]} More."), (-1, " ")])
    assert [one.text for one in made.sections[0].sentences] == ["First.", f"{texts[0]} More."]
    assert not rewritten(report, 0, []).sections[0].sentences
