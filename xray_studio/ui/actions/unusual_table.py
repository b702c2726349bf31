"""Actions of the unusual: asking a detector, going from peak to peak and region to region."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.core.anomaly.verdict import Verdict
from xray_studio.ui.actions.actions import SEPARATOR, Spec, Submenu, inside
from xray_studio.ui.session import Session
from xray_studio.ui.unusual_kinds import KINDS
from xray_studio.ui.viewer import unusual_commands as u
from xray_studio.ui.viewer.unusual_commands import UnusualCommands

MENU = Submenu("Heatmap", named=True)
SAVE = Submenu("Save the heatmap", named=True)
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def unusual_specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield the actions, in order."""
    yield from inside(MENU, _specs(session, runs))
    yield from inside(SAVE, _kinds(runs))


def _kinds(runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield what a result can be saved as."""
    for name, kind in KINDS.items():
        when = u.can_save_object if kind.is_object else u.can_save_result
        save = partial(runs["save_unusual"], name)
        yield Spec(f"save_unusual_{name}", f"{kind.title}{ELLIPSIS}", save, "", when)


def _specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    look = runs["look_for_unusual"]
    commands, judge = UnusualCommands(session, look), runs["judge_region"]
    shows, can = u.shows_overlay, u.can_toggle
    yield Spec("heat_map", "Heat map", commands.toggle, "X", can, shows)
    yield Spec("look_for_unusual", "Look for the unusual", look, "Ctrl+Alt+U", u.can_look)
    yield Spec("stop_unusual", "Stop looking", runs["stop_unusual"], "", u.is_looking)
    yield SEPARATOR
    following, before = partial(commands.peak, 1), partial(commands.peak, -1)
    yield Spec("next_peak", "Next peak", following, "N", u.has_peaks)
    yield Spec("previous_peak", "Previous peak", before, "B", u.has_peaks)
    yield Spec("next_region", "Next region", partial(commands.step, 1), "Shift+N", u.has_regions)
    back = partial(commands.step, -1)
    yield Spec("previous_region", "Previous region", back, "", u.has_regions)
    yield Spec("show_region", "Go to the region", commands.jump, "G", u.has_chosen)
    yield Spec("ask_why", "Why the region was marked", runs["ask_why"], "", u.can_explain)
    yield SEPARATOR
    accept, reject = partial(judge, Verdict.ACCEPTED), partial(judge, Verdict.REJECTED)
    yield Spec("accept_region", "Accept the region", accept, "", u.can_judge)
    yield Spec("reject_region", "Reject the region", reject, "", u.can_judge)
    redraw = partial(judge, Verdict.REDRAWN)
    yield Spec("redraw_region", "Redraw the region", redraw, "", u.can_judge)
    masks = runs["export_masks"]
    yield Spec("export_masks", "Export masks of judged regions\N{HORIZONTAL ELLIPSIS}", masks)
    yield SEPARATOR
    more, less = partial(commands.cover_by, u.STEP), partial(commands.cover_by, -u.STEP)
    yield Spec("map_more", "Stronger", more, "", u.has_map)
    yield Spec("map_less", "Weaker", less, "", u.has_map)
    yield Spec("own_threshold", "Threshold of the detector", commands.own_threshold, "", u.has_map)
    yield Spec("otsu_threshold", "Threshold by Otsu", commands.otsu, "", u.has_map)
    yield SEPARATOR
    yield Spec("hide_ai", "Hide results of AI", commands.hide_ai, "F9", on=u.ai_hidden)
