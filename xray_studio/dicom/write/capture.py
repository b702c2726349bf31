"""Multi-frame Secondary Captures (PS3.3 A.8.3 to A.8.5) of the values of several images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID

from xray_studio.core.errors import UsageError
from xray_studio.core.lut import Modality, Rescale, modality_range
from xray_studio.core.version import VERSION
from xray_studio.dicom.attributes.values import numbers, tag_of, text
from xray_studio.dicom.pixels.pixel_format import PALETTE, PixelFormat
from xray_studio.dicom.write.derived import SOURCE, contribute, new_uid
from xray_studio.dicom.write.objects import MAKER, coded, reference
from xray_studio.dicom.write.parts import PATIENT, SERIES, STUDY, Part, in_common, new_dataset
from xray_studio.dicom.write.plan import ValueChange

_CLASS = "1.2.840.10008.5.1.4.1.1.7."
BYTES, WORDS, COLOURS = f"{_CLASS}2", f"{_CLASS}3", f"{_CLASS}4"
_FRAME_TIME_VECTOR, _PAGE_NUMBERS = 0x00181065, 0x00182001
SPACING = ("PixelSpacing", "ImagerPixelSpacing", "PixelSpacingCalibrationType",
            "NominalScannedPixelSpacing", "PixelAspectRatio", "AcquisitionDate",
            "AcquisitionTime")  # fmt: skip
_WINDOW = ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction")


def captured(parts: Sequence[Part]) -> tuple[Dataset, PixelFormat, tuple[ValueChange | None, ...]]:
    """Return one object of images, the format of its pixels, and how each frame is changed to it.

    A capture holds unsigned values, bright where they are high, whose rescale is the identity. So
    modality values are written where they are whole, moved where they would be negative, and turned
    round where the images are MONOCHROME1. Raises UsageError for values that do not fit.
    """
    dataset = new_dataset(parts, (*PATIENT, *STUDY, *SERIES, *SPACING))
    layout, words = parts[0].layout, f"{len(parts)} images of one study, put together"
    changes: tuple[ValueChange | None, ...]
    if layout.is_colour:
        layout, changes = _coloured(parts)
        new_capture(dataset, COLOURS, len(parts))
    else:
        grey = _Grey(parts)
        layout, changes = grey.layout(), grey.changes()
        new_capture(dataset, BYTES if layout.bits_allocated == 8 else WORDS, len(parts))
        grey.window(dataset)
        words += grey.words()
    _moments(dataset, parts)
    told = {text(part.dataset, "BurnedInAnnotation").upper() for part in parts}
    dataset.BurnedInAnnotation = "NO" if told == {"NO"} else "YES"
    lossy = any(part.clip.acquisition.lossy for part in parts)
    dataset.LossyImageCompression = "01" if lossy else "00"
    if lossy:
        _earlier_loss(dataset, parts)
    dataset.SourceImageSequence = Items([_source(part) for part in parts])
    dataset.DerivationDescription = words
    contribute(dataset, words)
    return dataset, layout, changes


def _source(part: Part) -> Dataset:
    item = reference(text(part.dataset, "SOPClassUID"), text(part.dataset, "SOPInstanceUID"))
    item.PurposeOfReferenceCodeSequence = coded(SOURCE)
    return item


def _earlier_loss(dataset: Dataset, parts: Sequence[Part]) -> None:
    for keyword in ("LossyImageCompressionRatio", "LossyImageCompressionMethod"):
        element = in_common(parts, tag_of(keyword))
        if element is not None:
            dataset.add(element)


def _coloured(parts: Sequence[Part]) -> tuple[PixelFormat, tuple[ValueChange | None, ...]]:
    layout = parts[0].layout
    if layout.photometric != PALETTE:
        return layout, (None,) * len(parts)
    shown = replace(layout, samples=3, photometric="RGB", bits_allocated=8, bits_stored=8,
                    high_bit=7, signed=False, planar=False)  # fmt: skip
    return shown, tuple(ValueChange(palette=part.source_palette) for part in parts)


def _moments(dataset: Dataset, parts: Sequence[Part]) -> None:
    """Say when frames were acquired, where that grows, else number them (PS3.3 C.7.6.5)."""
    moments = [part.place.moment for part in parts]
    known = [moment for moment in moments if moment is not None]
    steps = [1000.0 * (b - a) for a, b in pairwise(known)]
    if len(known) == len(parts) > 1 and min(steps) > 0.0:
        dataset.FrameIncrementPointer = _FRAME_TIME_VECTOR
        dataset.FrameTimeVector = [0, *(f"{step:.10g}" for step in steps)]
    elif len(parts) > 1:
        dataset.FrameIncrementPointer = _PAGE_NUMBERS
        dataset.PageNumberVector = list(range(1, len(parts) + 1))


class _Grey:
    """How the values of grey images become those of a capture."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._inverted = parts[0].clip.pixels.inverted
        if any(part.clip.pixels.inverted != self._inverted for part in parts):
            raise UsageError("Some images are MONOCHROME1 and some are not; choose one kind.")
        if parts[0].layout.floating:
            raise UsageError("Floating-point pixels do not fit; choose .npz or .nii.")
        self._kept = self._values_kept()
        ranges = [modality_range(p.clip.pixels, m) for p, m in zip(parts, self._kept, strict=True)]
        self._low = int(min(low for low, _ in ranges))
        self._high = int(max(high for _, high in ranges))
        self._offset = max(0, -self._low)
        self._bits = max(8, (self._high - min(0, self._low)).bit_length())
        if self._bits > 16:
            raise UsageError("Values of more than 16 bits do not fit; choose .npz or .nii.")

    def _values_kept(self) -> list[Modality]:
        """Return the Modality LUTs to apply: none where their results are not whole numbers."""
        own = [part.clip.modality[0] for part in self._parts]
        if all(_whole(modality) for modality in own):
            return own
        if len(set(own)) > 1:
            raise UsageError(
                "The values of the images are no whole numbers and each is scaled in its own way;"
                " choose .npz or .nii."
            )
        return [Rescale()] * len(own)

    def layout(self) -> PixelFormat:
        """Return the format of the pixels."""
        deep = 8 if self._bits == 8 else 16
        return replace(
            self._parts[0].layout,
            bits_allocated=deep,
            bits_stored=self._bits,
            high_bit=self._bits - 1,
            signed=False,
            photometric="MONOCHROME2",
        )

    def changes(self) -> tuple[ValueChange | None, ...]:
        """Return how each frame is changed, None where it stays as it is."""
        kind = "u1" if self._bits == 8 else "u2"
        top = self._high if self._inverted else None
        made = [ValueChange(one, self._offset, top, kind) for one in self._kept]
        layout = self._parts[0].layout
        same = (layout.signed, layout.bits_stored, layout.bits_allocated) == (
            False, self._bits, 8 if self._bits == 8 else 16
        )  # fmt: skip
        plain = same and top is None and all(_plain(one) for one in self._kept)
        return (None,) * len(made) if plain else tuple(made)

    def window(self, dataset: Dataset) -> None:
        """Give the capture the window that all images have, in its own values."""
        found = [in_common(self._parts, tag_of(keyword)) for keyword in _WINDOW]
        if found[0] is None or found[1] is None:
            return
        for element in found[1:]:
            if element is not None:
                dataset.add(element)
        source, scale = self._parts[0].dataset, self._scale()
        centres = [(c - scale.intercept) / scale.slope for c in numbers(source, "WindowCenter")]
        widths = [abs(w / scale.slope) for w in numbers(source, "WindowWidth")]
        moved = [self._high - c if self._inverted else c + self._offset for c in centres]
        dataset.WindowCenter = [f"{centre:.10g}" for centre in moved]
        dataset.WindowWidth = [f"{width:.10g}" for width in widths]

    def _scale(self) -> Rescale:
        """Return what stands between the values that are kept and those of the windows."""
        own = self._parts[0].clip.modality[0]
        left_out = isinstance(own, Rescale) and self._kept[0] != own
        return own if left_out and isinstance(own, Rescale) else Rescale()

    def words(self) -> str:
        """Return what was done to the values."""
        scale, said = self._scale(), ""
        if scale != Rescale():
            said += f"; stored values, to be multiplied by {scale.slope:g} and {scale.intercept:+g}"
        if self._inverted:
            return f"{said}; values subtracted from {self._high}"
        return f"{said}; {self._offset} added to the values" if self._offset else said


def _whole(modality: Modality) -> bool:
    if isinstance(modality, Rescale):
        return modality.slope.is_integer() and modality.intercept.is_integer()
    return True


def _plain(modality: Modality) -> bool:
    return isinstance(modality, Rescale) and (modality.slope, modality.intercept) == (1.0, 0.0)


def new_capture(dataset: Dataset, sop_class: str, frames: int) -> None:
    """Add what every capture says: what it is, and with what it was made."""
    dataset.SOPClassUID, dataset.SOPInstanceUID = UID(sop_class), UID(new_uid())
    dataset.SeriesInstanceUID = UID(new_uid())
    dataset.ConversionType = "WSD"  # a workstation made it
    dataset.Manufacturer = dataset.SecondaryCaptureDeviceManufacturer = MAKER
    dataset.SecondaryCaptureDeviceManufacturerModelName = MAKER
    dataset.SecondaryCaptureDeviceSoftwareVersions = VERSION
    dataset.ImageType = ["DERIVED", "SECONDARY"]
    dataset.InstanceNumber, dataset.NumberOfFrames = 1, frames
    now = datetime.now().astimezone()
    dataset.InstanceCreationDate, dataset.InstanceCreationTime = f"{now:%Y%m%d}", f"{now:%H%M%S}"
    dataset.ContentDate, dataset.ContentTime = f"{now:%Y%m%d}", f"{now:%H%M%S}"
    dataset.PatientOrientation = None
    if not text(dataset, "Modality"):
        dataset.Modality = "OT"
    if sop_class != COLOURS:
        dataset.PresentationLUTShape = "IDENTITY"
        dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "US"
