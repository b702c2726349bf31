"""What a DICOM export is asked for, as the plan of an object."""

from __future__ import annotations

from concurrent.futures import Future

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Quality
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.pixels.encoders import ENCODERS
from xray_studio.dicom.write.order import CopyOrder, JoinOrder, Masks
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.services.decoding import awaited
from xray_studio.services.export.options import ExportOptions, check_as_acquired, frame_order
from xray_studio.services.export.steps import ExportRequest
from xray_studio.services.settings import uid_root

_COPY = "xray_studio.dicom.write.copy:plan_copy"
_STREAM = "xray_studio.dicom.write.stream_copy:plan_stream_copy"
_JOIN = "xray_studio.dicom.write.join:plan_join"
_QUALITIES = {Quality.LOW: 70, Quality.MEDIUM: 90, Quality.HIGH: 96}
_EACH = 0.2  # seconds to put one more image together with the others
_PLANNING = 30.0  # seconds beyond those of reading: some frames may be compressed to tell the ratio


def planned(request: ExportRequest, *, clean: bool = False) -> Job[ObjectPlan]:
    """Return the object that is to be written; `clean` tells that its masks leave no text.

    Raises UsageError for what does not fit.
    """
    options, clip = request.options, request.clip
    check_as_acquired(options, "A DICOM object keeps its frames as acquired")
    if clip.processed:
        raise UsageError(
            "Processed pictures are not in the source's own object; export them as shown."
        )
    if not clip.acquisition.transfer_syntax and not clip.acquisition.sop_class_uid:
        raise UsageError("Only DICOM objects are written as .dcm here; choose another format.")
    name, order = _order(clip, options, Masks(options.privacy.masks, clean))
    limit = reading_time(clip.paths) + _PLANNING + _EACH * len(clip.paths)
    future: Future[ObjectPlan] = run_apart(name, order, priority=Priority.BATCH, time_limit=limit)
    plan = yield from awaited(future, Progress(0, len(clip), "Reading the object"))
    return plan


def _order(clip: Clip, options: ExportOptions, masks: Masks) -> tuple[str, CopyOrder | JoinOrder]:
    """Return who plans the object, and from what: a copy of one, or one of several images."""
    quality = _quality(options)
    if len(clip.paths) == 1:
        order = CopyOrder(clip.paths[0], options.syntax, options.frames, quality, masks, uid_root())
        kept = syntaxes.is_video(clip.acquisition.transfer_syntax)
        return _STREAM if kept else _COPY, order
    if len(clip.paths) != len(clip):
        raise UsageError(
            "Objects of several frames cannot be joined with others; choose one of them."
        )
    paths = tuple(clip.paths[number] for number in frame_order(clip, options))
    return _JOIN, JoinOrder(paths, options.syntax, quality, masks, uid_root())


def _quality(options: ExportOptions) -> int:
    """Return the quality of JPEG. Raises UsageError where no loss is allowed."""
    coding = ENCODERS.get(options.syntax)
    if coding is not None and coding.lossy and options.quality is Quality.LOSSLESS:
        raise UsageError("JPEG baseline is never lossless; choose jpeg-ls or jpeg-lossless.")
    return _QUALITIES.get(options.quality, _QUALITIES[Quality.HIGH])
