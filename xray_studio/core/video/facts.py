"""What a probe tells of a video, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

FASTEST: Final = Fraction(60)  # frames per second that a video is encoded with at most
PICTURES: Final = "pictures"  # the container of single pictures in files of their own
_FIRST_YEAR: Final = 1980  # clocks that were never set tell 1904 or 1970


@dataclass(frozen=True, slots=True)
class Sound:
    """One sound of a video: `codec` as FFmpeg names it, samples per second, channels."""

    codec: str
    rate: int = 0
    channels: int = 0


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """A video file and the stream of pictures in it.

    `container` and `codec` are FFmpeg's names (mov, mpegts, mpeg, ...; h264, hevc, mpeg2video),
    `profile` and `level` those of the codec's standard ("High", "4.1"), "" where there is none.
    `columns` and `rows` are those of the stream, before it is turned by `rotation` degrees
    clockwise. `chroma` is "4:2:0", "4:2:2", "4:4:4", "4:0:0" or "RGB"; `bits` those of a sample.

    `frames` are counted in the stream. `rate` is in frames per second, the mean one where it is
    `variable`, 0 where nobody tells; `even_rate` is the lowest one at which every frame is shown,
    and `fallen` is how many frames are not, where that would be too fast.
    `pixel_aspect` is the width of a pixel divided by its height. `duration` is in seconds, `size`
    the bytes of the file and `stream_size` those of the pictures. `stereo` is as in VideoSyntax.

    `metadata` names what the container tells besides the pictures, never its values; `place` says
    that where it was taken is among it. `hidden` tells that some frames of the stream are not
    shown. `created` is when the container says that it was recorded, in ISO 8601, "" where it does
    not.
    """

    container: str
    codec: str
    profile: str
    level: str
    columns: int
    rows: int
    chroma: str
    bits: int
    frames: int
    rate: Fraction
    variable: bool = False
    even_rate: Fraction = Fraction(0)
    fallen: int = 0
    rotation: int = 0
    interlaced: bool = False
    pixel_aspect: Fraction = Fraction(1)
    full_range: bool = False
    duration: Fraction = Fraction(0)
    size: int = 0
    stream_size: int = 0
    stereo: str = ""
    sound: tuple[Sound, ...] = ()
    hidden: bool = False
    metadata: tuple[str, ...] = ()
    place: bool = False
    created: str = ""

    @property
    def shown_size(self) -> tuple[int, int]:
        """Columns and rows once the picture is turned as it is shown."""
        turned = self.rotation % 180 != 0
        return (self.rows, self.columns) if turned else (self.columns, self.rows)

    @property
    def recorded(self) -> datetime | None:
        """When it was recorded, as the container says, where that can be."""
        try:
            told = datetime.fromisoformat(self.created)
        except ValueError:
            return None
        return told if told.year >= _FIRST_YEAR else None
