"""Points for reports among the operating points of a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xray_studio.core.files import replacing
from xray_studio.core.job import Job
from xray_studio.core.learning.model import FACTS
from xray_studio.core.reporting.writing import ABSENT, MENTION, Points
from xray_studio.services.learning.evaluate.report import report_points
from xray_studio.services.learning.models.installed import Installed


def write_points(data: Path, model: Installed, folder: Path | None) -> Job[Points]:
    """Choose points on the studies that nobody holds out and write them into `model.toml`.

    Raises WriteError where the model cannot be written.
    """
    points = yield from report_points(data, model, folder)
    known = {
        name: value
        for name, value in model.model.thresholds.items()
        if not name.endswith((MENTION, ABSENT))
    }
    changed = replace(model.model, thresholds=known | points.facts())
    with replacing(model.folder / FACTS) as temporary:
        temporary.write_text(changed.text(), "utf-8")
    return points
