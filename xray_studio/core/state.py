"""Presentation states (PS3.3 A.33): how somebody showed some images, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from xray_studio.core.content import Reference
from xray_studio.core.drawing import Label, Shape
from xray_studio.core.lut import LookupTable, Modality, Rescale
from xray_studio.core.overlay_plane import OverlayPlane
from xray_studio.core.presentation import Window
from xray_studio.core.shutter import Colour, Shutter

T_co = TypeVar("T_co", covariant=True)

_STORAGE = "1.2.840.10008.5.1.4.1.1.11."
GREY, COLOUR, PSEUDO, XA = (_STORAGE + number for number in ("1", "2", "3", "5"))
FOLLOWED = frozenset((GREY, COLOUR, PSEUDO, XA))
"""SOP classes that can be applied."""


def is_state(sop_class_uid: str) -> bool:
    """Tell whether a class is a presentation state of whatever kind."""
    return sop_class_uid.startswith(_STORAGE)


@dataclass(frozen=True, slots=True)
class Scoped(Generic[T_co]):
    """Something that holds for some images and frames of a state; for no `images`: for all."""

    value: T_co
    images: tuple[Reference, ...] = ()

    def holds(self, uid: str, frame: int) -> bool:
        """Tell whether it holds for frame `frame` (from 1) of the object `uid`."""
        return not self.images or refers(self.images, uid, frame)


def refers(images: Sequence[Reference], uid: str, frame: int) -> bool:
    """Tell whether one of some references is to frame `frame` (from 1) of the object `uid`."""
    return any(
        image.sop_instance_uid == uid and (not image.frames or frame in image.frames)
        for image in images
    )


@dataclass(frozen=True, slots=True)
class Area:
    """A displayed area: left, top, right, bottom in pixels from the corner of the first one.

    `mode` is Presentation Size Mode; `magnification` is screen pixels for an image pixel.
    """

    edges: tuple[float, float, float, float]
    mode: str = "SCALE TO FIT"
    magnification: float | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """A graphic layer; higher `order` lies above."""

    name: str
    order: int = 0
    colour: Colour | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is drawn in a layer."""

    layer: str
    shapes: tuple[Shape, ...] = ()
    labels: tuple[Label, ...] = ()


SoftcopyVoi: TypeAlias = Window | LookupTable


@dataclass(frozen=True, slots=True)
class PresentationState:
    """One presentation state.

    `patient` is Patient ID. `modality` is its Modality LUT, identity where it has none.
    `activated` are overlay groups with the layer that they are shown in. `palette` is of pseudo
    colour: RGB of 8 bits, b"" without. `shutter_group` is the overlay that is its bitmap shutter.
    """

    sop_class_uid: str
    sop_instance_uid: str
    path: str = ""
    patient: str = ""
    label: str = ""
    description: str = ""
    creator: str = ""
    created: str = ""
    images: tuple[Reference, ...] = ()
    modality: Modality = Rescale()  # noqa: RUF009 - a frozen value, made once
    voi: tuple[Scoped[tuple[SoftcopyVoi, ...]], ...] = ()
    inverted: bool = False
    presentation_lut: LookupTable | None = None
    palette: bytes = b""
    icc_profile: bytes = b""
    rotation: int = 0
    flip: bool = False
    areas: tuple[Scoped[Area], ...] = ()
    layers: tuple[Layer, ...] = ()
    annotations: tuple[Scoped[Annotation], ...] = ()
    overlays: tuple[OverlayPlane, ...] = ()
    activated: tuple[tuple[int, str], ...] = ()
    shutters: tuple[Scoped[Shutter], ...] = ()
    shutter_group: int | None = None
    masks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return size only: logs must not tell whose images these are."""
        return f"<PresentationState of {len(self.images)} images>"

    @property
    def name(self) -> str:
        """What to call it: its label, else its description, else its kind."""
        return self.label or self.description or "Presentation state"

    @property
    def is_followed(self) -> bool:
        """Tell whether it is of a kind that can be applied."""
        return self.sop_class_uid in FOLLOWED

    def refers_to(self, uid: str, frame: int = 1) -> bool:
        """Tell whether it is about a frame (from 1) of an object."""
        return refers(self.images, uid, frame)
