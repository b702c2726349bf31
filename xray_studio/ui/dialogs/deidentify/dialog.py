"""De-identification dialog: what goes, what is kept, what becomes black, and how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from xray_studio.core.job import Progress
from xray_studio.core.study import Catalog, Series
from xray_studio.services.deidentify.request import DeidentifyRequest
from xray_studio.ui.deidentifying import Deidentifying
from xray_studio.ui.dialogs.deidentify.form import DeidentifyForm
from xray_studio.ui.dialogs.deidentify.pictures import DeidentifyPictures
from xray_studio.ui.dialogs.deidentify.tags import ChangeList
from xray_studio.ui.dialogs.export.progress import ExportProgress, show_in_folder
from xray_studio.ui.dialogs.folder_button import FolderButton
from xray_studio.ui.dialogs.parts import (
    MARGIN,
    button,
    footer,
    framed,
    heading,
    scrolling,
    separator,
    sized,
)
from xray_studio.ui.dialogs.task_dialog import TaskDialog
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.one_study import study_of
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.work import Task

if TYPE_CHECKING:
    from xray_studio.services.deidentify.report import DeidentifyResult

WIDTH, HEIGHT, LEFT = 1120, 760, 300
NAME: Final = "deidentified"
ABOUT: Final = "Copies of DICOM objects by PS3.15 Annex E; originals stay as they are"
_OBJECTS: Final = "De-identifying"
SIDES: Final = (("tags", "Attributes"), ("pictures", "Pictures"))


class DeidentifyDialog(TaskDialog):
    """Writes de-identified copies. It can be closed while that goes on in the jobs bar.

    `folder_used` tells the folder to propose the next time.
    """

    stopped = "Stopped. Objects that were finished stay, each of them whole."
    folder_used = Signal(str)

    def __init__(
        self,
        catalog: Catalog,
        series: Series,
        work: Deidentifying,
        folder: Path,
        *,
        hidden: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._catalog, self._series, self._work = catalog, series, work
        self._target = Path()
        self.form = DeidentifyForm(self)
        self.side = Segmented("What to look at", SIDES, self)
        self.tags = ChangeList(hidden=hidden, parent=self)
        self.pictures = DeidentifyPictures(work, hidden=hidden, parent=self)
        self.stack = QStackedWidget(self)
        self.folder_button = FolderButton("Folder for de-identified objects", self)
        self.progress = ExportProgress(self, left=MARGIN)
        self.close_button, self.cancel_button = button("Close", self), button("Stop", self)
        self.write_button = button("De-identify", self, "accent")
        self._build()
        self._connect()
        self.folder_button.show_folder(folder)
        self._update()

    def series(self) -> list[Series]:
        """Return the series that are de-identified: those of the study on screen, or all."""
        whole = self.form.which.value() == "all"
        catalog = self._catalog if whole else study_of(self._catalog, self._series)
        return list(catalog.all_series())

    def target(self) -> Path:
        """Return a folder that is not there yet."""
        place, number = self.folder_button.folder / NAME, 1
        while place.exists() or place.with_name(f"{place.name}.json").exists():
            number += 1
            place = self.folder_button.folder / f"{NAME}-{number}"
        return place

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop looking; what is being written goes on."""
        self._work.leave()
        super().closeEvent(event)

    def _build(self) -> None:
        self.setWindowTitle("De-identify")
        left, holder, line, body = QWidget(self), QWidget(self), QFrame(self), QWidget(self)
        mark(line, line="vertical")
        inner = QVBoxLayout(left)
        inner.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        inner.addWidget(self.form)
        outer = QVBoxLayout(holder)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(left, self))
        holder.setFixedWidth(px(LEFT))
        for part in (self.tags, self.pictures):
            self.stack.addWidget(part)
        right = QVBoxLayout()
        right.setSpacing(0)
        upper = QVBoxLayout()
        upper.setContentsMargins(MARGIN, MARGIN, MARGIN, 12)
        upper.setSpacing(12)
        upper.addWidget(self.side)
        upper.addWidget(self.stack, 1)
        right.addLayout(upper, 1)
        right.addWidget(separator(self))
        right.addWidget(self.progress)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(holder)
        row.addWidget(line)
        row.addLayout(right, 1)
        self.write_button.setDefault(True)
        self.cancel_button.hide()
        buttons = [self.close_button, self.cancel_button, self.write_button]
        head = heading("De-identify", ABOUT, self)
        framed(self, head, body, footer([self.folder_button], buttons))
        sized(self, WIDTH, HEIGHT)

    def _connect(self) -> None:
        work = self._work
        self.form.changed.connect(self._update)
        self.side.chosen.connect(self._turn)
        self.folder_button.chosen.connect(self._tell_target)
        self.close_button.clicked.connect(self.close)
        self.cancel_button.clicked.connect(self._cancel)
        self.write_button.clicked.connect(self._write)
        self.progress.show_button.clicked.connect(lambda: show_in_folder(self._target))
        work.previewed.connect(self.tags.show_changes)
        work.not_previewed.connect(self._not_previewed)
        work.written.connect(self._written)
        work.failed.connect(self._failed)
        work.progressed.connect(self._progressed)
        work.ended.connect(self._ended)

    def _update(self) -> None:
        """Show what the choices come to."""
        listed = self.series()
        self.pictures.show_series([one for one in listed if not one.is_document])
        self.tags.say("Reading the object\N{HORIZONTAL ELLIPSIS}")
        self._work.preview(self._series.paths[0], self.form.choices())
        self._tell_target()

    def _tell_target(self) -> None:
        objects = sum(len(series.paths) for series in self.series())
        words = "1 object" if objects == 1 else f"{objects:,} objects"
        self.progress.say(f"{words} into the folder {self.target().name}")

    def _turn(self, side: str) -> None:
        shown = self.tags if side == "tags" else self.pictures
        self.stack.setCurrentWidget(shown)
        if shown is self.pictures:
            self.pictures.look()

    def _not_previewed(self, sentence: str) -> None:
        self.tags.show_changes(())
        self.tags.say(sentence)

    def _write(self) -> None:
        paths = tuple(path for series in self.series() for path in series.paths)
        self._target = self.target()
        request = DeidentifyRequest(
            paths, self._target, self.form.choices(), self.form.key, seen=self.pictures.decided()
        )
        self.folder_used.emit(str(self.folder_button.folder))
        self._show_running(running=True)
        self.progress.begin()
        self._task = self._work.write(request)

    def _cancel(self) -> None:
        if self._task is not None:
            self._work.cancel(self._task)

    def _show_progress(self, now: Progress) -> None:
        super()._show_progress(now)
        if now.total > 1 and now.done < now.total and now.message == _OBJECTS:
            self.progress.words.setText(f"{now.done:,} of {now.total:,} objects")

    def _written(self, task: Task, result: DeidentifyResult) -> None:
        if self._is_done(task):
            self.progress.show_done(written_words(result))

    def _show_running(self, *, running: bool) -> None:
        for part in (self.form, self.folder_button, self.pictures):
            part.setEnabled(not running)
        self.write_button.setVisible(not running)
        self.cancel_button.setVisible(running)


def written_words(result: DeidentifyResult) -> str:
    """Return "deidentified: 12 objects", and what was left out for what reason."""
    count = len(result.done)
    words = f"{result.folder.name}: {count:,} object{'' if count == 1 else 's'} de-identified"
    lost = len(result.failed)
    if not lost:
        return f"{words}; {result.report.name} tells what was changed"
    why = in_the_window(result.failed[0][1])
    return f"{words}; {lost:,} {'is' if lost == 1 else 'are'} left out: {why}"
