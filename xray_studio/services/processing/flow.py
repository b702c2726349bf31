"""Flow between the frames of a loop as a clip of its own, to look at and to export."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.lut import Pixels, Rescale
from xray_studio.core.processed import values_seen
from xray_studio.core.step import Group, Image
from xray_studio.core.stored_source import StoredSource
from xray_studio.services.decoding import Decoding
from xray_studio.services.presets import initial_presentation
from xray_studio.services.processing.motion import PRESET

STYLES: Final = ("colours", "arrows")
_PROBES: Final = 6  # pairs of frames that tell how fast things move
_FAST: Final = 99.0  # percent of the pixels are slower than what has the full colour
_SLOWEST: Final = 0.5  # pixels a frame
_LOOKING, _DRAWING = "Looking at the motion", "Drawing the flow"


@dataclass(frozen=True, slots=True)
class FlowView:
    """How flow is shown: as colours or arrows; `preset` is that of the search (DIS).

    `full` pixels a frame have the full colour, or the longest arrow; None takes it from the clip.
    """

    style: str = "colours"
    preset: str = PRESET
    full: float | None = None

    def __post_init__(self) -> None:
        """Refuse what there is not."""
        if self.style not in STYLES:
            raise UsageError(f"Flow is shown as {' or '.join(STYLES)}, not {self.style}.")
        if self.full is not None and not 0.0 < self.full <= 1000.0:
            raise UsageError(f"Full colour is up to 1000 pixels a frame, not {self.full:g}.")


def flow_clip(clip: Clip, view: FlowView | None = None) -> Job[Clip]:
    """Return a clip of RGB frames that show how each place came there from the frame before.

    The first frame has no motion. Frames are kept in a temporary file as long as the clip is used.
    Raises UsageError for fewer than two frames.
    """
    from xray_studio.imaging.flow_picture import arrowed, coloured
    from xray_studio.imaging.optical_flow import Flow
    from xray_studio.imaging.render import render

    how, count = view or FlowView(), len(clip)
    if count < 2:
        raise UsageError("Motion needs at least 2 frames; this has one.")
    full = how.full or (yield from _usual_speed(clip, how.preset))
    draw = coloured if how.style == "colours" else arrowed
    shown, before, flow = initial_presentation(clip), None, None
    source = StoredSource.make(
        Path(tempfile.gettempdir()), (count, clip.rows, clip.columns, 3), np.dtype(np.uint8)
    )
    decoding = Decoding(clip, range(count))
    try:
        with source.writing() as kept:
            for index in range(count):
                frame = yield from decoding.frame(Progress(index, count, _DRAWING))
                values = values_seen(clip, frame, index)
                flow = flow or Flow(how.preset, values)
                right, down = _came(flow, values, values if before is None else before)
                kept[index] = draw(render(clip, index, shown), right, down, full)
                before = values
    except BaseException:
        source.drop()
        raise
    finally:
        decoding.close()
    return _clip(clip, source)


def _came(flow: object, frame: Image, before: Image) -> tuple[Image, Image]:
    """Return how far right and down each place has come since the frame before."""
    from xray_studio.imaging.optical_flow import Flow

    assert isinstance(flow, Flow)
    right, down = flow.between(frame, before).field()
    return -right, -down


def _usual_speed(clip: Clip, preset: str) -> Job[float]:
    """Return how many pixels a frame nearly everything moves at most."""
    from xray_studio.imaging.optical_flow import Flow

    pairs = _pairs(len(clip))
    order = sorted({index for pair in pairs for index in (pair, pair + 1)})
    decoding, values, fastest = Decoding(clip, order), {}, _SLOWEST
    try:
        for index in order:
            frame = yield from decoding.frame(Progress(message=_LOOKING))
            values[index] = values_seen(clip, frame, index)
    finally:
        decoding.close()
    for pair in pairs:
        yield Progress(message=_LOOKING)
        right, down = Flow(preset, values[pair]).between(values[pair], values[pair + 1]).field()
        fastest = max(fastest, float(np.percentile(np.hypot(right, down), _FAST)))
    return fastest


def _pairs(count: int) -> Sequence[int]:
    few = min(_PROBES, count - 1)
    return sorted({(count - 1) * (2 * place + 1) // (2 * few) for place in range(few)})


def _clip(clip: Clip, source: StoredSource) -> Clip:
    badges = dict.fromkeys((*clip.processed, Group.MEASURE.value))
    return replace(
        clip, source=source, pixels=Pixels(bits=8), modality=(Rescale(),), windows=(), voi_luts=(),
        real_world=(), icc_profile=b"", tones=None, overlays=(), processed=tuple(badges),
    )  # fmt: skip
