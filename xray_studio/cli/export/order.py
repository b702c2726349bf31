"""What `export` does once it is known what is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xray_studio.cli.common import DONE, run_job, say_json
from xray_studio.cli.export.beside import Comparing, First, compared
from xray_studio.cli.export.document import export_document, is_document_name, report_document
from xray_studio.cli.export.told import tell, tell_all
from xray_studio.cli.export.views import side_by_side as side_by_side_views
from xray_studio.cli.inputs import all_files, damaged_inputs, empty_inputs
from xray_studio.cli.marks import annotated
from xray_studio.cli.over import laid_over, processed_by, with_opacity
from xray_studio.core.errors import UnreadableError, UsageError, WriteError

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip
    from xray_studio.core.study import Catalog
    from xray_studio.services.export.options import ExportOptions
    from xray_studio.services.recipe import Recipe


def with_suffix(out: str, recipe: Recipe) -> str:
    """Return the one target of clips beside one another, which a recipe can tell the kind of."""
    from xray_studio.services.recipe import FOLDER_FORMAT

    named = Path(out).suffix or recipe.format in {"", FOLDER_FORMAT}
    return out if named else f"{out}.{recipe.format}"


class Over(NamedTuple):
    """What is laid over the pictures."""

    state: Path | None = None
    segments: Path | None = None
    opacity: float | None = None
    annotations: Path | None = None


class Order(NamedTuple):
    """What the command line asks for."""

    sources: list[str]
    target: str
    recipe: Recipe
    save_recipe: Path | None
    overwrite: bool
    json: bool
    quiet: bool
    over: Over = Over()
    comparing: Comparing = Comparing()


def run(order: Order) -> int:
    """Write all sources as one sequence."""
    from xray_studio.services.export.exporters import exporter
    from xray_studio.services.export.run import export as export_job
    from xray_studio.services.recipe import options_of

    if is_document_name(order.target):
        return export_document(
            order.sources,
            order.target,
            deidentify=order.recipe.deidentify,
            overwrite=order.overwrite,
            json=order.json,
            quiet=order.quiet,
        )
    options = options_of(order.recipe)
    exporter(order.target, options.stills)  # an unknown suffix is told before anything is read
    save(order.recipe, order.save_recipe, order.target)
    catalog = _scanned(order)
    clip, options = _as_asked(order, _opened(catalog, quiet=order.quiet))
    files = all_files(catalog)
    job = export_job(clip, order.target, options, overwrite=order.overwrite, sources=files)
    result = run_job(job, quiet=order.quiet)
    failed = damaged_inputs(catalog) | empty_inputs(order.sources, catalog, pictures=True)
    return tell(result, failed, json=order.json)


def _as_asked(order: Order, clip: Clip) -> tuple[Clip, ExportOptions]:
    """Return the clip, beside others where that is asked for, and the options of its export."""
    from xray_studio.services.recipe import options_for

    stored = clip
    clip, shown = laid_over(clip, order.over.state, order.over.segments, quiet=order.quiet)
    clip = processed_by(clip, order.recipe.step, quiet=order.quiet)
    options = options_for(order.recipe, clip, shown)
    if options.presentation is not None:
        how = with_opacity(options.presentation, order.over.opacity)
        options = replace(options, presentation=how)
    _check_drawn(order, options)
    clip = annotated(clip, order.over.annotations, options.presentation, quiet=order.quiet)
    first, words = First(clip, options, stored), order.comparing
    if words.beside and words.views:
        raise UsageError("--beside and --side-by-side do not go together; choose one of them.")
    if words.views:
        return side_by_side_views(first, order.recipe, words.views)
    if not words.beside:
        return clip, options
    return compared(first, order.recipe, order.comparing, quiet=order.quiet)


def _check_drawn(order: Order, options: ExportOptions) -> None:
    """Raise UsageError for annotations where values or an object of them are written."""
    from xray_studio.services.export.exporters import WholeExporter, exporter

    whole = isinstance(exporter(order.target, options.stills), WholeExporter)
    if order.over.annotations is not None and whole and not options.shown:
        raise UsageError("Annotations are drawn into pictures; values and objects have none.")


def report_only(order: Order) -> int:
    """Print what the export would tell of the patient, and write nothing."""
    from xray_studio.services.privacy.gate import examine

    if is_document_name(order.target):
        return report_document(order.sources, order.target, quiet=order.quiet)
    catalog = _scanned(order)
    clip, options = _as_asked(order, _opened(catalog, quiet=order.quiet))
    job = examine(clip, Path(order.target).absolute(), options)
    say_json(run_job(job, quiet=order.quiet).facts())
    return DONE


def run_all(order: Order) -> int:
    """Write every series that is found as a file of its own."""
    from xray_studio.services.export.many import export_all

    save(order.recipe, order.save_recipe, order.target)
    catalog = _scanned(order)
    if not catalog.pictures():
        raise UnreadableError("There are no pictures here; choose another folder.")
    job = export_all(
        catalog,
        Path(order.target).absolute(),
        order.recipe,
        overwrite=order.overwrite,
        sources=all_files(catalog),
    )
    batch = run_job(job, quiet=order.quiet)
    failed = damaged_inputs(catalog) | empty_inputs(order.sources, catalog, pictures=True)
    failed |= {one.path: one.reason for one in batch.failed}
    status = tell_all(order.target, batch, failed, json=order.json)
    if not batch.written:
        raise WriteError("None of the series could be written; each is listed with its reason.")
    return status


def save(recipe: Recipe, path: Path | None, target: str = "") -> None:
    """Write a recipe where that is asked for, with the format that the target's name tells."""
    from xray_studio.services.export.exporters import suffix_told
    from xray_studio.services.recipe_file import save_recipe

    if path is None:
        return
    suffix = suffix_told(target).removeprefix(".") if target else ""
    save_recipe(path, replace(recipe, format=suffix) if suffix else recipe)


def _scanned(order: Order) -> Catalog:
    from xray_studio.services.open import scan

    return run_job(scan(order.sources), quiet=order.quiet)


def _opened(catalog: Catalog, *, quiet: bool) -> Clip:
    from xray_studio.services.open import open_catalog

    return run_job(open_catalog(catalog), quiet=quiet)
