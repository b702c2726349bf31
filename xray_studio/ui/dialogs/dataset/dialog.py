"""Data set dialog: which series, how they become samples, how they are split, and how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.study import Catalog
from xray_studio.services.recipe import Recipe
from xray_studio.services.setting_groups import Exporting
from xray_studio.ui.dialogs.dataset.form import DatasetForm
from xray_studio.ui.dialogs.dataset.series import SeriesTicks
from xray_studio.ui.dialogs.export.progress import ExportProgress, show_in_folder
from xray_studio.ui.dialogs.export.recipe_button import RecipeButton
from xray_studio.ui.dialogs.export.target import free_target, name_problem
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
from xray_studio.ui.exports import Exports, WantedSet
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.work import Task

if TYPE_CHECKING:  # they load heavy libraries
    from xray_studio.services.dataset.make import DatasetResult
    from xray_studio.services.dataset.samples import Foreseen

WIDTH, HEIGHT, LIST = 1020, 760, 300
NAME = "data-set"
ABOUT = "Frames for machine learning, split by patient"
SAFE = (
    "Names, numbers, dates and UIDs are not written. Text that devices drew is looked for in every"
    " series and made black; a series that is said to hold text which is not found is left out."
)
OPEN = (
    "Text that devices drew stays readable in the samples, and can name patients. Everything else"
    " that identifies is left out."
)


class DatasetDialog(TaskDialog):
    """Writes series as a data set. It can be closed while that goes on in the jobs bar.

    `folder_used` tells the folder to propose the next time, `recipe_used` a recipe to offer then.
    """

    folder_used = Signal(str)
    recipe_used = Signal(str)

    def __init__(
        self,
        catalog: Catalog,
        exports: Exports,
        wanted: Exporting,
        *,
        hidden: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._catalog, self._exports = catalog, exports
        self._target = Path()
        self._wanted: WantedSet | None = None
        self._counting: WantedSet | None = None  # what is being counted and not written yet
        self.series = SeriesTicks(catalog, hidden=hidden, parent=self)
        self.form = DatasetForm(self)
        self.recipes = RecipeButton(Path(wanted.folder), wanted.recipes, self)
        self.recipes.keep_window.setVisible(False)
        self.safe, self.readable = QLabel(SAFE, self), QLabel(OPEN, self)
        self.progress = ExportProgress(self)
        self.close_button = button("Close", self)
        self.cancel_button = button("Cancel export", self)
        self.export_button = button("Export", self, "accent")
        self._build()
        self._connect()
        self.form.folder_button.show_folder(Path(wanted.folder))
        self._name_freely()
        self._update()

    def target(self) -> Path:
        """Return the folder that the form asks for."""
        return self.form.folder_button.folder / self.form.name.text().strip()

    def _build(self) -> None:
        self.setWindowTitle("Export data set")
        holder, line, body = QWidget(self), QFrame(self), QWidget(self)
        mark(line, line="vertical")
        mark(self.safe, role="caption")
        mark(self.readable, role="note")
        left = QVBoxLayout(holder)
        left.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        left.setSpacing(16)
        left.addWidget(self.series, 1)
        for label in (self.safe, self.readable):
            label.setWordWrap(True)
            label.setMinimumHeight(label.heightForWidth(px(LIST) - 2 * MARGIN))
            left.addWidget(label)
        holder.setFixedWidth(px(LIST))
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(scrolling(self.form, self), 1)
        right.addWidget(separator(self))
        right.addWidget(self.progress)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(holder)
        row.addWidget(line)
        row.addLayout(right, 1)
        self.export_button.setDefault(True)
        self.cancel_button.hide()
        buttons = [self.close_button, self.cancel_button, self.export_button]
        framed(self, heading("Export data set", ABOUT, self), body, footer([self.recipes], buttons))
        sized(self, WIDTH, HEIGHT)

    def _connect(self) -> None:
        exports = self._exports
        self.series.changed.connect(self._update)
        self.form.changed.connect(self._update)
        self.close_button.clicked.connect(self.close)
        self.cancel_button.clicked.connect(self._cancel)
        self.export_button.clicked.connect(self._export)
        self.progress.show_button.clicked.connect(lambda: show_in_folder(self._target))
        self.recipes.load_chosen.connect(exports.load_recipe)
        self.recipes.save_chosen.connect(lambda path: exports.save_recipe(path, self.form.recipe()))
        exports.recipe_loaded.connect(self._load_recipe)
        exports.recipe_saved.connect(self._recipe_saved)
        exports.recipe_failed.connect(self._refuse)
        exports.foreseen.connect(self._show_foreseen)
        exports.foresee_failed.connect(self._refuse)
        exports.data_set_written.connect(self._written)
        exports.failed.connect(self._failed)
        exports.progressed.connect(self._progressed)
        exports.ended.connect(self._ended)

    def _update(self) -> None:
        """Count what will be written, or say what is wrong."""
        recipe = self.form.recipe()
        self.safe.setVisible(recipe.deidentify)
        self.readable.setVisible(not recipe.deidentify)
        self._wanted = self._counting = None
        problem = self._problem(recipe)
        if problem:
            self._refuse(problem)
            return
        self._wanted = WantedSet(self._catalog, self.series.only(), recipe)
        self._counting = self._wanted
        self._exports.foresee(self._wanted)

    def _problem(self, recipe: Recipe) -> str:
        if not self.series.ticked():
            return "No series is ticked; tick those of the data set."
        if recipe.split == "0/0/0":
            return "Nothing falls into any part; give one of them a share."
        return name_problem(self.form.name.text().strip())

    def _show_foreseen(self, wanted: WantedSet, found: Foreseen) -> None:
        """Say what will be written, unless something else was chosen since."""
        if wanted is not self._counting:
            return
        self.form.shares.show_counts(found.patients, found.samples)
        total = sum(found.samples.values())
        if not total:
            self._refuse("No series has any of these frames; choose others.", counts=True)
            return
        words = f"About {total:,} samples of {found.series:,} series"
        stands = self.target().exists()
        earlier = " An earlier export of this name will be replaced." if stands else ""
        self.progress.say(f"{words} into {self.target().name}.{earlier}")
        self.export_button.setEnabled(True)

    def _refuse(self, sentence: str, *, counts: bool = False) -> None:
        if not counts:
            self.form.shares.show_counts({}, {})
        self.progress.say(sentence, "danger")
        self.export_button.setEnabled(False)

    def _load_recipe(self, path: Path, recipe: Recipe) -> None:
        if not recipe.dataset:
            self._refuse(f"{path.stem} is a recipe for clips; choose File, Export clip.")
            return
        self.recipe_used.emit(str(path))
        self.form.show_recipe(recipe)
        self._update()

    def _recipe_saved(self, path: Path) -> None:
        self.recipe_used.emit(str(path))
        self.progress.say(f"Saved as the recipe {path.stem}.", "done")

    def _export(self) -> None:
        if self._wanted is None:
            return
        self._target, self._counting = self.target(), None
        self.folder_used.emit(str(self.form.folder_button.folder))
        self._show_running(running=True)
        self.progress.begin()
        self._task = self._exports.write_data_set(self._wanted, self._target)

    def _cancel(self) -> None:
        if self._task is not None:
            self._exports.cancel(self._task)

    def _written(self, task: Task, result: DatasetResult) -> None:
        if self._is_done(task):
            self._name_freely()
            self.progress.show_done(written_words(result))

    def _show_running(self, *, running: bool) -> None:
        self.form.setEnabled(not running)
        self.series.setEnabled(not running)
        self.export_button.setVisible(not running)
        self.cancel_button.setVisible(running)

    def _name_freely(self) -> None:
        self.form.name.setText(free_target(self.form.folder_button.folder, NAME, "").name)


def written_words(result: DatasetResult) -> str:
    """Return "data-set: 640 samples of 10 patients", and what was left out for what reason."""
    total, people = sum(result.samples.values()), sum(result.patients.values())
    who = "1 patient" if people == 1 else f"{people:,} patients"
    words = f"{result.target.name}: {total:,} samples of {who}"
    lost = len({path for path, _ in result.failed})
    return f"{words}; {left_out(lost)}: {result.failed[0][1]}" if lost else words


def left_out(count: int) -> str:
    """Return "2 series are incomplete or left out"."""
    return f"{count:,} series {'is' if count == 1 else 'are'} incomplete or left out"
