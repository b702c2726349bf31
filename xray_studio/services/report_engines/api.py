"""Drafts of reports from Python: `xs.report(clip)`."""

from __future__ import annotations

import os
from pathlib import Path

from xray_studio.core.clip import Clip
from xray_studio.core.job import run
from xray_studio.core.report.report import Report
from xray_studio.services.report_engines.files import draft_clips


def report(
    *clips: Clip,
    engine: str = "findings",
    model: str | os.PathLike[str] = "",
    indication: str = "",
) -> Report:
    """Return a draft on clips of one study, which a person edits and signs.

    `engine` is findings, encoder-decoder, structured, blip or that of a package; `model` names the
    folder of its model. Raises StudioError where the engine cannot be used, or abstains with the
    reason.
    """
    folder = Path(model) if model else None
    return run(draft_clips(clips, engine, folder, indication))
