"""What the options of `volume segment` mean: segments to be found, and files to be written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.services.segmenting.recipe import Wanted
    from xray_studio.services.segmenting.saving import Form, Saving
    from xray_studio.services.segmenting.tools import Range


def savings_of(out: Path, formats: str, *, overwrite: bool) -> list[Saving]:
    """Return what is written where. Raises StudioError before anything is opened."""
    from xray_studio.services.export.picture_place import check_file_place
    from xray_studio.services.segmenting.saving import UNKNOWN_FORM, Saving, beside, form_of

    if formats:
        files = beside(out, [_form(word) for word in formats.split(",") if word.strip()])
    else:
        form = form_of(out)
        if form is None:
            raise UsageError(UNKNOWN_FORM)
        files = [(out, form)]
    for path, _ in files:
        check_file_place(path, (), overwrite=overwrite)
    return [Saving(path, form, overwrite) for path, form in files]


def _form(word: str) -> Form:
    from xray_studio.services.segmenting.saving import Form

    try:
        return Form(word.strip().casefold())
    except ValueError:
        known = ", ".join(form.value for form in Form)
        raise UsageError(f"{word} is no format of segments; choose of: {known}.") from None


def range_of(words: str) -> Range:
    """Return a range of values. Raises UsageError for words that are none."""
    from xray_studio.services.segmenting.tools import Range

    low, comma, high = words.partition(",")
    if not comma:
        raise UsageError(f"{words} is one value; give the lower and the upper one, as 200,3000.")
    try:
        return Range(
            float(low) if low.strip() else -float("inf"),
            float(high) if high.strip() else float("inf"),
        )
    except ValueError:
        raise UsageError(
            f"{words} is no range of values; give the lower and the upper one, as -900,-400 or 200,"
            " for no upper one."
        ) from None


def wanted_of(
    thresholds: list[str],
    seeds: list[str],
    limits: Range | None,
    tolerance: float,
    reach: float,
) -> list[Wanted]:
    """Return segments of values, and those that grow from points over a range."""
    from xray_studio.services.segmenting.recipe import Wanted
    from xray_studio.services.segmenting.tools import Growth

    grown = [Wanted(Growth(_point(words), limits, tolerance, reach)) for words in seeds]
    return [*(Wanted(range_of(words)) for words in thresholds), *grown]


def brain_like_words() -> list[Wanted]:
    """Return the segment that looks like a brain."""
    from xray_studio.core.volume.filters import BrainLikeMask
    from xray_studio.services.segmenting.recipe import Wanted

    return [Wanted(BrainLikeMask(), "Brain-like", "brain")]


def _point(words: str) -> tuple[float, float, float]:
    try:
        x, y, z = (float(part) for part in words.split(","))
    except ValueError:
        raise UsageError(
            f"{words} is no point; give millimetres to the left, back and head, as 10,-40,120."
        ) from None
    return x, y, z


def named(wanted: list[Wanted], names: list[str], kinds: list[str]) -> list[Wanted]:
    """Return segments with their names and kinds, in their order."""
    if max(len(names), len(kinds)) > len(wanted):
        raise UsageError("There are more names or kinds than segments; give one for each.")
    return [
        replace(
            one,
            name="".join(names[at : at + 1]) or one.name,
            kind="".join(kinds[at : at + 1]) or one.kind,
        )
        for at, one in enumerate(wanted)
    ]
