"""A volume over another in the same planes, as PET over CT: pictures, facts, and a clip of them.

    fusion = Fusion(ct, as_uptake(pet))
    layers = fusion.cut(plane)                 # when the plane changes
    picture = fusion.picture(layers, look)     # when a window, colour or opacity changes

Values of the upper volume are looked up where the pixels of the plane lie, trilinear, whatever its
grid; neither volume is resampled as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Acquisition, Clip, Frame, Identity
from xray_studio.core.errors import UsageError
from xray_studio.core.legend import Legend
from xray_studio.core.lut import Pixels
from xray_studio.core.orientation import Orientation, of_cosines
from xray_studio.core.place import FramePlace
from xray_studio.core.playback import Timing
from xray_studio.core.presentation import Window
from xray_studio.core.volume.fusion import FusionLook, Match, badges, match, strangers
from xray_studio.core.volume.planes import Plane, Projection
from xray_studio.core.volume.volume import Volume
from xray_studio.core.workers import Priority, done
from xray_studio.imaging.colour_bar import draw_colour_bar
from xray_studio.imaging.fusion import fused
from xray_studio.services.volume.planes import Cutter, Picture
from xray_studio.services.volume.windows import ends_told, usual_window

_CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7.4"  # what its pictures are as DICOM: in true colour
_LEAST: Final = 256  # pixels on the longer side: less has no room for badges
_RATE: Final = 10.0  # planes a second, where they are looked through as a movie


@dataclass(frozen=True, slots=True)
class Layers:
    """Values of both volumes on one plane, (rows, columns) float32, NaN where there is nothing."""

    plane: Plane
    below: Picture
    above: Picture


class Fusion:
    """Two volumes of one moment, the upper laid over the lower by where both lie in the patient.

    `windows` are those of the lower and the upper one; they begin as is usual for each, and may be
    replaced. Raises UsageError where nothing says that they lie on one another, unless `forced`:
    then `badges` says that they are not registered. Use it from one thread.
    """

    def __init__(self, below: Volume, above: Volume, *, forced: bool = False) -> None:
        self.below, self.above = below.single("A fusion"), above.single("A fusion")
        self.match: Match = match(self.below, self.above, forced=forced)
        self.windows: tuple[Window, Window] = usual_window(self.below), usual_window(self.above)
        self._cutters = Cutter(self.below), Cutter(self.above)

    @property
    def badges(self) -> tuple[str, ...]:
        """What stands on every picture, in capitals."""
        return badges(self.match)

    def cut(
        self, plane: Plane, how: tuple[Projection, Projection] = (Projection.MIP, Projection.MIP)
    ) -> Layers:
        """Return both volumes on a plane, or projected through its slab."""
        below, above = (
            cutter.cut(plane, way) for cutter, way in zip(self._cutters, how, strict=True)
        )
        return Layers(plane, below, above)

    def picture(self, layers: Layers, look: FusionLook) -> npt.NDArray[np.uint8]:
        """Return one plane as shown, RGB uint8 (rows, columns, 3)."""
        return fused(layers.below, layers.above, self.windows, look, layers.plane.spacing)

    def values_at(self, layers: Layers, row: int, column: int) -> tuple[float, float]:
        """Return the values of the lower and the upper volume in a pixel, NaN for none."""
        return float(layers.below[row, column]), float(layers.above[row, column])

    def legends(self, look: FusionLook) -> tuple[Legend, Legend]:
        """Return what the greys below and the colours above stand for."""
        ends = [ends_told(window) for window in self.windows]
        return (
            Legend("", ends[0][1], ends[0][0], self.below.unit),
            Legend(look.colour_map, ends[1][1], ends[1][0], self.above.unit),
        )

    def facts(self, look: FusionLook) -> dict[str, Any]:
        """Return what there is to know of the pictures, for JSON; nothing of a patient."""
        named = zip(("below", "above"), (self.below, self.above), self.windows, strict=True)
        told: dict[str, Any] = {
            key: {
                "modality": volume.modality, "unit": volume.unit,
                "center": window.center, "width": window.width,
            }
            for key, volume, window in named
        }  # fmt: skip
        told["above"] |= {
            "colour_map": look.colour_map or "grey",
            "opacity": look.opacity,
            "fading": look.fading,
        }
        how = {"blend": look.blend.value, "match": self.match.value}
        return told | how | {"badges": list(self.badges)}


@dataclass(frozen=True, slots=True, eq=False)
class FusedSource:
    """FrameSource whose frames are planes of one fusion, all of one size.

    With `legend` the colours' bar is drawn into them.
    """

    fusion: Fusion
    planes: tuple[Plane, ...]
    how: tuple[Projection, Projection]
    look: FusionLook
    legend: bool = False
    dtype: np.dtype[Any] = field(default_factory=lambda: np.dtype(np.uint8))

    def __post_init__(self) -> None:
        if len({plane.size for plane in self.planes}) != 1:
            raise UsageError("All planes of a clip have one size.")

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns, 3)."""
        return (len(self.planes), *self.planes[0].size, 3)

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only."""
        layers = self.fusion.cut(self.planes[index], self.how)
        picture = self.fusion.picture(layers, self.look)
        if self.legend:
            draw_colour_bar(picture, self.fusion.legends(self.look)[1])
        picture.setflags(write=False)
        return picture

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future that is done."""
        del priority
        return done(self.read(index))


def _cosines(plane: Plane) -> tuple[float, ...]:
    return (*plane.right, *plane.down)


def _place(plane: Plane, below: Volume) -> FramePlace:
    return FramePlace(
        position=plane.corner,
        orientation=_cosines(plane),
        spacing=plane.spacing,
        thickness=plane.thickness or None,
        frame_of_reference=below.frame_of_reference,
        size=plane.size,
    )


def fused_clip(
    fusion: Fusion,
    planes: Sequence[Plane],
    look: FusionLook,
    how: tuple[Projection, Projection] = (Projection.MIP, Projection.MIP),
    *,
    legend: bool = False,
) -> Clip:
    """Return fused planes, with square pixels, as a clip of the lower volume's patient and study.

    It is shown and exported as any other; its badges say that it is a fusion. Where two different
    patients were laid on one another it names neither. `legend` draws what the colours stand for
    into the pictures, for files.
    """
    square = tuple(plane.squared().roomy(_LEAST) for plane in planes)
    below, above = fusion.below, fusion.above
    titles = (volume.modality or volume.format for volume in (above, below))
    return Clip(
        FusedSource(fusion, square, how, look, legend),
        Timing(_RATE, "default"),
        Pixels(bits=8),
        orientation=of_cosines(_cosines(square[0])) if below.placed else Orientation(),
        places=tuple(_place(plane, below) for plane in square) if below.placed else (),
        identity=Identity() if strangers(below.identity, above.identity) else below.identity,
        acquisition=replace(
            Acquisition(), modality=below.modality, photometric="RGB", sop_class_uid=_CAPTURE,
            series_description=" over ".join(titles), burned_in="NO",
            pixel_spacing=square[0].spacing if below.spaced else None,
            spacing_meaning="patient" if below.spaced else "",
            warnings=(*below.warnings, *above.warnings),
        ),
        paths=tuple(dict.fromkeys((*below.paths, *above.paths))),
        processed=fusion.badges,
    )  # fmt: skip
