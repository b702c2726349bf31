"""How frames are shown when it is asked for in words: a window, a stored one, or none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.presentation import Presentation, StoredWindow, VoiFunction, Window
from xray_studio.services.presets import initial_presentation


@dataclass(frozen=True, slots=True)
class VoiChoice:
    """At most one of: a `window` or its (centre, width), `number` of a stored one, `full` range.

    Stored ones count from 1.
    """

    window: Window | tuple[float, float] | None = None
    number: int | None = None
    full: bool = False
    invert: bool = False


def chosen(clip: Clip, choice: VoiChoice, usual: Presentation | None = None) -> Presentation:
    """Return how a clip is shown; as is `usual`, or as it opens, where nothing is chosen.

    Raises UsageError for what the clip does not have.
    """
    if (choice.window is not None) + (choice.number is not None) + choice.full > 1:
        raise UsageError("Choose one of a window, a stored one, or none.")
    shown = _with_voi(clip, choice, usual)
    return replace(shown, invert=choice.invert != shown.invert)


def _with_voi(clip: Clip, choice: VoiChoice, usual: Presentation | None) -> Presentation:
    base = usual or Presentation()
    if choice.window is not None:
        given = choice.window
        return base.with_voi(given if isinstance(given, Window) else _window(*given))
    if choice.number is not None:
        return base.with_voi(stored_voi(clip, choice.number))
    return base.with_voi(None) if choice.full else usual or initial_presentation(clip)


def _window(center: float, width: float) -> Window:
    """Return a window; LINEAR cannot be narrower than 1, so those are LINEAR_EXACT."""
    function = VoiFunction.LINEAR_EXACT if 0.0 < width < 1.0 else VoiFunction.LINEAR
    try:
        return Window(center, width, function)
    except ValueError as error:
        raise UsageError(f"The {error}.") from None


def stored_voi(clip: Clip, number: int) -> StoredWindow | int:
    """Return a stored window, or the position of a stored VOI LUT; windows count first, from 1."""
    windows, tables = len(clip.windows), len(clip.voi_luts)
    if 1 <= number <= windows:
        return clip.windows[number - 1]
    if windows < number <= windows + tables:
        return number - windows - 1
    count = windows + tables
    known = f"the file has {count}, from 1" if count else "the file has none"
    raise UsageError(f"There is no stored window or VOI table {number}; {known}.")
