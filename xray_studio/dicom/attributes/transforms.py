"""Grey transforms of an object that are no choice: Modality LUT, padding, polarity, P-values.

PS3.3 C.11.1 (Modality LUT), C.7.5.1.1.2 (padding), C.11.6 (Presentation LUT).
"""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.core.lut import LookupTable, Modality, Pixels, Rescale
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.luts import UNITS, lookup_table, signed_word, word_of
from xray_studio.dicom.attributes.values import integer, items, no_numbers, number, text
from xray_studio.dicom.pixels.pixel_format import PixelFormat

# In these objects the Modality LUT leads back to beam intensity and is not meant for display
# (PS3.3 C.8.7.1.1.2, C.8.19.6.4; DCMTK ignores it as well).
INTENSITY_CLASSES = frozenset(
    (
        "1.2.840.10008.5.1.4.1.1.12.1",  # XA
        "1.2.840.10008.5.1.4.1.1.12.1.1",  # Enhanced XA
        "1.2.840.10008.5.1.4.1.1.12.2",  # XRF
        "1.2.840.10008.5.1.4.1.1.12.2.1",  # Enhanced XRF
        "1.2.840.10008.5.1.4.1.1.12.3",  # XA biplane, retired
    )
)
SHAPES = frozenset(("IDENTITY", "INVERSE"))


def read_pixels(dataset: Dataset, layout: PixelFormat, warnings: list[str]) -> Pixels:
    """Return what the stored grey values can be."""
    if "RedPaletteColorLookupTableDescriptor" in dataset:
        warnings.append("The supplemental colour palette is not shown, only the greys.")
    if integer(dataset, "PixelRepresentation") is None and not layout.floating:
        warnings.append("The object does not say whether its pixels have a sign; none is assumed.")
    table = presentation_lut(dataset, warnings)
    return Pixels(
        bits=layout.bits_stored,
        signed=layout.signed,
        inverted=table is None and _inverted(dataset, layout, warnings),
        padding=_padding(dataset, layout),
        presentation_lut=table,
    )


def presentation_lut(dataset: Dataset, warnings: list[str]) -> LookupTable | None:
    """Return Presentation LUT Sequence, which gives P-values as they are; None without."""
    tables = items(dataset, "PresentationLUTSequence")
    return lookup_table(tables[0], "Presentation LUT", warnings, signed=False) if tables else None


def _inverted(dataset: Dataset, layout: PixelFormat, warnings: list[str]) -> bool:
    """Tell whether low values are bright: Presentation LUT Shape first, as in DCMTK."""
    by_photometric = layout.photometric == "MONOCHROME1"
    shape = text(dataset, "PresentationLUTShape")
    if shape not in SHAPES:
        if shape:
            warnings.append(f"Presentation LUT Shape {shape} is not for screens and not applied.")
        return by_photometric
    if (shape == "INVERSE") != by_photometric:
        warnings.append(
            f"Presentation LUT Shape {shape} contradicts {layout.photometric}; it is followed."
        )
    return shape == "INVERSE"


def _padding(dataset: Dataset, layout: PixelFormat) -> tuple[float, float] | None:
    """Return the inclusive range of padding values, signed as the pixels are."""
    if layout.is_colour:
        return None
    if layout.floating:
        return _floating_padding(dataset, "Float" if layout.bits_allocated == 32 else "DoubleFloat")
    first = word_of(dataset, "PixelPaddingValue")
    if first is None:
        return None
    limit = word_of(dataset, "PixelPaddingRangeLimit")
    ends = [signed_word(v, layout.signed) for v in (first, first if limit is None else limit)]
    return min(ends), max(ends)


def _floating_padding(dataset: Dataset, kind: str) -> tuple[float, float] | None:
    first = number(dataset, f"{kind}PixelPaddingValue")
    limit = number(dataset, f"{kind}PixelPaddingRangeLimit")
    if first is None:
        return None
    last = first if limit is None else limit
    return min(first, last), max(first, last)


def read_modality(
    groups: Groups, layout: PixelFormat, frames: int, warnings: list[str]
) -> tuple[Modality, ...]:
    """Return the Modality LUT: one for all frames, or one a frame where they differ."""
    if text(groups.dataset, "SOPClassUID") in INTENSITY_CLASSES or layout.is_colour:
        return (Rescale(),)
    keyword = "PixelValueTransformationSequence"
    count = frames if groups.varies(keyword) else 1
    each = tuple(
        _modality(groups.macro(keyword, i), groups.dataset, layout, warnings) for i in range(count)
    )
    return each if len(set(each)) > 1 else each[:1]


def _modality(
    macro: Dataset, dataset: Dataset, layout: PixelFormat, warnings: list[str]
) -> Modality:
    tables = items(macro, "ModalityLUTSequence")
    if tables:
        name = "ModalityLUTType"
        table = lookup_table(tables[0], "Modality LUT", warnings, signed=layout.signed, name=name)
        if table is not None:
            return table
    slope, intercept = number(macro, "RescaleSlope"), number(macro, "RescaleIntercept")
    wrong = no_numbers(macro, "RescaleSlope", "RescaleIntercept")
    warnings.extend(f"{name} is no number; values are shown as stored." for name in wrong)
    if wrong or (slope is None and intercept is None):
        return Rescale()  # the unit, where one is told, is that of rescaled values
    if slope == 0.0:
        warnings.append("Rescale Slope is 0 and is not applied.")
        slope = 1.0
    unit = _unit(macro, dataset)
    return Rescale(1.0 if slope is None else slope, intercept or 0.0, unit)


def _unit(macro: Dataset, dataset: Dataset) -> str:
    """Return the unit of rescaled values: Rescale Type, Units of PET, or Hounsfield for CT."""
    stated = text(macro, "RescaleType") or text(dataset, "Units")
    if stated:
        return UNITS.get(stated, stated)
    return "HU" if text(dataset, "Modality") == "CT" else ""
