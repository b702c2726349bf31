"""A plane with another volume over it as a view of one clip, as it is exported."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.presentation import Presentation, Window
from xray_studio.core.volume.fusion import Match
from xray_studio.services.volume.plane_clips import plane_source
from xray_studio.ui.state import State
from xray_studio.ui.view import View, opened
from xray_studio.ui.volume.over import over_source


def fused_view(state: State, view: View) -> View:
    """Return a view of a plane with what lies over it, any other view as it is."""
    look = state.volume
    if look is None or look.over is None or look.by_time or view.clip is None:
        return view
    under, over = plane_source(view.clip), look.over
    if under is None or over_source(state, view.clip) is None:
        return view
    from xray_studio.services.volume.fusion import Fusion, fused_clip  # OpenCV: not to start

    together = over.volume.moments == look.volume.moments
    above = over.volume.alone(look.moment if together else 0)
    below = look.volume.alone(look.moment)
    fusion = Fusion(below, above, forced=over.match is Match.FORCED)
    voi = view.presentation.voi
    fusion.windows = voi if isinstance(voi, Window) else fusion.windows[0], over.window
    planes = [under.plane(number) for number in range(len(view.clip))]
    how = replace(over.how, wipe=view.wipe)
    clip = fused_clip(fusion, planes, how, (under.how, under.how))
    badges = dict.fromkeys((*over.badges, *clip.processed, *view.clip.processed))
    clip = replace(clip, processed=tuple(badges), timing=view.clip.timing)
    made = opened(view.series, clip, Presentation(), ())
    return replace(made, frame=view.frame, cine=replace(view.cine, playing=False))
