"""Comparisons: clips side by side on one clock, as a clip that is exported like any other."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from xray_studio.core.clip import Acquisition, Clip, Frame, Identity
from xray_studio.core.comparison import (
    Arrangement,
    Ending,
    Run,
    Together,
    arranged,
    of_one_patient,
    run_of,
    together,
)
from xray_studio.core.corner_text import format_date, series_words
from xray_studio.core.drawn_source import Lettering
from xray_studio.core.drawn_text import may_hold_text
from xray_studio.core.errors import UsageError
from xray_studio.core.lut import Pixels
from xray_studio.core.output import exact_rate
from xray_studio.core.playback import Timing
from xray_studio.core.presentation import Overlay, Presentation
from xray_studio.core.region import Region
from xray_studio.core.shown import in_colour
from xray_studio.core.workers import Priority
from xray_studio.services.export import manifest
from xray_studio.services.export.options import Canvas, source_pixels

if TYPE_CHECKING:  # it draws, with heavy libraries that a window must start without
    from xray_studio.services.export.pictures import Pictures

MOST: Final = 16  # clips in one comparison
HIGHEST: Final = 2160  # rows of a picture; larger ones are reduced to that
_LARGEST: Final = 16_384  # pixels on a side, the limit of H.264 and of common viewers
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """One clip of a comparison, how it is shown, and what stands above it.

    `frames` are first and last, from 0 (None: as the clip is trimmed). No caption tells what is
    shown ("Run 3"), nothing of a patient.
    """

    clip: Clip
    presentation: Presentation
    caption: str = ""
    frames: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ComparisonOptions:
    """How clips stand together.

    `different_patients` allows clips that are not surely of one patient; corner text is then
    anonymous at most.
    """

    arrangement: Arrangement = Arrangement.ROW
    ending: Ending = Ending.LOOP
    different_patients: bool = False


def comparison(parts: Sequence[Part], options: ComparisonOptions | None = None) -> Clip:
    """Return clips side by side as one clip, its frames finished pictures of 8 bits.

    All pictures are as high as the highest one, pixels square, and stand in order from left to
    right and from top to bottom. A frame begins whenever any of the clips begins one, by the
    moments of its acquisition where the file tells them, else by its display rate. Corner text is
    that of the export; badges of processed pictures stay whatever is chosen. Raises UsageError for
    fewer than two clips, different patients, and what is too large.
    """
    options = options or ComparisonOptions()
    if not 2 <= len(parts) <= MOST:
        raise UsageError(f"A comparison takes 2 to {MOST} clips, not {len(parts)}.")
    clips = [part.clip for part in parts]
    if not options.different_patients and not of_one_patient(clips):
        raise UsageError(
            "The clips are not surely of one patient; to teach with several, allow different"
            " patients (--different-patients), and nobody is named."
        )
    source = ComparisonSource(tuple(parts), options)
    rows, columns = source.shape[1:3]
    if max(rows, columns) > _LARGEST:
        raise UsageError(
            f"Side by side the pictures take {columns} x {rows} pixels; at most {_LARGEST} can be"
            " written, so choose a grid or fewer clips."
        )
    return Clip(
        source,
        timing=source.timing(),
        pixels=Pixels(bits=8),
        identity=clips[0].identity if of_one_patient(clips) else Identity(),
        acquisition=_acquisition(clips),
        paths=tuple(dict.fromkeys(path for clip in clips for path in clip.paths)),
        processed=tuple(dict.fromkeys(name for clip in clips for name in clip.processed)),
    )


def caption_of(clip: Clip, *, dated: bool = False) -> str:
    """Return what a clip is called above its picture: "Run 3", with its date where that is told."""
    made = clip.acquisition
    words = series_words(made.modality, made.series_number) or made.modality or "Clip"
    date = format_date(clip.identity.date) if dated else ""
    return " \N{MIDDLE DOT} ".join(filter(None, (words, date)))


@dataclass(frozen=True, slots=True)
class _Panel:
    """One clip with everything that makes its pictures; `made` is the last one, by its frame."""

    part: Part
    run: Run
    pictures: Pictures
    made: dict[int, Frame] = field(default_factory=dict)


class ComparisonSource:
    """A DrawnSource: the pictures of several clips, put together when they are asked for."""

    def __init__(
        self, parts: tuple[Part, ...], options: ComparisonOptions, how: Lettering | None = None
    ) -> None:
        from xray_studio.imaging.mosaic import Mosaic, strip_height

        self._parts, self._options, self._how = parts, options, how or Lettering()
        runs = [run_of(part.clip, part.frames) for part in parts]
        sizes = _sizes(parts)
        self._together: Together = together(runs, options.ending)
        strip = strip_height(max(rows for rows, _ in sizes))
        places, rows, columns = arranged(sizes, options.arrangement, strip)
        colour = any(in_colour(part.clip, part.presentation) for part in parts)
        frames = len(self._together.moments)
        self._shape = (frames, rows, columns, 3) if colour else (frames, rows, columns)
        captions = () if self._how.overlay is None else self._captions()
        self._mosaic = Mosaic(places, (rows, columns), captions, strip, colour=colour)
        self._panels = [
            _Panel(part, run, self._pictures(part, run, place))
            for part, run, place in zip(parts, runs, places, strict=True)
        ]
        self._lock = threading.Lock()

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns), with 3 colours where any clip has them."""
        return self._shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """8 bits."""
        return np.dtype(np.uint8)

    @property
    def words(self) -> tuple[str, ...]:
        """Captions that a person has given."""
        return tuple(part.caption for part in self._parts if part.caption)

    @property
    def people(self) -> tuple[Identity, ...]:
        """Who is shown."""
        return tuple(dict.fromkeys(part.clip.identity for part in self._parts))

    @property
    def anonymous_only(self) -> bool:
        """Tell whether several patients may be shown."""
        return not of_one_patient([part.clip for part in self._parts])

    def timing(self) -> Timing:
        """Return the clock of all clips together."""
        moments, end = self._together.moments, self._together.end
        if len(moments) == 1:
            return Timing(source="comparison of stills")
        rate = float(exact_rate(len(moments) / end))
        return Timing(rate, "the clips side by side", moments, end=end)

    @property
    def shown(self) -> tuple[tuple[Clip, Presentation], ...]:
        """The clips and how they are shown."""
        return tuple((part.clip, part.presentation) for part in self._parts)

    def lettered(self, how: Lettering) -> ComparisonSource:
        """Return the same frames with other words. Raises UsageError where badges do not fit."""
        return ComparisonSource(self._parts, self._options, how)

    def facts(self, overlay: Overlay) -> dict[str, Any]:
        """Return what a manifest tells: the arrangement, and each clip as a source."""
        return {
            "arrangement": self._options.arrangement.value,
            "ending": self._options.ending.value,
            "different_patients": self._options.different_patients,
            "clips": [
                manifest.source_facts(panel.part.clip, overlay)
                | {"first": panel.run.frames[0] + 1, "last": panel.run.frames[-1] + 1}
                for panel in self._panels
            ],
        }

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only. Raises what the sources of the clips raise."""
        return self.request(index, Priority.PLAYBACK).result()

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future; the clips decode at once."""
        numbers = self._together.frames[index]
        asked = [
            panel.part.clip.source.request(number, priority)
            for panel, number in zip(self._panels, numbers, strict=True)
        ]
        return joined(asked, lambda frames: self._composed(numbers, frames))

    def _composed(self, numbers: Sequence[int], frames: Sequence[Frame]) -> Frame:
        with self._lock:
            made = [
                self._made(panel, number, frame)
                for panel, number, frame in zip(self._panels, numbers, frames, strict=True)
            ]
        picture = self._mosaic.put_together(made)
        picture.flags.writeable = False
        return picture

    def _made(self, panel: _Panel, number: int, frame: Frame) -> Frame:
        """Return the picture of a panel; that of a slower clip is made once for several frames."""
        if number not in panel.made:
            panel.made.clear()
            panel.made[number] = panel.pictures.made(number, frame)
        return panel.made[number]

    def _pictures(self, part: Part, run: Run, place: Region) -> Pictures:
        from xray_studio.services.export.pictures import Pictures

        how, shown = self._how, part.presentation
        bare = how.overlay is None
        clip = replace(part.clip, processed=()) if bare else part.clip
        shown = replace(
            shown, planes=shown.planes and how.planes, drawings=shown.drawings and how.drawings
        )
        covers = (mask.within(place) for mask in how.masks)
        return Pictures(
            clip, shown, how.overlay or Overlay.NONE,
            Canvas(place.height, place.width, place.height, place.width), run.frames,
            covers=tuple(cover for cover in covers if cover), reduced=how.reduced,
        )  # fmt: skip

    def _captions(self) -> tuple[str, ...]:
        dated = self._how.overlay is Overlay.ALL
        return tuple(part.caption or caption_of(part.clip, dated=dated) for part in self._parts)


def joined(asked: Sequence[Future[Frame]], make: Any) -> Future[Frame]:
    """Return what is made of several frames, when all of them are there."""
    answer: Future[Frame] = Future()
    waiting, lock = [len(asked)], threading.Lock()

    def one_more(_done: Future[Frame]) -> None:
        with lock:
            waiting[0] -= 1
            if waiting[0]:
                return
        if not answer.set_running_or_notify_cancel():
            return
        try:
            answer.set_result(make([future.result() for future in asked]))
        except BaseException as error:  # noqa: BLE001 - told to whoever waits for the frame
            answer.set_exception(error)

    def give_up(given: Future[Frame]) -> None:
        if given.cancelled():
            for future in asked:
                future.cancel()

    answer.add_done_callback(give_up)
    for future in asked:
        future.add_done_callback(one_more)
    return answer


def _sizes(parts: Sequence[Part]) -> list[tuple[int, int]]:
    """Return rows and columns of the pictures: all as high as the highest, pixels square."""
    plain = [source_pixels(part.clip, part.presentation.rotation) for part in parts]
    height = min(HIGHEST, max(rows for _, rows in plain))
    return [(height, max(1, round(columns * height / rows))) for columns, rows in plain]


def _acquisition(clips: Sequence[Clip]) -> Acquisition:
    """Return what holds for all clips together; what may hold text in any of them counts."""
    made = [clip.acquisition for clip in clips]
    telling = next((c.acquisition for c in clips if may_hold_text(c)), made[0])
    return Acquisition(
        modality=telling.modality,
        sop_class_uid=telling.sop_class_uid,
        study_instance_uid=_common(one.study_instance_uid for one in made),
        series_instance_uid=_common(one.series_instance_uid for one in made),
        burned_in=telling.burned_in,
        lossy=any(one.lossy for one in made),
        warnings=tuple(dict.fromkeys(warning for one in made for warning in one.warnings)),
    )


def _common(values: Any) -> str:
    found = set(values)
    return str(found.pop()) if len(found) == 1 else ""
