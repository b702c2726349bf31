"""Findings in the real window: looked for, listed, explained over the picture, never on another.

The models are tiny and know nothing; that everything reaches the screen as it was told is judged.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.services.learning import folders, tiny_models
from tests.ui.conftest import Drive
from tests.ui.keys import press
from tests.ui.viewer.fakes import make_view
from tests.ui.waiting import shown, wait_for_picture
from xray_studio.core.errors import UsageError
from xray_studio.core.learning.assessment import Assessed, Assessment, FindingScore, ModelMark
from xray_studio.core.learning.chance import per_cent
from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.learning.heat import BADGE, Heat, Method
from xray_studio.core.learning.question import Wish
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.core.presentation import Presentation
from xray_studio.core.study import Catalog, Patient, Series, Study
from xray_studio.imaging.render import oriented
from xray_studio.imaging.steps.gamma import Gamma
from xray_studio.services.learning.inference.findings import Models
from xray_studio.ui.finding_state import (
    CHANGED,
    PROCESSED,
    Found,
    Told,
    heat_shown,
    listed,
    other_films,
    told_of,
    unchecked,
    why_not_shown,
)
from xray_studio.ui.findings.finding_list import spoken
from xray_studio.ui.findings.panel import FindingsPanel
from xray_studio.ui.findings.words import NO_MODEL, NOTHING
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.over_state import Stored
from xray_studio.ui.session import Session
from xray_studio.ui.step_state import Worked
from xray_studio.ui.viewer.finding_commands import FindingCommands
from xray_studio.ui.viewer.heat_layer import ends_of, heat_image
from xray_studio.ui.viewer.heat_paint import turned


def score(name: str, chance: float, threshold: float = 0.3) -> FindingScore:
    return FindingScore(name, chance, chance, threshold, 0.1)


SCORES = (
    score("normal", 0.2),
    score("effusion", 0.1),
    score("nodule", 0.7, 0.5),
    score("scar", 0.003),
)
MARK = ModelMark("findings", "1", "ab" * 32)


def assessment(abstained: str = "") -> Assessment:
    picture = Assessed("/films/a.dcm", "1.2", 0, "cd" * 32, "other" if abstained else "frontal")
    return Assessment((picture,), MARK, () if abstained else SCORES, abstained)


def heat(values: np.ndarray | None = None, method: Method = Method.GRAD_CAM) -> Heat:
    found = np.eye(8, dtype=np.float32) if values is None else values.astype(np.float32)
    return Heat(method, "nodule", found, (40, 60))


@pytest.fixture
def session() -> Session:
    made = Session()
    made.update(view=make_view())
    return made


def tell(session: Session, told: Assessment, **changes: object) -> Told:
    """Let something have been said of the picture in view."""
    clip = session.view.clip
    assert clip is not None
    maps = {Wish("nodule", Method.GRAD_CAM): heat()}
    made = replace(Told(clip, 0, told, maps), **changes)
    session.update(findings=Found((made,), chosen="nodule", missing=False))
    return made


def test_findings_are_listed_by_how_likely_they_are_and_read_aloud(
    qtbot: QtBot, session: Session
) -> None:
    panel = FindingsPanel(session)
    qtbot.addWidget(panel)
    panel.resize(350, 900)
    panel.show()
    assert panel.look.isVisible()
    tell(session, assessment())
    assert [one.name for one in panel.list.scores()] == ["normal", "nodule", "effusion", "scar"]
    assert panel.list.item(1).data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Nodule, 70 %, counts as seen"
    )
    assert spoken(SCORES[1]) == "Effusion, 10 %, does not count as seen"
    assert [per_cent(part) for part in (0.0, 0.003, 0.012, 0.5, 0.997)] == [
        "<1 %", "<1 %", "1 %", "50 %", ">99 %",
    ]  # fmt: skip
    assert panel.list.currentRow() == 1
    panel.list.setCurrentRow(2)
    assert session.state.findings.chosen == "effusion"
    assert "a.dcm" in panel.facts.text()
    assert MARK.sha256[:8] in panel.facts.text()
    session.update(identity_hidden=True)
    assert "a.dcm" not in panel.facts.text()
    assert panel.grab().toImage().width() == 350


def test_the_panel_says_why_there_is_nothing(qtbot: QtBot, session: Session) -> None:
    panel = FindingsPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    session.update(findings=Found(missing=True))
    assert panel.reason.text() == NO_MODEL
    session.update(findings=Found(error="The model gave no answer."))
    assert panel.error.text() == "The model gave no answer."
    assert panel.error.isVisible()
    tell(session, assessment("This is no film of the chest."))
    assert panel.note.text() == "This is no film of the chest."
    assert not panel.list.isVisible()
    session.update(findings=Found(busy="Looking for findings"))
    assert panel.look.text() == "Stop"
    assert panel.progress.isVisible()
    session.update_view(clip=None, series=None)
    assert panel.reason.text() == NOTHING


def test_what_was_said_holds_for_its_picture_alone(session: Session) -> None:
    told = tell(session, assessment())
    assert told_of(session.state) is told
    assert heat_shown(session.state) is told.heats[Wish("nodule", Method.GRAD_CAM)]
    session.update_view(frame=1)
    assert told_of(session.state) is None
    assert heat_shown(session.state) is None
    session.update_view(frame=0)
    view = session.view
    assert view.clip is not None
    other = replace(view.clip, timing=replace(view.clip.timing))
    session.update_view(clip=other)
    assert heat_shown(session.state) is None, "the same object, opened again, may have changed"
    assert unchecked(session.state) is told
    session.update_view(clip=view.clip)
    session.change_settings("findings", method="occlusion")
    assert heat_shown(session.state) is None, "nobody has asked for that map yet"
    session.change_settings("findings", method="grad-cam")
    tell(session, assessment(), stale=True)
    assert (why_not_shown(session.state), heat_shown(session.state)) == (CHANGED, None)


def test_a_processed_picture_shows_nothing_that_was_said_of_the_stored_one(
    session: Session,
) -> None:
    tell(session, assessment())
    view = session.view
    assert view.clip is not None
    pipeline = Pipeline((Stage(Gamma()),))
    session.update_view(pipeline=pipeline)
    assert why_not_shown(session.state) == PROCESSED, "while it is being processed already"
    base = Stored(view.clip, view.presentation, view.initial, view.windows)
    clip = replace(view.clip, processed=("GAMMA",))
    session.update_view(clip=clip, worked=Worked(pipeline, clip, base))
    assert why_not_shown(session.state) == PROCESSED
    assert heat_shown(session.state) is None


def test_findings_are_gone_through_with_keys(session: Session) -> None:
    commands = FindingCommands(session)
    commands.step(1)
    assert session.state.findings.chosen == "", "there is nothing to go through"
    tell(session, assessment())
    names = [one.name for one in listed(assessment())]
    commands.step(1)
    assert session.state.findings.chosen == names[2]
    commands.step(-2)
    assert session.state.findings.chosen == names[0]
    commands.step(-1)
    assert session.state.findings.chosen == names[-1]
    commands.toggle()
    assert not session.state.findings.shown
    session.update(findings=replace(session.state.findings, chosen=""))
    commands.toggle()
    assert (session.state.findings.chosen, session.state.findings.shown) == ("nodule", True)
    commands.cover_by(90)
    assert session.state.settings.findings.opacity == 100


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("flips", [(False, False), (True, False), (False, True), (True, True)])
def test_a_heat_map_turns_with_its_picture(rotation: int, flips: tuple[bool, bool]) -> None:
    values = np.random.default_rng(1).random((9, 9)).astype(np.float32)
    how = Presentation(rotation=rotation, flip_horizontal=flips[0], flip_vertical=flips[1])
    image = heat_image(heat(values), "inferno")
    shown = turned(image, how).convertToFormat(QImage.Format.Format_RGBA8888)
    stored = image.convertToFormat(QImage.Format.Format_RGBA8888)
    found, expected = (
        np.frombuffer(one.constBits(), np.uint8).reshape(one.height(), -1, 4)
        for one in (shown, stored)
    )
    assert np.array_equal(found, oriented(expected, how))
    assert ends_of(heat(values)) == ("0", "peak")
    assert ends_of(heat(0.01 * values, Method.OCCLUSION))[1].endswith(" log-odds")


def test_only_films_of_the_same_study_and_a_known_patient_stand_by(session: Session) -> None:
    front, side, scan = (
        Series(uid, modality) for uid, modality in (("1", "DX"), ("2", "CR"), ("3", "CT"))
    )
    elsewhere = Series("4", "DX")
    studies = (Study("a", series=(front, side, scan)), Study("b", series=(elsewhere,)))
    patient = Patient("P1", "Phantom", studies=studies)
    assert other_films(Catalog((patient,)), front) == (side,)
    assert other_films(Catalog((replace(patient, loose=True),)), front) == ()
    assert other_films(Catalog(), front) == ()


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Models]:
    """Tiny models that the window finds installed; none once the list is empty."""
    there = [tiny_models.models(tmp_path / "models")]

    def installed(_kind: type, _named: Path | None = None) -> Models:
        if not there:
            raise UsageError("No model is installed.")
        return there[0]

    monkeypatch.setattr(Models, "installed", classmethod(installed))
    return there


def rested(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing is asked any more."""
    qtbot.waitUntil(lambda: not window.session.state.findings.busy)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Two pictures that tell nothing of a patient."""
    for number, name in enumerate(("a.png", "b.png")):
        folders.film(tmp_path / "films" / name, number)
    return tmp_path / "films"


def choose_film(qtbot: QtBot, window: MainWindow, number: int) -> None:
    """Show one of the films."""
    wait_for_picture(qtbot, window)
    wanted = window.browser.listed()[number]
    window.controller.choose(wanted)
    qtbot.waitUntil(lambda: window.session.view.series is wanted and shown(window))


def test_a_film_is_asked_about_and_explained_in_the_window(
    qtbot: QtBot, drive: Drive, films: Path, models: list[Models]
) -> None:
    def script(window: MainWindow) -> None:
        session, panel = window.session, window.findings_panel
        choose_film(qtbot, window, 0)
        press(window, "Ctrl+Alt+G")
        assert window.side.stack.currentWidget() is panel
        qtbot.waitUntil(lambda: told_of(session.state) is not None)
        told = told_of(session.state)
        assert told is not None
        assert {one.name for one in panel.list.scores()} == set(FINDINGS)
        plain = window.stage.viewport.grab().toImage()
        press(window, "X")
        qtbot.waitUntil(lambda: heat_shown(session.state) is not None)
        assert BADGE in window.stage.viewport.corners().text.badges
        assert window.stage.viewport.grab().toImage() != plain
        press(window, "X")
        assert BADGE not in window.stage.viewport.corners().text.badges
        rested(qtbot, window)
        press(window, "X")
        choose_film(qtbot, window, 1)
        assert told_of(session.state) is None, "this is another picture"
        assert BADGE not in window.stage.viewport.corners().text.badges
        # The same film, opened again, is compared before anything is said of it.
        choose_film(qtbot, window, 0)
        qtbot.waitUntil(lambda: told_of(session.state) is not None)
        again = told_of(session.state)
        assert again is not None
        assert (again.stale, again.assessment) == (False, told.assessment)
        # So it is when everything is read again; other pixels make what was said stale.
        folders.film(films / "a.png", 7)
        press(window, "F5")
        qtbot.waitUntil(lambda: told_of(session.state) not in {None, again})
        assert why_not_shown(session.state) == CHANGED
        assert panel.note.text() == CHANGED
        rested(qtbot, window)
        models.clear()
        session.update(findings=Found())
        press(window, "Ctrl+Alt+G")
        qtbot.waitUntil(lambda: bool(session.state.findings.missing))
        assert panel.reason.text() == NO_MODEL

    drive(script, films)


def test_a_question_can_be_given_up(
    qtbot: QtBot, drive: Drive, films: Path, models: list[Models]
) -> None:
    def script(window: MainWindow) -> None:
        choose_film(qtbot, window, 0)
        window.commands["look_for_findings"].trigger()
        assert window.session.state.findings.busy
        window.commands["stop_findings"].trigger()
        rested(qtbot, window)
        assert told_of(window.session.state) is None
        assert window.findings_panel.look.text() == "Look for findings"

    drive(script, films)
    assert models
