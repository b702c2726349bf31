"""A copy of one object: in another transfer syntax, or of some of its frames.

Without loss and with all frames it stays the same SOP Instance, since only its encoding changes
(PS3.5 10). Else it is a new one, derived from the old.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.region import Region
from xray_studio.dicom.attributes.values import integer, text
from xray_studio.dicom.conformance.before_write import refuse_errors
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.encoders import ENCODERS
from xray_studio.dicom.pixels.native import DeflatedSource, NativeSource
from xray_studio.dicom.pixels.pixel_format import PixelFormat, Samples
from xray_studio.dicom.pixels.stored import PixelSource, palette_of, raw_words
from xray_studio.dicom.write.cut import cut
from xray_studio.dicom.write.derived import Change, derive, drop_signatures, lose, rooted
from xray_studio.dicom.write.frames import copied_frame
from xray_studio.dicom.write.masking import mask_attributes, mask_words, masking_of
from xray_studio.dicom.write.objects import file_head
from xray_studio.dicom.write.order import CopyOrder
from xray_studio.dicom.write.overlays import cut_overlays, extract
from xray_studio.dicom.write.pixel_rules import (
    check_native_size,
    describe_earlier_loss,
    describe_pixels,
    frame_way,
    native_size,
    new_layout,
)
from xray_studio.dicom.write.plan import FrameWay, ObjectPlan, SourceFrame, Way
from xray_studio.dicom.write.whole import Whole, read_whole, writable_again

_SAMPLED = 5  # frames from which the ratio of a lossy compression is told


def plan_copy(order: CopyOrder) -> ObjectPlan:
    """Read an object and return its copy, but for the frames. Runs in a worker process.

    Raises UsageError for frames or a syntax that do not fit, else as `read_whole`.
    """
    with rooted(order.uid_root), writable_again("export pictures instead"):
        return _planned(order, read_whole(order.path))


def _planned(order: CopyOrder, whole: Whole) -> ObjectPlan:
    source, dataset, kept = whole.source, whole.dataset, whole.header.transfer_syntax
    count = source.shape[0]
    told = max(count, integer(dataset, "NumberOfFrames") or 1)
    first, last = _range(order, count, told)
    masks = order.masks.regions
    how = frame_way(source, kept, order.syntax, order.quality, changed=bool(masks))
    layout = new_layout(source, how)
    check_native_size(layout, last - first + 1, how)
    drop_signatures(dataset, whole.tail)
    describe_earlier_loss(dataset, source, kept)
    masking = masking_of(masks, whole.clip, layout, palette_of(source))
    frames = tuple(SourceFrame(source, at, None, masking) for at in range(first, last + 1))
    some, lossy = len(frames) < told, is_lossy(how)
    if some:
        cut_overlays(dataset, first, last)
        cut(dataset, first, last, told, whole.clip.timing.times)
    if how.way is not Way.KEPT:
        extract(dataset, lambda frame: _words(source, frame), range(first, last + 1))
    mask_attributes(dataset, masks, clean=order.masks.clean)
    mask_attributes(whole.tail, masks, clean=False)
    describe_pixels(dataset, layout, how)
    _tell_source(dataset, range(first, last + 1) if some else None, how, masks)
    if lossy:
        lose(dataset, ENCODERS[how.syntax].method, _ratio(frames, layout, how))
    refuse_errors(
        dataset, how.syntax, lambda: [(read_whole(order.path).dataset, kept)], whole=False
    )
    sop_class, instance = text(dataset, "SOPClassUID"), text(dataset, "SOPInstanceUID")
    return ObjectPlan(
        head=file_head(sop_class, instance, how.syntax),
        attributes=as_bytes(dataset, how.syntax),
        tail=as_bytes(whole.tail, how.syntax),
        syntax=how.syntax,
        pixel_tag=whole.header.pixels.tag,
        layout=layout,
        count=len(frames),
        frames=frames,
        how=how,
        sop_class_uid=sop_class,
        derived=some or lossy or bool(masks),
        lossy=lossy,
    )


def _range(order: CopyOrder, count: int, told: int) -> tuple[int, int]:
    """Return the frames to copy, from 0; an object whose end is gone has no whole copy."""
    if order.frames is None and count < told:
        raise UsageError(
            f"The pixel data is cut short: {count} of {told} frames are there. Copy those alone"
            f" (--frames 1-{count}); the copy then says so."
        )
    first, last = order.frames or (0, count - 1)
    if not 0 <= first <= last < count:
        asked = f"{first + 1}-{last + 1}"
        raise UsageError(f"There are no frames {asked}; the object has frames 1 to {count}.")
    return first, last


def is_lossy(how: FrameWay) -> bool:
    """Tell whether frames lose something on the way."""
    return how.way is Way.ENCODED and ENCODERS[how.syntax].lossy


def _words(source: PixelSource, frame: int) -> Samples:
    """Return a frame with the bits that Bits Stored leaves to overlays."""
    if not isinstance(source, NativeSource | DeflatedSource):
        raise UnreadableError(
            "The object says that an overlay lies within its compressed pixels; it is damaged."
        )
    return raw_words(source, frame)


def _tell_source(
    dataset: Dataset, frames: range | None, how: FrameWay, masks: tuple[Region, ...]
) -> None:
    """Make what is no longer the same object one of its own."""
    words = []
    if frames is not None:
        words.append(f"Frames {frames[0] + 1} to {frames[-1] + 1} of the source")
    if is_lossy(how):
        words.append(f"JPEG baseline, quality {how.quality}")
    if masks:
        words.append(mask_words(masks))
    if words:
        kept = () if frames is None else tuple(frames)
        change = Change(lossy=is_lossy(how), masked=bool(masks))
        derive(dataset, kept, "; ".join(words), change)


def _ratio(frames: Sequence[SourceFrame], layout: PixelFormat, how: FrameWay) -> float:
    """Return the size of frames before and after compression, from a few of them."""
    chosen = frames[:: max(1, len(frames) // _SAMPLED)][:_SAMPLED]
    packed = sum(len(copied_frame(frame, how).data) for frame in chosen)
    return native_size(layout) * len(chosen) / max(1, packed)


def as_bytes(dataset: Dataset, syntax: str) -> bytes:
    """Return a data set as it stands in a file of a transfer syntax."""
    stream = DicomBytesIO()
    stream.is_little_endian = True
    stream.is_implicit_VR = syntax == syntaxes.IMPLICIT_LITTLE
    write_dataset(stream, dataset)
    return stream.getvalue()
