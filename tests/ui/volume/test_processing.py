"""Filters over the volume on screen, and the way back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.ui.volume.volumes import session_with, volume
from xray_studio.core.errors import StudioError
from xray_studio.core.volume.filters import (
    BrainLikeMask,
    HistogramMatch,
    Resample,
    VolumeFilter,
    VolumeMedian,
)
from xray_studio.core.volume.planes import View as Plane
from xray_studio.core.volume.registration import Registration
from xray_studio.ui.desk import Desk
from xray_studio.ui.session import Session
from xray_studio.ui.volume.look import VolumeLook, places_of
from xray_studio.ui.volume.process_part import (
    NO_MOMENTS,
    NO_REFERENCE,
    ProcessPart,
    reason_of,
)
from xray_studio.ui.volume.processing import VolumeProcessing
from xray_studio.ui.work import JobRunner


@pytest.fixture
def session() -> Iterator[Session]:
    """A session that shows a volume."""
    yield from session_with(volume())


def look_of(session: Session) -> VolumeLook:
    """Return the volume on screen."""
    look = session.state.volume
    assert look is not None
    return look


def apply(qtbot: QtBot, session: Session, wanted: VolumeFilter) -> VolumeProcessing:
    """Apply a filter and wait for it."""
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    qtbot.addWidget(window)
    runner = JobRunner(window)
    work = VolumeProcessing(session, runner, Desk(window), window)
    before = look_of(session).planes
    told: list[str] = []
    work.told.connect(lambda words, _role: told.append(words))
    work.apply(wanted)
    qtbot.waitUntil(lambda: look_of(session).planes is not before or bool(told))
    if told:
        raise StudioError(told[0])
    return work


def test_a_filter_takes_the_place_of_the_volume_and_gives_it_back(
    qtbot: QtBot, session: Session
) -> None:
    before = look_of(session)
    work = apply(qtbot, session, VolumeMedian())
    made = look_of(session)
    assert made.source is before.planes
    assert made.aim == before.aim
    clip = session.state.views[places_of(session.state)[Plane.AXIAL.value]].clip
    assert clip is not None
    assert clip.processed == ("MPR", "MEDIAN")
    assert not np.array_equal(clip[3], before.volume.values[3])
    work.original()
    assert look_of(session).planes is before.planes
    assert look_of(session).source is None
    clip = session.state.views[places_of(session.state)[Plane.AXIAL.value]].clip
    assert clip is not None
    assert np.array_equal(clip[3], before.volume.values[3])
    made.planes.close()


def test_other_voxels_keep_the_point_in_sight(qtbot: QtBot, session: Session) -> None:
    before = look_of(session)
    work = apply(qtbot, session, Resample(spacing=2.0))
    made = look_of(session)
    assert made.volume.geometry.spacing == pytest.approx((2.0, 2.0, 2.0))
    assert made.aim.at == before.aim.at
    apply(qtbot, session, VolumeMedian())
    assert look_of(session).planes.badges == ("RESAMPLED", "MEDIAN")
    assert look_of(session).source is before.planes
    last = look_of(session)
    work.original()
    for planes in (made.planes, last.planes):
        planes.close()


def test_the_part_says_why_a_filter_cannot_be_applied(qtbot: QtBot, session: Session) -> None:
    look = look_of(session)
    assert reason_of(Registration(), look) == NO_MOMENTS
    assert reason_of(HistogramMatch(), look) == NO_REFERENCE
    assert reason_of(BrainLikeMask(), look) == ""
    part = ProcessPart()
    qtbot.addWidget(part)
    part.show_state(look)
    part.kinds.setCurrentIndex(part.kinds.findData("register"))
    part.kinds.activated.emit(part.kinds.currentIndex())
    assert not part.apply.isEnabled()
    assert part.problem.text() == NO_MOMENTS
    part.kinds.setCurrentIndex(part.kinds.findData("median"))
    part.kinds.activated.emit(part.kinds.currentIndex())
    asked: list[object] = []
    part.wanted.connect(asked.append)
    part.form.changed.emit("radius", 2)
    part.apply.click()
    assert asked == [VolumeMedian(radius=2)]
    part.form.changed.emit("radius", 99)
    assert not part.apply.isEnabled()
    assert "1 to 4" in part.problem.text()


def test_marks_of_one_processed_volume_lie_on_no_other(qtbot: QtBot, session: Session) -> None:
    names = set()
    for radius in (1, 2):
        work = apply(qtbot, session, VolumeMedian(radius=radius))
        made = look_of(session)
        clip = session.state.views[places_of(session.state)[Plane.AXIAL.value]].clip
        assert clip is not None
        names.add(clip.made)
        work.original()
        made.planes.close()
    assert len(names) == 2
