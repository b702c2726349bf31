"""What a de-identification would do, for the screen: attributes with their values, and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.deidentify.changes import Change
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.region import Region
from xray_studio.core.study import Series
from xray_studio.dicom.deidentify.rules import Order
from xray_studio.services.deidentify import single
from xray_studio.services.deidentify.choices import Choices
from xray_studio.services.deidentify.keys import key_of
from xray_studio.services.deidentify.pictures import around_echoes, text_found
from xray_studio.services.open import open_series

UNKNOWN: Final = "Text was masked and more is found beside it; draw regions over what is left."


@dataclass(frozen=True, slots=True)
class Look:
    """The clip of a series, where text was found in it, and what a person should know."""

    clip: Clip
    found: tuple[Region, ...]
    sentence: str = ""


def preview(path: str, choices: Choices) -> Job[tuple[Change, ...]]:
    """Return what changes in an object, old and new values included; pseudonyms are only examples.

    The values are for the screen alone. Raises as `job.deidentify` does for one object.
    """
    order = Order(path, choices.profile, key_of(None).pseudonyms, values=True)
    plan = yield from single.ordered(order)
    return plan.changes


def look(series: Series) -> Job[Look]:
    """Open a series and look for text: around the pictures of ultrasound, then within."""
    clip = yield from open_series(series)
    around = yield from around_echoes(clip)
    try:
        found = yield from text_found(clip, around)
    except UsageError:
        return Look(clip, around, UNKNOWN)
    return Look(clip, (*around, *found))
