"""The range that the values of a clip lie in, which steps and the coding of their results need."""

from __future__ import annotations

import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.processed import range_of, reading_of
from xray_studio.core.step import Image
from xray_studio.services.decoding import Decoding

_LARGEST = float(np.finfo(np.float32).max)  # steps work on such numbers
_LOOKING = "Looking at the values"


def stated_ends(clip: Clip) -> tuple[float, float] | None:
    """Return the lowest and highest value that the bits of a clip can give.

    None for floating-point numbers and those of more than 16 bits: frames use next to nothing of
    what these could be, and 16 bits for all of it would leave no picture.
    """
    if clip.is_colour:
        return 0.0, 255.0
    kind = clip.source.dtype
    narrow = kind.kind in "iu" and kind.itemsize <= 2
    return range_of(clip.pixels, clip.modality) if narrow else None


def ends_of(clip: Clip) -> Job[tuple[float, float]]:
    """Return the lowest and highest value that steps can see in a clip.

    Where its bits tell none, all frames are looked at. Raises UsageError where none of their values
    is a number, or where they are too large for steps.
    """
    stated = stated_ends(clip)
    if stated is not None:
        if max(map(abs, stated)) > _LARGEST:
            raise UsageError("The values of this clip are too large to be processed.")
        return stated
    ends, values = list[tuple[float, float]](), reading_of(clip)
    decoding = Decoding(clip, range(len(clip)))
    try:
        for index in range(len(clip)):
            frame = yield from decoding.frame(Progress(index, len(clip), _LOOKING))
            ends += _seen(values.decoded(frame, index))
    finally:
        decoding.close()
    if not ends:
        raise UsageError("This clip holds no finite numbers; nothing can be processed.")
    return min(low for low, _ in ends), max(high for _, high in ends)


def _seen(values: Image) -> list[tuple[float, float]]:
    """Return the lowest and highest number of a frame, nothing where there is none."""
    finite = values[np.isfinite(values)]
    return [(float(finite.min()), float(finite.max()))] if finite.size else []
