"""Presentation states and segmentations in the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pytestqt.qtbot import QtBot

from tests.dicom.objects import make_object, save
from tests.dicom.over import state_for
from tests.dicom.states.made import make_seg, referring
from tests.dicom.test_clip_greys import item
from tests.ui.conftest import Drive
from tests.ui.keys import press
from tests.ui.waiting import LONG, choose, wait_for_picture
from xray_studio.core.per_frame import at_frame
from xray_studio.core.presentation import Window
from xray_studio.ui.browser.model import Kind
from xray_studio.ui.main_window import MainWindow

ROWS, COLUMNS = 40, 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A loop with two states, one of frame 3 alone, a segmented image, and a lost state."""
    steps = np.arange(5, dtype=np.uint16)[:, None, None] * 100
    frames = (steps + np.arange(COLUMNS)).astype(np.uint16)
    loop = picture(np.repeat(frames, ROWS, axis=1), "Loop", 1)
    still = picture(np.full((ROWS, COLUMNS), 500, np.uint16), "Still", 2)
    lost = picture(np.zeros((ROWS, COLUMNS), np.uint16), "Lost", 3)
    first = state(loop, "FIRST", ImageRotation=90, ImageHorizontalFlip="N")
    second = state(loop, "SECOND")
    second.ReferencedSeriesSequence[0].ReferencedImageSequence = [referring(loop, 3)]
    second.DisplayedAreaSelectionSequence[0].DisplayedAreaTopLeftHandCorner = [11, 11]
    second.DisplayedAreaSelectionSequence[0].DisplayedAreaBottomRightHandCorner = [30, 30]
    marked = np.zeros((1, ROWS, COLUMNS), np.uint8)
    marked[0, 10:20, 10:30] = 1
    seg = make_seg([still], marked, PatientID="P", PatientName="P^P", SeriesNumber=9)
    seg.StudyInstanceUID = loop.StudyInstanceUID
    for name, made in {
        "loop": loop, "still": still, "first": first, "second": second,
        "gone": state(lost, "GONE"), "seg": seg,
    }.items():  # fmt: skip
        made.StudyInstanceUID = loop.StudyInstanceUID
        save(made, tmp_path / f"{name}.dcm")
    return tmp_path


def picture(values: np.ndarray, name: str, number: int) -> Dataset:
    return make_object(
        values, BitsStored=12, HighBit=11, PatientID="P", PatientName="P^P",
        SeriesDescription=name, SeriesNumber=number,
    )  # fmt: skip


def state(image: Dataset, label: str, **attributes: object) -> Dataset:
    window = item(WindowCenter=300, WindowWidth=200)
    made = state_for(image, SoftcopyVOILUTSequence=[window], PatientID="P", PatientName="P^P")
    made.ContentLabel, made.SeriesNumber = label, 20
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def ready(qtbot: QtBot, window: MainWindow) -> None:
    wait_for_picture(qtbot, window)
    session = window.session
    qtbot.waitUntil(
        lambda: len(session.state.states) == 3 and bool(session.state.segmentations), timeout=LONG
    )
    choose(qtbot, window, "Loop")


def test_states_are_chosen_and_put_aside(qtbot: QtBot, drive: Drive, folder: Path) -> None:
    def script(window: MainWindow) -> None:
        ready(qtbot, window)
        session = window.session
        plain = session.view
        assert plain.over.state is None, "a state is never applied unasked"
        assert [row.text() for row in window.window_panel.over.states] == [
            "As stored", "FIRST", "SECOND",
        ]  # fmt: skip
        press(window, "Shift+P")
        qtbot.waitUntil(lambda: session.view.over.state is not None, timeout=LONG)
        assert session.view.presentation.rotation == 90
        assert at_frame(session.view.presentation.voi, 0) == Window(300, 200)
        badges = lambda: window.stage.viewport.corners().text.badges  # noqa: E731 - asked again
        qtbot.waitUntil(lambda: "PR: FIRST" in badges(), timeout=LONG)
        window.window_panel.over.states[2].click()
        qtbot.waitUntil(lambda: session.view.presentation.area is not None, timeout=LONG)
        assert session.view.frame == 2, "it goes to the frame that the state is about"
        assert session.view.presentation.rotation == 0
        press(window, "Right")
        qtbot.waitUntil(lambda: not any("PR" in badge for badge in badges()), timeout=LONG)
        window.commands["state_none"].trigger()
        assert session.view.clip is plain.clip
        assert session.view.presentation == plain.presentation

    assert drive(script, folder) == 0


def test_the_browser_counts_states_and_lists_those_without_images(
    qtbot: QtBot, drive: Drive, folder: Path
) -> None:
    def script(window: MainWindow) -> None:
        ready(qtbot, window)

        def listed() -> dict[str, str]:
            rows = [row for row in window.browser.model.rows if row.kind is Kind.SERIES]
            return {s.series_description or s.title: r.note for r in rows if (s := r.series)}

        wanted = {"Loop": "2 PR", "Still": "", "Marked": "", "GONE": "its images are not here"}
        qtbot.waitUntil(lambda: listed() == wanted, timeout=LONG)

    assert drive(script, folder) == 0


def test_a_segmentation_goes_over_its_images(qtbot: QtBot, drive: Drive, folder: Path) -> None:
    def script(window: MainWindow) -> None:
        ready(qtbot, window)
        session = window.session
        choose(qtbot, window, "Marked")
        qtbot.waitUntil(lambda: window.stage.offers.offer is not None, timeout=LONG)
        window.stage.offers.accept.click()
        qtbot.waitUntil(lambda: session.view.over.segmentation is not None, timeout=LONG)
        assert session.view.series is not None
        assert session.view.series.series_description == "Still"
        listed = window.window_panel.over.segments
        (row,) = listed.rows.values()
        assert (row.text(), row.isChecked()) == ("Segment A", True)
        row.click()
        assert not row.isChecked()
        assert session.view.presentation.hidden_segments == {1}
        listed.opacity.chosen.emit(80.0)
        assert session.view.presentation.opacity == 0.8
        press(window, "Shift+G")
        assert session.view.over.segmentation is None

    assert drive(script, folder) == 0


def test_what_is_marked_elsewhere_is_gone_to(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    slices = [picture(np.full((ROWS, COLUMNS), at, np.uint16), "Slices", 1) for at in range(4)]
    for number, one in enumerate(slices):
        one.StudyInstanceUID = slices[0].StudyInstanceUID
        one.SeriesInstanceUID, one.InstanceNumber = slices[0].SeriesInstanceUID, number + 1
        save(one, tmp_path / f"slice{number}.dcm")
    marked = np.zeros((1, ROWS, COLUMNS), np.uint8)
    marked[0, 10:20, 10:30] = 1
    seg = make_seg([slices[2]], marked, PatientID="P", PatientName="P^P", SeriesNumber=9)
    save(seg, tmp_path / "seg.dcm")

    def script(window: MainWindow) -> None:
        session = window.session
        wait_for_picture(qtbot, window)
        choose(qtbot, window, "Slices")
        qtbot.waitUntil(lambda: bool(session.state.segmentations), timeout=LONG)
        assert session.view.frame == 0
        press(window, "Shift+G")
        qtbot.waitUntil(lambda: session.view.over.segmentation is not None, timeout=LONG)
        assert session.view.frame == 2
        session.update_view(frame=0)
        choose(qtbot, window, "Marked")
        choose(qtbot, window, "Slices")
        qtbot.waitUntil(lambda: session.view.over.segmentation is not None, timeout=LONG)
        assert session.view.frame == 0, "coming back shows what was left"

    assert drive(script, tmp_path) == 0


def test_what_lies_over_a_series_comes_back_with_it(
    qtbot: QtBot, drive: Drive, folder: Path
) -> None:
    def script(window: MainWindow) -> None:
        ready(qtbot, window)
        session = window.session
        stored = session.view.presentation
        press(window, "Shift+P")
        qtbot.waitUntil(lambda: session.view.over.state is not None, timeout=LONG)
        session.update_presentation(voi=Window(250, 90), invert=True)
        session.update_view(frame=4)
        over, shown = session.view.over, session.view.presentation
        choose(qtbot, window, "Still")
        assert session.view.over.state is None
        press(window, "Shift+G")
        qtbot.waitUntil(lambda: session.view.over.segmentation is not None, timeout=LONG)
        choose(qtbot, window, "Loop")
        qtbot.waitUntil(lambda: session.view.over == over, timeout=LONG)
        assert (session.view.presentation, session.view.frame) == (shown, 4)
        assert session.view.laying is None
        window.commands["state_none"].trigger()
        assert session.view.presentation == stored
        choose(qtbot, window, "Still")
        qtbot.waitUntil(lambda: session.view.over.segmentation is not None, timeout=LONG)
        choose(qtbot, window, "Loop")
        assert session.view.laying is None
        assert session.view.over.state is None, "what was put aside stays aside"

    assert drive(script, folder) == 0


def test_a_series_shown_twice_lays_over_each_picture_what_lies_over_it(
    qtbot: QtBot, drive: Drive, folder: Path
) -> None:
    def script(window: MainWindow) -> None:
        ready(qtbot, window)
        session = window.session
        press(window, "Shift+P")
        qtbot.waitUntil(lambda: session.view.over.state is not None, timeout=LONG)
        over, series = session.view.over, session.view.series
        assert series is not None
        choose(qtbot, window, "Still")
        window.commands["grid_1x2"].trigger()
        for place in (0, 1):
            window.controller.put(series, place)
        both = lambda: [view.over for view in session.state.views[:2]]  # noqa: E731 - asked again
        qtbot.waitUntil(lambda: both() == [over, over], timeout=LONG)

    assert drive(script, folder) == 0
