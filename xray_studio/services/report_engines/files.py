"""A draft of files: the films of one study are opened, and an engine writes about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.job import Job
from xray_studio.core.kinds import LOOSE, SINGLE
from xray_studio.core.reasons import losses
from xray_studio.core.report.engine import Asked
from xray_studio.core.report.report import Report
from xray_studio.services.open import nothing_opens, open_paths, open_series, scan
from xray_studio.services.report.drafting import MOST, drafted
from xray_studio.services.report.engines import usable


@dataclass(frozen=True, slots=True, eq=False)
class FileDraft:
    """A draft, the clips that it is on, and files left out or cut short with the reasons."""

    report: Report
    clips: tuple[Clip, ...]
    failed: tuple[tuple[str, str], ...] = ()


def draft_files(
    paths: Sequence[str], engine: str = "", model: Path | None = None, indication: str = ""
) -> Job[FileDraft]:
    """Return a draft on films of one study: files, and those below folders; of copies on one.

    Raises StudioError where a file cannot be opened, or the engine cannot be used or abstains.
    """
    catalog = yield from scan(paths)
    failed = {one.path: one.told for one in catalog.skipped if one.taken}
    copies = {Path(path).absolute() for path in failed}
    clips = list[Clip]()
    for path in dict.fromkeys(paths):
        if Path(path).absolute() not in copies:
            clips += yield from _opened(path)
    for clip in clips:
        lost = losses(clip.acquisition.warnings)
        failed |= {clip.paths[0]: lost[0]} if lost else {}
    report = yield from draft_clips(clips, engine, model, indication)
    return FileDraft(report, tuple(clips), tuple(failed.items()))


def _opened(path: str) -> Job[list[Clip]]:
    """Return what a file or folder holds: films one by one, slices and loops by their series.

    Raises UsageError for a folder of many pictures that do not tell which study they are of.
    """
    catalog = yield from scan([path])
    found = catalog.pictures()
    found = [one for one in found if one.modality != "SEG"] or found
    if not found:
        raise nothing_opens(catalog)
    loose = sum(len(one.instances) for one in found if one.kind in LOOSE)
    if loose > MOST:
        raise UsageError(
            f"A report is on one study, and {loose:,} pictures here do not tell which they are of;"
            " name its films alone."
        )
    clips = list[Clip]()
    for series in found:
        if series.kind not in LOOSE and series.modality not in SINGLE:
            clips.append((yield from open_series(series)))
            continue
        for one in series.paths:
            clips.append((yield from open_paths([one])))
    return clips


def draft_clips(
    clips: Sequence[Clip], engine: str = "", model: Path | None = None, indication: str = ""
) -> Job[Report]:
    """Return a draft on the middle frames of clips of one study; raises as `draft_files` does."""
    if not clips:
        raise UsageError("Name at least one film.")
    asked = Asked(tuple((clip, len(clip) // 2) for clip in clips), indication=indication)
    written = yield from drafted(usable(engine, model), asked, datetime.now().astimezone())
    if written.report is None:
        raise UnsupportedError(f"There is no draft: {written.abstained}")
    return written.report
