"""Mark keeping: what is measured stays on this computer until the same picture is opened again."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QObject, QTimer, Signal

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.measure.marks import Image, Marks, images_of
from xray_studio.services.kept_marks import Size, forgetting, keep, keeping, kept
from xray_studio.ui.grid.offer_bar import Offer, OfferBar
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner

LANE, LOOKING = "kept measurements", "looking for measurements"
PAUSE = 1000  # milliseconds from a change until it is kept
QUESTION = "Forget all measurements kept on this computer? Those on screen go when they are closed."


class MarkKeeping(QObject):
    """Follows the session; call `end` when the window closes. `told` tells a sentence, its role."""

    told = Signal(str, str)

    def __init__(
        self, session: Session, runner: JobRunner, bar: OfferBar, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._runner, self._bar = session, runner, bar
        self._waiting: dict[Image, tuple[Size, Marks]] = {}
        self._writing: dict[Image, tuple[Size, Marks]] = {}
        self._seen: set[Image] = set()
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._write)
        session.changed.connect(self._follow)

    def end(self) -> None:
        """Keep what waits, now that the window closes and nobody can be told."""
        self._timer.stop()
        with contextlib.suppress(StudioError):
            keep(self._writing | self._waiting)  # a job that was stopped has written nothing

    def ask_to_forget(self) -> None:
        """Ask before everything that is kept goes."""
        self._bar.show_offer(
            Offer("trash-2", QUESTION, "Forget", self._forget, "Keep", lambda: None)
        )

    @property
    def _wanted(self) -> bool:
        return self._session.state.settings.privacy.keep_measurements

    def _follow(self, old: State, new: State) -> None:
        if old.settings is not new.settings:
            self._obey(old, new)
        if not new.opened:
            self._seen.clear()
        if not self._wanted:
            return
        if old.marks is not new.marks:
            self._note(old.marks, new)
        if old.views is not new.views:
            before = {id(view.clip) for view in old.views}
            clips = {id(view.clip): view.clip for view in new.views if view.clip is not None}
            for name, clip in clips.items():
                if name not in before:
                    self._look(clip)

    def _obey(self, old: State, new: State) -> None:
        before, now = (one.settings.privacy.keep_measurements for one in (old, new))
        if before and not now:
            self._forget()

    # -- keeping

    def _note(self, before: Marks, new: State) -> None:
        """Note what changed on pictures in view; those that are closed stay as they were kept."""
        sizes = {
            image: (view.clip.rows, view.clip.columns)
            for view in new.views
            if view.clip is not None
            for image in images_of(view.clip)
        }
        for image in (before.images() | new.marks.images()) & sizes.keys():
            now = new.marks.on(image)
            if now != before.on(image):
                self._waiting[image] = sizes[image], now
        if self._waiting:
            self._timer.start()

    def _write(self) -> None:
        writing = self._writing = self._writing | self._waiting
        self._waiting = {}
        self._runner.start(
            keeping(writing),
            title="Keeping measurements",
            lane=LANE,
            visible=False,
            replace=True,
            on_result=lambda _none: writing.clear(),
            on_error=self._failed,
        )

    def _failed(self, error: StudioError) -> None:
        self._writing.clear()
        self.told.emit(f"Measurements are not kept: {error}", "danger")

    # -- bringing back

    def _look(self, clip: Clip) -> None:
        images = images_of(clip) - self._seen
        self._seen |= images
        if images:
            self._runner.start(
                kept(sorted(images), (clip.rows, clip.columns)),
                title="Looking for measurements",
                lane=LOOKING,
                visible=False,
                on_result=self._bring_back,
                on_error=lambda _error: None,
            )

    def _bring_back(self, found: dict[Image, Marks]) -> None:
        """Add what was kept to pictures on which nothing was done since, and tell it."""
        state = self._session.state
        marks, count = state.marks, 0
        changed = {change.image for change in (*marks.past, *marks.future)} | marks.images()
        for image, old in found.items():
            if image not in changed and not _is_shared(state, image):
                marks, count = marks.joining(old), count + len(old)
        if marks is not state.marks and self._wanted:
            self._session.update(marks=marks)
            self._waiting = {image: w for image, w in self._waiting.items() if image not in found}
        if count:
            words = "1 measurement is" if count == 1 else f"{count} measurements are"
            self.told.emit(f"{words} there again from last time.", "done")

    def _forget(self) -> None:
        self._timer.stop()
        self._waiting, self._writing = {}, {}
        self._runner.start(
            forgetting(),
            title="Forgetting measurements",
            lane=LANE,
            visible=False,
            on_result=self._forgotten,
            on_error=lambda _error: None,
        )

    def _forgotten(self, count: int) -> None:
        words = "1 picture" if count == 1 else f"{count} pictures"
        self.told.emit(f"What was kept of {words} is forgotten.", "done")


def _is_shared(state: State, image: Image) -> bool:
    """Tell whether several files say that they are the same object: which it was is not known."""
    uid, _ = image
    paths = {
        instance.path
        for series in state.catalog.all_series()
        for instance in series.instances
        if instance.sop_instance_uid == uid
    }
    return len(paths) > 1
