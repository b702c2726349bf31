"""A presentation state applied to a clip (PS3.4 N.2): another clip over the same pixels.

The state takes the place of the transformations that an image tells itself; what it leaves out is
identity. Frames that it does not refer to are shown as they are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from xray_studio.core.clip import Clip
from xray_studio.core.drawing import AMBER, Drawing
from xray_studio.core.errors import UsageError
from xray_studio.core.lut import LookupTable, Modality, Pixels, Voi, modality_range
from xray_studio.core.overlay_plane import OverlayPlane
from xray_studio.core.per_frame import PerFrame, at_frame, for_frames
from xray_studio.core.presentation import Presentation, VoiChoice, Window
from xray_studio.core.shutter import Shutter
from xray_studio.core.state import COLOUR, Area, PresentationState, Scoped
from xray_studio.core.tones import Tones

T = TypeVar("T")
OTHER_PATIENT = "The presentation state {} is of another patient; it is not applied."
NOT_FOR_THESE = "The presentation state {} refers to other images; it is not applied."
NOT_FOLLOWED = "The presentation state {} is of a kind that cannot be applied."
WRONG_COLOUR = "The presentation state {} is for {} images; it is not applied."


@dataclass(frozen=True, slots=True)
class Applied:
    """A clip as a state shows it, how, and a `frame` (from 0) that the state is about."""

    clip: Clip
    presentation: Presentation
    frame: int


def refuses(clip: Clip, state: PresentationState) -> str:
    """Return why a state cannot be applied to a clip, "" where it can."""
    if state.patient and clip.identity.patient_id and state.patient != clip.identity.patient_id:
        return OTHER_PATIENT.format(state.name)
    if not state.is_followed:
        return NOT_FOLLOWED.format(state.name)
    if not covered(clip, state):
        return NOT_FOR_THESE.format(state.name)
    if clip.is_colour != (state.sop_class_uid == COLOUR):
        return WRONG_COLOUR.format(state.name, "grey" if clip.is_colour else "colour")
    return ""


def covered(clip: Clip, state: PresentationState) -> tuple[int, ...]:
    """Return the frames of a clip, from 0, that a state refers to."""
    return tuple(
        index for index, (uid, frame) in enumerate(clip.origins) if state.refers_to(uid, frame)
    )


def applied(clip: Clip, state: PresentationState, own: Presentation) -> Applied:
    """Return a clip under a state; `own` is how its other frames are shown.

    Raises UsageError when the state is not for this clip.
    """
    reason = refuses(clip, state)
    if reason:
        raise UsageError(reason)
    return _Applying(clip, state, own).made()


class _Applying:
    """One state about to be applied."""

    def __init__(self, clip: Clip, state: PresentationState, own: Presentation) -> None:
        self._clip, self._state, self._own = clip, state, own
        self._origins = clip.origins
        self._frames = frozenset(covered(clip, state))

    def made(self) -> Applied:
        clip, state = self._clip, self._state
        first = min(self._frames)
        shown = replace(
            clip,
            modality=self._modality(),
            tones=self._tones(),
            overlays=self._overlays(),
            shutter=self._each(self._shutter, lambda i: at_frame(clip.shutter, i)),
            drawings=self._drawings(),
            icc_profile=state.icc_profile if state.sop_class_uid == COLOUR else clip.icc_profile,
            acquisition=replace(
                clip.acquisition,
                warnings=(*clip.acquisition.warnings, *state.warnings, *self._notes()),
            ),
            state=self._each(lambda _i: state.name, lambda _i: ""),
        )
        shown, voi = self._with_voi(shown)
        area = self._area(first)
        presentation = replace(
            self._own,
            voi=voi,
            invert=False,
            rotation=state.rotation,
            flip_horizontal=state.flip,
            flip_vertical=False,
            zoom=None,
            pan=(0.0, 0.0),
            area=None if area is None else area.edges,
        )
        return Applied(shown, presentation, first)

    def _each(self, mine: Callable[[int], T], own: Callable[[int], T]) -> T | PerFrame[T]:
        """Return what the state tells of its frames and what the others have of their own."""
        return for_frames(mine(i) if i in self._frames else own(i) for i in range(len(self._clip)))

    def _modality(self) -> tuple[Modality, ...]:
        clip = self._clip
        if clip.is_colour:
            return clip.modality
        mine = _signed(self._state.modality, signed=clip.pixels.signed)
        found = self._each(lambda _i: mine, clip.modality_at)
        return found.each if isinstance(found, PerFrame) else (found,)

    def _tones(self) -> Tones | PerFrame[Tones | None] | None:
        state = self._state
        mine = Tones(state.inverted, state.presentation_lut, state.palette)
        if self._clip.is_colour:
            return None
        none: Tones | None = None
        return self._each(lambda _i: mine, lambda _i: none)

    # -- window

    def _with_voi(self, shown: Clip) -> tuple[Clip, VoiChoice]:
        """Return the clip with the windows of the state, and the one it is shown with."""
        if shown.is_colour:
            return shown, None
        each = [self._voi_at(shown, i) for i in range(len(shown))]
        if all(isinstance(one, Window) for one in each):
            windows = for_frames(one for one in each if isinstance(one, Window))
            return replace(shown, windows=(windows,), voi_luts=()), windows
        if all(one is None for one in each):
            return replace(shown, windows=(), voi_luts=()), None
        tables = for_frames(each)
        return replace(shown, windows=(), voi_luts=(tables,)), 0  # type: ignore[arg-type]  # mixed

    def _voi_at(self, shown: Clip, index: int) -> Voi:
        if index not in self._frames:
            return _own_voi(self._clip, self._own.voi, index)
        found = self._of(self._state.voi, index)
        if not found:
            return None
        voi = found[0]
        if isinstance(voi, LookupTable):
            return _table(voi, shown.pixels, shown.modality_at(index))
        return voi

    def _of(self, scoped: Sequence[Scoped[T]], index: int) -> T | None:
        """Return the first that holds for a frame."""
        uid, frame = self._origins[index]
        return next((one.value for one in scoped if one.holds(uid, frame)), None)

    # -- what lies over the picture

    def _overlays(self) -> tuple[OverlayPlane, ...]:
        """Return the planes of other frames, those activated, and those of the state itself."""
        state, frames = self._state, sorted(self._frames)
        layers = dict(state.activated)
        mine = {plane.group for plane in state.overlays}
        kept = [
            part
            for plane in self._clip.overlays
            for part in _split(plane, self._frames, len(self._clip), plane.group in layers)
            if not (plane.group in mine and part.first in self._frames)
        ]
        runs = _runs(frames)
        own = [
            replace(plane, first=first, stop=stop)
            for plane in state.overlays
            if plane.group in layers
            for first, stop in runs
        ]
        return (*kept, *own)

    def _shutter(self, index: int) -> Shutter | None:
        shutter = self._of(self._state.shutters, index)
        group = self._state.shutter_group
        if group is None:
            return shutter
        planes = (*self._state.overlays, *self._clip.overlays)
        bitmap = next((p for p in planes if p.group == group and p.covers(index)), None)
        if bitmap is None:
            return shutter
        return replace(shutter or Shutter(), bitmap=bitmap)

    def _drawings(self) -> tuple[Drawing, ...]:
        layers = {layer.name: layer for layer in self._state.layers}
        found = []
        for scoped in self._state.annotations:
            frames = frozenset(i for i in self._frames if scoped.holds(*self._origins[i]))
            layer = layers.get(scoped.value.layer)
            colour = layer.colour if layer is not None else None
            found.append(
                Drawing(
                    layer=scoped.value.layer,
                    shapes=scoped.value.shapes,
                    labels=scoped.value.labels,
                    colour=colour or AMBER,
                    order=layer.order if layer is not None else 0,
                    frames=frames,
                )
            )
        return tuple(sorted((d for d in found if d.frames), key=lambda drawing: drawing.order))

    def _area(self, index: int) -> Area | None:
        """Return what is displayed, None for all of the picture."""
        area = self._of(self._state.areas, index)
        whole = (0.0, 0.0, float(self._clip.columns), float(self._clip.rows))
        return None if area is None or area.edges == whole else area

    def _notes(self) -> tuple[str, ...]:
        """Return what of the state holds in part only."""
        notes, modes = [], {scoped.value.mode for scoped in self._state.areas}
        if len({self._of(self._state.areas, i) for i in self._frames}) > 1:
            notes.append("The state displays another area of each image; that of the first holds.")
        if modes - {"SCALE TO FIT"}:
            notes.append(
                "The state asks for a size on screen; the area that it displays is fitted instead."
            )
        return tuple(notes)


def _signed(modality: Modality, *, signed: bool) -> Modality:
    """Return a table that begins at a signed value; a state does not know the pixels' sign."""
    if isinstance(modality, LookupTable) and signed and modality.first >= 1 << 15:
        return replace(modality, first=modality.first - (1 << 16))
    return modality


def _table(table: LookupTable, pixels: Pixels, modality: Modality) -> LookupTable:
    if table.first >= 1 << 15 and modality_range(pixels, modality)[0] < 0:
        return replace(table, first=table.first - (1 << 16))
    return table


def _own_voi(clip: Clip, voi: VoiChoice, index: int) -> Voi:
    if isinstance(voi, int):
        return at_frame(clip.voi_luts[voi], index)
    return at_frame(voi, index)


def _split(
    plane: OverlayPlane, frames: frozenset[int], count: int, active: bool
) -> tuple[OverlayPlane, ...]:
    """Return a plane of the images on the frames where it is shown."""
    wanted = [i for i in range(count) if plane.covers(i) and (active or i not in frames)]
    if len(wanted) == sum(plane.covers(i) for i in range(count)):
        return (plane,)
    if len(plane.packed) == 1 and plane.source is None:
        return tuple(replace(plane, first=first, stop=stop) for first, stop in _runs(wanted))
    return tuple(
        replace(
            plane, first=i, stop=i + 1, packed=plane.packed[i - plane.first : i - plane.first + 1]
        )
        for i in wanted
        if plane.source is None
    )


def _runs(frames: Sequence[int]) -> list[tuple[int, int]]:
    """Return frames in order as ranges, the end of each excluded."""
    found: list[tuple[int, int]] = []
    for frame in frames:
        if found and found[-1][1] == frame:
            found[-1] = (found[-1][0], frame + 1)
        else:
            found.append((frame, frame + 1))
    return found
