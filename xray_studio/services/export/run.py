"""Export: frames of a clip as shown, into a video or pictures, checked after writing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xray_studio.core.clip import Clip
from xray_studio.core.drawn_source import DrawnSource, draws_text
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.files import check_place, replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.masked_source import masked
from xray_studio.core.output import Checked, DeepPicture, OutputSpec, Quality
from xray_studio.core.presentation import Presentation
from xray_studio.core.reasons import losses
from xray_studio.core.shown import in_colour, voi_of
from xray_studio.core.unnamed import unnamed
from xray_studio.services.export import manifest
from xray_studio.services.export.check import judge, refused
from xray_studio.services.export.earlier import check_free, check_not_source
from xray_studio.services.export.exporters import Exporter, WholeExporter, exporter
from xray_studio.services.export.options import (
    Canvas,
    ExportOptions,
    Schedule,
    canvas,
    output_spec,
    schedule,
    size_fact,
)
from xray_studio.services.export.repeats import repeated
from xray_studio.services.export.steps import ExportRequest, ExportResult, at_the_end, hashes
from xray_studio.services.presets import initial_presentation
from xray_studio.services.privacy import gate

if TYPE_CHECKING:  # OpenCV and Pillow are imported when pictures are made
    from xray_studio.services.export.kept_stream import KeptStream
    from xray_studio.services.export.pictures import Pictures

__all__ = ["ExportResult", "export"]

KEPT = "The video stream is kept bit for bit; sound and notes of its container stay behind."


@dataclass(frozen=True, slots=True)
class _Order:
    """Everything that is decided before the first frame is written."""

    clip: Clip
    target: Path
    options: ExportOptions
    presentation: Presentation
    plan: Schedule
    size: Canvas
    spec: OutputSpec
    kind: Exporter


def export(
    clip: Clip,
    target: str | os.PathLike[str],
    options: ExportOptions | None = None,
    *,
    overwrite: bool = False,
    sources: Sequence[str] = (),
) -> Job[ExportResult]:
    """Write a clip as a video, pictures, values or a DICOM object, by the target's suffix.

    Stopped or failing at any moment, it leaves nothing behind and an old target stands. The
    finished file is opened again before it takes its place. What stands at the target is replaced
    when it is an earlier export, or with `overwrite`, but never a file of the clip or one of
    `sources`, what else was named with it. `options.privacy` decides about identity; what was
    decided stands in the manifest and in the privacy log. Raises UsageError for what does not fit
    the clip or the format, UnreadableError when a frame cannot be decoded, WriteError when the
    target cannot be written or did not pass its check.
    """
    options = options or ExportOptions()
    kind = exporter(os.fspath(target), options.stills)
    place = Path(target).absolute()
    check_place(place)
    options = yield from gate.settled(clip, place, options)
    clip = unnamed(clip) if options.privacy.deidentify else clip
    if isinstance(kind, WholeExporter):
        _check_whole(clip)
        shown = masked(clip, options.privacy.masks)
        request = ExportRequest(shown, place, options, overwrite, tuple(sources))
        result = yield from kind.export(request)
    else:
        order = _ordered(clip, place, options, sources, kind)
        result = yield from _pictures(order, overwrite=overwrite)
    gate.note(result, options)
    lost = losses(clip.acquisition.warnings)
    notes = (*lost, *result.notes, *gate.notes(clip, place, options))
    return replace(result, notes=notes)


def _check_whole(clip: Clip) -> None:
    """Raise UsageError for pictures that were put together, where values or an object are asked."""
    if draws_text(clip):
        raise UsageError("A comparison is made of pictures; write it as a video or pictures.")


def _pictures(order: _Order, *, overwrite: bool) -> Job[ExportResult]:
    """Write the frames as pictures."""
    yield from check_free(order.target, overwrite=overwrite)
    yield Progress(0, order.spec.frames, "Writing frames")
    with ExitStack() as stack:
        place = manifest.manifest_path(order.target)
        note = stack.enter_context(replacing(place))
        path = stack.enter_context(order.kind.placing(order.target))
        kept = yield from _kept(order)
        first, last = yield from (_write(order, path) if kept is None else kept.write(path))
        check = _check(order, path, first, last)
        checked = yield from at_the_end(check, order.spec.frames)
        judge(order.spec, checked)
        files = yield from at_the_end(
            hashes(path, order.target, order.kind.files(path)), order.spec.frames
        )
        told = _manifest(order, checked, files)
        if kept is not None:
            asked = {name: told["output"][name] for name in ("quality", "size")}
            told["output"] = kept.facts | asked
        text = manifest.manifest_text(told)
        note.write_text(text, "utf-8")
    size = order.kind.facts(order.spec)
    rows, columns, notes = size["rows"], size["columns"], order.kind.notes(order.spec)
    if kept is not None:
        notes = [KEPT]
    return ExportResult(order.target, place, order.spec, checked, rows, columns, tuple(notes))


def _kept(order: _Order) -> Job[KeptStream | None]:
    """Return the video stream that goes into the file as it is, None where frames are encoded."""
    if order.spec.quality is not Quality.LOSSLESS:
        return None
    from xray_studio.services.export.kept_stream import Asked, kept_stream

    asked = Asked(
        order.clip, order.target, order.options, order.presentation, order.plan, order.size,
        order.spec,
    )  # fmt: skip
    kept = yield from kept_stream(asked)
    return kept


def _ordered(
    clip: Clip, path: Path, options: ExportOptions, sources: Sequence[str], kind: Exporter
) -> _Order:
    plan = planned(clip, options, kind)
    presentation = options.presentation or initial_presentation(clip)
    size = canvas(clip, options, presentation.rotation)
    spec = output_spec(options, plan, size, colour=in_colour(clip, presentation))
    spec = kind.settled(spec)
    check_not_source(path, (*clip.paths, *sources))
    kind.check_request(path, spec)
    return _Order(clip, path, options, presentation, plan, size, spec, kind)


def planned(clip: Clip, options: ExportOptions, kind: Exporter) -> Schedule:
    """Return which frame comes when in a kind of file. Raises UsageError for what does not fit."""
    plan, variable = schedule(clip, options), options.variable_rate
    if variable is None:
        variable = kind.variable_rate
    return plan if variable else repeated(plan)


def _write(order: _Order, path: Path) -> Job[tuple[DeepPicture, DeepPicture]]:
    """Write every frame and return the first and the last picture."""
    from xray_studio.services.export.pictures import Pictures

    frames = order.plan.order
    how, overlay = order.presentation, order.options.overlay
    bits, masks = order.spec.bits, order.options.privacy.masks
    pictures = Pictures(order.clip, how, overlay, order.size, frames, bits=bits, masks=masks)
    yield from _learn(order, pictures)
    ends: list[DeepPicture] = []
    making = pictures.all(frames)
    try:
        with order.kind.writer(path, order.spec) as writer:
            for done in range(len(frames)):
                picture = yield from making.picture(_progress(done, order))
                ends[1:] = [picture]
                ends[:1] = ends[:1] or [picture]
                writer.write(picture)
                yield _progress(done + 1, order)
            writer.close()
    finally:
        making.close()
    return ends[0], ends[-1]


def _check(order: _Order, path: Path, first: DeepPicture, last: DeepPicture) -> Job[Checked]:
    """Open what was written again; what cannot be read is as bad as what is wrong."""
    try:
        checked = yield from order.kind.check(path, order.spec, first, last)
    except UnreadableError as error:
        path.stat()  # it is gone: then that is told, as for any other place
        raise refused("cannot be read again") from error
    return checked


def _learn(order: _Order, pictures: Pictures) -> Job[None]:
    """Show the kind of export the pictures that it wants to see beforehand, evenly spread."""
    frames, count = order.plan.order, order.kind.samples(order.spec)
    if not count:
        return
    wanted = [frames[len(frames) * place // count] for place in range(count)]
    making, seen = pictures.all(wanted), []
    try:
        for _ in wanted:
            picture = yield from making.picture(_progress(0, order))
            seen.append(picture)
    finally:
        making.close()
    order.kind.learn(seen)


def _progress(done: int, order: _Order) -> Progress:
    return Progress(done, order.spec.frames, "Writing frames")


def _put_together(order: _Order) -> dict[str, Any]:
    """Return what a source tells that draws its own frames, as a comparison of clips."""
    source = order.clip.source
    if not isinstance(source, DrawnSource):
        return {}
    return {"comparison": source.facts(order.options.overlay)}


def _manifest(order: _Order, checked: Checked, files: list[dict[str, Any]]) -> dict[str, Any]:
    first, how = order.plan.order[0], order.presentation
    voi = None if order.clip.is_colour else voi_of(order.clip, how, first)
    options = order.options
    return {
        "program": manifest.program_facts(),
        "format": manifest.FORMAT,
        "files": files,
        "output": order.kind.facts(order.spec)
        | {"quality": options.quality.value, "size": size_fact(options)},
        "frames": manifest.frame_facts(order.plan, options),
        "display": manifest.display_facts(order.presentation, voi, options)
        | ({} if voi or order.spec.colour else manifest.full_range_facts(order.clip, first)),
        "source": manifest.source_facts(order.clip, options.overlay) | _put_together(order),
        "privacy": options.privacy.facts(),
        "check": manifest.check_facts(order.spec, checked),
    }
