"""Export dialog: what to write, how it will look, how far it is, and what was checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.drawn_source import draws_text
from xray_studio.core.errors import UsageError
from xray_studio.core.output import Picture
from xray_studio.core.size_words import byte_words
from xray_studio.services.export.earlier import is_foreign
from xray_studio.services.export.estimate import Estimate
from xray_studio.services.export.options import ExportOptions, schedule
from xray_studio.services.export.repeats import repeated
from xray_studio.services.export.run import ExportResult
from xray_studio.services.recipe import Recipe
from xray_studio.services.setting_groups import Exporting
from xray_studio.ui.browser.series_text import series_title
from xray_studio.ui.dialogs.export.choices import (
    BURNT_IN,
    NAMED,
    NOTES,
    Choices,
    first_choices,
    frame_range,
    of_kind,
)
from xray_studio.ui.dialogs.export.form import ExportForm
from xray_studio.ui.dialogs.export.offers import settled
from xray_studio.ui.dialogs.export.preview import ExportPreview
from xray_studio.ui.dialogs.export.progress import ExportProgress, show_in_folder
from xray_studio.ui.dialogs.export.recipe import (
    choices_from,
    export_options,
    problem_of,
    recipe_of,
    with_window,
)
from xray_studio.ui.dialogs.export.recipe_button import RecipeButton
from xray_studio.ui.dialogs.export.target import (
    free_target,
    name_problem,
    safe_name,
    size_written,
    suffix_of,
)
from xray_studio.ui.dialogs.parts import button, footer, framed, heading, scrolling
from xray_studio.ui.dialogs.privacy.passage import Asked, Passage
from xray_studio.ui.dialogs.task_dialog import TaskDialog
from xray_studio.ui.exports import Exports
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.step_state import processed_words
from xray_studio.ui.view import View
from xray_studio.ui.work import Task

SIZE = QSize(1020, 668)


class ExportDialog(TaskDialog):
    """Exports the clip of a view. It can be closed while the export goes on in the jobs bar.

    `folder_used` tells the folder to propose the next time, `recipe_used` a recipe to offer then.
    """

    folder_used = Signal(str)
    recipe_used = Signal(str)

    def __init__(
        self,
        view: View,
        exports: Exports,
        wanted: Exporting,
        *,
        hidden: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        assert view.clip is not None
        self._view, self._clip, self._exports = view, view.clip, exports
        self._hidden = hidden
        self._target = Path()
        self._replaces = False
        self._summary_shown = False  # an estimate adds to that only
        self._hardware: dict[str, str] | None = None
        self._passage = Passage(view.clip, exports, self)
        self.form = ExportForm(view, self)
        self.recipes = RecipeButton(Path(wanted.folder), wanted.recipes, self)
        self.preview = self._make_preview()
        self.progress = ExportProgress(self)
        self.look_button = button("Look for text and mask\N{HORIZONTAL ELLIPSIS}", self, "link")
        self.close_button = button("Close", self)
        self.cancel_button = button("Cancel export", self)
        self.export_button = button("Export", self, "accent")
        self._build(*self._titles())
        self._connect()
        choices = first_choices(view, wanted.quality)
        self.form.folder_button.show_folder(Path(wanted.folder))
        self.form.show_choices(choices)
        self._name_freely()
        self._update("format")

    def _make_preview(self) -> ExportPreview:
        return ExportPreview(self)

    def _titles(self) -> tuple[str, QSize]:
        """Return the title of the dialog and its size."""
        return "Export picture" if len(self._clip) == 1 else "Export clip", SIZE

    def _usual_name(self) -> str:
        return safe_name(self._view)

    def _choosing(self) -> QWidget:
        """Return what stands beside the preview: the form, at the top."""
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.form)
        column.addStretch(1)
        return holder

    def _build(self, title: str, size: QSize) -> None:
        self.setWindowTitle(title)
        body = QWidget(self)
        line = QFrame(body)
        mark(line, line="vertical")
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._choosing(), 1)
        right.addWidget(self.progress)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.preview)
        row.addWidget(line)
        row.addLayout(right, 1)
        head = heading(title, "", self)
        buttons = [self.close_button, self.cancel_button, self.export_button]
        self.export_button.setDefault(True)
        self.cancel_button.hide()
        framed(self, head, scrolling(body, self), footer([self.recipes, self.look_button], buttons))
        screen = self.screen().availableGeometry().size() - QSize(40, 60)
        self.resize(QSize(px(size.width()), px(size.height())).boundedTo(screen))

    def _connect(self) -> None:
        self.form.changed.connect(self._update)
        self.close_button.clicked.connect(self.close)
        self.cancel_button.clicked.connect(self._cancel)
        self.export_button.clicked.connect(self._export)
        self.look_button.clicked.connect(self._look)
        self._passage.started.connect(self._started)
        self.finished.connect(self._leave)
        self._passage.refused.connect(self._not_passed)
        self.progress.show_button.clicked.connect(lambda: show_in_folder(self._target))
        exports = self._exports
        self.recipes.load_chosen.connect(exports.load_recipe)
        self.recipes.save_chosen.connect(self._save_recipe)
        exports.recipe_loaded.connect(self._load_recipe)
        exports.recipe_saved.connect(self._recipe_saved)
        exports.recipe_failed.connect(self._refuse)
        exports.estimated.connect(self._show_estimate)
        exports.estimate_failed.connect(self._estimate_failed)
        exports.hardware_found.connect(self._show_hardware)
        exports.previewed.connect(self._show_preview)
        exports.preview_failed.connect(self.preview.show_error)
        exports.finished.connect(self._finished)
        exports.failed.connect(self._failed)
        exports.progressed.connect(self._progressed)
        exports.ended.connect(self._ended)

    def show_view(self, view: View, *, same_places: bool) -> None:
        """Export another clip from now on; at the `same_places` what was masked stays so."""
        assert view.clip is not None
        choices, still = self.form.choices(), len(self._clip) == 1
        self._view, self._clip = view, view.clip
        self._passage.turn_to(view.clip, same_places=same_places)
        self.form.show_view(view)
        if (len(view.clip) == 1) != still:
            choices = replace(first_choices(view, choices.quality), text=choices.text)
        self.form.show_choices(choices, self._hardware)

    def options(self) -> ExportOptions:
        """Return what the form asks for."""
        return export_options(self._view, self.form.choices())

    def target(self) -> Path:
        """Return the file or folder that the form asks for."""
        name = self.form.name.text().strip() + suffix_of(self._view, self.form.choices())
        return self.form.folder / name

    def _update(self, changed: str) -> None:
        if changed == "fold" and self._hardware is None:
            self._exports.look_for_hardware()
        asked = of_kind(self.form.choices(), self.form.kind())
        choices = settled(self._view, asked, changed, self._hardware)
        self.form.show_choices(choices, self._hardware)
        first, last = frame_range(self._view, choices)
        self._about().setText(self._about_words(first, last))
        note = NAMED if choices.kind == "dicom" else NOTES[choices.text]
        self.preview.note.setText(note + BURNT_IN)
        frame = min(max(self._view.frame, first), last)
        self.preview.frame.setText(self._frame_words(frame))
        if self._summarise() and changed not in {"name", "folder", "fold"}:
            self._exports.preview(self._clip, frame, self.options())
            self._exports.estimate(self._clip, self.target(), self.options())

    def _about_words(self, first: int, last: int) -> str:
        title = series_title(self._view.series, hidden=self._hidden) if self._view.series else ""
        frames = f"frame {first + 1}" if first == last else f"frames {first + 1} to {last + 1}"
        return ", ".join(filter(None, (title, frames, processed_words(self._view))))

    def _frame_words(self, frame: int) -> str:
        return f"Preview, frame {frame + 1}"

    def _problem(self) -> str:
        """Return what stands against an export apart from the choices, "" for nothing."""
        return name_problem(self.form.name.text().strip())

    def _recipe(self, *, window: bool) -> Recipe:
        """Return the choices as a recipe, with the window where that is wanted."""
        made = recipe_of(self._view, self.form.choices())
        return with_window(self._view, made) if window else made

    def _save_recipe(self, path: Path) -> None:
        made = self._recipe(window=self.recipes.keep_window.isChecked())
        self._exports.save_recipe(path, made)

    def _recipe_saved(self, path: Path) -> None:
        self.recipe_used.emit(str(path))
        self._summary_shown = False
        self.progress.say(f"Saved as the recipe {path.stem}.", "done")

    def _load_recipe(self, path: Path, recipe: Recipe) -> None:
        if problem := problem_of(self._view, recipe, path.stem):
            self._refuse(problem)
            return
        self.recipe_used.emit(str(path))
        choices = choices_from(self._view, recipe, self.form.choices())
        self.form.show_choices(choices, self._hardware)
        self._update("format")

    def _show_estimate(self, options: ExportOptions, found: Estimate) -> None:
        """Add about how large the file will be, unless something else was chosen since."""
        if not (self._summary_shown and self._is_asked(options)):
            return
        told = f", about {byte_words(found.size)}" if found.size else ""
        self._summarise(told, found.notes)

    def _estimate_failed(self, options: ExportOptions, sentence: str) -> None:
        if self._summary_shown and self._is_asked(options):
            self._refuse(sentence)

    def _show_preview(self, picture: Picture) -> None:
        self.preview.show_picture(picture)

    def _is_asked(self, options: ExportOptions) -> bool:
        try:
            return self.options() == options
        except UsageError:
            return False

    def _show_hardware(self, found: dict[str, str]) -> None:
        self._hardware = found
        self.form.show_choices(self.form.choices(), found)

    def _summarise(self, size: str = "", notes: Sequence[str] = ()) -> bool:
        """Say what will be written, or what is wrong; return whether it can be."""
        problem = self._problem()
        if problem:
            self._refuse(problem)
            return False
        try:
            words = summary(self._view, self.form.choices())
            self._say_what_stands(f"{words}{size}", notes)
        except UsageError as error:
            self._refuse(str(error))
            return False
        except OSError:
            self._refuse("The system takes no such name; choose another one.")
            return False
        self.export_button.setEnabled(True)
        self._summary_shown = True
        return True

    def _say_what_stands(self, words: str, notes: Sequence[str]) -> None:
        """Say what is written, and what is lost: a file of others only by a word of its own."""
        target = self.target()
        self._replaces = is_foreign(target)
        self.export_button.setText("Replace it" if self._replaces else "Export")
        self.export_button.setDefault(not self._replaces)
        self.export_button.setAutoDefault(not self._replaces)
        if self._replaces:
            sentence = f"{target.name} is there and was not written by X-Ray Studio. Choose another"
            self.progress.say(f"{sentence} name, or replace it: it will be lost.", "danger")
        else:
            earlier = "The earlier export of this name will be replaced."
            more = [*notes, *([earlier] if target.exists() else [])]
            self.progress.say(". ".join((words, " ".join(more))) if more else words)

    def _refuse(self, sentence: str) -> None:
        self._summary_shown = False
        self.progress.say(sentence, "danger")
        self.export_button.setEnabled(False)

    def _export(self) -> None:
        self._target = self.target()
        self._summary_shown = False
        self.folder_used.emit(str(self.form.folder))
        self._show_running(running=True)
        self.progress.begin("Looking for what tells the patient")
        self._passage.ask(Asked(self._target, self.options(), self._replaces, always=False))

    def _look(self) -> None:
        """Show the gate whatever is found, so that parts of the pictures can be masked."""
        self._target = self.target()
        self._summary_shown = False
        self._show_running(running=True)
        self.progress.begin("Looking for text in the pictures")
        self._passage.ask(Asked(self._target, self.options(), self._replaces, always=True))

    def _leave(self) -> None:
        """Let what was asked for go on without this dialog."""
        window = self.parentWidget()
        assert window is not None
        self._passage.leave(window)

    def _started(self, task: Task) -> None:
        self._task = task
        self.progress.begin()

    def _not_passed(self, sentence: str) -> None:
        self._show_running(running=False)
        if sentence:
            self.progress.say(sentence, "danger")
        else:
            self._update("name")

    def _cancel(self) -> None:
        if self._task is not None:
            self._exports.cancel(self._task)
        else:
            self._passage.cancel()

    def _finished(self, task: Task, result: ExportResult) -> None:
        if self._is_done(task):
            self._name_freely()
            self.progress.show_result(result)

    def _show_running(self, *, running: bool) -> None:
        self.form.setEnabled(not running)
        self.look_button.setEnabled(not running)
        self.export_button.setVisible(not running)
        self.cancel_button.setVisible(running)

    def _name_freely(self) -> None:
        suffix = suffix_of(self._view, self.form.choices())
        target = free_target(self.form.folder, self._usual_name(), suffix)
        self.form.name.setText(target.name.removesuffix(suffix))

    def _about(self) -> QLabel:
        found = self.findChild(QLabel, "about")
        assert isinstance(found, QLabel)
        return found


def summary(view: View, choices: Choices) -> str:
    """Return "60 frames, 4.00 s at 15 per second" and the size; raises UsageError."""
    assert view.clip is not None
    options = export_options(view, choices)
    plan = schedule(view.clip, options)
    real = options.real_time or draws_text(view.clip)
    if options.variable_rate is False or (real and choices.format == "avi"):
        plan = repeated(plan)
    count, pixels = len(plan.order), size_written(view, choices)
    if not choices.is_video:
        what = "picture" if choices.kind == "pictures" else "frame"
        return f"{count:,} {what}{'' if count == 1 else 's'}, {pixels}"
    seconds = float(plan.end) if plan.starts else count / float(plan.rate)
    return f"{count:,} frames, {seconds:.2f} s at {float(plan.rate):.4g} per second, {pixels}"
