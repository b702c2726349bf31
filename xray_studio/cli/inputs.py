"""Which of the inputs failed, and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xray_studio.cli.common import complain
from xray_studio.core.reasons import is_damage

if TYPE_CHECKING:
    from xray_studio.core.study import Catalog


def empty_inputs(
    named: Sequence[str], catalog: Catalog, *, pictures: bool = False
) -> dict[str, str]:
    """Return the named paths below which nothing opens, or no `pictures`, with the reasons."""
    listed = catalog.pictures() if pictures else catalog.all_series()
    opened = {Path(path).absolute() for series in listed for path in series.paths}
    reached = opened.union(*(path.parents for path in opened))
    reasons = {Path(skipped.path).absolute(): skipped.told for skipped in catalog.skipped}
    failed = {}
    for path in named:
        whole = Path(path).absolute()
        if whole in reached or (whole not in reasons and _leads_to(whole, reached)):
            continue
        failed[path] = reasons.get(whole, "there are no pictures here")
    return failed


def _leads_to(path: Path, reached: set[Path]) -> bool:
    """Tell whether a path is a DICOMDIR, whatever its name, that leads to files that open."""
    from xray_studio.services.open import is_directory

    return path.parent in reached and path.is_file() and is_directory(str(path))


def damaged_inputs(catalog: Catalog) -> dict[str, str]:
    """Return the damaged files that are left out, with the reasons."""
    return {s.path: s.told for s in catalog.skipped if is_damage(s.reason)}


def all_files(catalog: Catalog) -> list[str]:
    """Return every file that was found, those too that are left out."""
    opened = [path for series in catalog.all_series() for path in series.paths]
    return [*opened, *(skipped.path for skipped in catalog.skipped)]


def list_failed(failed: dict[str, str]) -> None:
    """Say on standard error, one a line, which inputs failed."""
    for path, reason in failed.items():
        complain(f"{path}: {reason.rstrip('.')}.")
