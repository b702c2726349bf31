"""`xray-studio export SRC... FOLDER --dataset`: frames for machine learning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xray_studio.cli.common import DONE, IN_PART, complain, run_job, say, say_json
from xray_studio.cli.inputs import all_files, damaged_inputs, empty_inputs, list_failed

if TYPE_CHECKING:
    from xray_studio.services.dataset.make import DatasetResult
    from xray_studio.services.recipe import Recipe


def export_dataset(
    sources: list[str],
    target: str,
    recipe: Recipe,
    *,
    overwrite: bool,
    json: bool,
    quiet: bool,
) -> int:
    """Write every series below the sources as samples, split by patient."""
    from xray_studio.services.dataset.make import export_dataset as export_job
    from xray_studio.services.dataset.recipe import dataset_options
    from xray_studio.services.open import scan

    options = dataset_options(recipe)
    catalog = run_job(scan(sources), quiet=quiet)
    files = all_files(catalog)
    job = export_job(catalog, Path(target), options, overwrite=overwrite, sources=files)
    result = run_job(job, quiet=quiet)
    failed = damaged_inputs(catalog) | empty_inputs(sources, catalog, pictures=True)
    failed |= dict(result.failed)
    list_failed(failed)
    for note in result.notes:
        complain(note)
    _tell(result, failed, json=json)
    return IN_PART if failed else DONE


def _tell(result: DatasetResult, failed: dict[str, str], *, json: bool) -> None:
    if json:
        facts = {
            "folder": str(result.target),
            "manifest": str(result.manifest),
            "samples": result.samples,
            "patients": result.patients,
            "notes": list(result.notes),
            "failed": [{"path": path, "reason": reason} for path, reason in failed.items()],
        }
        say_json(facts)
        return
    parts = [
        f"{part} {samples:,} of {result.patients[part]:,}"
        for part, samples in result.samples.items()
    ]
    total = sum(result.samples.values())
    say(
        f"{result.target}: {total:,} samples ({', '.join(parts)} patients), no patient in two parts"
    )
