"""`xray-studio export SRC... FOLDER --dataset`: frames for machine learning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xray_studio.cli.common import DONE, IN_PART, run_job, say, say_json
from xray_studio.cli.inputs import all_files, damaged_inputs, empty_inputs, list_failed
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.core.presentation import Window
    from xray_studio.services.dataset import DatasetResult
    from xray_studio.services.dataset_samples import DatasetOptions
    from xray_studio.services.recipe import Recipe


class DatasetWords(NamedTuple):
    """What was typed of a data set, before it is understood."""

    normalise: str
    split: str
    seed: int
    samples: str
    every: int


def export_dataset(
    sources: list[str],
    target: str,
    words: DatasetWords,
    recipe: Recipe,
    *,
    overwrite: bool,
    json: bool,
    quiet: bool,
) -> int:
    """Write every series below the sources as samples, split by patient."""
    from xray_studio.services.dataset import export_dataset as export_job
    from xray_studio.services.open import scan

    options = _options(words, recipe)
    catalog = run_job(scan(sources), quiet=quiet)
    files = all_files(catalog)
    job = export_job(catalog, Path(target), options, overwrite=overwrite, sources=files)
    result = run_job(job, quiet=quiet)
    failed = damaged_inputs(catalog) | empty_inputs(sources, catalog, pictures=True)
    failed |= dict(result.failed)
    list_failed(failed)
    _tell(result, failed, json=json)
    return IN_PART if failed else DONE


def _options(words: DatasetWords, recipe: Recipe) -> DatasetOptions:
    """Return the options that words stand for. Raises UsageError for what is not understood."""
    from xray_studio.core.split import parse_shares
    from xray_studio.services.dataset_samples import DatasetOptions
    from xray_studio.services.recipe import options_of

    general = options_of(recipe)
    if general.size == "screen":
        raise UsageError(
            "The pictures of a data set have one size; write for example --size 256x256."
        )
    return DatasetOptions(
        size=general.size,
        normalise=words.normalise,
        window=_window(recipe),
        shares=parse_shares(words.split),
        seed=words.seed,
        samples=words.samples,
        bits=general.bits,
        frames=general.frames,
        every=words.every,
        privacy=general.privacy,
    )


def _window(recipe: Recipe) -> Window | None:
    from xray_studio.core.presentation import Window

    try:
        return Window(*recipe.window) if recipe.window else None
    except ValueError as error:
        raise UsageError(f"--window: {error}.") from None


def _tell(result: DatasetResult, failed: dict[str, str], *, json: bool) -> None:
    if json:
        facts = {
            "folder": str(result.target),
            "manifest": str(result.manifest),
            "samples": result.samples,
            "patients": result.patients,
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
