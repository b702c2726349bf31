"""Clip: lazy, immutable frames with their timing. A still image is a clip of one frame."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.ahead import FramesAhead
from xray_studio.core.applied import Applied
from xray_studio.core.drawing import Drawing
from xray_studio.core.lut import LookupTable, Modality, Pixels, Rescale, modality_values
from xray_studio.core.mask import FileMask
from xray_studio.core.orientation import Orientation
from xray_studio.core.overlay_plane import OverlayPlane, planes_at
from xray_studio.core.per_frame import PerFrame, at_frame
from xray_studio.core.place import FramePlace, lies_in_patient
from xray_studio.core.playback import Timing
from xray_studio.core.presentation import StoredWindow, Window
from xray_studio.core.real_world import RealWorldMap
from xray_studio.core.registry import Entry
from xray_studio.core.segments import SegmentLayer
from xray_studio.core.shutter import Shutter
from xray_studio.core.tones import Tones
from xray_studio.core.workers import Priority

_UIDS = "1.2.840.10008."  # those of transfer syntaxes; formats of other files have names

Frame: TypeAlias = npt.NDArray[Any]

# Drawing belongs to a layer above, which is loaded when it is first asked for.
_RENDER = Entry("render", "xray_studio.services.api:render")
_PROCESS = Entry("process", "xray_studio.services.api:processed")


class FrameSource(Protocol):
    """Stored frames, one at a time, in any order and from any thread.

    A source pickles as paths and numbers, never as pixels. Grey frames are integer or float arrays
    of shape (rows, columns); colour frames are uint8 RGB of shape (rows, columns, 3).
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns) or (frames, rows, columns, 3)."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only.

        Raises UnreadableError or UnsupportedError when it cannot be decoded.
        """

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future, so that several frames decode at once."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who and what a clip shows, for corner text. Empty strings where the file says nothing."""

    patient_name: str = ""
    patient_id: str = ""
    birth_date: str = ""
    sex: str = ""
    institution: str = ""
    study_description: str = ""
    date: str = ""
    time: str = ""
    accession_number: str = ""


@dataclass(frozen=True, slots=True)
class Acquisition:
    """How the pictures were made, as far as the display needs it.

    `angles` are Positioner Primary and Secondary Angle in degrees (LAO and CRAN positive).
    `pixel_spacing` is (row, column) spacing in millimetres; `spacing_meaning` says where that
    holds: "patient", "detector", "magnification" (corrected for it), "calibrated", "film" or, where
    a person calibrated it, "hand".
    `pixel_intensity` is Pixel Intensity Relationship, `color_space` Color Space. `burned_in` is
    Burned In Annotation, "YES", "NO" or "" where the file does not say. `mask` is the mask that the
    file names for subtraction.
    """

    modality: str = ""
    sop_class_uid: str = ""
    sop_instance_uid: str = ""
    study_instance_uid: str = ""
    series_instance_uid: str = ""
    series_number: int | None = None
    series_description: str = ""
    body_part_examined: str = ""
    instance_number: int | None = None
    angles: tuple[float, float] | None = None
    pixel_spacing: tuple[float, float] | None = None
    spacing_meaning: str = ""
    lossy: bool = False
    burned_in: str = ""
    transfer_syntax: str = ""
    photometric: str = ""
    pixel_intensity: str = ""
    color_space: str = ""
    mask: FileMask | None = None
    warnings: tuple[str, ...] = ()

    @property
    def is_object(self) -> bool:
        """Tell whether the pictures are those of DICOM objects, some of which tell no class."""
        return bool(self.sop_class_uid) or self.transfer_syntax.startswith(_UIDS)


@dataclass(frozen=True, slots=True, eq=False)
class TimedFrame:
    """One frame of a clip: `index` from 0, and `time` in seconds, at which it starts.

    Times are those of the acquisition where the file tells them, else of the display rate.
    `values` are modality values, float32 (rows, columns), or RGB uint8 (rows, columns, 3).
    """

    index: int
    time: float
    values: Frame


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames that decode on demand, read-only, with everything needed to show them.

    `modality` holds one entry for all frames or one per frame. `windows` are the choices that the
    file offers, the first one to open with, each for all frames or one that differs from frame to
    frame; `voi_luts` likewise. `usual` is the window to open with where the file offers none and
    all frames were looked at. `overlays`, `shutter` and `orientation` are those of the file,
    `real_world` what its stored values mean, `icc_profile` that of its colours, b"" for sRGB.
    `pixel_aspect` is the height of a pixel divided by its width. `objects` are SOP Instance UID and
    number of frames of the objects that it is made of, in order. `places` tell where each frame
    lies in the patient, () where the file does not. `tones`, `drawings` and `state`
    (its name) are those of a presentation state that is applied, `segments` those of a
    segmentation. `processed` are the badges of what changed the values, `steps` the steps that did.
    `planes` is how many planes of a volume come before those of its next moment, 0 where frames are
    no planes or the file is a DICOM object. `made` names what its frames are where they are none of
    a file's, as planes through a volume; `paths` then are the files that they were made from.
    """

    source: FrameSource
    timing: Timing = field(default_factory=Timing)
    pixels: Pixels = field(default_factory=Pixels)
    modality: tuple[Modality, ...] = (Rescale(),)
    windows: tuple[StoredWindow, ...] = ()
    voi_luts: tuple[LookupTable | PerFrame[LookupTable], ...] = ()
    usual: Window | None = None
    overlays: tuple[OverlayPlane, ...] = ()
    shutter: Shutter | PerFrame[Shutter | None] | None = None
    orientation: Orientation | PerFrame[Orientation] = field(default_factory=Orientation)
    real_world: tuple[RealWorldMap, ...] | PerFrame[tuple[RealWorldMap, ...]] = ()
    icc_profile: bytes = b""
    pixel_aspect: float = 1.0
    identity: Identity = field(default_factory=Identity)
    acquisition: Acquisition = field(default_factory=Acquisition)
    paths: tuple[str, ...] = ()
    processed: tuple[str, ...] = ()
    steps: tuple[Applied, ...] = ()
    objects: tuple[tuple[str, int], ...] = ()
    places: tuple[FramePlace, ...] = ()
    planes: int = 0
    tones: Tones | PerFrame[Tones | None] | None = None
    drawings: tuple[Drawing, ...] = ()
    segments: tuple[SegmentLayer, ...] = ()
    state: str | PerFrame[str] = ""
    made: str = ""

    def __repr__(self) -> str:
        """Return kind and size only: notebooks and logs must not tell whose pictures these are."""
        kind = "RGB" if self.is_colour else "grey"
        modality = self.acquisition.modality or "no modality"
        return f"<Clip {modality} {len(self)} x {self.rows} x {self.columns} {kind}>"

    def __len__(self) -> int:
        """Return the number of frames."""
        return self.source.shape[0]

    def __getitem__(self, index: int) -> Frame:
        """Return the modality values of a frame: float32 (rows, columns), or RGB uint8."""
        index = self._checked(operator.index(index))
        frame = self.source.read(index)
        return frame if self.is_colour else modality_values(frame, self.modality_at(index))

    def __iter__(self) -> Iterator[Frame]:
        """Yield the modality values of every frame."""
        return (self[index] for index in range(len(self)))

    def frames(self, first: int = 0, last: int | None = None) -> Iterator[TimedFrame]:
        """Yield the frames from `first` to `last`, both included (None: the last one), in order.

        Frames decode ahead in worker processes, in bounded memory; no display is needed. Raises
        IndexError for a frame that is not there, and what the clip's source raises.
        """
        start, stop = self._checked(first), self._checked(-1 if last is None else last)
        order = range(start, stop + 1)
        ahead = FramesAhead(self.source.request, self.frame_bytes, order, Priority.BATCH)
        try:
            while (following := ahead.next()) is not None:
                index, future = following
                yield TimedFrame(index, self.timing.moment(index), self._values(index, future))
        finally:
            ahead.close()

    def _values(self, index: int, future: Future[Frame]) -> Frame:
        frame = future.result()
        return frame if self.is_colour else modality_values(frame, self.modality_at(index))

    def render(self, index: int = 0, **how: Any) -> Frame:
        """Return a frame as shown, 8 bit; `how` are the options of `xray_studio.render`."""
        picture: Frame = _RENDER.load()(self, index, **how)
        return picture

    def process(self, *steps: str) -> Clip:
        """Return this clip processed by steps, each in words as `--step` takes them.

        Frames are made when they are asked for. Raises UsageError for steps that it cannot have.
        """
        made: Clip = _PROCESS.load()(self, *steps)
        return made

    def stored(self, index: int) -> Frame:
        """Return the stored values of a frame."""
        return self.source.read(self._checked(index))

    def modality_at(self, index: int) -> Modality:
        """Return the Modality LUT of a frame."""
        return self.modality[index if len(self.modality) > 1 else 0]

    def pixels_at(self, index: int) -> Pixels:
        """Return what the stored values of a frame can be, with polarity and Presentation LUT."""
        tones = at_frame(self.tones, index)
        if tones is None:
            return self.pixels
        return replace(
            self.pixels, inverted=tones.inverted, presentation_lut=tones.presentation_lut
        )

    def origin(self, index: int) -> tuple[str, int]:
        """Return the object that a frame is of, by SOP Instance UID, and its number there, from 1.

        The UID is "" where it is not known.
        """
        for uid, frames in self.objects:
            if index < frames:
                return uid, index + 1
            index -= frames
        return "", 0

    @property
    def origins(self) -> tuple[tuple[str, int], ...]:
        """The `origin` of every frame."""
        each = tuple((uid, n + 1) for uid, frames in self.objects for n in range(frames))
        return (*each, *[("", 0)] * (len(self) - len(each)))[: len(self)]

    @property
    def is_colour(self) -> bool:
        """Tell whether frames are RGB."""
        return len(self.source.shape) == 4

    @property
    def rows(self) -> int:
        """Height in pixels."""
        return self.source.shape[1]

    @property
    def columns(self) -> int:
        """Width in pixels."""
        return self.source.shape[2]

    @property
    def frame_rate(self) -> float:
        """Display rate in frames per second."""
        return self.timing.rate

    @property
    def frame_bytes(self) -> int:
        """Bytes that one decoded frame takes."""
        return int(np.prod(self.source.shape[1:])) * self.source.dtype.itemsize

    @property
    def is_volume(self) -> bool:
        """Tell whether frames are planes or slices, which follow one another in no time."""
        return self.planes > 0 or lies_in_patient(self.places)

    @property
    def unit(self) -> str:
        """Unit of the modality values, "" when the file tells none."""
        return self.modality[0].unit

    def alone(self, index: int, source: FrameSource) -> Clip:
        """Return frame `index` as a clip of one frame, which `source` holds."""
        return replace(
            self,
            source=source,
            timing=Timing(),
            modality=(self.modality_at(index),),
            windows=tuple(at_frame(window, index) for window in self.windows),
            voi_luts=tuple(at_frame(table, index) for table in self.voi_luts),
            overlays=tuple(
                plane.moved(-index, index + 1) for plane in planes_at(self.overlays, index)
            ),
            shutter=at_frame(self.shutter, index),
            orientation=at_frame(self.orientation, index),
            real_world=at_frame(self.real_world, index),
            objects=((self.origin(index)[0], 1),) if self.objects else (),
            places=self.places[index : index + 1],
            planes=0,
            tones=at_frame(self.tones, index),
            state=at_frame(self.state, index),
            drawings=tuple(replace(d, frames=None) for d in self.drawings if d.covers(index)),
            segments=tuple(segment.alone(index) for segment in self.segments),
        )

    def with_source(self, source: FrameSource) -> Clip:
        """Return the same clip over another source of the same frames (a cache)."""
        return replace(self, source=source)

    def _checked(self, index: int) -> int:
        if not -len(self) <= index < len(self):
            raise IndexError(f"frame {index} of a clip of {len(self)}")
        return index % len(self)
