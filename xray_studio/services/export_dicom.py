"""Export into a DICOM object: one that is copied, cut or stored in another transfer syntax."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.files import check_place, replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Checked, Difference, OutputSpec, Quality, exact_rate
from xray_studio.core.playback import Loop
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.pixels.stored import PixelSource
from xray_studio.dicom.write.frames import CopiedFrame, request_digest, request_frame
from xray_studio.dicom.write.objects import MAKER
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.dicom.write.stream import ObjectWriter
from xray_studio.services import manifest
from xray_studio.services.decoding import Ordered, awaited
from xray_studio.services.dicom_order import ordered
from xray_studio.services.earlier import check_free, check_not_source
from xray_studio.services.export_options import ExportOptions
from xray_studio.services.export_steps import ExportRequest, ExportResult, at_the_end, hashes

_SAME = Difference(0.0, 0, 0.0)


class DicomExporter:
    """One DICOM object."""

    def __init__(self, suffix: str, stills: str) -> None:
        del suffix, stills

    def export(self, request: ExportRequest) -> Job[ExportResult]:
        """Write the object asked for. Raises as `services.export.export`."""
        target = request.target
        check_place(target)
        check_not_source(target, (*request.clip.paths, *request.sources))
        plan = yield from _plan(request)
        yield from check_free(target, overwrite=request.overwrite)
        place, count = manifest.manifest_path(target), len(plan.frames)
        with ExitStack() as stack:
            note = stack.enter_context(replacing(place))
            path = stack.enter_context(replacing(target))
            digests = yield from _write(path, plan)
            yield from _verify(path, plan, digests)
            files = yield from at_the_end(hashes(path, target, [path]), count)
            told = _manifest(request, plan, files)
            note.write_text(manifest.manifest_text(told), "utf-8")
        return _result(request, plan, place)
