"""What the cine bar says: time, rate with its source, in and out point. Frames count from 1."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.clip import Clip
from xray_studio.core.playback import Loop
from xray_studio.ui.clock import by_real_time
from xray_studio.ui.in_step import stretch_in
from xray_studio.ui.state import State
from xray_studio.ui.view import Cine, View

TIMES = "\u00d7"
LOOP_WORDS = {
    Loop.LOOP: "Loop",
    Loop.PING_PONG: "Forwards and backwards",
    Loop.ONCE: "Play once",
}
BRIEF = {
    " from ": " ",
    "Recommended Display Frame Rate": "Recommended",
    "Frame Time Vector": "Time Vector",
}
LOOP_ICONS = {
    Loop.LOOP: "repeat",
    Loop.PING_PONG: "arrow-left-right",
    Loop.ONCE: "arrow-right-to-line",
}


def time_words(view: View) -> str:
    """Return "3.07 s of 6.40 s", "" without a clip and for slices, which lie in no time."""
    clip = view.clip
    if clip is None or clip.is_volume:
        return ""
    real = clip.timing.real_duration()
    total = clip.timing.duration(len(clip)) if real is None else real
    return f"{clip.timing.moment(view.frame):.2f} s of {total:.2f} s"


def range_words(view: View, *, brief: bool = False) -> str:
    """Return "in 19 · out 78", "" while the whole clip plays; `brief` just the two numbers."""
    cine = view.cine
    if view.clip is None or (cine.first, cine.last) == (0, len(view.clip) - 1):
        return ""
    first, last = cine.first + 1, cine.last + 1
    return f"{first}\u2013{last}" if brief else f"in {first} · out {last}"


def speed_words(cine: Cine) -> str:
    """Return the speed as a multiple, or that acquired times are followed."""
    return "Real time" if cine.real_time else multiple(cine.speed)


def multiple(speed: float) -> str:
    """Return a speed as "0.25" or "1.0" with a multiplication sign."""
    return f"{speed:.2g} {TIMES}" if speed % 1 else f"{speed:.1f} {TIMES}"


def rate_words(state: State) -> tuple[str, str]:
    """Return the rate achieved, "" while nothing plays, and the rest: wanted and its source.

    Together they read "15.0" and "/15 per s · from Frame Time"; at another speed than that of the
    file "/7.5 of 15 per s · from Frame Time".
    """
    view = state.view
    clip = view.clip
    if clip is None:
        return "", ""
    achieved = f"{state.view.rate:.1f}" if view.cine.playing and state.view.rate is not None else ""
    if by_real_time(view):
        return achieved, " per s · acquired frame times" if achieved else "Acquired frame times"
    rate, own = f"{wanted_rate(state):.4g}", f"{clip.frame_rate:.4g}"
    told = rate if rate == own else f"{rate} of {own}"
    wanted = f"{told} per s · {source_words(clip)}"
    return achieved, f"/{wanted}" if achieved else wanted


def wanted_rate(state: State) -> float:
    """Return the frames per second that the active loop is to show, 0 without one."""
    view = state.view
    return 0.0 if view.clip is None else view.clip.frame_rate * view.cine.speed / stretch_in(state)


def widest_rate(state: State) -> tuple[str, str]:
    """Return `rate_words` as they are while the clip plays, with the most figures there can be."""
    view = state.view
    playing = replace(view, cine=replace(view.cine, playing=True))
    achieved, rest = rate_words(state.with_view(replace(playing, rate=0.0)))
    return max(achieved, "00.0", f"{wanted_rate(state):.1f}", key=len), rest


def lone_rate(achieved: str, rest: str) -> str:
    """Return the rate by itself: "27.2/s" as achieved, else "30.3/s" as wanted."""
    wanted = rest.split(" ", 1)[0]
    if not achieved and wanted[:1].isdigit():
        achieved = f"{float(wanted):.1f}".removesuffix(".0")
    return f"{achieved}/s" if achieved else ""


def longest_time(view: View) -> str:
    """Return the widest that `time_words` get in a clip."""
    last = 0 if view.clip is None else len(view.clip) - 1
    return time_words(replace(view, frame=last))


def source_words(clip: Clip) -> str:
    """Return where the rate comes from: "from Frame Time", "default for XA"."""
    source = clip.timing.source
    return source if source.startswith("default") else f"from {source}"


def brief_rate(words: str) -> str:
    """Return what a narrow bar says of a rate: "15/s · Recommended", "/15 · Frame Time"."""
    for long, short in BRIEF.items():
        words = words.replace(long, short)
    return words.replace(" per s", "" if words.startswith("/") else "/s")
