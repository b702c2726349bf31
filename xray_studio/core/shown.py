"""What a presentation shows of a clip beside its pixels."""

from __future__ import annotations

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.lut import Voi
from xray_studio.core.overlay_plane import OverlayPlane
from xray_studio.core.per_frame import PerFrame, at_frame
from xray_studio.core.presentation import Presentation
from xray_studio.core.segments import SegmentLayer


def voi_of(clip: Clip, presentation: Presentation, index: int) -> Voi:
    """Return the VOI transformation of frame `index` that a presentation chooses.

    Raises UsageError when the clip has no such table.
    """
    voi = presentation.voi
    if not isinstance(voi, int):
        return at_frame(voi, index)
    if not 0 <= voi < len(clip.voi_luts):
        raise UsageError(f"There is no VOI LUT {voi + 1}; the file has {len(clip.voi_luts)}.")
    return at_frame(clip.voi_luts[voi], index)


def shown_planes(clip: Clip, presentation: Presentation) -> tuple[OverlayPlane, ...]:
    """Return the overlay planes that a presentation shows, on whichever frame."""
    if not presentation.planes:
        return ()
    return tuple(p for p in clip.overlays if p.group not in presentation.hidden_planes)


def shown_segments(clip: Clip, presentation: Presentation) -> tuple[SegmentLayer, ...]:
    """Return the segments that a presentation shows, on whichever frame."""
    if not presentation.segments:
        return ()
    hidden = presentation.hidden_segments
    return tuple(layer for layer in clip.segments if layer.segment.number not in hidden)


def shows_drawings(clip: Clip, presentation: Presentation) -> bool:
    """Tell whether anything that a presentation state has drawn is shown, on whichever frame."""
    return presentation.drawings and bool(clip.drawings)


def in_colour(clip: Clip, presentation: Presentation) -> bool:
    """Tell whether pictures of a clip are RGB when shown so: those of all frames alike."""
    coloured = clip.is_colour or bool(presentation.colour_map) or has_palette(clip)
    over = shown_planes(clip, presentation) or shown_segments(clip, presentation)
    return coloured or bool(over) or shows_drawings(clip, presentation)


def has_palette(clip: Clip) -> bool:
    """Tell whether greys are shown in colours on any frame."""
    tones = clip.tones.each if isinstance(clip.tones, PerFrame) else (clip.tones,)
    return any(one is not None and one.palette for one in tones)
