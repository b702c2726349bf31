"""The heatmap in the real window: looked for, over its picture alone, gone through by keys."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.services.anomaly.fakes import NAME, Telling
from tests.services.clips import Frames
from tests.ui.conftest import Drive
from tests.ui.keys import press, type_in
from tests.ui.studies import write_cine
from tests.ui.viewer.fakes import make_view
from tests.ui.waiting import choose, shown, wait_for_picture
from xray_studio.core.anomaly.detection import FIXED, NORMALS, OTSU, USER
from xray_studio.core.anomaly.explanation import Contribution, Explanation, Sight
from xray_studio.core.clip import Clip
from xray_studio.core.job import run
from xray_studio.core.learning.heat import BADGE
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.core.registry import Entry, Registry
from xray_studio.imaging.steps.gamma import Gamma
from xray_studio.imaging.unusual import marked
from xray_studio.services.anomaly import detectors, offers
from xray_studio.services.anomaly.feedback import kept as kept_acts
from xray_studio.ui import unusual_work
from xray_studio.ui.finding_state import HIDDEN
from xray_studio.ui.heatmap.feedback_part import DRAW, DRAWN
from xray_studio.ui.heatmap.panel import HeatmapPanel
from xray_studio.ui.heatmap.words import (
    NO_REGION,
    NOBODY,
    NOTHING,
    USUAL_SIDES,
    fired_words,
    peak_words,
    threshold_words,
)
from xray_studio.ui.look.theme import CAPTION, font
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.session import Session
from xray_studio.ui.step_state import Compared
from xray_studio.ui.unusual_state import (
    CHANGED,
    PROCESSED,
    Answer,
    Looks,
    Why,
    answer_of,
    mapped,
    overlaid,
    peak_frames,
    regions_here,
    unchecked,
    why_not_shown,
    why_told,
)
from xray_studio.ui.viewer.heat_paint import layer_of
from xray_studio.ui.viewer.map_layer import map_image, score_image
from xray_studio.ui.viewer.mark_commands import MarkCommands
from xray_studio.ui.viewer.unusual_commands import UnusualCommands, around


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep answers of each test by themselves."""
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> type[Telling]:
    """A detector that marks bright places beside those there are, asked first."""
    known = detectors.DETECTORS.entries().values()
    mine = Entry(NAME, "tests.services.anomaly.fakes:Telling")
    made = Registry("xray_studio.no_such_group", (mine, *known))
    for module in (detectors, offers):
        monkeypatch.setattr(module, "DETECTORS", made)
    monkeypatch.setattr(Telling, "asked", 0)
    monkeypatch.setattr(Telling, "sha256", Telling.sha256)
    return Telling


@pytest.fixture
def session() -> Session:
    """A session with a loop in view."""
    made = Session()
    made.update(view=make_view())
    return made


def tell(session: Session, *, stale: bool = False) -> Answer:
    """Let the detector have said something of the clip in view."""
    clip = session.view.clip
    assert clip is not None
    found = run(Telling().detect(clip))
    answer = Answer(clip, found, found.threshold, whole=True, stale=stale)
    looks = Looks(ahead=True, offered=clip, offers=run(offers.offers(clip)))
    session.update(looks=looks.with_answer(answer))
    return answer


def compared(window: MainWindow) -> Compared:
    """Return how the picture stands beside the original."""
    return window.session.view.compared


def looked(qtbot: QtBot, window: MainWindow) -> Answer:
    """Wait until the clip in view has been looked at, and return what was said."""
    session = window.session
    qtbot.waitUntil(lambda: getattr(answer_of(session.state), "whole", False))
    qtbot.waitUntil(lambda: not session.state.looks.busy)
    answer = answer_of(session.state)
    assert answer is not None
    return answer


def test_the_panel_tells_regions_threshold_and_where_they_come_from(
    qtbot: QtBot, session: Session
) -> None:
    """All that is told of a frame stands in the panel, in words and for assistive tools."""
    panel = HeatmapPanel(session)
    qtbot.addWidget(panel)
    panel.resize(350, 1000)
    panel.show()
    answer = tell(session)
    assert panel.threshold.words.text() == threshold_words(answer.own)
    assert "95 %" in panel.threshold.words.text()
    found = regions_here(session.state)
    assert found
    assert panel.regions.list.listed()[0] == found
    role = Qt.ItemDataRole.AccessibleTextRole
    told = str(panel.regions.list.item(0).data(role))
    assert f"score {found[0].score:.2f}" in told
    assert fired_words(found[0]) in told
    assert "telling-model 3, abababab" in panel.facts.text()
    assert "Mind this." in panel.facts.text()
    panel.regions.list.setCurrentRow(0)
    assert session.state.looks.chosen == (0, found[0].box)
    session.change_settings("unusual", least=100_000)
    assert panel.regions.empty.text() == NO_REGION
    assert not panel.regions.list.isVisible()
    session.update_view(clip=None, series=None)
    assert panel.reason.text() == NOTHING


def test_what_was_said_holds_for_its_picture_alone(session: Session) -> None:
    """Other pixels, another model, a processed picture: nothing lies over it, and that is said."""
    answer = tell(session)
    assert mapped(session.state) is answer
    view = session.view
    assert view.clip is not None
    again = replace(view.clip, timing=replace(view.clip.timing))
    session.update_view(clip=again)
    assert mapped(session.state) is None
    assert unchecked(session.state) is answer
    session.update_view(clip=view.clip)
    tell(session, stale=True)
    assert (why_not_shown(session.state), mapped(session.state)) == (CHANGED, None)
    tell(session)
    session.update_view(pipeline=Pipeline((Stage(Gamma()),)))
    assert (why_not_shown(session.state), overlaid(session.state)) == (PROCESSED, False)


def test_the_threshold_is_the_detectors_otsus_or_ones_own(session: Session) -> None:
    """Its source is told; peaks and regions follow."""
    tell(session)
    commands = UnusualCommands(session)

    def source() -> str:
        answer = answer_of(session.state)
        assert answer is not None
        return answer.found.threshold.source

    before = len(regions_here(session.state))
    commands.threshold(0.999)
    assert source() == USER
    assert before
    assert not peak_frames(answer_of(session.state) or tell(session))
    commands.otsu()
    assert source() == OTSU
    commands.own_threshold()
    assert source() == NORMALS
    assert {source(), FIXED} == {NORMALS, FIXED}


def test_keys_go_from_peak_to_peak_and_region_to_region(session: Session) -> None:
    """Round the ends, and to a region so that it is seen with what is around it."""
    answer = tell(session)
    commands = UnusualCommands(session)
    commands.threshold(float(np.median(answer.found.scores)))
    best = peak_frames(answer_of(session.state) or answer)
    assert best
    seen = []
    for _ in best:
        commands.peak(1)
        seen.append(session.view.frame)
    assert sorted(seen) == best
    commands.peak(-1)
    assert session.view.frame in best
    commands.own_threshold()
    session.update_view(frame=0)
    commands.step(1)
    first = session.state.looks.chosen
    commands.step(-1)
    commands.step(1)
    assert session.state.looks.chosen == first
    commands.jump()
    assert first is not None
    clip = session.view.clip
    assert clip is not None
    assert session.view.presentation.area == around(first[1], clip.rows, clip.columns)
    left, top, right, bottom = around(first[1], clip.rows, clip.columns)
    assert left <= first[1].x
    assert right >= first[1].right
    assert top <= first[1].y
    assert bottom >= first[1].bottom


def test_colours_lie_on_what_is_marked_alone(session: Session) -> None:
    """Transparent is exactly what the mask leaves out; everywhere is everywhere."""
    scores = tell(session).found.maps[0]
    image = map_image(scores, (0.75, 4), "inferno")
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    assert np.array_equal(pixels > 0, marked(scores, 0.75, 4))
    whole = score_image(scores.values, scores.shape, "inferno")
    assert (np.frombuffer(whole.constBits(), np.uint32) >> 24 == 255).all()


def test_teaching_hides_map_and_badge_together(session: Session) -> None:
    """Nothing that AI says is left, and why is told."""
    tell(session)
    assert overlaid(session.state)
    UnusualCommands(session).hide_ai()
    assert not overlaid(session.state)
    assert why_not_shown(session.state) == HIDDEN
    UnusualCommands(session).hide_ai()
    assert overlaid(session.state)


def test_a_loop_is_looked_through_in_the_window(
    qtbot: QtBot, drive: Drive, study: Path, kept: Path
) -> None:
    """X looks, frames come one by one, N and B go to peaks, Q shows the original, F9 hides all."""

    def script(window: MainWindow) -> None:
        session, viewport = window.session, window.stage.viewport
        choose(qtbot, window, "LCA")
        plain = viewport.grab().toImage()
        press(window, "X")
        assert window.side.stack.currentWidget() is window.heatmap_panel
        answer = looked(qtbot, window)
        assert answer.detector == "cine-change"
        assert len(answer.by_frame) == 12
        assert window.stage.cine.sparkline.isVisible()
        assert BADGE in viewport.corners().text.badges
        UnusualCommands(session).threshold(0.05)
        best = peak_frames(answer_of(session.state) or answer)
        assert best
        press(window, "N")
        assert session.view.frame in best
        assert peak_words(answer_of(session.state) or answer).startswith("Frame")
        press(window, "X")
        assert BADGE not in viewport.corners().text.badges
        press(window, "X")
        assert BADGE in viewport.corners().text.badges
        qtbot.waitUntil(lambda: viewport.grab().toImage() != plain)
        QTest.keyPress(window.windowHandle(), Qt.Key.Key_Q)
        assert compared(window) is Compared.ORIGINAL
        assert BADGE not in viewport.corners().text.badges
        time.sleep(0.3)
        QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Q)
        assert compared(window) is Compared.NOT
        assert BADGE in viewport.corners().text.badges
        press(window, "J")
        assert viewport.tools.wipe.shown
        assert BADGE in viewport.corners().text.badges
        press(window, "J")
        press(window, "Ctrl+Shift+J")
        left, right = (window.stage.grid.cells[place].viewport for place in (0, 1))
        qtbot.waitUntil(lambda: left.answer is not None and right.answer is not None)
        assert window.stage.viewport is right
        assert BADGE in right.corners().text.badges
        assert BADGE not in left.corners().text.badges
        qtbot.waitUntil(lambda: left.grab().toImage() != right.grab().toImage())
        press(window, "Ctrl+Shift+J")
        assert session.state.layout.count == 1
        assert BADGE in viewport.corners().text.badges
        press(window, "F9")
        assert BADGE not in viewport.corners().text.badges
        assert not window.stage.cine.sparkline.isVisible()
        assert window.heatmap_panel.note.text() == HIDDEN
        press(window, "F9")
        spark = window.stage.cine.sparkline
        qtbot.waitUntil(spark.isVisible)
        QTest.mouseClick(
            spark, Qt.MouseButton.LeftButton, pos=QPoint(round(spark.left_of(7.5)), 10)
        )
        assert session.view.frame == 7
        assert list((kept / "anomalies").iterdir())

    drive(script, study)


def test_frames_are_shown_as_they_are_ready(
    qtbot: QtBot, drive: Drive, study: Path, telling: type[Telling], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sparkline fills, and peaks can be gone to, before the last frame is there."""
    monkeypatch.setattr(telling, "pause", 0.05)
    monkeypatch.setattr(unusual_work, "GATHERED", 1)

    def script(window: MainWindow) -> None:
        session, known = window.session, set[int]()
        choose(qtbot, window, "LCA")
        session.changed.connect(
            lambda _old, new: known.add(len(getattr(answer_of(new), "by_frame", ())))
        )
        press(window, "X")
        qtbot.waitUntil(lambda: any(0 < count < 12 for count in known))
        assert window.stage.cine.sparkline.isVisible()
        assert BADGE in window.stage.viewport.corners().text.badges
        answer = looked(qtbot, window)
        assert len(answer.by_frame) == 12
        assert len(known) > 4

    drive(script, study)


def test_coming_back_is_instant_and_other_pixels_are_stale(
    qtbot: QtBot, drive: Drive, tmp_path: Path, telling: type[Telling]
) -> None:
    """The same loop opened again keeps its answer; changed pixels or models take it away."""
    about = {"PatientName": "Phantom^Coronary", "PatientID": "DEMO-0001"}
    for number, name in ((1, "LCA"), (2, "RCA")):
        write_cine(tmp_path / f"run{number}.dcm", number, name, about)

    def script(window: MainWindow) -> None:
        session = window.session
        choose(qtbot, window, "LCA")
        press(window, "X")
        first = looked(qtbot, window)
        assert first.detector == NAME
        choose(qtbot, window, "RCA")
        qtbot.waitUntil(lambda: not session.state.looks.busy)
        assert answer_of(session.state) is None
        assert BADGE not in window.stage.viewport.corners().text.badges
        choose(qtbot, window, "LCA")
        qtbot.waitUntil(lambda: answer_of(session.state) is not None)
        again = looked(qtbot, window)
        assert (again.stale, again.found) == (False, first.found)
        assert telling.asked == 1
        write_cine(tmp_path / "run1.dcm", 1, "LCA", about, frames=13)
        press(window, "F5")
        qtbot.waitUntil(lambda: why_not_shown(session.state) == CHANGED)
        assert window.heatmap_panel.note.text() == CHANGED
        press(window, "X")
        qtbot.waitUntil(lambda: why_not_shown(session.state) == "")
        looked(qtbot, window)
        assert telling.asked == 2

    drive(script, tmp_path)


def test_what_nobody_looks_at_and_what_fails_is_told(
    qtbot: QtBot, drive: Drive, study: Path, telling: type[Telling], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refusals stand beside detectors; an error is named and leaves no result."""

    def script(window: MainWindow) -> None:
        session, panel = window.session, window.heatmap_panel
        monkeypatch.setattr(telling, "refused", lambda *_: "It looks at nothing today.")
        choose(qtbot, window, "Lung")
        window.commands["show_heatmap"].trigger()
        qtbot.waitUntil(lambda: panel.reason.text() == NOBODY)
        assert not panel.look.isVisible()
        assert not any(row.isEnabled() for row in panel.detectors.rows.values())
        monkeypatch.undo()
        wait_for_picture(qtbot, window)
        choose(qtbot, window, "LCA")
        qtbot.waitUntil(lambda: shown(window) and not session.state.looks.busy)

    drive(script, study)


def test_a_look_can_be_given_up(qtbot: QtBot, drive: Drive, study: Path) -> None:
    """Nothing goes on after Stop, and another look begins anew."""

    def script(window: MainWindow) -> None:
        session = window.session
        choose(qtbot, window, "LCA")
        window.commands["show_heatmap"].trigger()
        qtbot.waitUntil(lambda: session.state.looks.offers != ())
        window.commands["look_for_unusual"].trigger()
        assert session.state.looks.busy
        window.commands["stop_unusual"].trigger()
        assert not session.state.looks.busy
        window.commands["look_for_unusual"].trigger()
        looked(qtbot, window)

    drive(script, study)


def test_why_is_told_in_channels_and_by_the_detector_itself(
    qtbot: QtBot, drive: Drive, study: Path, telling: type[Telling]
) -> None:
    """Channels at once; contributions and pictures when they are asked for."""

    def script(window: MainWindow) -> None:
        session, panel = window.session, window.heatmap_panel
        choose(qtbot, window, "LCA")
        press(window, "X")
        looked(qtbot, window)
        assert telling.asked
        assert not panel.why.isVisible()
        assert not window.commands["ask_why"].isEnabled()
        press(window, "Shift+N")
        assert panel.why.isVisible()
        assert "brighter than others" in panel.why.channels.text()
        assert panel.why.ask.isVisible()
        panel.why.ask.click()
        qtbot.waitUntil(lambda: why_told(session.state) is not None)
        assert "weigh most" in panel.why.sentence.text()
        assert "HOG, edges of all directions: +0.31" in panel.why.bars.accessibleDescription()
        assert panel.why.bars.grab().toImage().height() > 40
        map_of = layer_of(session.state, session.view.frame)
        assert panel.why.sights is not None
        panel.why.sights.button("0").click()
        sight = layer_of(session.state, session.view.frame)
        assert map_of is not None
        assert sight is not None
        assert sight.scale.lines == ("Attention",)
        assert "Where the network looks" in panel.why.meaning.text()
        assert BADGE in window.stage.viewport.corners().text.badges
        window.commands["next_frame"].trigger()
        assert not panel.why.isVisible()

    drive(script, study)


def test_readers_judge_regions_and_see_what_thresholds_would_do(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path, telling: type[Telling],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Accepted, rejected and redrawn by name, shown on the region, kept line by line."""
    monkeypatch.setenv("XRAY_STUDIO_DATA", str(tmp_path / "data"))
    telling.asked = 0

    def script(window: MainWindow) -> None:
        session, panel = window.session, window.heatmap_panel
        choose(qtbot, window, "LCA")
        press(window, "X")
        looked(qtbot, window)
        press(window, "Shift+N")
        assert not panel.feedback.buttons["accept_region"].isEnabled()
        panel.feedback.name.setFocus()
        type_in(window, "Anna")
        press(window, "Return")
        assert session.state.settings.unusual.reader == "Anna"
        panel.feedback.buttons["accept_region"].click()
        qtbot.waitUntil(lambda: len(session.state.looks.acts) == 1)
        assert panel.regions.list.listed()[2][0] == "Accepted by Anna"
        assert "1 of 1 that were meant" in panel.threshold.effect.text()
        panel.feedback.buttons["redraw_region"].click()
        assert session.state.tool == "outline"
        assert panel.feedback.note.text() == DRAW
        MarkCommands(session).add_here()
        assert panel.feedback.note.text() == DRAWN.format("outline")
        drawn = session.state.marks.each[-1].points
        panel.feedback.buttons["redraw_region"].click()
        qtbot.waitUntil(lambda: len(session.state.looks.acts) == 2)
        assert session.state.looks.acts[-1].outline == (pytest.approx(np.array(drawn), abs=0.01),)
        assert panel.regions.list.listed()[2][0] == "Redrawn by Anna"
        press(window, "Right")
        window.commands["next_region"].trigger()
        window.commands["reject_region"].trigger()
        qtbot.waitUntil(lambda: len(session.state.looks.acts) == 3)
        assert "1 of 1 that were rejected" in panel.threshold.effect.text()
        assert [one.verdict for one in kept_acts().acts] == ["accepted", "redrawn", "rejected"]
        window.feedback_work._export(tmp_path / "masks")
        qtbot.waitUntil((tmp_path / "masks" / "masks.jsonl").exists)

    drive(script, study)


def test_places_on_films_are_told_by_the_lungs(qtbot: QtBot, session: Session) -> None:
    """Once the lungs are known places are zones, and what sides rest on is told."""
    panel = HeatmapPanel(session)
    qtbot.addWidget(panel)
    panel.resize(350, 1000)
    panel.show()
    answer = tell(session)
    before = panel.regions.list.listed()[1][0]
    assert before.endswith("of the picture")
    region = regions_here(session.state)[0]
    lungs = np.zeros((answer.clip.rows, answer.clip.columns), np.bool_)
    lungs[:, : answer.clip.columns // 2 - 4] = lungs[:, answer.clip.columns // 2 + 4 :] = True
    assert lungs[region.peak]
    session.update(looks=session.state.looks.with_answer(replace(answer, lungs=lungs)))
    assert panel.regions.list.listed()[1][0].endswith("zone")
    assert panel.regions.sides.text() == USUAL_SIDES


def test_an_explanation_stays_within_the_panel(qtbot: QtBot, session: Session) -> None:
    """Many pictures to choose from, and long names of numbers, make the panel no wider."""
    panel = HeatmapPanel(session)
    qtbot.addWidget(panel)
    panel.resize(310, 1000)
    panel.show()
    answer = tell(session)
    region = regions_here(session.state)[0]
    UnusualCommands(session).choose(region)
    titles = ("Form", "Texture", "Patches", "Density")
    sights = tuple(Sight(one, "Where it is.", answer.found.maps[0].values) for one in titles)
    parts = (Contribution("attention of head 3", "one of the numbers", 0.4),)
    told = Explanation("It weighs most.", parts, "steps that are saved", sights)
    why = Why((region.frame, region.box), told)
    session.update(looks=replace(session.state.looks, why=why))
    page, room = panel.widget(), panel.viewport()
    assert page is not None
    qtbot.waitUntil(lambda: page.width() == room.width())
    assert page.minimumSizeHint().width() <= room.width()
    assert "Bars count steps that are saved." in panel.why.meaning.text()
    bars = panel.why.bars
    whole = QFontMetrics(font(CAPTION)).horizontalAdvance(parts[0].name)
    assert bars.names_width() >= min(whole + 1, 0.5 * bars.width())


def test_one_picture_has_its_score_told() -> None:
    """Whether a film stands out is told by its score, beside the regions."""
    clip = Clip(Frames(np.full((1, 64, 64), 7, np.uint8)))
    found = run(Telling().detect(clip))
    answer = Answer(clip, found, found.threshold, whole=True)
    assert peak_words(answer) == "Score of the picture: 0.00; it does not stand out."
    low = found.at(0.0001)
    stands = replace(low, maps=tuple(replace(one, score=0.97) for one in low.maps))
    words = peak_words(Answer(clip, stands, low.threshold, whole=True))
    assert words == "Score of the picture: 0.97; it stands out."


def test_progress_of_another_picture_is_not_taken_for_that_of_the_one_in_view(
    qtbot: QtBot, session: Session
) -> None:
    """Whoever goes to the next film while a detector looks reads whose progress it is."""
    panel = HeatmapPanel(session)
    qtbot.addWidget(panel)
    here = session.view.clip
    session.update(looks=Looks(busy="Looking", about=here))
    assert panel.busy.text().startswith("Looking")
    session.update(view=make_view())
    assert panel.busy.text().startswith("Another picture: looking")
    session.update(looks=Looks(error="It did not work.", about=here))
    assert panel.error.text() == "Another picture: It did not work."
