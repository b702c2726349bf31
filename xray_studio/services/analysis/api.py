"""The whole pipeline from Python: `xs.analyze(clip)`."""

from __future__ import annotations

import os
from pathlib import Path

from xray_studio.core.clip import Clip
from xray_studio.core.job import run
from xray_studio.services.analysis.result import Analysis
from xray_studio.services.analysis.run import analyse_clips
from xray_studio.services.analysis.study import How
from xray_studio.services.analysis.writing import Target
from xray_studio.services.learning.inference.findings import Shown


def analyze(
    *clips: Clip,
    out: str | os.PathLike[str] = "",
    engine: str = "findings",
    model: str | os.PathLike[str] = "",
    indication: str = "",
    anonymous: bool = False,
    overwrite: bool = False,
) -> Analysis:
    """Return all that is found in clips of one study: view, findings, heat maps, draft.

    Of each clip the middle frame is looked at. `out` is a folder for the files that the command
    `analyze` writes; without one nothing is written. `model` is the folder of a finding classifier.
    For research and education. Raises StudioError with the reason where the clips are of several
    studies, cannot be read, or files cannot be written.
    """
    how = How(engine, Path(model) if model else None, indication, anonymous)
    target = Target(Path(out), anonymous, overwrite) if out else None
    return run(analyse_clips([Shown.of(clip) for clip in clips], target, how))
