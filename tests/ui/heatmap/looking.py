"""Detectors that have looked, for tests of what is shown of it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tests.services.anomaly.fakes import Telling
from xray_studio.core.job import run
from xray_studio.services.anomaly import offers
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.session import Session
from xray_studio.ui.step_state import Compared
from xray_studio.ui.unusual_state import (
    Answer,
    Looks,
    answer_of,
)


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
