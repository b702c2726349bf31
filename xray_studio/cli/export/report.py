"""`xray-studio export --privacy report`: what an export of several series would tell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xray_studio.cli.common import DONE, run_job, say_json

if TYPE_CHECKING:
    from xray_studio.services.recipe import Recipe


def report_media(sources: list[str], target: str, *, quiet: bool) -> int:
    """Print what a media folder would tell."""
    from xray_studio.services.open import scan
    from xray_studio.services.privacy.folder import of_media

    catalog = run_job(scan(sources), quiet=quiet)
    say_json(of_media(catalog, Path(target).absolute()).facts())
    return DONE


def report_dataset(sources: list[str], target: str, recipe: Recipe, *, quiet: bool) -> int:
    """Print what a data set would tell."""
    from xray_studio.services.dataset.recipe import dataset_options
    from xray_studio.services.open import scan
    from xray_studio.services.privacy.many import examine_dataset

    options = dataset_options(recipe)
    catalog = run_job(scan(sources), quiet=quiet)
    job = examine_dataset(catalog, Path(target).absolute(), options)
    say_json(run_job(job, quiet=quiet))
    return DONE


def report_folder(sources: list[str], target: str, recipe: Recipe, *, quiet: bool) -> int:
    """Print what every series would tell that a recipe writes into a folder."""
    from xray_studio.services.open import scan
    from xray_studio.services.privacy.many import examine_folder

    catalog = run_job(scan(sources), quiet=quiet)
    job = examine_folder(catalog, Path(target).absolute(), recipe)
    say_json(run_job(job, quiet=quiet))
    return DONE
