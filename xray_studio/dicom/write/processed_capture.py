"""Processed values as a Multi-frame Secondary Capture (PS3.3 A.8.4, A.8.5)."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from xray_studio.core.lut import Rescale
from xray_studio.dicom.attributes.dataset import PIXEL_DATA
from xray_studio.dicom.attributes.values import text
from xray_studio.dicom.conformance.before_write import refuse_errors
from xray_studio.dicom.pixels.pixel_format import PixelFormat
from xray_studio.dicom.pixels.stored import layout_of
from xray_studio.dicom.write.capture import COLOURS, SPACING, WORDS, new_capture
from xray_studio.dicom.write.copy import as_bytes
from xray_studio.dicom.write.cut import cut
from xray_studio.dicom.write.derivation import codes_of
from xray_studio.dicom.write.derived import LONGEST_TEXT, MASKED, SOURCE, contribute
from xray_studio.dicom.write.masking import mask_words
from xray_studio.dicom.write.moments import keep_moments
from xray_studio.dicom.write.objects import Code, coded, file_head, reference
from xray_studio.dicom.write.order import ProcessOrder
from xray_studio.dicom.write.parts import PATIENT, SERIES, STUDY, new_dataset, part_of
from xray_studio.dicom.write.pictures import tell_loss
from xray_studio.dicom.write.pixel_rules import (
    check_native_size,
    describe_earlier_loss,
    describe_new,
    lossless_way,
)
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.dicom.write.storage import ProcessedPlan, Storage
from xray_studio.dicom.write.whole import Whole

_TOP = 65_535
NO_UNITS: Code = ("1", "UCUM", "no units")
_FIRST, _LAST = 0x00409216, 0x00409211  # their type depends on that of the pixels


def captured_values(order: ProcessOrder, whole: Whole) -> ProcessedPlan:
    """Return a capture of processed values or colours of an object."""
    source, colour = part_of(whole), layout_of(whole.source).is_colour
    first, last = order.frames
    count = last - first + 1
    dataset = new_dataset([source], (*PATIENT, *STUDY, *SERIES, *SPACING))
    new_capture(dataset, COLOURS if colour else WORDS, count)
    describe_earlier_loss(whole.dataset, whole.source, whole.header.transfer_syntax)
    if count < order.count:
        cut(whole.dataset, first, last, order.count, whole.clip.timing.times)
    keep_moments(dataset, whole.dataset, count, order.interval, order.vector)
    layout, storage = _colours(whole) if colour else _greys(dataset, order, whole)
    how = lossless_way(order.syntax, layout, "Processed values")
    check_native_size(layout, count, how)
    describe_new(dataset, layout, how)
    _honest(dataset, order, whole, tuple(range(first, last + 1)) if count < order.count else ())
    own = whole.header.transfer_syntax
    refuse_errors(dataset, how.syntax, lambda: [(whole.dataset, own)], whole=False)
    sop_class, instance = text(dataset, "SOPClassUID"), text(dataset, "SOPInstanceUID")
    plan = ObjectPlan(
        head=file_head(sop_class, instance, how.syntax),
        attributes=as_bytes(dataset, how.syntax),
        tail=b"",
        syntax=how.syntax,
        pixel_tag=PIXEL_DATA,
        layout=layout,
        count=count,
        frames=(),
        how=how,
        sop_class_uid=sop_class,
        derived=True,
    )
    return ProcessedPlan(plan, storage)


def _colours(whole: Whole) -> tuple[PixelFormat, Storage]:
    rows, columns = whole.clip.rows, whole.clip.columns
    return PixelFormat(rows, columns, 3, 8, 8, 7, photometric="RGB"), Storage((), 0, 255, "|u1")


def _greys(dataset: Dataset, order: ProcessOrder, whole: Whole) -> tuple[PixelFormat, Storage]:
    """Store values in 16 bits, bright where they are high, as a capture has them."""
    scale = order.coding
    if whole.clip.pixels.inverted:
        scale = Rescale(-scale.slope, scale.intercept + _TOP * scale.slope)
    _map(dataset, scale, whole.clip.unit if order.same_values else "")
    if order.window is not None:
        centre, width = order.window
        dataset.WindowCenter = f"{(centre - scale.intercept) / scale.slope:.10g}"
        dataset.WindowWidth = f"{max(1.0, abs(width / scale.slope)):.10g}"
    return PixelFormat(whole.clip.rows, whole.clip.columns), Storage((scale,), 0, _TOP, "<u2")


def _map(dataset: Dataset, scale: Rescale, unit: str) -> None:
    """Tell what the numbers mean."""
    item = Dataset()
    item.add_new(_FIRST, "US", 0)
    item.add_new(_LAST, "US", _TOP)
    item.RealWorldValueIntercept, item.RealWorldValueSlope = scale.intercept, scale.slope
    item.LUTExplanation, item.LUTLabel = "Processed values", "PROCESSED"
    hounsfield = ("[hnsf'U]", "UCUM", "Hounsfield unit")
    item.MeasurementUnitsCodeSequence = coded(hounsfield if unit == "HU" else NO_UNITS)
    dataset.RealWorldValueMappingSequence = Sequence([item])


def _honest(dataset: Dataset, order: ProcessOrder, whole: Whole, frames: tuple[int, ...]) -> None:
    """Say what the values were made from and how."""
    source, masks = whole.dataset, order.masks
    clean = masks.clean and bool(masks.regions)
    told = text(source, "BurnedInAnnotation").upper()
    dataset.BurnedInAnnotation = "NO" if clean or told == "NO" else "YES"
    item = reference(text(source, "SOPClassUID"), text(source, "SOPInstanceUID"), frames)
    item.PurposeOfReferenceCodeSequence = coded(SOURCE)
    dataset.SourceImageSequence = Sequence([item])
    codes = [*codes_of(order.steps), *([MASKED] if masks.regions else ())]
    if codes:
        dataset.DerivationCodeSequence = coded(*codes)
    words = "; ".join([order.words, *([mask_words(masks.regions)] if masks.regions else ())])
    dataset.DerivationDescription = words[:LONGEST_TEXT]
    tell_loss(dataset, source)
    badges = " ".join(dict.fromkeys(badge for _, badge in order.steps))
    before = text(dataset, "SeriesDescription")[: 63 - len(badges)]
    dataset.SeriesDescription = f"{before} {badges}".strip()
    dataset.SeriesInstanceUID = order.series or dataset.SeriesInstanceUID
    dataset.InstanceNumber = order.number or dataset.InstanceNumber
    contribute(dataset, words)
