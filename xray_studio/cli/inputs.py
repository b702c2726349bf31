"""Which of the inputs failed, and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xray_studio.cli.common import complain
from xray_studio.core.reasons import is_damage

if TYPE_CHECKING:
    from xray_studio.core.study import Catalog


def empty_inputs(named: Sequence[str], catalog: Catalog) -> dict[str, str]:
    """Return the named paths below which nothing opens, with the reasons."""
    opened = [Path(path).absolute() for s in catalog.all_series() for path in s.paths]
    reasons = {Path(skipped.path).absolute(): skipped.reason for skipped in catalog.skipped}
    empty = [p for p in named if not any(found.is_relative_to(_reach(p)) for found in opened)]
    return {path: _reason(Path(path), reasons) for path in empty}


def _reason(path: Path, reasons: dict[Path, str]) -> str:
    if not path.exists():
        return "there is no such file or folder"
    return reasons.get(path.absolute(), "there are no pictures here")


def damaged_inputs(catalog: Catalog) -> dict[str, str]:
    """Return the damaged files that are left out, with the reasons."""
    return {s.path: s.reason for s in catalog.skipped if is_damage(s.reason)}


def all_files(catalog: Catalog) -> list[str]:
    """Return every file that was found, those too that are left out."""
    opened = [path for series in catalog.all_series() for path in series.paths]
    return [*opened, *(skipped.path for skipped in catalog.skipped)]


def list_failed(failed: dict[str, str]) -> None:
    """Say on standard error, one a line, which inputs failed."""
    for path, reason in failed.items():
        complain(f"{path}: {reason.rstrip('.')}.")


def _reach(path: str) -> Path:
    """Return where the files of a path lie: a DICOMDIR names those beside and below it."""
    whole = Path(path).absolute()
    return whole.parent if whole.is_file() and whole.name.upper() == "DICOMDIR" else whole
