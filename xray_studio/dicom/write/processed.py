"""An object of processed values, derived from the object that they were made of.

It is of the class of its source where that holds such values: then attributes, timing and windows
stay, and the values are rounded to what the source stores. Other values (of another range, of
floating-point pixels, of a class that allows no derived grey images) become a Multi-frame Secondary
Capture, whose Real World Value Mapping (PS3.3 C.7.6.16.2.11) tells what its numbers mean.
"""

from __future__ import annotations

from dataclasses import replace

from pydicom.dataset import Dataset

from xray_studio.core.errors import UsageError
from xray_studio.core.lut import LookupTable, Rescale
from xray_studio.dicom.attributes.dataset import PIXEL_DATA
from xray_studio.dicom.attributes.values import tag_of, text
from xray_studio.dicom.conformance.before_write import refuse_errors
from xray_studio.dicom.pixels.native import DeflatedSource, NativeSource
from xray_studio.dicom.pixels.pixel_format import PixelFormat
from xray_studio.dicom.pixels.stored import layout_of, raw_words
from xray_studio.dicom.write.copy import as_bytes
from xray_studio.dicom.write.cut import cut
from xray_studio.dicom.write.derivation import DENOISED, codes_of
from xray_studio.dicom.write.derived import Change, derive, drop_signatures, rooted
from xray_studio.dicom.write.masking import mask_attributes, mask_words
from xray_studio.dicom.write.objects import file_head
from xray_studio.dicom.write.order import ProcessOrder
from xray_studio.dicom.write.overlays import cut_overlays, extract
from xray_studio.dicom.write.pixel_rules import (
    check_native_size,
    describe_earlier_loss,
    describe_new,
    lossless_way,
)
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.dicom.write.processed_capture import captured_values
from xray_studio.dicom.write.storage import ProcessedPlan, Storage
from xray_studio.dicom.write.whole import Whole, read_whole, writable_again

_IMAGE = "1.2.840.10008.5.1.4.1.1."
# Projection, slices, ultrasound and captures; nuclear medicine and PET; enhanced objects.
_GREY = frozenset(
    _IMAGE + number
    for number in ("1", "1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1", "2", "4", "3.1", "6.1",
                   "12.1", "12.2", "7", "7.2", "7.3", "20", "128", "2.1", "4.1", "12.1.1",
                   "12.2.1", "130", "2.2", "4.4", "128.1")
)  # fmt: skip
_COLOUR = frozenset(
    _IMAGE + number
    for number in ("3.1", "6.1", "7", "7.4", "77.1.1", "77.1.2", "77.1.4", "77.1.5.1")
)
_MODALITY_LUT = frozenset(_IMAGE + number for number in ("1", "3.1", "6.1", "7", "12.2"))
# They tell of the very pixels of the source, or of its part in a concatenation.
_GONE = (
    "SmallestImagePixelValue", "LargestImagePixelValue", "SmallestPixelValueInSeries",
    "LargestPixelValueInSeries", "IconImageSequence", "ConcatenationUID", "InConcatenationNumber",
    "InConcatenationTotalNumber", "ConcatenationFrameOffsetNumber",
    "SOPInstanceUIDOfConcatenationSource",
)  # fmt: skip
_PADDING = ("PixelPaddingValue", "PixelPaddingRangeLimit")
_CT = _IMAGE + "2"
# Of the acquisition alone: no derived image may tell it (PS3.3 C.8.13.4).
_ENHANCED_MR = _IMAGE + "4.1"
_PULSES = (
    "PulseSequenceName", "MRAcquisitionType", "EchoPulseSequence", "MultiPlanarExcitation",
    "PhaseContrast", "TimeOfFlightContrast", "SteadyStatePulseSequence", "EchoPlanarPulseSequence",
    "SaturationRecovery", "SpectrallySelectedSuppression", "OversamplingPhase",
    "GeometryOfKSpaceTraversal", "RectilinearPhaseEncodeReordering", "SegmentedKSpaceTraversal",
    "CoverageOfKSpace", "NumberOfKSpaceTrajectories", "BulkMotionCompensationTechnique",
)  # fmt: skip
_PALETTE = tuple(
    f"{part}{colour}PaletteColorLookupTable{what}"
    for colour in ("Red", "Green", "Blue", "Alpha")
    for part, what in (("", "Descriptor"), ("", "Data"), ("Segmented", "Data"))
)


def plan_processed(order: ProcessOrder) -> ProcessedPlan:
    """Return the object that the frames go into. Runs in a worker process.

    Raises UsageError for frames or a transfer syntax that do not fit, else as `read_whole`.
    """
    with rooted(order.uid_root), writable_again("export pictures instead"):
        whole = read_whole(order.path, order.held)
        if order.count != whole.source.shape[0]:
            raise UsageError("The object has another number of frames than were processed.")
        return (
            _of_its_class(order, whole) if _keeps(order, whole) else captured_values(order, whole)
        )


def _keeps(order: ProcessOrder, whole: Whole) -> bool:
    """Tell whether the class of the source may hold the processed values."""
    sop_class, layout = text(whole.dataset, "SOPClassUID"), layout_of(whole.source)
    if layout.is_colour:
        return sop_class in _COLOUR
    plain = not layout.floating and layout.bits_allocated > 1 and layout.bits_stored <= 16
    tables = [one for one in whole.clip.modality if isinstance(one, LookupTable)]
    if tables and (sop_class not in _MODALITY_LUT or len(whole.clip.modality) > 1):
        return False
    return plain and order.same_values and sop_class in _GREY


def _of_its_class(order: ProcessOrder, whole: Whole) -> ProcessedPlan:
    dataset, source = whole.dataset, whole.source
    first, last = order.frames
    some = last - first + 1 < order.count
    drop_signatures(dataset, whole.tail)
    describe_earlier_loss(dataset, source, whole.header.transfer_syntax)
    if some:
        cut_overlays(dataset, first, last)
        cut(dataset, first, last, order.count, whole.clip.timing.times)
    if isinstance(source, NativeSource | DeflatedSource):
        extract(dataset, lambda frame: raw_words(source, frame), range(first, last + 1))
    layout, storage = _stored(order, whole)
    padding = _PADDING if storage.padding is None else ()
    pulses = _PULSES if text(dataset, "SOPClassUID") == _ENHANCED_MR else ()
    for part in (dataset, whole.tail):
        for keyword in (*_GONE, *padding, *pulses):
            part.pop(tag_of(keyword), None)
    how = lossless_way(order.syntax, layout, "Processed values")
    check_native_size(layout, last - first + 1, how)
    mask_attributes(dataset, order.masks.regions, clean=order.masks.clean)
    describe_new(dataset, layout, how)
    _tell_unit(dataset, order)
    _tell(dataset, order, tuple(range(first, last + 1)) if some else ())
    own = whole.header.transfer_syntax
    refuse_errors(dataset, how.syntax, lambda: [(read_whole(order.path).dataset, own)], whole=False)
    sop_class, instance = text(dataset, "SOPClassUID"), text(dataset, "SOPInstanceUID")
    plan = ObjectPlan(
        head=file_head(sop_class, instance, how.syntax),
        attributes=as_bytes(dataset, how.syntax),
        tail=as_bytes(whole.tail, how.syntax),
        syntax=how.syntax,
        pixel_tag=PIXEL_DATA,
        layout=layout,
        count=last - first + 1,
        frames=(),
        how=how,
        sop_class_uid=sop_class,
        derived=True,
    )
    return ProcessedPlan(plan, storage)


def _stored(order: ProcessOrder, whole: Whole) -> tuple[PixelFormat, Storage]:
    """Return how values are stored: as the source does, which its own scale allows."""
    layout = layout_of(whole.source)
    if layout.is_colour:
        return _colours(whole.dataset, layout)
    scales = tuple(one for one in whole.clip.modality if isinstance(one, Rescale))
    if len(scales) < len(whole.clip.modality):
        return _rescaled(order, whole.dataset, layout)
    plain = replace(layout, planar=False, high_bit=layout.bits_stored - 1)
    lowest, highest = whole.clip.pixels.lowest, whole.clip.pixels.highest
    padding = whole.clip.pixels.padding if order.padded else None
    return plain, Storage(scales, lowest, highest, plain.dtype.str, padding)


def _rescaled(
    order: ProcessOrder, dataset: Dataset, layout: PixelFormat
) -> tuple[PixelFormat, Storage]:
    """Store 16 bits with a Rescale of their own in place of a Modality LUT."""
    (table,) = dataset.ModalityLUTSequence
    kind = text(table, "ModalityLUTType") or "US"
    del dataset.ModalityLUTSequence
    scale = order.coding
    dataset.RescaleSlope, dataset.RescaleIntercept = scale.slope, scale.intercept
    dataset.RescaleType = kind
    wide = replace(layout, bits_allocated=16, bits_stored=16, high_bit=15, signed=False)
    return replace(wide, planar=False), Storage((scale,), 0, 65_535, "<u2")


def _colours(dataset: Dataset, layout: PixelFormat) -> tuple[PixelFormat, Storage]:
    for keyword in (*_PALETTE, "PaletteColorLookupTableUID"):
        dataset.pop(tag_of(keyword), None)
    made = replace(layout, samples=3, photometric="RGB", bits_allocated=8, bits_stored=8,
                   high_bit=7, signed=False, planar=False)  # fmt: skip
    return made, Storage((), 0, 255, "|u1")


def _tell_unit(dataset: Dataset, order: ProcessOrder) -> None:
    """Say that values of a CT which were more than denoised are no Hounsfield units (C.8.2.1)."""
    enhanced = any(badge != DENOISED for _, badge in order.steps)
    if enhanced and text(dataset, "SOPClassUID") == _CT:
        dataset.RescaleType = "US"


def _tell(dataset: Dataset, order: ProcessOrder, frames: tuple[int, ...]) -> None:
    """Say what was done, with what, and from what."""
    said = [f"Frames {frames[0] + 1} to {frames[-1] + 1} of the source"] if frames else []
    said += [order.words, *([mask_words(order.masks.regions)] if order.masks.regions else ())]
    masked = bool(order.masks.regions)
    change = Change(masked=masked, processed=codes_of(order.steps))
    derive(dataset, frames, "; ".join(said), change)
    badges = " ".join(dict.fromkeys(badge for _, badge in order.steps))
    before = text(dataset, "SeriesDescription")[: 63 - len(badges)]
    dataset.SeriesDescription = f"{before} {badges}".strip()
    dataset.SeriesInstanceUID = order.series or dataset.SeriesInstanceUID
