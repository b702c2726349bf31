"""One displayed frame as an 8-bit picture file, pixel for pixel."""

from __future__ import annotations

from pathlib import Path

from xray_studio.core.clip import Clip
from xray_studio.core.corner_text import Shown, corner_text, safety_badges
from xray_studio.core.drawn_source import Lettering, drawn, draws_text
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Picture
from xray_studio.core.presentation import Overlay, Presentation
from xray_studio.core.privacy import Privacy
from xray_studio.core.shown import shows_drawings, voi_of
from xray_studio.imaging.drawings import draw_drawings
from xray_studio.imaging.marks import MarkPainter
from xray_studio.imaging.overlay import CornerPainter
from xray_studio.imaging.render import oriented, render
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.picture_place import check_picture_place, write_picture
from xray_studio.services.privacy.gate import at_first_sight, notes
from xray_studio.services.privacy.log import note_file


def displayed(clip: Clip, index: int, presentation: Presentation, overlay: Overlay) -> Picture:
    """Return frame `index` (from 0) as shown: uint8 (rows, columns) or RGB.

    Raises UsageError when there is no such frame, and what the clip's source raises.
    """
    if not 0 <= index < len(clip):
        raise UsageError(f"There is no frame {index + 1}; the clip has frames 1 to {len(clip)}.")
    clip = drawn(clip, Lettering(overlay))
    picture = oriented(render(clip, index, presentation), presentation)
    if shows_drawings(clip, presentation):
        picture = draw_drawings(picture, clip, index, presentation)
    if draws_text(clip) or (overlay is Overlay.NONE and not safety_badges(clip)):
        return picture
    shown = Shown(frame=index, voi=voi_of(clip, presentation, index), invert=presentation.invert)
    text, made = corner_text(clip, shown, overlay), picture.copy()
    painter = CornerPainter(made.shape[0], made.shape[1], text)
    painter.require(safety_badges(clip))
    painter.paint(made, text)
    if overlay is not Overlay.NONE:
        width, size, margin = made.shape[1], painter.size, painter.margin
        MarkPainter(clip, presentation, width, size=size, margin=margin).paint(made, index, text)
    return made


def write_frame(
    clip: Clip,
    index: int,
    target: Path,
    presentation: Presentation,
    overlay: Overlay,
    *,
    overwrite: bool = False,
) -> Job[Picture]:
    """Write one displayed frame and return it; a file that is there only goes with `overwrite`.

    Raises WriteError, and as `displayed`.
    """
    check_picture_place(target, clip.paths, overwrite=overwrite)
    yield Progress(0, 1, "Rendering")
    picture = displayed(clip, index, presentation, overlay)
    write_picture(target, picture)
    found = at_first_sight(clip, target, _options(presentation, overlay))
    places = tuple(dict.fromkeys(finding.place for finding in found))
    note_file(target.suffix.lower(), Privacy(places=places), target.read_bytes())
    return picture


def told_of(
    clip: Clip, target: Path, presentation: Presentation, overlay: Overlay
) -> tuple[str, ...]:
    """Return what a person should know of a written frame: where it tells the patient, or may."""
    return tuple(notes(clip, target, _options(presentation, overlay)))


def _options(presentation: Presentation, overlay: Overlay) -> ExportOptions:
    return ExportOptions(presentation=presentation, overlay=overlay)
