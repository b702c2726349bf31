"""What an export of several series would tell: data sets, and recipes over folders.

Nothing found here holds a value that identifies; a series is told by the name that it gets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.privacy import Finding, PrivacyReport
from xray_studio.core.study import Catalog, Series
from xray_studio.imaging.burnt_in import VERSION
from xray_studio.services.dataset.plan import plan
from xray_studio.services.dataset.samples import DatasetOptions, bare, chosen_frames
from xray_studio.services.export.many import named_series
from xray_studio.services.open import open_series
from xray_studio.services.privacy.folder import by_name
from xray_studio.services.privacy.gate import examine, of_device, of_text
from xray_studio.services.privacy.text_in_pictures import text_in_pictures
from xray_studio.services.recipe import Recipe, options_for


def examine_dataset(catalog: Catalog, target: Path, options: DatasetOptions) -> Job[dict[str, Any]]:
    """Return, as JSON, what a data set would tell: its own name, and text in every series."""
    planned = plan(catalog, options.shares, options.seed)
    looks = [(one.key, _of_samples(one.series, options)) for one in planned]
    facts = yield from _each(looks)
    return _whole(by_name(target, catalog), facts)


def examine_folder(catalog: Catalog, folder: Path, recipe: Recipe) -> Job[dict[str, Any]]:
    """Return, as JSON, what every series would tell that a recipe writes into a folder."""
    named = named_series(catalog, folder, recipe)
    looks = [(target.name, _of_series(series, target, recipe)) for series, target in named]
    facts = yield from _each(looks)
    return _whole(by_name(folder, catalog), facts)


def _of_series(series: Series, target: Path, recipe: Recipe) -> Job[PrivacyReport]:
    clip = yield from open_series(series)
    report = yield from examine(clip, target, options_for(recipe, clip))
    return report


def _of_samples(series: Series, options: DatasetOptions) -> Job[PrivacyReport]:
    clip = yield from open_series(series)
    regions = yield from text_in_pictures(clip, chosen_frames(clip, options), bare(clip))
    return PrivacyReport((*of_device(clip), *of_text(regions)), regions, VERSION)


def _each(looks: Sequence[tuple[str, Job[PrivacyReport]]]) -> Job[list[dict[str, Any]]]:
    """Return what each look found; a series that cannot be read stops none of the others."""
    facts = []
    for done, (name, look) in enumerate(looks):
        yield Progress(done, len(looks), "Looking for what tells the patient")
        try:
            report = yield from look
            facts.append({"series": name} | report.facts())
        except Cancelled:
            raise
        except StudioError as error:
            facts.append({"series": name, "failed": str(error)})
    return facts


def _whole(found: Iterator[Finding], facts: list[dict[str, Any]]) -> dict[str, Any]:
    whole = PrivacyReport(tuple(found), (), None).facts()
    whole["identifying"] |= any(one.get("identifying", False) for one in facts)
    return whole | {"series": facts}
