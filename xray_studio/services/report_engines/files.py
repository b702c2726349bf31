"""A draft of files: the films of one study are opened, and an engine writes about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.job import Job
from xray_studio.core.reasons import losses
from xray_studio.core.report.engine import Asked
from xray_studio.core.report.report import Report
from xray_studio.services.open import open_paths, scan
from xray_studio.services.report.drafting import drafted
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
    """Return a draft on files that are films of one study; of copies of a film one is opened.

    Raises StudioError where a file cannot be opened, or the engine cannot be used or abstains.
    """
    catalog = yield from scan(paths)
    failed = {one.path: one.told for one in catalog.skipped if one.taken}
    clips = list[Clip]()
    for path in dict.fromkeys(paths):
        if path in failed:
            continue
        clip = yield from open_paths([path])
        lost = losses(clip.acquisition.warnings)
        failed |= {path: lost[0]} if lost else {}
        clips.append(clip)
    report = yield from draft_clips(clips, engine, model, indication)
    return FileDraft(report, tuple(clips), tuple(failed.items()))


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
