"""Surface work: makes surfaces of the volume on screen, opens and saves them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from xray_studio.core.clip import Identity
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.privacy import Privacy, PrivacyReport
from xray_studio.core.volume.surface import Surface
from xray_studio.core.volume.transfer import HOUNSFIELD
from xray_studio.core.volume.volume import Volume
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.desk import Desk
from xray_studio.ui.dialogs.privacy.document_gate import DocumentGate
from xray_studio.ui.errand import Errand
from xray_studio.ui.exports import Exports
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.unusual_saving import ALL_OF_IT
from xray_studio.ui.viewer.window_commands import number_shown
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.surfaces import HOUNSFIELD_LEVEL, SHARE, Making, Surfaces
from xray_studio.ui.work import JobRunner

LANE, LOOK = "surfaces", "privacy of a surface"
NAME: Final = "surface.stl"
FILES: Final = "Surfaces (*.stl *.obj *.ply *.glb)"


@needs("Make or open a surface first, in the panel Volume.")
def has_surface(state: State) -> bool:
    """Tell whether a surface is chosen."""
    return state.volume is not None and state.volume.surfaces.current is not None


def level_of(look: VolumeLook) -> float:
    """Return the value at which the next surface is made."""
    if look.surfaces.making.level is not None:
        return look.surfaces.making.level
    if look.volume.unit == HOUNSFIELD:
        return HOUNSFIELD_LEVEL
    counts = look.counts
    return 0.0 if counts is None else counts.low + SHARE * counts.span


class SurfaceWork(Errand):
    """Makes and opens one surface at a time; `gate` is the dialog that asks about the patient."""

    def __init__(
        self,
        session: Session,
        runner: JobRunner,
        desk: Desk,
        exports: Exports,
        window: QWidget,
    ) -> None:
        super().__init__(session, runner, desk, window)
        self._exports, self._window = exports, window
        self.gate: QDialog | None = None
        session.changed.connect(self._follow)

    def make(self) -> None:
        """Make a surface of the volume on screen, as the panel says."""
        look = self._session.state.volume
        if look is not None:
            level = level_of(look)
            name = f"From {number_shown(level, look.volume.unit)}"
            job = made(look.volume, look.moment, replace(look.surfaces.making, level=level), name)
            self._start(look, job, "Making a surface")

    def ask_for_file(self) -> None:
        """Ask for a file of a surface."""
        self._desk.open_file("Import a surface", FILES, lambda paths: self.open(Path(paths[0])))

    def open(self, path: Path) -> None:
        """Show the surface of a file over the planes of the volume on screen."""
        look = self._session.state.volume
        if look is not None:
            self._start(look, opened(path), "Opening a surface")

    def ask_to_save(self) -> None:
        """Ask where the chosen surface goes."""
        look = self._session.state.volume
        chosen = None if look is None else look.surfaces.current
        if look is not None and chosen is not None:
            then = partial(self.look, chosen.surface, look.volume.identity)
            self._desk.save_as("Save the surface", NAME, FILES, then)

    def look(self, surface: Surface, who: Identity, target: Path) -> None:
        """Look at what the name of the file would tell of the patient, then save it or ask."""
        self._runner.start(
            examined(target, who), title="Looking for what tells the patient", lane=LOOK,
            visible=False, on_result=partial(self._examined, surface, target),
            on_error=self._refused,
        )  # fmt: skip

    def _examined(self, surface: Surface, target: Path, report: PrivacyReport) -> None:
        places = tuple(dict.fromkeys(finding.place for finding in report.findings))
        job = partial(saved, surface, target, Privacy(places=places))
        if not report.findings:
            self._exports.write(job(), target)
            return
        gate = DocumentGate(target, report, self._window, ALL_OF_IT)
        gate.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        gate.accepted.connect(lambda: self._exports.write(job(), target))
        gate.finished.connect(self._closed)
        self.gate = gate
        gate.open()

    def _closed(self) -> None:
        self.gate = None

    def _start(self, look: VolumeLook, job: Job[Surface], title: str) -> None:
        self._runner.start(
            job, title=title, lane=LANE, on_result=partial(self._add, look.series),
            on_error=self._refused,
        )  # fmt: skip

    def _add(self, series: object, surface: Surface) -> None:
        look = self._session.state.volume
        if look is not None and look.series is series:
            self._show(look, look.surfaces.with_more(surface))

    def _show(self, look: VolumeLook, surfaces: Surfaces) -> None:
        self._session.update(volume=replace(look, surfaces=surfaces))

    def _follow(self, old: State, new: State) -> None:
        if old.volume is not None and new.volume is None:
            self._runner.cancel_lane(LANE)

    def _refused(self, error: StudioError) -> None:
        self.told.emit(in_the_window(str(error)), "danger")


class SurfaceCommands:
    """Which surfaces are seen, in which colours. Changes the session and nothing else."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def choose(self, number: int) -> None:
        """Choose a surface, from 0."""
        self._change(lambda every: replace(every, chosen=number))

    def hide(self, number: int, *, hidden: bool) -> None:
        """Show a surface, or not."""
        self._change(lambda every: every.changed(number, hidden=hidden))

    def colour(self, colour: tuple[int, int, int]) -> None:
        """Show the chosen surface in another colour."""
        self._change(lambda every: every.changed(every.chosen, colour=colour))

    def remove(self) -> None:
        """Take the chosen surface away."""
        self._change(lambda every: every.without(every.chosen))

    def plan(self, **parts: object) -> None:
        """Make the next surface otherwise."""
        self._change(lambda every: every.planned(**parts))

    def _change(self, changed: Callable[[Surfaces], Surfaces]) -> None:
        look = self._session.state.volume
        if look is not None:
            self._session.update(volume=replace(look, surfaces=changed(look.surfaces)))


def made(volume: Volume, moment: int, how: Making, name: str) -> Job[Surface]:
    """Return a surface of a volume; not on the thread of the window."""
    yield Progress(message="Finding the surface")
    from xray_studio.services.volume.surfaces import surface_of
    from xray_studio.volume.surface import SurfaceWish

    assert how.level is not None
    wish = SurfaceWish(how.level, how.smooth, how.keep, how.largest)
    surface = yield from surface_of(volume, moment, wish, name)
    return surface


def opened(path: Path) -> Job[Surface]:
    """Return the surface of a file."""
    yield Progress(message="Reading the surface")
    from xray_studio.services.volume.surfaces import surface_in

    surface = yield from surface_in(path)
    return surface


def examined(target: Path, who: Identity) -> Job[PrivacyReport]:
    """Return what the file of a surface would tell of the patient."""
    yield Progress(message="Looking for what tells the patient")
    from xray_studio.services.volume.surfaces import examine_surface

    return examine_surface(target, who)


def saved(surface: Surface, target: Path, decision: Privacy) -> Job[Path]:
    """Write a surface, and return where it is."""
    yield Progress(message=f"Saving {target.name}")
    from xray_studio.services.volume.surfaces import save_surface

    path = yield from save_surface(surface, target, decision)
    return path
