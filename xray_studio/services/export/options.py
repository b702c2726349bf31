"""What an export is asked for, and what that means for a clip: order, moments, rate and size."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Literal

from xray_studio.core.clip import Clip
from xray_studio.core.drawn_source import draws_text
from xray_studio.core.errors import UsageError
from xray_studio.core.output import Dither, OutputSpec, Quality, exact_rate
from xray_studio.core.playback import MAXIMUM_RATE, Loop, ping_pong_order
from xray_studio.core.presentation import Overlay, Presentation
from xray_studio.core.privacy import Privacy

_SAME_INTERVAL = 1e-3  # of an interval; below, a frame time vector tells one constant rate
SLOWEST, FASTEST = 0.05, 20.0  # speeds
LOWEST_RATE = Fraction(1, 100)  # frames per second
SCREEN = (1920, 1080)  # columns and rows that nearly every screen and projector shows
_LARGEST = 16_384  # pixels on a side, the limit of H.264 and of common viewers


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What an export is asked for.

    `frames` is the range, first and last from 0, both included (None: as the clip is trimmed).
    `rate` is in frames per second (None: the clip's display rate); `real_time` places frames at
    the moments they were acquired. `speed` 2.0 plays twice as fast. `size` is (columns, rows) that
    the picture is fitted into, None that of the source, "screen" at most 1920 x 1080 in the shape
    of the source; a height of 0 follows the shape of the source. `presentation` says how frames are
    shown (None: as the clip opens); its overlay is not used, `overlay` is. `stills` is the kind of
    pictures in a folder. `codec` is one of those that the container holds ("": the usual one),
    `encoder` a kind of graphics hardware, "auto" one that is there, "" the processor. `dither` says
    how a GIF mixes missing colours, `variable_rate` whether frames of real time stand at their own
    moments or are repeated at a constant rate (None: as the format can). `bits` are 8, or 16 for
    grey pictures in which the window takes 65,536 levels. `syntax` is the UID of the transfer
    syntax of a DICOM object ("": as it is), `shown` asks for one of the pictures as shown.
    `privacy` is what was decided about text in the
    pictures and other identity.
    """

    frames: tuple[int, int] | None = None
    rate: float | None = None
    real_time: bool = False
    speed: float = 1.0
    loop: Loop = Loop.ONCE
    size: tuple[int, int] | Literal["screen"] | None = None
    presentation: Presentation | None = None
    overlay: Overlay = Overlay.NONE
    quality: Quality = Quality.MEDIUM
    stills: str = ".png"
    codec: str = ""
    encoder: str = ""
    dither: Dither = Dither.ORDERED
    variable_rate: bool | None = None
    bits: int = 8
    syntax: str = ""
    shown: bool = False
    privacy: Privacy = field(default_factory=Privacy)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which frame comes when.

    `order` are frames of the clip from 0. `rate` is in frames per second and `source` says where
    it comes from. `starts` and `end` are seconds where frames do not come at a constant rate.
    """

    order: tuple[int, ...]
    rate: Fraction
    source: str
    starts: tuple[Fraction, ...] = ()
    end: Fraction = field(default=Fraction(0))


@dataclass(frozen=True, slots=True)
class Canvas:
    """The size of the finished pictures and of the frame in their middle; the rest is black."""

    rows: int
    columns: int
    frame_rows: int
    frame_columns: int


def schedule(clip: Clip, options: ExportOptions) -> Schedule:
    """Return the order and moments of the frames. Raises UsageError for what does not fit."""
    if not SLOWEST <= options.speed <= FASTEST:
        raise UsageError(f"The speed must be {SLOWEST:g} to {FASTEST:g}; 1 is the usual one.")
    order = frame_order(clip, options)
    if options.real_time and options.rate is not None:
        raise UsageError("Choose either a rate or real time, not both.")
    if draws_text(clip) and len(order) > 1:
        if options.rate is not None:
            raise UsageError(
                "A comparison follows the clocks of its clips; choose a speed instead."
            )
        options = replace(options, real_time=True)
    if options.real_time:
        return _real(clip, order, Fraction(options.speed).limit_denominator(1000))
    rate = clip.frame_rate if options.rate is None else options.rate
    source = clip.timing.source if options.rate is None else "as asked"
    if not LOWEST_RATE <= rate <= MAXIMUM_RATE:
        what = (
            "The rate" if options.rate is not None else f"The rate of the clip is {rate:.4g}; one"
        )
        raise UsageError(
            f"{what} must be {float(LOWEST_RATE):g} to {MAXIMUM_RATE:.0f} frames per second."
        )
    return Schedule(order, _sped(exact_rate(rate), options.speed), source)


def check_as_acquired(options: ExportOptions, why: str) -> None:
    """Raise UsageError, beginning with `why`, for what only a video or a picture can have."""
    wrong = {
        "a rate": options.rate is not None or options.real_time,
        "a speed": options.speed != 1.0,
        "an order": options.loop is not Loop.ONCE,
        "another size": options.size is not None,
    }
    for what, asked in wrong.items():
        if asked:
            raise UsageError(f"{why} and cannot have {what}; leave it out.")


def frame_order(clip: Clip, options: ExportOptions) -> tuple[int, ...]:
    """Return frames from 0 in the order asked for. Raises UsageError for a range beyond them."""
    last = len(clip) - 1
    stop = last if clip.timing.stop is None else min(clip.timing.stop, last)
    first, final = options.frames or (min(clip.timing.start, stop), stop)
    if not 0 <= first <= final <= last:
        asked = f"{first + 1}-{final + 1}"
        raise UsageError(f"There are no frames {asked}; the clip has frames 1 to {last + 1}.")
    if options.loop is Loop.PING_PONG:
        return tuple(ping_pong_order(first, final))
    return tuple(range(first, final + 1))


def _sped(rate: Fraction, speed: float) -> Fraction:
    return _writable(rate * Fraction(speed).limit_denominator(1000))


def _writable(rate: Fraction) -> Fraction:
    if not LOWEST_RATE <= rate <= MAXIMUM_RATE:
        raise UsageError(
            f"{float(rate):.4g} frames per second cannot be written; choose a rate and a speed"
            f" that give {float(LOWEST_RATE):g} to {MAXIMUM_RATE:.0f}."
        )
    return rate


def _real(clip: Clip, order: tuple[int, ...], speed: Fraction) -> Schedule:
    times = clip.timing.times
    if len(times) != len(clip) or len(clip) < 2:
        raise UsageError("The file tells no moments of its frames; choose a rate instead.")
    intervals = [*(b - a for a, b in pairwise(times)), clip.timing.last_interval()]
    lasting = [intervals[number] for number in order]
    even = max(lasting) - min(lasting) <= _SAME_INTERVAL * max(lasting)
    if even and min(lasting) > 0:
        rate = exact_rate(len(lasting) / sum(lasting))
        return Schedule(order, _sped(rate, float(speed)), "frame times")
    exact = [Fraction(seconds).limit_denominator(1_000_000) / speed for seconds in lasting]
    moments = list(accumulate(exact, initial=Fraction(0)))
    if moments[-1] <= 0:
        raise UsageError("All frames of the file have one moment; choose a rate instead.")
    rate = _writable(exact_rate(len(order) / float(moments[-1])))
    return Schedule(order, rate, "frame times", tuple(moments[:-1]), moments[-1])


def canvas(clip: Clip, options: ExportOptions, rotation: int) -> Canvas:
    """Return the size of the pictures; `rotation` is in degrees of 90.

    Pixels are made square. Raises UsageError for a size that cannot be written.
    """
    columns, rows = source_pixels(clip, rotation)
    width, height = _wanted(options, rows, columns)
    inner_rows, inner_columns = height, width
    if isinstance(options.size, tuple) and options.size[1]:
        scale = min(width / columns, height / rows)
        inner_rows, inner_columns = round(rows * scale), round(columns * scale)
    if not (1 <= width <= _LARGEST and 1 <= height <= _LARGEST):
        raise UsageError(
            f"Pictures of {width} x {height} cannot be written;"
            f" choose a size from 1 to {_LARGEST} pixels on each side."
        )
    return Canvas(height, width, max(1, min(inner_rows, height)), max(1, min(inner_columns, width)))


def _wanted(options: ExportOptions, rows: int, columns: int) -> tuple[int, int]:
    """Return (columns, rows) of the whole picture, made from a frame of square pixels."""
    if options.size is None:
        return columns, rows
    if isinstance(options.size, str) and options.size != "screen":
        raise UsageError(f'{options.size} is no size; choose (width, height) or "screen".')
    if options.size != "screen":
        width, height = options.size
        return width, height or max(1, round(width * rows / columns))
    scale = min(1.0, SCREEN[0] / columns, SCREEN[1] / rows)
    return max(1, round(columns * scale)), max(1, round(rows * scale))


def size_fact(options: ExportOptions) -> str:
    """Return how the size came about, for the manifest."""
    if options.size is None:
        return "source"
    if options.size == "screen":
        return f"screen: at most {SCREEN[0]} x {SCREEN[1]}"
    width, height = options.size
    return f"fitted into {width} x {height}" if height else f"{width} wide"


def source_pixels(clip: Clip, rotation: int) -> tuple[int, int]:
    """Return columns and rows of a turned picture with square pixels, none of them left out."""
    rows, columns, aspect = clip.rows, clip.columns, clip.pixel_aspect
    if aspect > 1.0:
        rows = round(rows * aspect)
    else:
        columns = round(columns / aspect)
    return (rows, columns) if rotation % 180 else (columns, rows)


def output_spec(
    options: ExportOptions, plan: Schedule, size: Canvas, *, colour: bool
) -> OutputSpec:
    """Return what the finished sequence must be.

    Raises UsageError for 16 bits of what is in colour.
    """
    if options.bits > 8 and colour:
        raise UsageError(
            "Coloured pictures have 8 bits; choose --depth 8, or leave colour maps and coloured"
            " overlay planes out (--planes off)."
        )
    return OutputSpec(
        rows=size.rows,
        columns=size.columns,
        colour=colour,
        frames=len(plan.order),
        rate=plan.rate,
        quality=options.quality,
        starts=plan.starts,
        end=plan.end,
        codec=options.codec,
        encoder=options.encoder,
        bits=options.bits,
        dither=options.dither,
    )
