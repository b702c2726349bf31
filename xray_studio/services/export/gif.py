"""Export into one animated GIF with the palette of the clip."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Self

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import (
    Checked,
    DeepPicture,
    OutputSpec,
    Picture,
    Quality,
    astray,
    difference,
)
from xray_studio.imaging.gif import gif_frames
from xray_studio.imaging.palette import Palette, colour_palette, grey_palette
from xray_studio.services.export.file import OneFile
from xray_studio.video.gif import LONGEST, PER_SECOND, GifWriter, gif_ticks

SAMPLES: Final = 12  # pictures from the whole clip whose colours the palette serves
_GREYS: Final = {Quality.LOW: 64}
_COLOURS: Final = {Quality.LOW: 64}
_ALL: Final = 256
_LEFT_FREE: Final = 255  # colours, so that one entry can stand for what did not change
SLOWED: Final = 2  # hundredths of a second; browsers show faster frames at ten a second
_LARGEST: Final = 65_535


class GifExporter(OneFile):
    """GIF: plays everywhere, 256 colours, frame times in hundredths of a second."""

    def __init__(self, suffix: str, stills: str) -> None:
        del suffix, stills
        self._samples: list[Picture] = []

    def check_request(self, target: Path, spec: OutputSpec) -> None:
        """Raise UsageError for what a GIF cannot hold."""
        del target
        if spec.bits > 8:
            raise UsageError("A .gif file has 8 bits; choose .mkv, .png or .tiff for 16.")
        if spec.codec or spec.encoder:
            raise UsageError("A .gif file has a codec of its own; leave --codec and --encoder out.")
        if spec.colour and spec.quality is Quality.LOSSLESS:
            raise UsageError(
                "A .gif file has 256 colours, so coloured pictures cannot be lossless;"
                " choose .webm, .mkv or .png."
            )
        _check_moments(spec)

    def samples(self, spec: OutputSpec) -> int:
        """Return how many pictures are to be seen before the first is written."""
        return min(SAMPLES, spec.frames) if spec.colour else 0

    def learn(self, pictures: Sequence[Picture]) -> None:
        """Look at pictures from the whole clip."""
        self._samples = list(pictures)

    def writer(self, path: Path, spec: OutputSpec) -> PaletteWriter:
        """Choose the palette and start writing."""
        if spec.colour:
            most = _COLOURS.get(spec.quality, _LEFT_FREE)
            colours = colour_palette(self._samples, most)
        else:
            colours = grey_palette(_GREYS.get(spec.quality, _ALL))
        palette = Palette(colours, spec.dither, grey=not spec.colour)
        return PaletteWriter(GifWriter(path, spec, palette.colours), palette)

    def check(
        self, path: Path, spec: OutputSpec, first: DeepPicture, last: DeepPicture
    ) -> Job[Checked]:
        """Open the file again and count frames and hundredths of a second."""
        moments = [0.0]
        shown: list[Picture] = []
        for lasting, picture in gif_frames(path, colour=spec.colour):
            moments.append(moments[-1] + lasting)
            shown += [] if picture is None else [picture]
            yield Progress(message="Checking the file")
        begin, end = difference(shown[0], first), difference(shown[-1], last)
        late = astray(spec, moments[:-1])
        return Checked(len(moments) - 1, moments[-1], begin, end, late, 1 / PER_SECOND)

    def facts(self, spec: OutputSpec) -> dict[str, Any]:
        """Return the palette and the unit of time."""
        most = _COLOURS.get(spec.quality, _LEFT_FREE)
        greys = _GREYS.get(spec.quality, _ALL)
        colours = f"{most} colours at most, one palette" if spec.colour else f"{greys} greys"
        exact = not spec.colour and greys == _ALL
        facts: dict[str, Any] = {
            "container": "gif",
            "palette": colours,
            "dither": "none, exact" if exact else spec.dither.value,
            "time_unit": "1/100 s",
            "rows": spec.rows,
            "columns": spec.columns,
        }
        note = slowed_note(spec)
        return facts | ({"note": note} if note else {})

    def notes(self, spec: OutputSpec) -> list[str]:
        """Return what a person should know of the file."""
        return [note] if (note := slowed_note(spec)) else []


class PaletteWriter:
    """Tells pictures by their palette and hands them on."""

    def __init__(self, writer: GifWriter, palette: Palette) -> None:
        self._writer, self._palette = writer, palette

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._writer.__exit__(*error)

    def write(self, picture: Picture) -> None:
        """Append one uint8 picture. Raises OSError."""
        self._writer.write(self._palette.places(picture))

    def close(self) -> None:
        """Finish the file. Raises OSError."""
        self._writer.close()


def slowed_note(spec: OutputSpec) -> str:
    """Return a sentence when browsers slow the GIF down, "" otherwise."""
    if min(_delays(spec)) >= SLOWED:
        return ""
    return (
        "Browsers show GIF frames of less than 2/100 s for 1/10 s, which slows the clip down;"
        " at most 50 frames per second keep the time."
    )


def _delays(spec: OutputSpec) -> list[int]:
    return [after - before for before, after in pairwise(gif_ticks(spec))]


def _check_moments(spec: OutputSpec) -> None:
    ticks, delays = gif_ticks(spec), _delays(spec)
    wanted = (*spec.starts, spec.duration) if spec.starts else (spec.duration,)
    written = ticks[-len(wanted) :]
    late = max(abs(a - PER_SECOND * b) for a, b in zip(written, wanted, strict=True))
    if min(delays) < 1 or late > 1:
        raise UsageError(
            "A .gif file holds at most 100 frames per second; choose a lower rate or speed, or"
            " another format."
        )
    if max(delays) > LONGEST or max(spec.rows, spec.columns) > _LARGEST:
        raise UsageError("A frame of a .gif file lasts 655 s at most; choose a higher rate.")
