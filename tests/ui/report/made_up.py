"""A made-up report engine, and what tests of reports ask of the window."""

from __future__ import annotations

import threading
from typing import Any

from pytestqt.qtbot import QtBot

from tests.ui.waiting import LONG, choose
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.assessment import ModelMark
from xray_studio.core.report.engine import Asked, Draft
from xray_studio.core.report.report import FINDINGS, IMPRESSION, TECHNIQUE, Report
from xray_studio.core.report.sentence import Sentence, Source
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.report.section_editor import SectionEditor

AI = Source("made-up", ModelMark("made-up", "1.0", "ab" * 32))
HEART, FLUID = "The heart is enlarged.", "There is no effusion."
DRAFT = (
    (TECHNIQUE, Sentence("One film.", Source("made-up"))),
    (FINDINGS, Sentence(HEART, AI, 0.84, "cardiomegaly")),
    (FINDINGS, Sentence(FLUID, AI, 0.03, "effusion")),
    (IMPRESSION, Sentence("Cardiomegaly.", AI, 0.84, "cardiomegaly")),
)


class MadeUp:
    """Writes the same draft of anything, or abstains; `held` lets each sentence be written."""

    name, title, abstains = "made-up", "Made up", ""
    held: threading.Semaphore | None = None

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
            while self.held is not None and not self.held.acquire(timeout=0.01):
                yield Progress(message="Writing")
            draft = draft.with_sentence(heading, sentence)
            yield Progress(message="Writing", partial=draft)
        return draft


def known() -> list[dict[str, Any]]:
    """Return what engines there are: this one."""
    return [{"name": MadeUp.name, "title": MadeUp.title, "unavailable": ""}]


def report_of(window: MainWindow) -> Report:
    """Return the report on screen."""
    found = window.session.state.reporting.report
    assert found is not None
    return found


def findings(window: MainWindow) -> tuple[Sentence, ...]:
    """Return the sentences of its findings."""
    section = report_of(window).section(FINDINGS)
    assert section is not None
    return section.sentences


def editor(window: MainWindow) -> SectionEditor:
    """Return the editor of its findings."""
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
    window.report_panel.head.write.click()
    qtbot.waitUntil(lambda: state.state.reporting.report is not None, timeout=LONG)
    state.changed.disconnect(note)
    return seen
