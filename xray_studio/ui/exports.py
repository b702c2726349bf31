"""Exports: writes clips in the background, one after the other, and tells how each one ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import DeepPicture
from xray_studio.core.study import Catalog
from xray_studio.services.export.encoders import hardware
from xray_studio.services.export.estimate import estimate
from xray_studio.services.export.options import ExportOptions, canvas
from xray_studio.services.export.run import ExportResult, export
from xray_studio.services.recipe import Recipe
from xray_studio.services.recipe_file import load_recipe, save_recipe
from xray_studio.ui.gate import Gate
from xray_studio.ui.work import JobRunner, Task

if TYPE_CHECKING:  # they load heavy libraries, which jobs do on their own thread
    from xray_studio.services.dataset.make import DatasetResult
    from xray_studio.services.dataset.samples import Foreseen

EXPORT, PREVIEW, ESTIMATE = "export", "preview", "estimate"
HARDWARE, RECIPES, FORESEE = "hardware", "recipes", "foresee"


@dataclass(frozen=True, slots=True, eq=False)
class WantedSet:
    """A data set that is wanted: the series of some identities (None for all), and how."""

    catalog: Catalog
    only: frozenset[tuple[object, ...]] | None
    recipe: Recipe


class Exports(QObject):
    """Starts exports. `finished` tells task and result, `failed` task and sentence.

    `progressed` and `ended` tell the task of any export, `previewed` a picture for the dialog,
    `preview_failed` why there is none. `estimated` tells options and what they come to,
    `estimate_failed` options and why they cannot be followed, `hardware_found` encoders and why
    each cannot be used. `recipe_loaded` tells path and recipe, `recipe_saved` the path,
    `recipe_failed` a sentence. `saved` tells the file that a document was written to, `last`
    what was written last. `data_set_written` tells task and result of a data set, `foreseen` what
    is wanted and what it comes to, `foresee_failed` why it cannot be. `gate` looks at what an
    export would tell of the patient.
    """

    finished = Signal(object, object)
    failed = Signal(object, str)
    saved = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)
    previewed = Signal(object)
    estimated = Signal(object, object)
    estimate_failed = Signal(object, str)
    hardware_found = Signal(object)
    recipe_loaded = Signal(object, object)
    recipe_saved = Signal(object)
    recipe_failed = Signal(str)
    preview_failed = Signal(str)
    data_set_written = Signal(object, object)
    foreseen = Signal(object, object)
    foresee_failed = Signal(str)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.gate = Gate(runner, self)
        runner.progressed.connect(lambda task: self._pass_on(task, self.progressed))
        runner.ended.connect(lambda task: self._pass_on(task, self.ended))

    def _pass_on(self, task: Task, signal: SignalInstance) -> None:
        if task.lane == EXPORT:
            signal.emit(task)

    def start(
        self, clip: Clip, target: Path, options: ExportOptions, *, overwrite: bool = False
    ) -> Task:
        """Write a clip; it waits while another export is being written.

        With `overwrite` the user knows that the target exists and will be replaced.
        """

        def finished(task: Task, result: ExportResult) -> None:
            self.finished.emit(task, result)

        self._runner.cancel_lane(ESTIMATE)  # what it would tell is about to be known
        job = export(clip, target, options, overwrite=overwrite)
        return self._write(job, f"Exporting {target.name}", finished)

    def write(self, job: Job[Path], target: Path) -> Task:
        """Write a document by a job that returns its file."""

        def finished(_task: Task, path: Path) -> None:
            self.saved.emit(path)

        return self._write(job, f"Saving {target.name}", finished)

    def write_data_set(self, wanted: WantedSet, target: Path) -> Task:
        """Write series as a data set into a folder."""

        def finished(task: Task, result: DatasetResult) -> None:
            self.data_set_written.emit(task, result)

        return self._write(written_set(wanted, target), f"Writing {target.name}", finished)

    def foresee(self, wanted: WantedSet) -> None:
        """Find out how large a data set will be."""
        self._runner.start(
            foreseen_set(wanted),
            title="Counting samples",
            lane=FORESEE,
            visible=False,
            replace=True,
            on_result=lambda found: self.foreseen.emit(wanted, found),
            on_error=lambda error: self.foresee_failed.emit(str(error)),
        )

    def _write(self, job: Job[Any], title: str, then: Callable[[Task, Any], None]) -> Task:
        """Run a job that writes, after those that write already."""
        task = self._runner.start(
            job,
            title=title,
            lane=EXPORT,
            gives_way=True,
            on_result=lambda result: then(task, result),
            on_error=lambda error: self.failed.emit(task, str(error)),
        )
        return task

    def preview(self, clip: Clip, frame: int, options: ExportOptions) -> None:
        """Make the picture that an export would write for a frame (from 0)."""
        self._runner.start(
            preview(clip, frame, options),
            title="Preview",
            lane=PREVIEW,
            visible=False,
            replace=True,
            on_result=self.previewed.emit,
            on_error=lambda error: self.preview_failed.emit(str(error)),
        )

    def estimate(self, clip: Clip, target: Path, options: ExportOptions) -> None:
        """Find out about how large an export will be."""
        self._runner.start(
            estimate(clip, str(target), options),
            title="Estimating the size",
            lane=ESTIMATE,
            visible=False,
            replace=True,
            gives_way=True,
            on_result=lambda found: self.estimated.emit(options, found),
            on_error=lambda error: self.estimate_failed.emit(options, str(error)),
        )

    def look_for_hardware(self) -> None:
        """Try which encoders of graphics hardware work here."""
        self._runner.start(
            looked_for(),
            title="Looking for graphics hardware",
            lane=HARDWARE,
            visible=False,
            on_result=self.hardware_found.emit,
        )

    def load_recipe(self, path: Path) -> None:
        """Read a recipe."""
        self._recipe_job(loaded(path), lambda found: self.recipe_loaded.emit(path, found))

    def save_recipe(self, path: Path, recipe: Recipe) -> None:
        """Write a recipe."""
        self._recipe_job(written(path, recipe), lambda _none: self.recipe_saved.emit(path))

    def _recipe_job(self, job: Job[Any], then: Callable[[Any], None]) -> None:
        self._runner.start(
            job,
            title="Recipe",
            lane=RECIPES,
            visible=False,
            on_result=then,
            on_error=lambda error: self.recipe_failed.emit(str(error)),
        )

    def cancel(self, task: Task) -> None:
        """Stop an export; nothing of it is left behind."""
        self._runner.cancel(task)


def looked_for() -> Job[dict[str, str]]:
    """Return encoders of graphics hardware, and why each cannot be used."""
    yield Progress(message="Looking for graphics hardware")
    return hardware()


def loaded(path: Path) -> Job[Recipe]:
    """Return the recipe in a file."""
    yield Progress(message="Reading the recipe")
    return load_recipe(path)


def written(path: Path, recipe: Recipe) -> Job[None]:
    """Write a recipe."""
    yield Progress(message="Writing the recipe")
    save_recipe(path, recipe)


def preview(clip: Clip, frame: int, options: ExportOptions) -> Job[DeepPicture]:
    """Return the picture that an export writes for a frame (from 0)."""
    from xray_studio.services.export.pictures import Pictures

    yield Progress(message="Making a preview")
    assert options.presentation is not None
    size = canvas(clip, options, options.presentation.rotation)
    pictures = Pictures(clip, options.presentation, options.overlay, size, (frame,))
    making = pictures.all((frame,))
    try:
        return (yield from making.picture(Progress(message="Making a preview")))
    finally:
        making.close()


def written_set(wanted: WantedSet, target: Path) -> Job[DatasetResult]:
    """Write a data set into a folder."""
    yield Progress(message="Looking at the series")
    from xray_studio.services.dataset.make import export_dataset
    from xray_studio.services.dataset.recipe import dataset_options

    options = dataset_options(wanted.recipe)
    return (yield from export_dataset(wanted.catalog, target, options, only=wanted.only))


def foreseen_set(wanted: WantedSet) -> Job[Foreseen]:
    """Return how large a data set will be."""
    yield Progress(message="Counting samples")
    from xray_studio.services.dataset.plan import plan
    from xray_studio.services.dataset.recipe import dataset_options
    from xray_studio.services.dataset.samples import foreseen

    options = dataset_options(wanted.recipe)
    return foreseen(plan(wanted.catalog, options.shares, options.seed, wanted.only), options)
