"""A presentation state made of how a clip is shown, with what is drawn on it (PS3.4 N.2).

What a state leaves out is identity, so that everything which brings a picture to the screen stands
in it: Modality, VOI and Presentation LUT, turning and flipping, displayed area, shutter, planes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.content import Reference
from xray_studio.core.drawing import Drawing
from xray_studio.core.errors import UsageError
from xray_studio.core.lut import LookupTable, Rescale, Voi
from xray_studio.core.per_frame import at_frame
from xray_studio.core.presentation import Presentation, VoiFunction, Window
from xray_studio.core.shutter import Shutter
from xray_studio.core.state import (
    COLOUR,
    GREY,
    Annotation,
    Area,
    Layer,
    PresentationState,
    Scoped,
    SoftcopyVoi,
)

PLANES: Final = "OVERLAYS"
NOTHING = "Nothing is drawn on this picture; a presentation state of it would tell nothing."
NO_OBJECTS = (
    "A presentation state names its pictures by their UIDs, and this file tells none; save a"
    " table, or export with measurements."
)
SHARED = (
    "Several of these files say that they are the same object, so a presentation state cannot tell"
    " them apart; save a table."
)
FRACTIONS = "A presentation state cannot show values that are no whole numbers; save a table."
SEVERAL_TONES = (
    "These frames are shown by several Presentation LUTs, and a presentation state has one; mark"
    " frames of one kind."
)
SEVERAL_SCALES = (
    "The values of these frames are scaled in several ways, and a presentation state has one; mark"
    " frames of one kind."
)
NO_COLOUR_MAP = "A presentation state of grey pictures has no colours: they are shown in grey."
NO_BITMAP = "A shutter that is a bitmap is left out."


@dataclass(frozen=True, slots=True)
class Made:
    """A state, and in sentences what of the picture on screen it cannot tell."""

    state: PresentationState
    notes: tuple[str, ...] = ()


def state_made(
    clip: Clip, how: Presentation, drawings: Sequence[Drawing], label: str, description: str
) -> Made:
    """Return the state that shows the frames of a clip which are drawn on as they are shown now.

    Raises UsageError where nothing is drawn, and where a state cannot show them so.
    """
    frames = sorted({index for one in drawings for index in _frames(clip, one)})
    if not frames:
        raise UsageError(NOTHING)
    _check_objects(clip, frames)
    if clip.source.dtype.kind == "f":
        raise UsageError(FRACTIONS)
    quarter, flip = _turned(how)
    state = PresentationState(
        COLOUR if clip.is_colour else GREY, "",
        patient=clip.identity.patient_id, label=label, description=description,
        images=references(clip, frames), rotation=quarter, flip=flip,
        areas=(Scoped(_area(clip, how, drawings), references(clip, frames)),),
        layers=_layers(drawings), annotations=tuple(_annotations(clip, drawings)),
    )  # fmt: skip
    state, notes = _with_shutter(state, clip, how, frames)
    state = _with_planes(state, clip, how, frames)
    if clip.is_colour:
        profile = clip.icc_profile if how.profile else b""
        return Made(replace(state, icc_profile=profile), notes)
    coloured = bool(how.colour_map) or any(_palette(clip, index) for index in frames)
    notes = (*notes, NO_COLOUR_MAP) if coloured else notes
    return Made(_with_greys(state, clip, how, frames), notes)


def _check_objects(clip: Clip, frames: Iterable[int]) -> None:
    uids = [uid for uid, _ in clip.objects]
    found = {clip.origin(index)[0] for index in frames}
    if "" in found:
        raise UsageError(NO_OBJECTS)
    if any(uids.count(uid) > 1 for uid in found):
        raise UsageError(SHARED)


def references(clip: Clip, frames: Iterable[int]) -> tuple[Reference, ...]:
    """Return the objects that frames of a clip (from 0) are of, with their numbers there.

    No numbers stand for all frames of an object.
    """
    of_uid: dict[str, list[int]] = {}
    for index in frames:
        uid, number = clip.origin(index)
        of_uid.setdefault(uid, []).append(number)
    whole = dict(clip.objects)
    return tuple(
        Reference(uid, frames=() if len(found) == whole[uid] else tuple(found))
        for uid, found in of_uid.items()
    )


def _frames(clip: Clip, drawing: Drawing) -> Iterable[int]:
    return range(len(clip)) if drawing.frames is None else sorted(drawing.frames)


def _turned(how: Presentation) -> tuple[int, bool]:
    """Return rotation and horizontal flip: a vertical flip is that after half a turn."""
    half = 180 if how.flip_vertical else 0
    return (how.rotation + half) % 360, how.flip_horizontal != how.flip_vertical


def _area(clip: Clip, how: Presentation, drawings: Sequence[Drawing]) -> Area:
    """Return what is displayed; all of the picture where a part would hide what is drawn."""
    whole = (0.0, 0.0, float(clip.columns), float(clip.rows))
    if how.area is None:
        return Area(whole)
    left, top = (float(max(0, round(edge))) for edge in how.area[:2])
    right, bottom = min(whole[2], round(how.area[2])), min(whole[3], round(how.area[3]))
    points = [point for one in drawings for shape in one.shapes for point in shape.points]
    seen = all(left <= x <= right and top <= y <= bottom for x, y in points)
    inside = seen and left < right and top < bottom
    return Area((left, top, right, bottom) if inside else whole)


def _layers(drawings: Sequence[Drawing]) -> tuple[Layer, ...]:
    colours = {one.layer: one.colour for one in drawings}
    return tuple(Layer(name, n, colour) for n, (name, colour) in enumerate(colours.items(), 1))


def _annotations(clip: Clip, drawings: Sequence[Drawing]) -> Iterable[Scoped[Annotation]]:
    for one in drawings:
        found = Annotation(one.layer, one.shapes, one.labels)
        yield Scoped(found, references(clip, _frames(clip, one)))


# -- what lies over the picture


def _with_shutter(
    state: PresentationState, clip: Clip, how: Presentation, frames: Sequence[int]
) -> tuple[PresentationState, tuple[str, ...]]:
    """Return a state with the shutter that all frames have; one that differs is left out."""
    each = {at_frame(clip.shutter, index) for index in frames} if how.shutter else {None}
    shutters = [one for one in each if one is not None]
    if not shutters:
        return state, ()
    plain = [replace(one, bitmap=None) for one in shutters]
    notes = (NO_BITMAP,) if any(one.bitmap is not None for one in shutters) else ()
    if len(each) > 1:
        return state, (*notes, "Shutters that differ from frame to frame are left out.")
    return replace(state, shutters=(Scoped(plain[0]),) if _hides(plain[0]) else ()), notes


def _hides(shutter: Shutter) -> bool:
    return any((shutter.rectangle, shutter.circle, shutter.polygon))


def _with_planes(
    state: PresentationState, clip: Clip, how: Presentation, frames: Sequence[int]
) -> PresentationState:
    """Return a state that activates the overlay planes of the file which are on screen."""
    own = not any(at_frame(clip.state, index) for index in frames)
    shown = clip.overlays if how.planes and own else ()
    groups = sorted(
        {p.group for p in shown if any(map(p.covers, frames)) and p.group not in how.hidden_planes}
    )
    if not groups:
        return state
    layers = (*state.layers, Layer(PLANES, len(state.layers) + 1))
    return replace(state, layers=layers, activated=tuple((group, PLANES) for group in groups))


# -- greys


def _palette(clip: Clip, index: int) -> bytes:
    tones = at_frame(clip.tones, index)
    return b"" if tones is None else tones.palette


def _with_greys(
    state: PresentationState, clip: Clip, how: Presentation, frames: Sequence[int]
) -> PresentationState:
    """Return a state with the transformations of grey values, from stored ones to the screen."""
    tones = {(p.inverted, p.presentation_lut) for p in map(clip.pixels_at, frames)}
    if len(tones) > 1:
        raise UsageError(SEVERAL_TONES)
    ((inverted, table),) = tones
    if table is not None and how.invert:
        table, inverted = _reversed(table), False
    elif table is None:
        inverted = inverted != how.invert
    windows = {index: _voi(clip, how, index) for index in frames}
    scales = {clip.modality_at(index) for index in frames}
    modality = next(iter(scales)) if len(scales) == 1 else Rescale()
    if len(scales) > 1:
        windows = {index: _over_stored(clip, index, voi) for index, voi in windows.items()}
    return replace(
        state, modality=modality, inverted=inverted, presentation_lut=table,
        voi=_scoped(clip, windows),
    )  # fmt: skip


def _reversed(table: LookupTable) -> LookupTable:
    turned = ((1 << table.bits) - 1 - table.values.astype(np.int64)).astype("<u2")
    return replace(table, entries=turned.tobytes())


def _voi(clip: Clip, how: Presentation, index: int) -> Voi:
    voi = how.voi
    return at_frame(clip.voi_luts[voi], index) if isinstance(voi, int) else at_frame(voi, index)


def _over_stored(clip: Clip, index: int, voi: Voi) -> Voi:
    """Return a window of modality values as one of stored values, which shows the same.

    Frames whose rescaling differs are so shown by one state, which has one rescaling only.
    """
    scale = clip.modality_at(index)
    if not isinstance(scale, Rescale) or scale.slope <= 0.0 or isinstance(voi, LookupTable):
        raise UsageError(SEVERAL_SCALES)
    if voi is None:
        return None
    slope, low = scale.slope, scale.intercept
    if voi.function is not VoiFunction.LINEAR:
        return replace(voi, center=(voi.center - low) / slope, width=voi.width / slope)
    # LINEAR counts its width from the middle of the first to that of the last value (C.11.2.1.2).
    center, width = (voi.center - 0.5 - low) / slope + 0.5, (voi.width - 1.0) / slope + 1.0
    return replace(voi, center=center, width=width)


def _scoped(clip: Clip, windows: dict[int, Voi]) -> tuple[Scoped[tuple[SoftcopyVoi, ...]], ...]:
    """Return the windows of frames, those that share one together; None is the full range."""
    of_voi: dict[Window | LookupTable, list[int]] = {}
    for index, voi in windows.items():
        if voi is not None:
            of_voi.setdefault(voi, []).append(index)
    return tuple(Scoped((voi,), references(clip, found)) for voi, found in of_voi.items())
