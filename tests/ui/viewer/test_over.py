"""Overlay planes, shutter, profile, letters and scale bar in the window, and notes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QSize

from tests.ui.viewer.fakes import MemorySource, make_clip, make_session, make_view, pixel
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.orientation import Orientation
from xray_studio.core.overlay_plane import OverlayPlane, pack
from xray_studio.core.per_frame import PerFrame
from xray_studio.core.presentation import Presentation, Window
from xray_studio.core.real_world import RealWorldMap
from xray_studio.core.shutter import Shutter
from xray_studio.ui.actions import conditions as c
from xray_studio.ui.frame_worker import FrameRequest, answer
from xray_studio.ui.over_panel import OverPanel
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.corner_words import corners_of
from xray_studio.ui.viewer.geometry import Size
from xray_studio.ui.viewer.over_commands import OverCommands, has_planes, has_profile, has_shutter
from xray_studio.ui.viewer.probe import pixel_text
from xray_studio.ui.viewer.viewport import Viewport
from xray_studio.ui.viewer.window_commands import (
    WindowCommands,
    chosen,
    stored_choices,
    window_of,
)
from xray_studio.ui.window_panel import WindowPanel

MASK = pack(np.ones((40, 60), bool))
PLANES = tuple(
    OverlayPlane(group, 40, 60, packed=(MASK,), label=label, kind=kind)
    for group, label, kind in ((0x6000, "LESION", "G"), (0x6002, "REGION", "R"))
)


def full_clip(**changes: object) -> Clip:
    """Return a clip with everything that can lie over it."""
    made = Acquisition(
        modality="CT", pixel_spacing=(0.5, 0.5), spacing_meaning="patient",
        warnings=("Something is odd.", "And something else."),
    )  # fmt: skip
    clip = make_clip(
        overlays=PLANES, shutter=Shutter(circle=(20, 30, 10)),
        orientation=Orientation("R", "L", "A", "P"), acquisition=made,
    )  # fmt: skip
    return replace(clip, **changes)


class TestCommands:
    def test_what_a_file_does_not_have_cannot_be_switched(self):
        empty = make_session().state
        full = make_session(full_clip()).state
        for has in (has_planes, has_shutter, has_profile):
            assert not has(empty)
        assert has_planes(full)
        assert has_shutter(full)

    def test_planes_are_shown_one_by_one_and_all(self):
        session = make_session(full_clip())
        over = OverCommands(session)
        over.toggle_plane(0x6000)
        assert session.view.presentation.hidden_planes == {0x6000}
        over.toggle_plane(0x6000)
        assert session.view.presentation.hidden_planes == set()
        over.toggle_planes()
        assert not c.planes_shown(session.state)
        over.toggle_plane(0x6002)
        assert session.view.presentation.planes
        assert session.view.presentation.hidden_planes == {0x6000}

    def test_everything_else_is_switched(self):
        session = make_session(full_clip())
        over = OverCommands(session)
        for toggle, shown in (
            (over.toggle_shutter, c.shutter_applied),
            (over.toggle_profile, c.profile_used),
            (over.toggle_letters, c.letters_shown),
            (over.toggle_scale, c.scale_shown),
        ):
            assert shown(session.state)
            toggle()
            assert not shown(session.state)

    def test_an_empty_window_is_left_alone(self):
        session = Session()
        over = OverCommands(session)
        for toggle in (over.toggle_planes, over.toggle_shutter, over.toggle_profile):
            toggle()
        assert session.view.presentation == Presentation()


class TestPanel:
    def test_planes_and_notes_are_listed(self, qtbot):
        session = make_session(full_clip())
        panel = OverPanel(session)
        qtbot.addWidget(panel)
        assert [row.text() for row in panel.rows.values()] == ["LESION", "REGION"]
        assert [label.text() for label in panel.notes] == [
            "Something is odd.",
            "And something else.",
        ]
        panel.rows[0x6002].click()
        assert [row.isChecked() for row in panel.rows.values()] == [True, False]
        assert session.view.presentation.hidden_planes == {0x6002}

    def test_labels_are_hidden_with_the_identity(self, qtbot):
        session = make_session(full_clip())
        panel = OverPanel(session)
        qtbot.addWidget(panel)
        session.update(identity_hidden=True)
        assert [row.text() for row in panel.rows.values()] == ["Overlay 1", "Overlay 2"]

    def test_it_takes_no_room_when_there_is_nothing(self, qtbot):
        session = make_session()
        panel = OverPanel(session)
        qtbot.addWidget(panel)
        assert panel.isHidden()
        session.update(view=make_view(full_clip()))
        assert not panel.isHidden()

    def test_a_long_list_of_notes_ends(self, qtbot):
        made = Acquisition(warnings=tuple(f"Note {n}." for n in range(30)))
        panel = OverPanel(make_session(make_clip(acquisition=made)))
        qtbot.addWidget(panel)
        assert panel.notes[-1].text().startswith("22 more")

    def test_the_picture_says_that_there_are_notes(self):
        words = corners_of(make_session(full_clip()).state, None, 1.0, "")
        assert "2 NOTES" in words.text.badges
        assert corners_of(make_session().state, None, 1.0, "").text.badges == ()


class TestWindowsOfFrames:
    EACH = tuple(Window(100.0 + 10 * n, 50.0, explanation="Own") for n in range(8))

    @pytest.fixture
    def session(self) -> Session:
        clip = make_clip(windows=(PerFrame(self.EACH),))
        session = Session()
        view = make_view(clip)
        session.update(view=replace(view, presentation=Presentation(voi=clip.windows[0])))
        return session

    def test_the_choice_follows_the_frames(self, session: Session):
        (choice, *_) = stored_choices(session.view)
        assert (choice.name, choice.detail) == ("Own", "each frame its own")
        assert chosen(session.view, choice)
        for frame in (0, 5):
            session.update_view(frame=frame)
            assert window_of(session.view) == self.EACH[frame]

    def test_changed_by_the_user_it_holds_for_all(self, session: Session):
        session.update_view(frame=3)
        WindowCommands(session).set_window(131.0, 60.0)
        voi = session.view.presentation.voi
        assert isinstance(voi, Window)
        assert (voi.center, voi.width) == (131.0, 60.0)
        (choice, *_) = stored_choices(session.view)
        assert not chosen(session.view, choice)
        WindowCommands(session).choose(choice)
        assert chosen(session.view, choice)

    def test_the_panel_follows_the_frame(self, qtbot, session: Session):
        panel = WindowPanel(session)
        qtbot.addWidget(panel)
        session.update_view(frame=6)
        assert panel.center.edit.text() == "160"
        assert "each frame has its own" in panel.function.text()


class TestMarks:
    def picture(self, qtbot, session: Session, size: QSize) -> np.ndarray:
        viewport = Viewport(session)
        qtbot.addWidget(viewport)
        viewport.resize(size)
        view = session.view
        request = FrameRequest(
            view.clip, view.presentation, view.frame, Size(size.width(), size.height())
        )
        viewport.show_answer(answer(request, view.clip.stored(view.frame)))
        image = (
            viewport.grab()
            .toImage()
            .convertToFormat(viewport.grab().toImage().Format.Format_RGB888)
        )
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
        return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()

    def test_letters_and_bar_are_painted_and_switched_off(self, qtbot):
        size = QSize(500, 400)
        clip = full_clip(overlays=(), shutter=None)
        session = make_session(clip)
        with_marks = self.picture(qtbot, session, size)
        OverCommands(session).toggle_letters()
        without_letters = self.picture(qtbot, session, size)
        OverCommands(session).toggle_scale()
        bare = self.picture(qtbot, session, size)
        letters = np.argwhere((with_marks != without_letters).any(axis=2))
        # The bar's room is free again for the lower letter: what differs lies at the four edges.
        assert letters[:, 1].min() < 30
        assert letters[:, 1].max() > 470
        assert letters[:, 0].min() < 40
        bar = np.argwhere((without_letters != bare).any(axis=2))
        assert bar[:, 0].min() > 340
        assert np.ptp(bar[:, 1]) <= 500 / 4 + 40

    def test_small_viewports_have_none(self, qtbot):
        session = make_session(full_clip(overlays=(), shutter=None))
        small = self.picture(qtbot, session, QSize(190, 140))
        OverCommands(session).toggle_letters()
        OverCommands(session).toggle_scale()
        np.testing.assert_array_equal(small, self.picture(qtbot, session, QSize(190, 140)))


def test_the_probe_tells_what_a_value_means():
    source = MemorySource()
    meaning = (RealWorldMap(0, 4095, 0.5, 1.0, unit="mm2/s", label="ADC"),)
    clip = make_clip(source, real_world=meaning)
    stored, value = source.read(2), pixel(2, 5, 7)
    assert pixel_text(clip, 2, stored, 7, 5) == (
        f"x 8 · y 6 · {value} · ADC {value * 0.5 + 1:g} mm2/s"
    )
    same = make_clip(source, real_world=(RealWorldMap(0, 4095),))
    assert pixel_text(same, 2, stored, 7, 5) == f"x 8 · y 6 · {value}"
