"""Commands of the window panel and its keys. Each one changes the session and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from xray_studio.core.corner_text import format_number
from xray_studio.core.lut import modality_range
from xray_studio.core.per_frame import PerFrame, at_frame
from xray_studio.core.presentation import StoredWindow, VoiChoice, Window
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.view import View

STORED_KEYS = 2
PRESET_KEYS = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """One window to choose: `voi` goes into the presentation, `key` chooses it on the keyboard."""

    name: str
    voi: StoredWindow | int
    key: str = ""
    detail: str = ""


def stored_choices(view: View) -> tuple[Choice, ...]:
    """Return the windows stored in the file, then its VOI tables; the first two have keys."""
    if view.clip is None or view.clip.is_colour:
        return ()
    frame = len(view.clip) // 2
    windows = [(at_frame(w, frame).explanation, w) for w in dict.fromkeys(view.clip.windows)]
    luts = [at_frame(lut, frame) for lut in view.clip.voi_luts]
    tables = [(lut.explanation or "VOI table", n) for n, lut in enumerate(luts)]
    found: list[tuple[str, StoredWindow | int]] = [*windows, *tables]
    return tuple(
        Choice(name or _unnamed(n, found), voi, str(n) if n <= STORED_KEYS else "", _detail(voi))
        for n, (name, voi) in enumerate(found, 1)
    )


def _unnamed(number: int, found: Sequence[object]) -> str:
    return f"Stored window {number}" if len(found) > 1 else "Stored window"


def preset_choices(view: View) -> tuple[Choice, ...]:
    """Return the presets of the modality; the first seven have the keys 3 to 9."""
    if view.clip is None or view.clip.is_colour:
        return ()
    stored = set(view.clip.windows)
    presets = [w for w in view.windows if w not in stored and isinstance(w, Window)]
    return tuple(
        Choice(window.explanation, window, str(n + 3) if n < PRESET_KEYS else "", _detail(window))
        for n, window in enumerate(presets)
    )


def chosen(view: View, choice: Choice) -> bool:
    """Tell whether a choice is what the view shows; the full range is a window as well."""
    shown = view.presentation.voi
    if isinstance(choice.voi, int) or isinstance(shown, int):
        return type(choice.voi) is type(shown) and choice.voi == shown
    if isinstance(choice.voi, PerFrame) or isinstance(shown, PerFrame):
        return choice.voi == shown
    return _same_greys(choice.voi, window_of(view))


def _same_greys(one: Window, two: Window) -> bool:
    return replace(one, explanation="") == replace(two, explanation="")


def window_of(view: View) -> Window:
    """Return what the view shows as a window: that of the table's inputs, or of the full range."""
    clip, chosen_voi = view.clip, view.presentation.voi
    assert clip is not None
    voi = chosen_voi if isinstance(chosen_voi, int) else at_frame(chosen_voi, view.frame)
    if isinstance(voi, Window):
        return voi
    if isinstance(voi, int):
        table = at_frame(clip.voi_luts[voi], view.frame)
        return Window.spanning(table.first, table.first + len(table.values) - 1)
    return Window.spanning(*modality_range(clip.pixels, clip.modality_at(view.frame)))


def _detail(voi: StoredWindow | int) -> str:
    if isinstance(voi, int):
        return "table"
    if isinstance(voi, PerFrame):
        return "each frame its own"
    return f"{number_shown(voi.width)} / {number_shown(voi.center)}"


def number_shown(value: float, unit: str = "") -> str:
    """Return a number to be read, not typed: with a real minus sign, and its unit."""
    words = format_number(value).replace("-", "\N{MINUS SIGN}")
    return f"{words} {unit}".rstrip()


def _everything(state: State) -> Window | None:
    """Return the full range: None for that of the stored bits.

    More than 16 bits, or floating numbers, span a range of which a picture uses next to nothing.
    """
    clip, counts = state.view.clip, state.view.histogram
    if clip is None or clip.source.dtype.itemsize <= 2 or counts is None:
        return None
    return Window.spanning(counts.low, counts.high, "Full range")


class WindowCommands:
    """Choose, type, invert and reset the window. Nothing happens on colour, which has none."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def choose(self, choice: Choice) -> None:
        """Show a stored window or preset."""
        self.set_voi(choice.voi)

    def key(self, number: int) -> None:
        """Follow a number key: 0 automatic, 1 and 2 stored in the file, 3 to 9 presets."""
        if number == 0:
            self.auto()
            return
        view = self._session.view
        for choice in (*stored_choices(view), *preset_choices(view)):
            if choice.key == str(number):
                self.choose(choice)

    def auto(self) -> None:
        """Ask for an automatic window, which is worked out in the background."""
        if self._grey:
            self._session.update_view(auto_window=True)

    def set_window(self, center: float, width: float) -> None:
        """Show a window given by numbers, in modality units; the function stays as it is."""
        view = self._session.view
        fixed = not isinstance(view.presentation.voi, int | None)
        base = window_of(view) if fixed else Window.spanning(0.0, 1.0)
        self.set_voi(base.moved(center - base.center, width - base.width))

    def full_range(self) -> None:
        """Show everything that the stored bits can hold; of wider data what the frame holds."""
        self.set_voi(_everything(self._session.state))

    def invert(self) -> None:
        """Turn black and white round."""
        if self._session.view.clip is not None:
            self._session.update_presentation(invert=not self._session.view.presentation.invert)

    def reset(self) -> None:
        """Show the window that the clip opened with."""
        view = self._session.view
        self._session.update_presentation(voi=view.initial.voi, invert=view.initial.invert)

    def set_voi(self, voi: VoiChoice) -> None:
        """Show a VOI transformation; an automatic window still being worked out is dropped."""
        if self._grey:
            view = self._session.view
            self._session.update_view(
                presentation=view.presentation.with_voi(voi), auto_window=False
            )

    @property
    def _grey(self) -> bool:
        clip = self._session.view.clip
        return clip is not None and not clip.is_colour
