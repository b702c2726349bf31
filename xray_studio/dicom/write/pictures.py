"""A secondary capture of pictures as they are shown (PS3.3 A.8.3 and A.8.5): 8 bits, or RGB."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from xray_studio.dicom.attributes.dataset import PIXEL_DATA
from xray_studio.dicom.attributes.values import text
from xray_studio.dicom.conformance.before_write import refuse_errors
from xray_studio.dicom.pixels.encoders import Given, encode
from xray_studio.dicom.pixels.pixel_format import PixelFormat, Samples
from xray_studio.dicom.write.capture import BYTES, COLOURS, SPACING, new_capture
from xray_studio.dicom.write.copy import as_bytes
from xray_studio.dicom.write.derived import SOURCE, contribute, rooted
from xray_studio.dicom.write.frames import CopiedFrame, digest
from xray_studio.dicom.write.moments import tell_moments
from xray_studio.dicom.write.objects import coded, file_head, reference
from xray_studio.dicom.write.order import PictureOrder
from xray_studio.dicom.write.parts import PATIENT, SERIES, STUDY, new_dataset, read_part
from xray_studio.dicom.write.pixel_rules import (
    check_native_size,
    describe_earlier_loss,
    describe_new,
    lossless_way,
)
from xray_studio.dicom.write.plan import FrameWay, ObjectPlan
from xray_studio.dicom.write.whole import writable_again

PROCESSED = "PROCESSED"


def plan_pictures(order: PictureOrder) -> ObjectPlan:
    """Return the object that pictures go into. Runs in a worker process.

    Raises UsageError for a transfer syntax that does not fit, else as `read_whole`.
    """
    with rooted(order.uid_root), writable_again("export a video instead"):
        return _planned(order)


def _planned(order: PictureOrder) -> ObjectPlan:
    source = read_part(order.path)
    describe_earlier_loss(source.dataset, source.source, source.syntax)
    keywords = (*PATIENT, *STUDY, *SERIES, *(SPACING if order.as_sized else ()))
    dataset = new_dataset([source], keywords)
    new_capture(dataset, COLOURS if order.colour else BYTES, order.count)
    tell_moments(dataset, order.count, order.interval, order.vector)
    _honest(dataset, source.dataset, order)
    layout = PixelFormat(
        order.rows,
        order.columns,
        3 if order.colour else 1,
        8,
        8,
        7,
        photometric="RGB" if order.colour else "MONOCHROME2",
    )
    how = lossless_way(order.syntax, layout, "Pictures as shown")
    check_native_size(layout, order.count, how)
    describe_new(dataset, layout, how)
    refuse_errors(dataset, how.syntax, lambda: [(source.dataset, source.syntax)], whole=False)
    sop_class, instance = text(dataset, "SOPClassUID"), text(dataset, "SOPInstanceUID")
    return ObjectPlan(
        head=file_head(sop_class, instance, how.syntax),
        attributes=as_bytes(dataset, how.syntax),
        tail=b"",
        syntax=how.syntax,
        pixel_tag=PIXEL_DATA,
        layout=layout,
        count=order.count,
        frames=(),
        how=how,
        sop_class_uid=sop_class,
        derived=True,
    )


def _honest(dataset: Dataset, source: Dataset, order: PictureOrder) -> None:
    """Say what the pictures were made from, how, and what may stand in them."""
    dataset.BurnedInAnnotation = "YES" if order.burned_in else "NO"
    item = reference(text(source, "SOPClassUID"), text(source, "SOPInstanceUID"), order.frames)
    item.PurposeOfReferenceCodeSequence = coded(SOURCE)
    dataset.SourceImageSequence = Items([item])
    dataset.DerivationDescription = order.words
    tell_loss(dataset, source)
    if order.processed:
        words = f"{text(dataset, 'SeriesDescription')[:53]} {PROCESSED}".strip()
        dataset.SeriesDescription = order.title[:64] or words
        dataset.ImageType = ["DERIVED", "SECONDARY", PROCESSED]
    contribute(dataset, order.words)


def tell_loss(dataset: Dataset, source: Dataset) -> None:
    """Say what compression the pixels of a source lost, which what is made of them lost as well."""
    lossy = text(source, "LossyImageCompression")
    dataset.LossyImageCompression = lossy if lossy in {"00", "01"} else "00"
    for keyword in ("LossyImageCompressionRatio", "LossyImageCompressionMethod"):
        if lossy == "01" and keyword in source:
            dataset.add(source[keyword])


def encoded_picture(picture: Samples, how: FrameWay) -> CopiedFrame:
    """Encode one picture, (rows, columns) or RGB. Runs in a worker process."""
    colours = "RGB" if picture.ndim == 3 else "MONOCHROME2"
    data = encode(picture, how.syntax, Given(how.bits, colours, how.quality))
    return CopiedFrame(data, digest(picture))
