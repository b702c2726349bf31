"""The panel of the heatmap: what it tells of detectors, regions, thresholds and reasons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from tests.services.anomaly.fakes import Telling
from tests.services.clips import Frames
from tests.ui.conftest import Drive
from tests.ui.heatmap.looking import looked, tell
from tests.ui.keys import press
from tests.ui.viewer.fakes import make_view
from tests.ui.waiting import choose, shown, wait_for_picture
from xray_studio.core.anomaly.detection import FIXED, NORMALS, OTSU, USER
from xray_studio.core.anomaly.explanation import Contribution, Explanation, Sight
from xray_studio.core.clip import Clip
from xray_studio.core.job import run
from xray_studio.core.learning.heat import BADGE
from xray_studio.ui.heatmap.panel import HeatmapPanel
from xray_studio.ui.heatmap.words import (
    NO_REGION,
    NOBODY,
    NOTHING,
    PLACING,
    USUAL_SIDES,
    fired_words,
    peak_words,
    threshold_words,
)
from xray_studio.ui.look.theme import CAPTION, font
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.session import Session
from xray_studio.ui.unusual_state import (
    Answer,
    Looks,
    Why,
    answer_of,
    peak_frames,
    regions_here,
    why_told,
)
from xray_studio.ui.viewer.heat_paint import layer_of
from xray_studio.ui.viewer.unusual_commands import UnusualCommands


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


def test_places_on_films_are_told_by_the_lungs(qtbot: QtBot, session: Session) -> None:
    """Once the lungs are known places are zones, and what sides rest on is told."""
    panel = HeatmapPanel(session)
    qtbot.addWidget(panel)
    panel.resize(350, 1000)
    panel.show()
    answer = tell(session)
    before = panel.regions.list.listed()[1][0]
    assert before.endswith("of the picture")
    waiting = replace(answer, placed=False)
    session.update(looks=session.state.looks.with_answer(waiting))
    assert set(panel.regions.list.listed()[1]) == {PLACING}
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
