"""How the clip of a view is processed, and what became of that. Pure functions."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xray_studio.core.clip import Clip
from xray_studio.core.pipeline import Pipeline, lacks_frames

if TYPE_CHECKING:
    from xray_studio.ui.over_state import Stored
    from xray_studio.ui.view import View


class Compared(enum.Enum):
    """How a processed picture stands beside the unprocessed one."""

    NOT = "not"
    WIPE = "wipe"
    DIFFERENCE = "difference"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """What a pipeline made of a view.

    `clip` is on screen since, `base` is how the view was before. `same_values` tells that values
    mean what they meant before, so that windows hold. An `error` took the place of the picture;
    `clip` then is that of `base`.
    """

    pipeline: Pipeline
    clip: Clip
    base: Stored
    same_values: bool = True
    error: str = ""


def worked(view: View) -> Worked | None:
    """Return what a pipeline made of the clip of a view, None for one as it was opened."""
    found = view.worked
    return found if found is not None and found.clip is view.clip else None


def unprocessed(view: View) -> View:
    """Return a view with its clip as it was before it was processed."""
    made = worked(view)
    if made is None:
        return view
    base, shown = made.base, view.presentation
    if not made.same_values:
        shown = shown.with_voi(base.presentation.voi)
    return replace(
        view, clip=base.clip, presentation=shown, initial=base.initial, windows=base.windows,
        worked=None,
    )  # fmt: skip


def is_behind(view: View) -> bool:
    """Tell whether the clip of a view is not processed yet as it is to be."""
    made = worked(view)
    done = () if made is None else made.pipeline.steps
    return view.clip is not None and view.pipeline.steps != done


def waits_to_run(view: View) -> bool:
    """Tell whether a view is not processed before that is asked for, since it takes long.

    Steps that its clip is too short for have no use for a run: they are refused at once.
    """
    return is_behind(view) and view.pipeline.recursive and not _too_short(view)


def _too_short(view: View) -> bool:
    frames = 0 if view.clip is None else len(view.clip)
    return any(lacks_frames(type(step), frames) for step in view.pipeline.steps)


def same_origin(old: View, new: View) -> bool:
    """Tell whether two views show one clip, processed or not."""
    clip = unprocessed(old).clip
    return clip is not None and unprocessed(new).clip is clip


def step_error(view: View) -> str:
    """Return what keeps a view from being processed, "" when nothing does."""
    made = worked(view)
    return "" if made is None or is_behind(view) else made.error


def keeps_values(view: View) -> bool:
    """Tell whether the values of a view mean what its file says."""
    made = worked(view)
    return made is None or made.same_values


def processed_words(view: View) -> str:
    """Return by which steps the clip of a view is processed, "" for one as it was opened."""
    made = worked(view)
    if made is None or made.error:
        return ""
    return f"processed by {', '.join(step.title for step in made.pipeline.steps)}"


def is_processed(view: View) -> bool:
    """Tell whether the clip of a view is a processed one."""
    made = worked(view)
    return made is not None and not made.error
