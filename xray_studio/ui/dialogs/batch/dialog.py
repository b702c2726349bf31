"""Batch dialog: which recipe, over what, into which folder, and where every series is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.job import Progress
from xray_studio.core.study import Catalog
from xray_studio.services.setting_groups import Exporting
from xray_studio.ui.batches import Batches, WantedBatch
from xray_studio.ui.dialogs.batch.rows import BatchRows
from xray_studio.ui.dialogs.export.progress import ExportProgress
from xray_studio.ui.dialogs.folder_button import FolderButton
from xray_studio.ui.dialogs.parts import (
    MARGIN,
    button,
    captioned,
    footer,
    framed,
    heading,
    separator,
    sized,
)
from xray_studio.ui.dialogs.task_dialog import TaskDialog
from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.work import Task

if TYPE_CHECKING:
    from xray_studio.services.batch.recipes import Sample
    from xray_studio.services.batch.run import BatchResult, Row

WIDTH, HEIGHT = 820, 680
NAME: Final = "batch"
ABOUT: Final = "One recipe over many series, several at once"
EMPTY: Final = "Every series and its state stands here while the batch runs."
_OTHER: Final = "A file\N{HORIZONTAL ELLIPSIS}"
_KIND: Final = "Recipes (*.toml)"


class BatchDialog(TaskDialog):
    """Runs a batch. It can be closed while that goes on in the jobs bar.

    `folder_used` tells the folder to propose the next time.
    """

    stopped = "Stopped. What is finished stays; run it again into the same folder to go on."
    folder_used = Signal(str)

    def __init__(
        self,
        catalog: Catalog,
        batches: Batches,
        wanted: Exporting,
        *,
        hidden: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._catalog, self._batches, self._hidden = catalog, batches, hidden
        self._recipes = wanted.recipes
        self._summary = Path()
        count = len(catalog.pictures())
        series = f"What is open ({count:,} series)"
        self.recipe = QComboBox(self)
        self.source = Segmented("Sources", (("open", series), ("folder", "A folder")), self)
        self.source_button = FolderButton("Folder of the sources", self)
        self.folder_button = FolderButton("Folder of the batch", self)
        self.rows = BatchRows(EMPTY, self)
        self.progress = ExportProgress(self, left=MARGIN)
        self.close_button, self.cancel_button = button("Close", self), button("Stop", self)
        self.run_button = button("Run", self, "accent")
        self._build()
        self._connect()
        self.source.set_value("open" if count else "folder")
        self.source.button("open").setEnabled(bool(count))
        self.source_button.show_folder(Path(wanted.folder))
        self.folder_button.show_folder(Path(wanted.folder) / NAME)
        self._update()
        batches.list_recipes()

    def _build(self) -> None:
        self.setWindowTitle("Batch")
        self.recipe.setAccessibleName("Recipe")
        self.progress.show_button.setText("Open the summary")
        form, body = QWidget(self), QWidget(self)
        grid = QGridLayout(form)
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        for label, content in (
            ("Recipe", self.recipe),
            ("Sources", self.source),
            ("From", self.source_button),
            ("Into", self.folder_button),
        ):
            content.setParent(form)
            caption = captioned(grid, label, content)
            if content is self.source_button:
                self._from = caption
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(form)
        column.addWidget(separator(self))
        column.addWidget(self.rows, 1)
        column.addWidget(separator(self))
        column.addWidget(self.progress)
        self.run_button.setDefault(True)
        self.cancel_button.hide()
        buttons = [self.close_button, self.cancel_button, self.run_button]
        framed(self, heading("Batch", ABOUT, self), body, footer([], buttons))
        sized(self, WIDTH, HEIGHT)
        self._form = form
        mark(self.rows, role="background")

    def _connect(self) -> None:
        batches = self._batches
        self.recipe.activated.connect(self._choose_recipe)
        self.source.chosen.connect(self._update)
        for one in (self.source_button, self.folder_button):
            one.chosen.connect(self._update)
        self.close_button.clicked.connect(self.close)
        self.cancel_button.clicked.connect(self._cancel)
        self.run_button.clicked.connect(self._run)
        self.progress.show_button.clicked.connect(self._open_summary)
        batches.listed.connect(self._list)
        batches.progressed.connect(self._progressed)
        batches.finished.connect(self._finished)
        batches.failed.connect(self._failed)
        batches.ended.connect(self._ended)

    def _list(self, samples: Sequence[Sample]) -> None:
        """Offer the recipes that are shipped, those used before, and any other file."""
        with QSignalBlocker(self.recipe):
            self.recipe.clear()
            for sample in samples:
                self.recipe.addItem(sample.about, sample.name)
            for path in self._recipes:
                self.recipe.addItem(Path(path).name, path)
            self.recipe.addItem(_OTHER, "")
        self._update()

    def _choose_recipe(self) -> None:
        if self.recipe.currentText() == _OTHER:
            dialog = QFileDialog(self, "Recipe of the batch", "", _KIND)
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.fileSelected.connect(self.take_recipe)
            dialog.rejected.connect(lambda: self.recipe.setCurrentIndex(0))
            dialog.open()
        self._update()

    def take_recipe(self, path: str) -> None:
        """Choose a recipe in a file."""
        place = self.recipe.count() - 1
        self.recipe.insertItem(place, Path(path).name, path)
        self.recipe.setCurrentIndex(place)
        self._update()

    def _update(self) -> None:
        for part in (self._from, self.source_button):
            part.setVisible(self.source.value() == "folder")
        self.run_button.setEnabled(self._task is None and bool(self.recipe.currentData()))
        if self._task is None:
            self.progress.say(f"Into the folder {self.folder_button.folder.name}")

    def _run(self) -> None:
        sources = self.source_button.folder if self.source.value() == "folder" else None
        wanted = WantedBatch(
            str(self.recipe.currentData()), self._catalog, str(sources or ""),
            self.folder_button.folder, os.cpu_count() or 1,
        )  # fmt: skip
        self.folder_used.emit(str(self.folder_button.folder.parent))
        self.rows.show_rows(())
        self.progress.begin("Waiting for another batch to end")
        self._task = self._batches.start(wanted)
        self._show_running(running=True)

    def _cancel(self) -> None:
        if self._task is not None:
            self._batches.cancel(self._task)

    def _show_progress(self, now: Progress) -> None:
        super()._show_progress(now)
        if now.partial is not None and now.total:
            rows: Sequence[Row] = now.partial
            self.rows.show_rows(rows)
            self.progress.words.setText(_counted(rows))

    def _finished(self, task: Task, result: BatchResult) -> None:
        if not self._is_done(task):
            return
        self._summary = result.html
        good = len(result.outcomes) - len(result.failed)
        words = f"{good:,} of {len(result.outcomes):,} series written"
        kept = len(result.kept)
        self.progress.show_done(f"{words}, {kept:,} of them before" if kept else words)

    def _show_running(self, *, running: bool) -> None:
        self._form.setEnabled(not running)
        self.run_button.setVisible(not running)
        self.cancel_button.setVisible(running)

    def _open_summary(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._summary)))


def _counted(rows: Sequence[Row]) -> str:
    """Return "3 of 12 series, 1 failed"."""
    failed = sum(row.state == "failed" for row in rows)
    done = failed + sum(row.state == "finished" for row in rows)
    words = f"{done:,} of {len(rows):,} series"
    return f"{words}, {failed:,} failed" if failed else words
