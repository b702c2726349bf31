"""DICOM series and enhanced objects as volumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.core.job import Job, Progress
from xray_studio.core.kinds import DICOM
from xray_studio.core.per_frame import middle_of
from xray_studio.core.presentation import Window
from xray_studio.core.study import Catalog, Series
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.stack import Stack, Taken, orientations, stacked
from xray_studio.core.volume.suv import PetFacts
from xray_studio.core.volume.volume import Volume, Voxels
from xray_studio.core.workers import run_apart
from xray_studio.dicom.slices import open_slices
from xray_studio.dicom.taken import read_pet, request_taken
from xray_studio.services.decoding import awaited
from xray_studio.services.open import SEGMENTATION, nothing_opens
from xray_studio.services.volume.filling import filled
from xray_studio.services.volume.parts import Part

FORMAT = "DICOM"
_NO_IMAGES = (
    "This is a document or a segmentation, which makes no volume; choose a series of images."
)
_NOWHERE = (
    "The pictures do not say where they lie in the patient, so they make no volume; open them as"
    " pictures."
)


@dataclass(frozen=True, slots=True)
class _Frames:
    """The frames of a series, and what tells them apart."""

    clip: Clip
    taken: tuple[Taken, ...]


def dicom_parts(catalog: Catalog) -> Job[list[Part]]:
    """Return the volumes among the series of a catalogue.

    Raises the reason why there is none.
    """
    found, refused = yield from _found([one for one in catalog.pictures() if _may_be_volume(one)])
    if not found:
        raise refused[0] if refused else nothing_opens(catalog)
    return found


def parts_of(series: Series) -> Job[list[Part]]:
    """Return the volumes of one series, one for each way in which its frames are turned.

    Raises the reason why there is none.
    """
    if not _may_be_volume(series):
        raise UnsupportedError(_NO_IMAGES)
    found, refused = yield from _found([series])
    if not found:
        raise refused[0] if refused else UnsupportedError(_NOWHERE)
    return found


def _found(several: Sequence[Series]) -> Job[tuple[list[Part], list[StudioError]]]:
    """Return the volumes of series, and why others make none."""
    found: list[Part] = []
    refused: list[StudioError] = []
    for one in several:
        try:
            frames = yield from _frames(one)
            found += _parts(one, frames, refused)
        except (UnreadableError, UnsupportedError) as error:
            refused.append(error)
    return found, refused


def parts_of_series(series: Series) -> Job[list[Part]]:
    """Return the volumes of one series. Raises the reason where there is none."""
    refused: list[StudioError] = []
    frames = yield from _frames(series)
    found = _parts(series, frames, refused)
    if not found:
        raise refused[0]
    return found


def _may_be_volume(series: Series) -> bool:
    if series.kind != DICOM or not series.instances:
        return False
    first = series.instances[0]
    return not first.sop_class_uid.startswith(SEGMENTATION)


def _frames(series: Series) -> Job[_Frames]:
    """Return the frames of a series: fast for plain slices, else as any clip is opened."""
    yield Progress(0, len(series.paths), "Reading headers")
    quick = open_slices(series.paths)
    if quick is not None:
        return _Frames(*quick)
    from xray_studio.dicom.clip import open_clip

    futures = request_taken(series.paths)
    taken: list[Taken] = []
    try:
        clip = open_clip(series.paths)
        for future in futures:
            each = yield from awaited(future, Progress(0, len(series.paths), "Reading positions"))
            taken += [frame for frames in each for frame in frames]
    finally:
        for future in futures:
            future.cancel()
    if len(taken) != len(clip):
        raise UnreadableError(
            "Some files of the series cannot be read, so that slices cannot be told apart; scan"
            " lists them."
        )
    return _Frames(clip, tuple(taken))


def _parts(series: Series, frames: _Frames, refused: list[StudioError]) -> list[Part]:
    """Return the volumes of a series: one for each way in which its frames are turned."""
    if frames.clip.is_colour:
        refused.append(UnsupportedError("A volume holds grey values, and these are in colour."))
        return []
    groups = orientations(frames.taken)
    if not groups:
        refused.append(UnsupportedError(_NOWHERE))
    found = []
    for group in groups:
        try:
            stack = stacked([frames.taken[number] for number in group])
        except UnsupportedError as error:
            refused.append(error)
            continue
        rows, columns = frames.clip.rows, frames.clip.columns
        moments = (stack.moments,) if stack.moments > 1 else ()
        shape = (*moments, stack.slices, rows, columns)
        aside = len(frames.taken) - len(group)
        found.append(
            Part(_title(series), FORMAT, shape, _Opener(frames, group, stack, aside), series.paths)
        )
    return found


def _title(series: Series) -> str:
    return " ".join(filter(None, (series.modality, series.series_description)))


@dataclass(frozen=True, slots=True)
class _Opener:
    """Opens one stack of a series; `aside` counts the frames that lie otherwise."""

    frames: _Frames
    group: tuple[int, ...]
    stack: Stack
    aside: int

    def __call__(self) -> Job[Volume]:
        clip, stack = self.frames.clip, self.stack
        order = [self.group[at] if at >= 0 else at for at in stack.order]
        values = yield from filled(clip, order)
        made, origins = clip.acquisition, clip.origins
        pet = yield from self._pet()
        return Volume(
            values=self._shaped(values),
            geometry=VolumeGeometry((stack.slices, clip.rows, clip.columns), stack.affine),
            modality=made.modality,
            unit=_unit(clip),
            along=stack.along,
            missing=stack.missing,
            format=FORMAT,
            paths=clip.paths,
            description=made.series_description,
            identity=clip.identity,
            origins=tuple(origins[at] if at >= 0 else ("", 0) for at in order),
            frame_of_reference=self.frames.taken[self.group[0]].place.frame_of_reference,
            windows=_windows(clip),
            pet=pet,
            warnings=(*stack.warnings, *self._aside(), *made.warnings),
        )

    def _shaped(self, values: Voxels) -> Voxels:
        stack = self.stack
        whole = (stack.moments, stack.slices, *values.shape[1:])
        return values.reshape(whole if stack.moments > 1 else whole[1:])

    def _aside(self) -> tuple[str, ...]:
        if not self.aside:
            return ()
        lie = "1 frame lies" if self.aside == 1 else f"{self.aside} frames lie"
        return (f"{lie} otherwise and make no part of this volume.",)

    def _pet(self) -> Job[PetFacts | None]:
        if self.frames.clip.acquisition.modality != "PT":
            return None
        future = run_apart(read_pet, self.frames.clip.paths[0])
        told = yield from awaited(future, Progress(0, 0, "Reading headers"))
        return PetFacts(**told)  # type: ignore[arg-type]


def _unit(clip: Clip) -> str:
    """Return the unit of the values: Hounsfield units are told by the modality alone as well."""
    if clip.unit:
        return clip.unit
    return "HU" if clip.acquisition.modality == "CT" else ""


def _windows(clip: Clip) -> tuple[Window, ...]:
    return tuple(middle_of(window) for window in clip.windows)
