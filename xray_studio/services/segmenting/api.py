"""Segments from Python: `import xray_studio as xs`, then `xs.segment(xs.open_volume("ct/"))`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.volume.volume import Volume
from xray_studio.services.segmenting.facts import segment_facts
from xray_studio.services.segmenting.opening import open_segments
from xray_studio.services.segmenting.saving import (
    UNKNOWN_FORM,
    Saving,
    form_of,
)
from xray_studio.services.segmenting.saving import save_segments as saving
from xray_studio.services.segmenting.session import Segmenting, begun

PathLike = str | os.PathLike[str]


def segment(volume: Volume, labels: PathLike | None = None) -> Segmenting:
    """Return a session over a volume of one moment, with the segments of a file or without any.

    Raises StudioError with the reason.
    """
    if labels is None:
        return begun(volume)
    one = volume.single("Segmentation")
    return Segmenting(one, run(open_segments(labels, one)).labels)


def measure(session: Segmenting) -> list[dict[str, Any]]:
    """Return what segments are and measure: ml, values, and mm2 on every plane (from 1)."""
    return segment_facts(session.labels, run(session.measure()), session.volume.unit)


def save_segments(
    session: Segmenting, target: PathLike, *, overwrite: bool = False
) -> tuple[Path, ...]:
    """Write segments by the suffix of the target and return the files; a session is saved then.

    Suffixes are .seg.dcm, .rtstruct.dcm, .nii.gz, .seg.nrrd and .stl. Raises StudioError with the
    reason.
    """
    path = Path(target)
    form = form_of(path)
    if form is None:
        raise UsageError(UNKNOWN_FORM)
    files = run(saving(session.volume, session.labels, Saving(path, form, overwrite)))
    session.saved = True
    return files
