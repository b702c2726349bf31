"""Time to a finished report, with the draft of the shipped models and from an empty report.

    python tests/benchmarks/bench_report_tasks.py [--json]

Five scripted tasks are done in the real window, without a screen: once a person writes a draft and
reviews it, once the same findings and impression are typed into an empty report; both end signed.
Clicks and keys are counted as they are made, a capital as two keys. What a person needs for them is
estimated by the keystroke-level model (Card, Moran and Newell, "The keystroke-level model for user
performance time with interactive systems", Communications of the ACM 23 (7), 1980): a key 0.28 s
(an average typist), pointing 1.1 s and a click 0.2 s, a hand that changes between keys and mouse
0.4 s, a decision before each click and each run of keys 1.35 s. Reading a draft takes 238 words a
minute (Brysbaert, "How many words do we read per minute?", Journal of Memory and Language 109,
2019). Looking at the film takes as long either way and is not counted, nor is scrolling. The film
is the drawn chest of the demonstration. "person" are the seconds so estimated, "machine" those in
which the person waits: for the draft, loading the models included, or for the empty report.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

if TYPE_CHECKING:
    from xray_studio.ui.main_window import MainWindow

KEY, POINT, CLICK, HAND, THINK, WORDS = 0.28, 1.1, 0.2, 0.4, 1.35, 238.0 / 60.0
PATIENCE = 300.0  # seconds
NODULE = "There is a pulmonary nodule."
FOLLOW_UP = "A follow-up film is recommended."
SECTIONS = ("Findings", "Impression")
Done = dict[str, tuple[str, ...]]


@dataclass(slots=True)
class Person:
    """Acts in the window and counts."""

    clicks: int = 0
    keys: int = 0
    words: int = 0
    machine: float = 0.0
    estimate: float = 0.0
    _mouse: bool | None = field(default=None, repr=False)

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        """Click on a control, in its middle unless a place is named."""
        self._hand(mouse=True)
        self.clicks += 1
        self.estimate += THINK + POINT + CLICK
        where = widget.rect().center() if place is None else place
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=where)

    def type(self, text: str) -> None:
        """Type words where the focus is."""
        self._keys(len(text) + sum(letter.isupper() for letter in text))
        QTest.keyClicks(focus(), text)

    def press(self, key: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key, with another one held or without."""
        self._keys(1 if how == Qt.KeyboardModifier.NoModifier else 2)
        QTest.keyClick(focus(), key, how)

    def read(self, text: str) -> None:
        """Read words."""
        self.words += len(text.split())
        self.estimate += len(text.split()) / WORDS

    def wait(self, ready: Callable[[], bool]) -> None:
        """Wait for the machine."""
        started = time.perf_counter()
        wait_for(ready)
        self.machine += time.perf_counter() - started

    def _keys(self, count: int) -> None:
        self._hand(mouse=False)
        self.keys += count
        self.estimate += THINK + count * KEY

    def _hand(self, *, mouse: bool) -> None:
        if self._mouse is not None and self._mouse != mouse:
            self.estimate += HAND
        self._mouse = mouse


@dataclass(frozen=True, slots=True)
class Task:
    """What has to be done with the draft; without it the same words are written."""

    name: str
    review: Callable[[Desk], None]
    phrases: tuple[str, ...] = ()
    pictures: bool = False


class Desk:
    """A person at the window."""

    def __init__(self, window: MainWindow) -> None:
        self.window, self.person = window, Person()

    @property
    def panel(self) -> Any:
        """The panel of the report."""
        return self.window.report_panel

    def report(self) -> Any:
        """Return the report on screen."""
        return self.window.session.state.reporting.report

    def editor(self, heading: str) -> Any:
        """Return the editor of a section."""
        names = [one.heading for one in self.report().sections]
        return self.panel.parts[names.index(heading)].editor

    def draft(self) -> None:
        """Let a draft be written, and read it."""
        self.person.click(self.panel.head.write)
        self.person.wait(lambda: not self.window.session.state.reporting.busy)
        if self.report() is None:
            sys.exit(self.window.session.state.reporting.told)
        for _, one in self.report().each():
            self.person.read(one.text)

    def accept(self) -> None:
        """Accept what is left, section by section."""
        for part in (*self.panel.parts, self.panel.summary):
            if part.accept_all.isVisibleTo(self.panel):
                self.person.click(part.accept_all)

    def sign(self) -> None:
        """Sign; the name is known from the last time."""
        self.person.click(self.panel.foot.sign)
        wait_for(lambda: "sign" in self.window.desk.dialogs)
        dialog: Any = self.window.desk.dialogs["sign"]
        self.person.click(dialog.sign)
        wait_for(lambda: self.report().is_signed)

    def go_to(self, heading: str, number: int) -> None:
        """Put the cursor into a sentence."""
        editor = self.editor(heading)
        block = editor.document().findBlockByNumber(number)
        area = editor.document().documentLayout().blockBoundingRect(block)
        self.person.click(editor.viewport(), QPoint(20, round(area.top() + 8)))
        editor.setFocus()
        editor.setTextCursor(QTextCursor(block))  # where the click was meant

    def delete(self, heading: str, number: int) -> None:
        """Delete a sentence: select its line, and the end of it."""
        self.go_to(heading, number)
        self.person.press(Qt.Key.Key_Home)
        self.person.press(Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
        self.person.press(Qt.Key.Key_Delete)
        self.person.press(Qt.Key.Key_Delete)

    def rewrite(self, heading: str, number: int, text: str) -> None:
        """Give a sentence other words."""
        self.go_to(heading, number)
        self.person.press(Qt.Key.Key_Home)
        self.person.press(Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
        self.person.type(text)

    def append(self, heading: str, text: str) -> None:
        """Write a sentence behind the last one of a section."""
        self.go_to(heading, self.editor(heading).document().blockCount() - 1)
        self.person.press(Qt.Key.Key_End)
        self.person.press(Qt.Key.Key_Return)
        self.person.type(text)

    def insert(self, words: str) -> None:
        """Choose something in the menu of what can be inserted."""
        self.person.click(self.panel.foot.insert)
        wait_for(lambda: QApplication.activePopupWidget() is not None)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = next(one for one in menu.actions() if one.text().startswith(words))
        self.person.click(menu, menu.actionGeometry(action).center())

    def write(self, heading: str, sentences: tuple[str, ...]) -> None:
        """Write the sentences of an empty section."""
        self.go_to(heading, 0)
        for number, one in enumerate(sentences):
            if number:
                self.person.press(Qt.Key.Key_Return)
            self.person.type(one)

    def measured(self) -> None:
        """Insert the measurement of the picture, and its frame as a key image."""
        last = self.editor("Findings").document().blockCount() - 1
        self.go_to("Findings", last)
        self.insert("Length")
        self.insert("The frame in view")


def focus() -> QWidget:
    """Return the control that has the focus."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def wait_for(ready: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            sys.exit("The window did not get there; is the machine busy?")
        loop = QEventLoop()
        QTimer.singleShot(10, loop.quit)
        loop.exec()


def told(desk: Desk) -> Done:
    """Return findings and impression as they stand."""
    found = {one.heading: tuple(s.text for s in one.sentences) for one in desk.report().sections}
    return {name: found.get(name, ()) for name in SECTIONS}


def add_finding(desk: Desk) -> None:
    """Tell a finding in place of the first sentence, and in the impression."""
    desk.rewrite("Findings", 0, "The heart is mildly enlarged.")
    desk.rewrite("Impression", 0, "Mild cardiomegaly.")


def strike_one(desk: Desk) -> None:
    """Tell two findings, and delete a sentence that is wrong."""
    desk.append("Findings", NODULE)
    desk.append("Findings", "There is a hiatal hernia.")
    desk.delete("Findings", 0)
    desk.rewrite("Impression", 0, "Pulmonary nodule and hiatal hernia.")


def from_phrases(desk: Desk) -> None:
    """Add a finding that the draft has missed from the phrases."""
    desk.go_to("Findings", desk.editor("Findings").document().blockCount() - 1)
    desk.insert("Nodule")
    desk.go_to("Impression", desk.editor("Impression").document().blockCount() - 1)
    desk.insert("Follow-up")


TASKS = (
    Task("the draft is right", lambda _desk: None),
    Task("one finding is told otherwise", add_finding),
    Task("two findings more, one wrong sentence deleted", strike_one),
    Task("a missed finding added from phrases", from_phrases, (NODULE, FOLLOW_UP)),
    Task("a measurement and a key image", lambda desk: desk.measured(), pictures=True),
)
PHRASES = {NODULE: "Nodule", FOLLOW_UP: "Follow-up"}


def with_draft(desk: Desk, task: Task) -> Done:
    """Do a task with the draft."""
    desk.draft()
    task.review(desk)
    desk.accept()
    done = told(desk)
    desk.sign()
    return done


def by_hand(desk: Desk, task: Task, wanted: Done) -> Done:
    """Do a task from an empty report; phrases are inserted as with the draft."""
    desk.person.click(desk.panel.head.by_hand)
    desk.person.wait(lambda: desk.report() is not None)
    for heading in SECTIONS:
        measured = [one for one in wanted[heading] if task.pictures and one.startswith("Length")]
        typed = [one for one in wanted[heading] if one not in (*task.phrases, *measured)]
        desk.write(heading, tuple(typed))
        for one in wanted[heading]:
            if one in task.phrases:
                desk.insert(PHRASES[one])
        if measured:
            desk.measured()
    done = told(desk)
    desk.sign()
    return done


def ready(desk: Desk) -> None:
    """Show the film with no report on it, a length drawn, and the panel open."""
    from xray_studio.core.measure.mark import Kind, spot_of
    from xray_studio.ui.report_state import Reporting
    from xray_studio.ui.viewer.mark_commands import MarkCommands

    session = desk.window.session
    clip, now = session.view.clip, session.state.reporting
    assert clip is not None
    if not session.state.marks.of(clip):
        spot = spot_of(clip, 0)
        assert spot is not None
        MarkCommands(session).add(Kind.LENGTH, ((20.0, 20.0), (60.0, 20.0)), spot)
    session.change_settings(
        "reports", name="A. Reader", phrases=(("Nodule", NODULE),), spelling=False
    )
    session.update(reporting=Reporting(now.study, engines=now.engines))
    desk.window.activateWindow()
    wait_for(desk.window.isActiveWindow)


def measure(window: MainWindow) -> list[dict[str, Any]]:
    """Do every task both ways."""
    found = []
    for task in TASKS:
        desk = Desk(window)
        ready(desk)
        wanted = with_draft(desk, task)
        drafted = desk.person
        desk = Desk(window)
        ready(desk)
        done = by_hand(desk, task, wanted)
        same = {name: sorted(one) for name, one in done.items()}
        if same != {name: sorted(one) for name, one in wanted.items()}:
            sys.exit(f"Both ways of the task {task.name!r} do not end with the same report.")
        found.append({"task": task.name, "draft": facts(drafted), "empty": facts(desk.person)})
    return found


def facts(person: Person) -> dict[str, Any]:
    """Return what was counted."""
    return {name: one for name, one in asdict(person).items() if not name.startswith("_")}


def table(found: list[dict[str, Any]]) -> str:
    """Return what was counted as a table."""
    ways = "clicks | keys | words read | person | machine | clicks | keys | person | machine"
    lines = [f"| task | {ways} |", "|---" * 10 + "|"]
    for one in found:
        drafted, empty = one["draft"], one["empty"]
        lines.append(
            f"| {one['task']} | {drafted['clicks']} | {drafted['keys']} | {drafted['words']}"
            f" | {drafted['estimate']:.0f} s | {drafted['machine']:.1f} s | {empty['clicks']}"
            f" | {empty['keys']} | {empty['estimate']:.0f} s | {empty['machine']:.1f} s |"
        )
    means = [sum(one[way]["estimate"] for one in found) / len(found) for way in ("draft", "empty")]
    words = f"mean of the person: {means[0]:.0f} s with the draft, {means[1]:.0f} s without"
    return "\n".join((*lines, words))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XRAY_STUDIO_CONFIG"] = os.environ["XRAY_STUDIO_DATA"] = scratch
        from xray_studio.services.report_engines.findings import FindingsEngine
        from xray_studio.ui.main import main as program

        missing = FindingsEngine().unavailable()
        if missing:
            sys.exit(f"The tasks need the shipped models: {missing}")
        found = list[dict[str, Any]]()

        def act(window: MainWindow) -> int:
            at_the_film(window)
            found.extend(measure(window))
            return 0

        program([], act)
    print(json.dumps(found, indent=2) if asked.json else table(found))


def at_the_film(window: MainWindow) -> None:
    """Open the drawn chest of the demonstration, and the panel of reports."""
    state, commands = window.session, window.commands
    window.resize(1600, 1000)
    window.show()
    commands["demonstration"].trigger()
    wait_for(lambda: not state.state.scanning and state.view.clip is not None)
    series = next(one for one in state.state.catalog.all_series() if one.modality == "DX")
    window.controller.choose(series)
    wait_for(lambda: state.view.series == series and state.view.clip is not None)
    commands["show_report"].trigger()
    wait_for(lambda: state.state.reporting.engines is not None)


if __name__ == "__main__":
    main()
