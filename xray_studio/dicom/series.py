"""Several objects as one clip: the images of a series in the order given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import fields, replace
from typing import Any, TypeAlias, TypeVar

from xray_studio.core.clip import Acquisition, Clip, FrameSource, Identity
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.lut import Modality, Pixels
from xray_studio.core.orientation import Orientation
from xray_studio.core.overlay_plane import OverlayPlane
from xray_studio.core.per_frame import at_frame, for_frames, middle_of
from xray_studio.core.place import FramePlace
from xray_studio.core.real_world import RealWorldMap
from xray_studio.core.shutter import Shutter
from xray_studio.core.workers import WorkerLostError, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.pixels.sequence import BrokenSource, SeriesSource

BATCH = 16
MOST_NAMED = 20
Answer: TypeAlias = Clip | StudioError
F = TypeVar("F", Identity, Acquisition)
T = TypeVar("T")


def describe_all(paths: Sequence[str]) -> list[Answer]:
    """Return every object as a clip, or the reason why it is none, read by all workers."""
    batches = [tuple(paths[i : i + BATCH]) for i in range(0, len(paths), BATCH)]
    futures = [_batch(batch) for batch in batches]
    return [
        answer
        for batch, future in zip(batches, futures, strict=True)
        for answer in _answers(batch, future)
    ]


def _batch(paths: tuple[str, ...]) -> Future[list[Answer]]:
    name = "xray_studio.dicom.describe:describe_batch"
    return run_apart(name, paths, time_limit=reading_time(paths))


def _answers(batch: tuple[str, ...], future: Future[list[Answer]]) -> list[Answer]:
    """Return the answers of a batch; when a file of it ended the worker, each one by itself."""
    try:
        return future.result()
    except (WorkerLostError, UnreadableError) as error:
        if len(batch) == 1:
            return [error]
    return [a for path in batch for a in _answers((path,), _batch((path,)))]


def join(paths: Sequence[str], answers: Sequence[Answer]) -> Clip:
    """Return one clip of several described objects.

    The most common kind of picture sets the shape; others, and files that failed, take one frame
    that raises its reason. Raises the first reason when no object could be read.
    """
    clips = [answer for answer in answers if isinstance(answer, Clip)]
    if not clips:
        raise next(answer for answer in answers if isinstance(answer, StudioError))
    kind = Counter(map(_kind, clips)).most_common(1)[0][0]
    alike = [clip for clip in clips if _kind(clip) == kind]
    parts = tuple(_part(answer, kind, alike[0]) for answer in answers)
    middle = alike[len(alike) // 2]
    return replace(
        middle,
        source=SeriesSource(parts),
        pixels=_pixels(middle, alike),
        modality=_modality(parts, answers, alike[0]),
        windows=tuple(middle_of(window) for window in middle.windows),
        voi_luts=tuple(middle_of(table) for table in middle.voi_luts),
        **_by_frame(parts, answers),
        icc_profile=middle.icc_profile if _same_colours(alike) else b"",
        timing=replace(middle.timing, times=(), start=0, stop=None, delay=0.0),
        identity=in_common([clip.identity for clip in alike], Identity()),
        acquisition=replace(
            in_common([clip.acquisition for clip in alike], Acquisition()),
            mask=None,  # its frames are those of one object
            lossy=any(clip.acquisition.lossy for clip in alike),
            burned_in=_burned_in([clip.acquisition.burned_in for clip in alike]),
            warnings=(*_warnings(parts, answers), *_colour_warnings(alike)),
        ),
        paths=tuple(paths),
        objects=_objects(parts, answers),
    )


def _objects(
    parts: tuple[FrameSource, ...], answers: Sequence[Answer]
) -> tuple[tuple[str, int], ...]:
    """Return the object of every part; one that failed is not known."""
    return tuple(
        answer.objects[0]
        if isinstance(answer, Clip) and answer.source is part and answer.objects
        else ("", part.shape[0])
        for part, answer in zip(parts, answers, strict=True)
    )


def in_common(facts: Sequence[F], blank: F) -> F:
    """Return what is equal in all of the facts, and of `blank` what is not.

    What is true of one image is never said of another: two runs have no angle in common.
    """
    names = [field.name for field in fields(blank)]
    alike = {name for name in names if len({getattr(fact, name) for fact in facts}) == 1}
    return replace(facts[0], **{n: getattr(blank, n) for n in names if n not in alike})


def _burned_in(told: Sequence[str]) -> str:
    """Return "YES" when one image says so, "NO" when all say that."""
    if "YES" in told:
        return "YES"
    return "NO" if set(told) == {"NO"} else ""


def _kind(clip: Clip) -> tuple[object, ...]:
    """Return what must be equal for frames to be shown as one clip."""
    pixels = replace(clip.pixels, bits=0, padding=None)
    return clip.source.shape[1:], clip.source.dtype, pixels


def _part(answer: Answer, kind: tuple[object, ...], like: Clip) -> FrameSource:
    if isinstance(answer, Clip) and _kind(answer) == kind:
        return answer.source
    reason = answer if isinstance(answer, StudioError) else _different(answer, like)
    return BrokenSource(reason, like.source.shape[1:], like.source.dtype)


def _different(clip: Clip, like: Clip) -> StudioError:
    same_size = (clip.rows, clip.columns) == (like.rows, like.columns)
    if same_size and clip.is_colour != like.is_colour:
        kind, rest = ("in colour", "grey") if clip.is_colour else ("grey", "in colour")
        return UnreadableError(
            f"This image is {kind} and the rest of the series {rest}; open it by itself."
        )
    return UnreadableError(
        f"This image ({clip.columns} x {clip.rows} pixels) is of another kind than the rest of the "
        f"series ({like.columns} x {like.rows}); open it by itself."
    )


def _pixels(middle: Clip, alike: Sequence[Clip]) -> Pixels:
    """Return pixels deep enough for every image; padding only where all have the same."""
    same = all(clip.pixels.padding == middle.pixels.padding for clip in alike)
    return replace(
        middle.pixels,
        bits=max(clip.pixels.bits for clip in alike),
        padding=middle.pixels.padding if same else None,
    )


def _modality(
    parts: tuple[FrameSource, ...], answers: Sequence[Answer], like: Clip
) -> tuple[Modality, ...]:
    """Return the Modality LUT of every frame, or one where all are the same."""
    each: list[Modality] = []
    for part, answer in zip(parts, answers, strict=True):
        good = isinstance(answer, Clip) and answer.source is part
        clip = answer if good and isinstance(answer, Clip) else like
        each.extend(clip.modality_at(i) if good else clip.modality[0] for i in range(part.shape[0]))
    return tuple(each) if len(set(each)) > 1 else (each[0],)


def _by_frame(parts: tuple[FrameSource, ...], answers: Sequence[Answer]) -> dict[str, Any]:
    """Return what lies over every frame and how it is turned; nothing for one that failed."""
    overlays: list[OverlayPlane] = []
    shutters: list[Shutter | None] = []
    turns: list[Orientation] = []
    meanings: list[tuple[RealWorldMap, ...]] = []
    places: list[FramePlace] = []
    for part, answer in zip(parts, answers, strict=True):
        good = isinstance(answer, Clip) and answer.source is part
        clip = answer if good and isinstance(answer, Clip) else Clip(part)
        frames = range(part.shape[0])
        overlays += [plane.moved(len(turns), len(frames)) for plane in clip.overlays]
        shutters += [at_frame(clip.shutter, i) for i in frames]
        turns += [at_frame(clip.orientation, i) for i in frames]
        meanings += [at_frame(clip.real_world, i) for i in frames]
        places += clip.places or [FramePlace()] * len(frames)
    return {
        "overlays": tuple(overlays),
        "shutter": for_frames(shutters),
        "orientation": for_frames(turns),
        "real_world": for_frames(meanings),
        "places": tuple(places) if any(place.position for place in places) else (),
    }


def _same_colours(alike: Sequence[Clip]) -> bool:
    return len({clip.icc_profile for clip in alike}) == 1


def _colour_warnings(alike: Sequence[Clip]) -> tuple[str, ...]:
    if _same_colours(alike):
        return ()
    return ("The images have different ICC profiles; their colours are shown as stored.",)


def _warnings(parts: tuple[FrameSource, ...], answers: Sequence[Answer]) -> tuple[str, ...]:
    """Return what was wrong with which image, counted from 1."""
    said: list[str] = []
    for number, (part, answer) in enumerate(zip(parts, answers, strict=True), 1):
        if isinstance(part, BrokenSource):
            said.append(f"Image {number}: {part.reason}")
        elif isinstance(answer, Clip):
            said.extend(f"Image {number}: {warning}" for warning in answer.acquisition.warnings)
    if len(said) > MOST_NAMED:
        said = [*said[:MOST_NAMED], f"{len(said) - MOST_NAMED} more warnings."]
    return tuple(said)
