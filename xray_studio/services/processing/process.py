"""Process: a clip whose frames go through a pipeline is a clip again.

The scene of each step (range and noise) is taken once for the whole clip, from a few frames that
are the same wherever it runs, so that window, export, command line and batch give the same pixels.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress, run
from xray_studio.core.memory import enough_for
from xray_studio.core.pipeline import Pipeline, Prepared
from xray_studio.core.processed import (
    ProcessedSource,
    Values,
    processed_clip,
    reading_of,
    values_for,
)
from xray_studio.core.scene import Kept, Scene
from xray_studio.core.step import Group, Image, RecursiveStep, Stack, Step
from xray_studio.core.stored_source import StoredSource
from xray_studio.services.decoding import Decoding
from xray_studio.services.value_range import ends_of

SAMPLES: Final = 3  # frames, evenly spread, that tell the noise with those after them
_PREPARING: Final = "Looking at the noise"
_SMALLEST_FLOAT: Final = 1e-12
_NEARLY_ALL: Final = (0.1, 99.9)  # percent
Known: TypeAlias = dict[tuple[Step, ...], Scene]


def processed(clip: Clip, pipeline: Pipeline, known: Known | None = None) -> Job[Clip]:
    """Return a clip processed by a pipeline; the same clip for one without steps.

    Frames are made when they are asked for, but for a recursive pipeline, which runs through the
    whole clip and keeps the frames in a temporary file. `known` keeps the scenes for the next
    pipeline over the same clip. Raises UsageError for steps that this clip cannot have, and what
    its source raises.
    """
    if not pipeline.steps:
        return clip
    pipeline.check(len(clip))
    prepared = yield from prepare(clip, pipeline, known)
    values = values_for(clip, prepared)
    if pipeline.recursive:
        source = yield from _run_through(clip, prepared, values)
        return processed_clip(clip, pipeline, prepared, source)
    return processed_clip(clip, pipeline, prepared, ProcessedSource(clip.source, prepared, values))


def process(clip: Clip, pipeline: Pipeline) -> Clip:
    """Return a clip processed by a pipeline, at once (see `processed`)."""
    return run(processed(clip, pipeline))


def prepare(clip: Clip, pipeline: Pipeline, known: Known | None = None) -> Job[Prepared]:
    """Return a pipeline with the scene that each step works in.

    Scenes that are `known` by the steps before them are not looked for again.
    """
    known = {} if known is None else known
    steps, scenes = pipeline.steps, list[Scene]()
    for number, step in enumerate(steps):
        before = steps[:number]
        if before not in known:
            known[before] = yield from _scene_after(clip, before, scenes)
        step.check(known[before])
        if step.needs(known[before]):
            known[before] = yield from _with_kept(clip, before, scenes, known[before], step)
            scenes.append(known[before])
        else:
            scenes.append(replace(known[before], kept=None))
    return Prepared(steps, tuple(scenes))


def _with_kept(
    clip: Clip, before: tuple[Step, ...], scenes: Sequence[Scene], scene: Scene, step: Step
) -> Job[Scene]:
    """Return a scene with what a step keeps of the frames it needs, after the steps before it."""
    frames = step.needs(scene)
    if scene.kept is not None and scene.kept.frames == frames:
        return scene
    made = yield from frames_after(clip, Prepared(before, tuple(scenes)), frames)
    if not np.isfinite(made).all():
        raise UsageError(f"{step.title} cannot process values that are no finite numbers.")
    with enough_for(step.title, clip.rows, clip.columns):
        return replace(scene, kept=Kept(frames, step.keep(made)))


def frames_after(clip: Clip, prepared: Prepared, places: Sequence[int]) -> Job[Image]:
    """Return frames (from 0) after steps, as the clip that they make has them.

    float32 (frames, rows, columns), in the order asked for.
    """
    if any(isinstance(step, RecursiveStep) for step in prepared.steps):
        made = yield from _run_to(clip, prepared, places)
    else:
        made = yield from _made(clip, prepared, places)
    return made


def _run_to(clip: Clip, prepared: Prepared, places: Sequence[int]) -> Job[Image]:
    """Return frames of a clip that recursive steps run through from its start."""
    values, chain = reading_of(clip), prepared.running()
    found, done = dict[int, Image](), 0
    decoding = Decoding(clip, range(len(clip)))
    try:
        for index in range(len(clip)):
            frame = yield from decoding.frame(Progress(index, len(clip), _PREPARING))
            made = chain.next(values.decoded(frame, index))
            if index == len(clip) - 1:
                made += chain.end()
            found |= {place: one for place, one in enumerate(made, done) if place in places}
            done += len(made)
            if len(found) == len({*places}):
                break
    finally:
        chain.close()
        decoding.close()
    return np.stack([found[place] for place in places])


def _scene_after(clip: Clip, steps: tuple[Step, ...], scenes: Sequence[Scene]) -> Job[Scene]:
    """Return the scene after the first steps of a pipeline, that of the clip after none."""
    from xray_studio.imaging.noise import estimate_noise

    if not steps:
        scene = yield from scene_of(clip)
        return scene
    following = steps[-1].output(scenes[-1])
    if steps[-1].group is not Group.DENOISE:  # values grow in another way with the radiation
        following = replace(following, intensity="")
    made = yield from _made(clip, Prepared(steps, tuple(scenes)), _spread(len(clip)))
    with enough_for(_PREPARING, clip.rows, clip.columns):
        return replace(following, noise=estimate_noise(made), seen=_seen(made), kept=None)


def keeps_values(pipeline: Pipeline, known: Known) -> bool:
    """Tell whether values mean after a pipeline what they meant before, so that windows hold.

    `known` are the scenes that the pipeline was prepared with.
    """
    steps = pipeline.steps
    before, after = known[()], steps[-1].output(known[steps[:-1]])
    return (before.low, before.high) == (after.low, after.high)


def scene_of(clip: Clip) -> Job[Scene]:
    """Return the range and noise of a clip, and what else steps know of it."""
    from xray_studio.imaging.noise import estimate_noise

    low, high = yield from ends_of(clip)
    if not high - low > _SMALLEST_FLOAT:
        raise UsageError(
            "This clip has only one value in all its pixels; nothing can be processed."
        )
    values = reading_of(clip)
    places = _spread(len(clip))
    after = [place + 1 for place in places if place + 1 < len(clip)]
    frames = yield from _frames(clip, sorted({*places, *after}))
    with enough_for(_PREPARING, clip.rows, clip.columns):
        decoded = {index: values.decoded(frame, index) for index, frame in frames.items()}
        following = np.stack([decoded[one] for one in after]) if len(after) == len(places) else None
        here = np.stack([decoded[one] for one in places])
        return Scene(
            low, high, estimate_noise(here, following), len(clip), clip.frame_rate,
            clip.acquisition.modality, clip.acquisition.pixel_spacing, _seen(here),
            clip.is_colour, _intensity(clip), clip.acquisition.mask,
        )  # fmt: skip


def _intensity(clip: Clip) -> str:
    """Return Pixel Intensity Relationship; of values that are dark where high, nothing is known."""
    return "" if clip.pixels.inverted else clip.acquisition.pixel_intensity


def _seen(frames: Image) -> tuple[float, float]:
    """Return the values between which nearly all pixels of frames lie."""
    low, high = np.percentile(frames, _NEARLY_ALL)
    return float(low), float(high)


def _made(clip: Clip, prepared: Prepared, places: Sequence[int]) -> Job[Image]:
    """Return frames after the first steps of a pipeline; recursive ones begin shortly before."""
    values, reach, made = reading_of(clip), prepared.reach, []
    for place in places:
        first, last = max(0, place - reach.before), min(len(clip) - 1, place + reach.after)
        frames = yield from _frames(clip, range(first, last + 1))
        decoded = np.stack([values.decoded(frame, index) for index, frame in frames.items()])
        made.append(prepared.apply(Stack(decoded, place - first)))
    return np.stack(made)


def _run_through(clip: Clip, prepared: Prepared, values: Values) -> Job[StoredSource]:
    """Process every frame in order and return where they are kept."""
    shape = clip.source.shape
    kind = np.dtype(np.uint8 if values.colour else np.uint16)
    source = StoredSource.make(Path(tempfile.gettempdir()), shape, kind)
    chain, decoding = prepared.running(), Decoding(clip, range(len(clip)))
    before: list[Frame] = []
    done = 0
    try:
        with source.writing() as kept:
            for index in range(len(clip)):
                progress = Progress(index, len(clip), "Processing")
                frame = yield from decoding.frame(progress)
                before.append(frame)
                for made in chain.next(values.decoded(frame, index)):
                    kept[done] = values.coded(made, before.pop(0))
                    done += 1
            for made in chain.end():
                kept[done] = values.coded(made, before.pop(0))
                done += 1
    except BaseException:
        source.drop()
        raise
    finally:
        chain.close()
        decoding.close()
    return source


def _frames(clip: Clip, order: Sequence[int]) -> Job[dict[int, Frame]]:
    decoding, found = Decoding(clip, order), {}
    try:
        for index in order:
            found[index] = yield from decoding.frame(Progress(message=_PREPARING))
    finally:
        decoding.close()
    return found


def _spread(count: int) -> list[int]:
    """Return a few frames from the inside of a clip."""
    few = min(SAMPLES, count)
    return [count * (2 * place + 1) // (2 * few) for place in range(few)]
