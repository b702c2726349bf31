"""Export of a processed series into a folder: each of its objects becomes one derived from it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.files import replacing, replacing_folder
from xray_studio.core.job import Job, Progress, passed_on
from xray_studio.core.output import Checked, Difference, OutputSpec, exact_rate
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.services.decoding import awaited
from xray_studio.services.export import manifest
from xray_studio.services.export.dicom import IDENTITY, left_clean
from xray_studio.services.export.earlier import check_free, check_not_source
from xray_studio.services.export.object_frames import verify_frames
from xray_studio.services.export.processed import Part, ProcessedFrames, check_derivable, parts_of
from xray_studio.services.export.steps import ExportRequest, ExportResult, at_the_end, hashes
from xray_studio.services.settings import uid_root

NEW: Final = "They are new objects of one new series, each derived from one of the source."
_SERIES: Final = "xray_studio.dicom.write.derived:series_uid"
_PLANNING: Final = 30.0  # seconds
_SAME = Difference(0.0, 0, 0.0)


@dataclass(slots=True)
class _Made:
    """What was written so far."""

    plans: list[ObjectPlan] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)

    @property
    def frames(self) -> int:
        return sum(plan.count for plan in self.plans)


class ObjectFolderExporter:
    """A folder of DICOM objects, which appears complete or not at all."""

    def __init__(self, suffix: str, stills: str) -> None:
        del suffix, stills

    def export(self, request: ExportRequest) -> Job[ExportResult]:
        """Write the objects asked for. Raises as `services.export.export`."""
        clip, target = request.clip, request.target
        _check(request)
        check_not_source(target, (*clip.paths, *request.sources))
        clean = yield from left_clean(request)
        yield from check_free(target, overwrite=request.overwrite)
        place, made = manifest.manifest_path(target), _Made()
        parts = yield from _parts(clip)
        with ExitStack() as stack:
            note = stack.enter_context(replacing(place))
            folder = stack.enter_context(replacing_folder(target))
            for part in parts:
                job = _one(request, part, folder / _name(part, parts), made, clean=clean)
                yield from passed_on(
                    job, lambda told: Progress(made.frames, len(clip), told.message)
                )
            files = yield from at_the_end(hashes(folder, target, made.paths), len(clip))
            note.write_text(manifest.manifest_text(_manifest(request, made, files)), "utf-8")
        return _result(request, made, place)


def _check(request: ExportRequest) -> None:
    clip, target = request.clip, request.target
    if not clip.steps:
        raise UsageError("Only processed values become a folder of objects; name a .dcm.")
    if request.options.frames is not None:
        raise UsageError("A folder of objects holds all frames; leave the range of frames out.")
    if target.exists() and not target.is_dir():
        raise WriteError(f"{target.name} is a file; choose another name for the folder.")
    check_derivable(clip)


def _parts(clip: Clip) -> Job[list[Part]]:
    future: Future[str] = run_apart(
        _SERIES, uid_root(), priority=Priority.BATCH, time_limit=_PLANNING
    )
    series = yield from awaited(future, Progress(message="Reading the objects"))
    return parts_of(clip, series)


def _name(part: Part, parts: Sequence[Part]) -> str:
    digits = max(4, len(str(len(parts))))
    return f"object_{part.number:0{digits}}.dcm"


def _one(request: ExportRequest, part: Part, path: Path, made: _Made, *, clean: bool) -> Job[None]:
    """Write one object and look at it again."""
    frames = ProcessedFrames(request, part)
    plan = yield from frames.planned(clean=clean)
    digests = yield from frames.write(path, plan)
    yield from verify_frames(path, plan, digests)
    made.plans.append(plan)
    made.paths.append(path)


def _manifest(request: ExportRequest, made: _Made, files: list[dict[str, Any]]) -> dict[str, Any]:
    plan = made.plans[0]
    return {
        "program": manifest.program_facts(),
        "format": manifest.FORMAT,
        "files": files,
        "output": {
            "container": "dicom objects",
            "sop_class_uid": plan.sop_class_uid,
            "transfer_syntax": plan.syntax,
            "derived": True,
            "rows": plan.layout.rows,
            "columns": plan.layout.columns,
            "identity": "as in the source",
        },
        "frames": {"first": 1, "last": made.frames, "written": made.frames},
        "source": manifest.source_facts(request.clip, request.options.overlay),
        "privacy": request.options.privacy.facts(),
        "check": {"frames": made.frames, "pixels": "equal in every frame"},
    }


def _result(request: ExportRequest, made: _Made, place: Path) -> ExportResult:
    clip, layout, count = request.clip, made.plans[0].layout, made.frames
    rate = exact_rate(clip.frame_rate)
    output = OutputSpec(layout.rows, layout.columns, layout.is_colour, count, rate)
    checked = Checked(count, count / clip.frame_rate, _SAME, _SAME)
    notes = (NEW, IDENTITY)
    return ExportResult(request.target, place, output, checked, layout.rows, layout.columns, notes)
