"""Export into a DICOM object: a copy, some of its frames, or another transfer syntax."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from xray_studio.core.files import replacing
from xray_studio.core.job import Job
from xray_studio.core.output import Checked, Difference, OutputSpec, exact_rate
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.services.dicom_order import planned
from xray_studio.services.export import manifest
from xray_studio.services.export.earlier import check_free, check_not_source
from xray_studio.services.export.object_frames import verify_frames, write_frames
from xray_studio.services.export.options import frame_order
from xray_studio.services.export.processed import ProcessedFrames, holds_stream
from xray_studio.services.export.shown import ShownPictures
from xray_studio.services.export.steps import ExportRequest, ExportResult, at_the_end, hashes
from xray_studio.services.presets import initial_presentation
from xray_studio.services.privacy.text_in_pictures import text_in_pictures

IDENTITY: Final = "The object names the patient, as its source does."
NEW: Final = "It is a new object, derived from its source."
SAME: Final = "It is the same object as its source, stored in another way."
LOSSY: Final = "Its pixels were compressed with loss, and it says so."
_SAME = Difference(0.0, 0, 0.0)


class DicomExporter:
    """One DICOM object."""

    def __init__(self, suffix: str, stills: str) -> None:
        del suffix, stills

    def export(self, request: ExportRequest) -> Job[ExportResult]:
        """Write the object asked for. Raises as `services.export.export`."""
        target = request.target
        check_not_source(target, (*request.clip.paths, *request.sources))
        pictures = _made_here(request)
        clean = yield from left_clean(request)
        made = planned(request, clean=clean) if pictures is None else pictures.planned(clean=clean)
        plan = yield from made
        yield from check_free(target, overwrite=request.overwrite)
        place, count = manifest.manifest_path(target), plan.count
        with ExitStack() as stack:
            note = stack.enter_context(replacing(place))
            path = stack.enter_context(replacing(target))
            written = write_frames(path, plan) if pictures is None else pictures.write(path, plan)
            digests = yield from written
            yield from verify_frames(path, plan, digests)
            files = yield from at_the_end(hashes(path, target, [path]), count)
            told = _manifest(request, plan, files)
            note.write_text(manifest.manifest_text(told), "utf-8")
        return _result(request, plan, place)


def _made_here(request: ExportRequest) -> ShownPictures | ProcessedFrames | None:
    """Return what makes the frames, None where those of the source are copied."""
    if request.options.shown:
        return ShownPictures(request)
    decoded = holds_stream(request.clip) and not _keeps_stream(request)
    return ProcessedFrames(request) if request.clip.steps or decoded else None


def _keeps_stream(request: ExportRequest) -> bool:
    """Tell whether all of a video stream is wanted, as it is."""
    options = request.options
    same = options.syntax in {"", request.clip.acquisition.transfer_syntax}
    return same and options.frames is None and not options.privacy.masks


def left_clean(request: ExportRequest) -> Job[bool]:
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
