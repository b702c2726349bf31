"""What a clip is, as plain values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from xray_studio.core.archive import container
from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.per_frame import PerFrame, at_frame, middle_of
from xray_studio.core.presentation import StoredWindow
from xray_studio.services.display_facts import display_facts

if TYPE_CHECKING:
    from xray_studio.dicom.tags import TagRow


def clip_facts(clip: Clip) -> dict[str, Any]:
    """Return size, depth, timing, windows and origin of a clip.

    A still has no rate and no duration. Lengths are in millimetres, times in seconds.
    """
    made, moving = clip.acquisition, len(clip) > 1
    return {
        "rows": clip.rows,
        "columns": clip.columns,
        "frames": len(clip),
        "bits_stored": clip.pixels.bits,
        "signed": clip.pixels.signed,
        "photometric": made.photometric,
        "transfer_syntax": made.transfer_syntax,
        "transfer_syntax_name": _syntax_name(made.transfer_syntax),
        "lossy": made.lossy,
        "frame_rate": clip.frame_rate if moving else None,
        "frame_rate_source": clip.timing.source if moving else None,
        "duration": clip.timing.duration(len(clip)) if moving else None,
        "real_duration": clip.timing.real_duration() if moving else None,
        "windows": [_window(window) for window in clip.windows],
        "voi_tables": [at_frame(table, len(clip) // 2).explanation for table in clip.voi_luts],
        "unit": clip.unit,
        "modality": made.modality,
        "sop_class_uid": made.sop_class_uid,
        "sop_instance_uid": made.sop_instance_uid,
        "series_instance_uid": made.series_instance_uid,
        "study_instance_uid": made.study_instance_uid,
        "series_number": made.series_number,
        "series_description": made.series_description,
        "angles": list(made.angles) if made.angles else None,
        "pixel_spacing": list(made.pixel_spacing) if made.pixel_spacing else None,
        "pixel_spacing_meaning": made.spacing_meaning,
        "pixel_aspect": clip.pixel_aspect,
        "planes": clip.planes or None,
        "plane_distance": clip.places[0].thickness if clip.planes and clip.places else None,
        **display_facts(clip),
        "warnings": list(made.warnings),
    }


def _window(stored: StoredWindow) -> dict[str, Any]:
    """Return a window; of one that differs from frame to frame that of the middle one, and all."""
    window = middle_of(stored)
    facts = {
        "center": window.center,
        "width": window.width,
        "explanation": window.explanation,
        "function": window.function.value,
    }
    if not isinstance(stored, PerFrame):
        return facts
    return facts | {"per_frame": [[one.center, one.width] for one in stored.each]}


def _syntax_name(uid: str) -> str:
    """Return the name of a transfer syntax, "" for what is no UID or has none."""
    if not uid.startswith("1."):
        return ""
    from xray_studio.dicom.file.syntax_names import syntax_name

    return syntax_name(uid)


def dose_of(path: str) -> dict[str, Any] | None:
    """Return what a DICOM image tells of its own dose, None for others and where it is silent."""
    from xray_studio.core.workers import run_apart
    from xray_studio.dicom.documents.image_dose import read_image_dose
    from xray_studio.services.documents.facts import event_facts

    if not Path(container(path)).is_file():
        return None
    try:
        event = run_apart(read_image_dose, path).result()
    except StudioError:
        return None
    return event_facts(event) if event is not None else None


def all_tags(path: str) -> tuple[TagRow, ...]:
    """Return the tags of a DICOM file, or what the header of a volume tells.

    Raises UnreadableError for any other file.
    """
    from xray_studio.dicom.tags import read_tags
    from xray_studio.services.volume.fields import header_rows

    return header_rows(path) or read_tags(path)


def tags_of(path: str) -> tuple[TagRow, ...]:
    """Return the tags of a file as `all_tags`, none for pictures, videos and folders."""
    if not Path(container(path)).is_file():
        return ()
    try:
        return all_tags(path)
    except StudioError:
        return ()
