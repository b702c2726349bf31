"""Clips that are made of volumes, written as pictures or as whatever exports make of a clip."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xray_studio.cli.common import complain, run_job

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip
    from xray_studio.core.presentation import Presentation


def write_clip(
    clip: Clip, out: Path, overlay: str, how: Presentation, *, overwrite: bool, quiet: bool
) -> None:
    """Write one frame as a picture, several as a movie, a folder or a DICOM capture."""
    from xray_studio.core.presentation import Overlay
    from xray_studio.services.export.frame_picture import told_of, write_frame
    from xray_studio.services.export.options import ExportOptions
    from xray_studio.services.export.run import export
    from xray_studio.services.volume.cutting import PICTURES

    text, suffix = Overlay(overlay), out.suffix.lower()
    if len(clip) == 1 and suffix in PICTURES:
        run_job(write_frame(clip, 0, out, how, text, overwrite=overwrite), quiet=quiet)
        notes = told_of(clip, out, how, text)
    else:
        options = ExportOptions(presentation=how, overlay=text, shown=suffix == ".dcm")
        notes = run_job(export(clip, out, options, overwrite=overwrite), quiet=quiet).notes
    for sentence in notes:
        complain(sentence)
