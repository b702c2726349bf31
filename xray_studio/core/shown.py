"""What a presentation shows of a clip beside its pixels."""

from __future__ import annotations

from xray_studio.core.clip import Clip
from xray_studio.core.overlay_plane import OverlayPlane
from xray_studio.core.presentation import Presentation


def shown_planes(clip: Clip, presentation: Presentation) -> tuple[OverlayPlane, ...]:
    """Return the overlay planes that a presentation shows, on whichever frame."""
    if not presentation.planes:
        return ()
    return tuple(p for p in clip.overlays if p.group not in presentation.hidden_planes)


def in_colour(clip: Clip, presentation: Presentation) -> bool:
    """Tell whether pictures of a clip are RGB when shown so: those of all frames alike."""
    mapped = bool(presentation.colour_map)
    return clip.is_colour or mapped or bool(shown_planes(clip, presentation))
