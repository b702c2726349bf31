"""Export into a DICOM object: a copy, some of its frames, or another transfer syntax."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, WriteError
from xray_studio.core.files import replacing
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.output import Checked, Difference, OutputSpec, exact_rate
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.pixels.stored import PixelSource
from xray_studio.dicom.write.frames import request_digest, request_frame
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.dicom.write.stream import ObjectWriter, largest_size
from xray_studio.services import manifest
from xray_studio.services.decoding import Ordered, awaited
from xray_studio.services.dicom_order import planned
from xray_studio.services.earlier import check_free, check_not_source
from xray_studio.services.export_options import frame_order
from xray_studio.services.export_shown import ShownPictures
from xray_studio.services.export_steps import ExportRequest, ExportResult, at_the_end, hashes
from xray_studio.services.presets import initial_presentation
from xray_studio.services.text_in_pictures import text_in_pictures

IDENTITY: Final = "The object names the patient, as its source does."
NEW: Final = "It is a new object, derived from its source."
SAME: Final = "It is the same object as its source, stored in another way."
LOSSY: Final = "Its pixels were compressed with loss, and it says so."
_SAME = Difference(0.0, 0, 0.0)
_DESCRIBE = "xray_studio.dicom.describe:describe"
_GONE = "The finished file was removed, since it {what}; try another transfer syntax."


class DicomExporter:
    """One DICOM object."""

    def __init__(self, suffix: str, stills: str) -> None:
        del suffix, stills

    def export(self, request: ExportRequest) -> Job[ExportResult]:
        """Write the object asked for. Raises as `services.export.export`."""
        target = request.target
        check_not_source(target, (*request.clip.paths, *request.sources))
        pictures = ShownPictures(request) if request.options.shown else None
        clean = yield from _left_clean(request)
        made = planned(request, clean=clean) if pictures is None else pictures.planned(clean=clean)
        plan = yield from made
        yield from check_free(target, overwrite=request.overwrite)
        place, count = manifest.manifest_path(target), plan.count
        with ExitStack() as stack:
            note = stack.enter_context(replacing(place))
            path = stack.enter_context(replacing(target))
            written = _write(path, plan) if pictures is None else pictures.write(path, plan)
            digests = yield from written
            yield from _verify(path, plan, digests)
            files = yield from at_the_end(hashes(path, target, [path]), count)
            told = _manifest(request, plan, files)
            note.write_text(manifest.manifest_text(told), "utf-8")
        return _result(request, plan, place)


def _left_clean(request: ExportRequest) -> Job[bool]:
    """Tell whether masks leave no text in the frames, which are looked at where that is open.

    A clip says by itself that it holds no text (Burned In Annotation): then that stays.
    """
    clip, options = request.clip, request.options
    if not options.privacy.masks or clip.acquisition.burned_in == "NO":
        return False
    how = options.presentation or initial_presentation(clip)
    how = how if options.shown else replace(how, planes=False, drawings=False)
    found = yield from text_in_pictures(clip, frame_order(clip, options), how)
    return not found


def _write(path: Path, plan: ObjectPlan) -> Job[list[bytes]]:
    """Write every frame and return by what each one is known again."""
    count = plan.count

    def request(index: int, priority: Priority) -> Any:
        return request_frame(plan.frames[index], plan.how, priority)

    making = Ordered(request, largest_size(plan) // count, range(count))
    digests = []
    try:
        with ObjectWriter(path, plan) as writer:
            for done in range(count):
                frame = yield from making.frame(Progress(done, count, "Writing frames"))
                digests.append(frame.digest)
                writer.write(frame.data)
                yield Progress(done + 1, count, "Writing frames")
            writer.close()
    finally:
        making.close()
    return digests


def _verify(path: Path, plan: ObjectPlan, digests: list[bytes]) -> Job[None]:
    """Open the file again and decode every frame; without loss each one must be as it was.

    Raises WriteError.
    """
    source, count = (yield from _opened(path, plan)), plan.count

    def request(index: int, priority: Priority) -> Any:
        return request_digest(source, index, plan.how, priority)

    reading = Ordered(request, largest_size(plan) // count, range(count))
    try:
        for number, wanted in enumerate(digests):
            found = yield from reading.frame(Progress(number, count, "Checking frames"))
            if found != wanted and not plan.lossy:
                raise _gone(f"holds another frame {number + 1} than was written")
    except StudioError as error:
        if isinstance(error, Cancelled | WriteError):
            raise
        raise _gone("has a frame that cannot be decoded") from error
    finally:
        reading.close()


def _opened(path: Path, plan: ObjectPlan) -> Job[PixelSource]:
    """Return where the frames of the finished file lie."""
    count, layout = plan.count, plan.layout
    future: Future[Clip] = run_apart(_DESCRIBE, str(path), priority=Priority.BATCH,
                       time_limit=reading_time([str(path)]))  # fmt: skip
    try:
        clip = yield from awaited(future, Progress(count, count, "Checking the file"))
    except StudioError as error:
        if isinstance(error, Cancelled):
            raise
        raise _gone("cannot be opened again") from error
    if (len(clip), clip.rows, clip.columns) != (count, layout.rows, layout.columns):
        raise _gone("has another size than was asked for")
    source: Any = clip.source
    return source  # type: ignore[no-any-return]  # one of an object is what it is


def _gone(what: str) -> WriteError:
    return WriteError(_GONE.format(what=what))


def _manifest(
    request: ExportRequest, plan: ObjectPlan, files: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "program": manifest.program_facts(),
        "format": manifest.FORMAT,
        "files": files,
        "output": {
            "container": "dicom",
            "sop_class_uid": plan.sop_class_uid,
            "transfer_syntax": plan.syntax,
            "frames_are": plan.how.way.value,
            "derived": plan.derived,
            "lossy": plan.lossy,
            "rows": plan.layout.rows,
            "columns": plan.layout.columns,
            "shown": request.options.shown,
            "identity": "as in the source",
        },
        "frames": _frames(request, plan),
        "source": manifest.source_facts(request.clip, request.options.overlay),
        "privacy": request.options.privacy.facts(),
        "check": {
            "frames": plan.count,
            "pixels": "decoded" if plan.lossy else "equal in every frame",
        },
    }


def _frames(request: ExportRequest, plan: ObjectPlan) -> dict[str, Any]:
    """Return which frames of the source were written, from 1."""
    options, last = request.options, len(request.clip)
    whole = options.frames is None and not options.shown and len(request.clip.paths) == 1
    numbers = range(last) if whole else frame_order(request.clip, options)
    return {"first": min(numbers) + 1, "last": max(numbers) + 1, "written": plan.count}


def _result(request: ExportRequest, plan: ObjectPlan, place: Path) -> ExportResult:
    clip, layout, count = request.clip, plan.layout, plan.count
    rate = exact_rate(clip.frame_rate)
    output = OutputSpec(layout.rows, layout.columns, layout.is_colour, count, rate)
    lasting = count / clip.frame_rate if count > 1 else None
    notes = (NEW if plan.derived else SAME, *((LOSSY,) if plan.lossy else ()), IDENTITY)
    checked = Checked(count, lasting, _SAME, _SAME)
    return ExportResult(request.target, place, output, checked, layout.rows, layout.columns, notes)
