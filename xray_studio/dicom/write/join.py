"""One multi-frame object of several images of one study.

Slices of CT, MR and PET become a Legacy Converted Enhanced object (PS3.3 A.70 to A.72), which keeps
place, rescale and every other attribute of each. All else becomes a Multi-frame Secondary Capture
(PS3.3 A.8.3 to A.8.5), which keeps patient and study and the values, not how they were made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xray_studio.core.region import Region
from xray_studio.dicom.attributes.dataset import PIXEL_DATA
from xray_studio.dicom.attributes.values import text
from xray_studio.dicom.conformance.before_write import Sources, refuse_errors
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.encoders import ENCODERS, PLAIN
from xray_studio.dicom.pixels.pixel_format import PixelFormat
from xray_studio.dicom.write.capture import captured
from xray_studio.dicom.write.copy import as_bytes, is_lossy
from xray_studio.dicom.write.derived import contribute, lose, rooted
from xray_studio.dicom.write.frames import copied_frame
from xray_studio.dicom.write.legacy import can_convert, converted, in_order
from xray_studio.dicom.write.masking import Masking, mask_attributes, mask_words, masking_of
from xray_studio.dicom.write.objects import file_head
from xray_studio.dicom.write.order import JoinOrder
from xray_studio.dicom.write.parts import Part, read_part, read_parts
from xray_studio.dicom.write.pixel_rules import (
    check_native_size,
    check_pixels,
    describe_new,
    native_size,
    new_layout,
)
from xray_studio.dicom.write.plan import FrameWay, ObjectPlan, SourceFrame, ValueChange, Way
from xray_studio.dicom.write.whole import writable_again

_SAMPLED = 5


def plan_join(order: JoinOrder) -> ObjectPlan:
    """Read several images and return one object of them, but for the frames. Runs in a worker.

    Raises UsageError for images that do not go together, else as `read_whole`.
    """
    with rooted(order.uid_root), writable_again("export pictures instead"):
        return _planned(order)


def _planned(order: JoinOrder) -> ObjectPlan:
    parts = read_parts(order.paths)
    changes: tuple[ValueChange | None, ...] = (None,) * len(parts)
    if can_convert(parts):
        parts = in_order(parts)
        dataset, layout = converted(parts), _deepest(parts)
    else:
        dataset, layout, changes = captured(parts)
    masks = order.masks.regions
    mask_attributes(dataset, masks, clean=order.masks.clean)
    if masks:
        contribute(dataset, mask_words(masks))
    how = _way(order, parts, layout, changes)
    if how.way is not Way.KEPT:
        layout = _native(parts[0], layout, how)
    check_native_size(layout, len(parts), how)
    pairs = zip(parts, changes, strict=True)
    frames = tuple(SourceFrame(p.source, 0, c, _masking(masks, p, c, layout)) for p, c in pairs)
    describe_new(dataset, layout, how)
    if is_lossy(how):
        lose(dataset, ENCODERS[how.syntax].method, _ratio(frames, layout, how))
    refuse_errors(dataset, how.syntax, lambda: _sources(order.paths), whole=False)
    sop_class, instance = text(dataset, "SOPClassUID"), text(dataset, "SOPInstanceUID")
    return ObjectPlan(
        head=file_head(sop_class, instance, how.syntax),
        attributes=as_bytes(dataset, how.syntax),
        tail=b"",
        syntax=how.syntax,
        pixel_tag=PIXEL_DATA,
        layout=layout,
        count=len(parts),
        frames=frames,
        how=how,
        sop_class_uid=sop_class,
        derived=True,
        lossy=is_lossy(how),
    )


def _sources(paths: Sequence[str]) -> Sources:
    """Give the images as they lie in their files."""
    return ((part.dataset, part.syntax) for part in map(read_part, paths))


def _masking(
    masks: tuple[Region, ...], part: Part, change: ValueChange | None, layout: PixelFormat
) -> Masking | None:
    """Return how a frame is masked; 0 is black among values that are changed."""
    if masks and change is not None:
        return Masking(masks, (0,))
    return masking_of(masks, part.clip, layout, part.source_palette)


def _deepest(parts: Sequence[Part]) -> PixelFormat:
    """Return a format that has room for the values of every image."""
    bits = max(part.layout.bits_stored for part in parts)
    return replace(parts[0].layout, bits_stored=bits, high_bit=bits - 1)


def _way(
    order: JoinOrder,
    parts: Sequence[Part],
    layout: PixelFormat,
    changes: Sequence[ValueChange | None],
) -> FrameWay:
    """Return how frames are stored: compressed ones of one kind that nothing changes stay."""
    stored = {part.syntax for part in parts}
    one = stored.pop() if len(stored) == 1 else ""
    alike = all(part.layout == parts[0].layout for part in parts)
    fixed = alike and not any(changes) and not order.masks.regions
    keeps = one not in syntaxes.NATIVE and order.syntax in {"", one} and fixed
    if one and keeps:
        return FrameWay(Way.KEPT, one, layout.bits_stored, order.quality)
    syntax = order.syntax or syntaxes.EXPLICIT_LITTLE
    if syntax in PLAIN:
        return FrameWay(Way.NATIVE, syntax, layout.bits_stored, order.quality)
    check_pixels(layout, syntax)
    return FrameWay(Way.ENCODED, syntax, layout.bits_stored, order.quality)


def _native(part: Part, layout: PixelFormat, how: FrameWay) -> PixelFormat:
    """Return the format of decoded frames, whose colours can be others than the stored ones."""
    if layout.samples == 1 or part.layout.samples == 1:
        return replace(layout, planar=False)
    return replace(layout, photometric=new_layout(part.source, how).photometric, planar=False)


def _ratio(frames: Sequence[SourceFrame], layout: PixelFormat, how: FrameWay) -> float:
    """Return the size of frames before and after compression, from a few of them."""
    chosen = frames[:: max(1, len(frames) // _SAMPLED)][:_SAMPLED]
    packed = sum(len(copied_frame(frame, how).data) for frame in chosen)
    return native_size(layout) * len(chosen) / max(1, packed)
