"""Whether a finished export is what was asked for."""

from __future__ import annotations

import math
from typing import Final

from xray_studio.core.errors import WriteError
from xray_studio.core.output import Checked, OutputSpec, Quality

# Means of 16 x 16 pixels may be this far from what was asked, in grey levels. Measured on white
# noise, the worst case: 3.3 (low), 1.4 and 1.1 in grey. Lossless files are compared pixel by pixel.
GREY_LIMITS: Final = {
    Quality.LOW: 12.0,
    Quality.MEDIUM: 8.0,
    Quality.HIGH: 6.0,
    Quality.LOSSLESS: 0.0,
}
# Half the colour resolution is lost in any quality of 4:2:0: 9.2 at most on coloured noise.
COLOUR_LIMIT: Final = 24.0
_BLOCK = 16


def judge(spec: OutputSpec, checked: Checked) -> None:
    """Raise WriteError when frames, duration or the first or last picture are not as asked."""
    if checked.frames != spec.frames:
        raise refused(f"holds {checked.frames} frames instead of {spec.frames}")
    wanted = float(spec.duration)
    if checked.duration is not None and abs(checked.duration - wanted) > _tolerance(spec, checked):
        raise refused(f"lasts {checked.duration:.3f} s instead of {wanted:.3f} s")
    if checked.astray is not None and checked.astray > _tolerance(spec, checked):
        raise refused(f"shows a frame {checked.astray:.3f} s from its moment")
    for name, found in (("first", checked.first), ("last", checked.last)):
        exact = spec.quality is Quality.LOSSLESS
        if found.coarse > coarse_limit(spec) or (exact and found.most > 0):
            raise refused(f"has another {name} picture than was shown")


def coarse_limit(spec: OutputSpec) -> float:
    """Return the largest coarse difference that passes; small pictures have small blocks."""
    limit = COLOUR_LIMIT if spec.colour else GREY_LIMITS[spec.quality]
    return limit * _BLOCK / math.sqrt(min(_BLOCK, spec.rows) * min(_BLOCK, spec.columns))


def _tolerance(spec: OutputSpec, checked: Checked) -> float:
    """Return seconds: half the shortest frame, at least twice what the kind of file rounds to."""
    return max(2.0 * checked.unit, 0.5 * float(spec.shortest))


def refused(what: str) -> WriteError:
    """Return the error of a finished file that is not as asked."""
    return WriteError(
        f"The finished file was removed, since it {what}; try again or choose another format."
    )
