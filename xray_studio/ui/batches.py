"""Batches: what the batch dialog has done in the background."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from xray_studio.core.job import Job, Progress, passed_on
from xray_studio.core.study import Catalog
from xray_studio.ui.work import JobRunner, Task

if TYPE_CHECKING:  # they load heavy libraries
    from xray_studio.services.batch.recipes import Sample
    from xray_studio.services.batch.run import BatchResult

BATCH, LISTING = "batch", "batch recipes"


@dataclass(frozen=True, slots=True, eq=False)
class WantedBatch:
    """A batch that is wanted: a recipe by name or file, over a catalogue or a folder, into one."""

    recipe: str
    catalog: Catalog
    sources: str
    folder: Path
    workers: int


class Batches(QObject):
    """Starts batches, one after the other.

    `listed` tells the recipes that are shipped. `finished` tells task and result, `failed` task and
    sentence; `progressed` and `ended` tell the task, whose progress holds a row for every series.
    """

    listed = Signal(object)
    finished = Signal(object, object)
    failed = Signal(object, str)
    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        runner.progressed.connect(self._pass_on)
        runner.ended.connect(self._ended)

    def list_recipes(self) -> None:
        """Find the recipes that are shipped."""
        self._runner.start(
            _listed(), title="Recipes", lane=LISTING, visible=False, replace=True,
            on_result=self.listed.emit,
        )  # fmt: skip

    def start(self, wanted: WantedBatch) -> Task:
        """Run a batch; it waits while another one runs."""
        task = self._runner.start(
            _run(wanted), title=f"Batch into {wanted.folder.name}", lane=BATCH, gives_way=True,
            on_result=lambda result: self.finished.emit(task, result),
            on_error=lambda error: self.failed.emit(task, str(error)),
        )  # fmt: skip
        return task

    def cancel(self, task: Task) -> None:
        """Stop a batch; what is finished stays."""
        self._runner.cancel(task)

    def _pass_on(self, task: Task) -> None:
        if task.lane == BATCH:
            self.progressed.emit(task)

    def _ended(self, task: Task) -> None:
        if task.lane == BATCH:
            self.ended.emit(task)


def _listed() -> Job[list[Sample]]:
    yield Progress(message="Looking for recipes")
    from xray_studio.services.batch.recipes import samples

    return samples()


def _run(wanted: WantedBatch) -> Job[BatchResult]:
    """Run a batch; what an earlier one has finished in the folder is not done again."""
    yield Progress(message="Looking at the series")
    from xray_studio.services.batch.recipes import recipe_named
    from xray_studio.services.batch.run import BatchOptions, batch
    from xray_studio.services.open import scan

    name, recipe = recipe_named(wanted.recipe)
    catalog = wanted.catalog
    if wanted.sources:
        found = scan(wanted.sources)  # whose catalogue so far is no row of a batch
        catalog = yield from passed_on(found, lambda told: replace(told, partial=None))
    options = BatchOptions(wanted.workers, resume=True, name=name)
    result = yield from batch(catalog, wanted.folder, recipe, options)
    return result
