"""A copy of an object with a video stream: the stream stays bit for bit, fragments and all."""

from __future__ import annotations

import struct

from xray_studio.core.errors import UsageError
from xray_studio.core.extents import Extents
from xray_studio.dicom.attributes.values import text
from xray_studio.dicom.conformance.before_write import refuse_errors
from xray_studio.dicom.pixels.video_stream import VideoStream
from xray_studio.dicom.write.copy import as_bytes
from xray_studio.dicom.write.derived import drop_signatures, rooted
from xray_studio.dicom.write.objects import file_head
from xray_studio.dicom.write.order import CopyOrder
from xray_studio.dicom.write.pixel_rules import describe_earlier_loss
from xray_studio.dicom.write.plan import FrameWay, ObjectPlan, Way
from xray_studio.dicom.write.whole import Whole, read_whole, writable_again

_DELIMITER = 8  # bytes of Sequence Delimitation Item
_UNDEFINED = 0xFFFFFFFF


def plan_stream_copy(order: CopyOrder) -> ObjectPlan:
    """Return the copy of an object whose stream is kept. Runs in a worker process.

    What frames, masks or another transfer syntax ask for is made of decoded frames, not here.
    Raises UsageError where the stream is not whole, else as `read_whole`.
    """
    with rooted(order.uid_root), writable_again("export pictures instead"):
        whole = read_whole(order.path)
        assert isinstance(whole.source, VideoStream)
        dataset, kept = whole.dataset, whole.header.transfer_syntax
        drop_signatures(dataset, whole.tail)
        describe_earlier_loss(dataset, whole.source, kept)
        refuse_errors(dataset, kept, lambda: [(read_whole(order.path).dataset, kept)], whole=False)
        return stream_plan(whole, whole.source, text(dataset, "SOPClassUID"))


def stream_plan(whole: Whole, stream: VideoStream, sop_class: str) -> ObjectPlan:
    """Return an object as it is to be written, with the pixel data of its source."""
    dataset, kept = whole.dataset, whole.header.transfer_syntax
    return ObjectPlan(
        head=file_head(sop_class, text(dataset, "SOPInstanceUID"), kept),
        attributes=as_bytes(dataset, kept),
        tail=as_bytes(whole.tail, kept),
        syntax=kept,
        pixel_tag=whole.header.pixels.tag,
        layout=stream.layout,
        count=stream.frames,
        frames=(),
        how=FrameWay(Way.KEPT, kept, stream.layout.bits_stored),
        sop_class_uid=sop_class,
        value=_value(whole, stream),
    )


def _value(whole: Whole, stream: VideoStream) -> Extents:
    """Return where the value of the pixel data lies: its items, up to their end mark."""
    if not stream.ended:
        raise UsageError(
            "The file is cut short, so no whole copy of its video stream can be written; export"
            " its frames (--frames)."
        )
    if whole.header.pixels.length is not None:
        raise UsageError(
            "The video stream stands in the object without items, as none may; export its frames"
            " (--frames)."
        )
    extents, begin = stream.extents, whole.header.pixels.offset
    last, length = extents.pieces[-1]
    end = last + length + length % 2 + _DELIMITER
    return Extents(extents.path, extents.size, extents.modified, ((begin, end - begin),))


def pixel_head(plan: ObjectPlan) -> bytes:
    """Return the beginning of the pixel data element, whose items follow."""
    tag = struct.pack("<HH", plan.pixel_tag >> 16, plan.pixel_tag & 0xFFFF)
    return tag + b"OB\0\0" + struct.pack("<I", _UNDEFINED)
