"""Grey transforms of an object: Modality LUT, windows, VOI LUTs, padding, palettes, polarity.

PS3.3 C.11.1 (Modality LUT), C.11.2 (VOI LUT), C.7.5.1.1.2 (padding), C.7.9 (palettes),
C.11.6 (Presentation LUT Shape).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from xray_studio.core.lut import LookupTable, Modality, Pixels, Rescale, modality_range
from xray_studio.core.presentation import VoiFunction, Window
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.values import items, number, numbers, text, value
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
_UNITS = {"US": "", "BQML": "Bq/ml", "CNTS": "counts", "NONE": ""}
MOST_FRAME_WINDOWS = 8


def read_pixels(dataset: Dataset, layout: PixelFormat, warnings: list[str]) -> Pixels:
    """Return what the stored grey values can be."""
    if "RedPaletteColorLookupTableDescriptor" in dataset:
        warnings.append("The supplemental colour palette is not shown, only the greys.")
    return Pixels(
        bits=layout.bits_stored,
        signed=layout.signed,
        inverted=_inverted(dataset, layout, warnings),
        padding=_padding(dataset, layout),
    )


def _inverted(dataset: Dataset, layout: PixelFormat, warnings: list[str]) -> bool:
    """Tell whether low values are bright: Presentation LUT Shape first, as in DCMTK."""
    by_photometric = layout.photometric == "MONOCHROME1"
    shape = text(dataset, "PresentationLUTShape")
    if shape not in {"IDENTITY", "INVERSE"}:
        return by_photometric
    if (shape == "INVERSE") != by_photometric:
        warnings.append(f"Presentation LUT Shape {shape} contradicts {layout.photometric}.")
    return shape == "INVERSE"


def _padding(dataset: Dataset, layout: PixelFormat) -> tuple[int, int] | None:
    """Return the inclusive range of padding values, signed as the pixels are."""
    first = word_of(dataset, "PixelPaddingValue")
    if first is None or layout.is_colour or layout.floating:
        return None
    limit = word_of(dataset, "PixelPaddingRangeLimit")
    ends = [signed_word(v, layout.signed) for v in (first, first if limit is None else limit)]
    return min(ends), max(ends)


def read_modality(
    groups: Groups, layout: PixelFormat, frames: int, warnings: list[str]
) -> tuple[Modality, ...]:
    """Return the Modality LUT: one for all frames, or one a frame where they differ."""
    if text(groups.dataset, "SOPClassUID") in INTENSITY_CLASSES or layout.is_colour:
        return (Rescale(),)
    keyword = "PixelValueTransformationSequence"
    count = frames if groups.varies(keyword) else 1
    each = tuple(
        _modality(groups.macro(keyword, i), groups.dataset, layout, warnings if i == 0 else [])
        for i in range(count)
    )
    return each if len(set(each)) > 1 else each[:1]


def _modality(
    macro: Dataset, dataset: Dataset, layout: PixelFormat, warnings: list[str]
) -> Modality:
    tables = items(macro, "ModalityLUTSequence")
    if tables:
        table = lookup_table(tables[0], signed=layout.signed, name="ModalityLUTType")
        if table is not None:
            return table
        warnings.append("The Modality LUT is broken and is not applied.")
    slope, intercept = number(macro, "RescaleSlope"), number(macro, "RescaleIntercept")
    if slope is None and intercept is None:
        return Rescale(unit=_unit(macro, dataset, rescaled=False))
    if slope == 0.0:
        warnings.append("Rescale Slope is 0 and is not applied.")
        slope = 1.0
    unit = _unit(macro, dataset, rescaled=True)
    return Rescale(1.0 if slope is None else slope, intercept or 0.0, unit)


def _unit(macro: Dataset, dataset: Dataset, *, rescaled: bool) -> str:
    """Return the unit of the values: Rescale Type, Units of PET, or Hounsfield for CT."""
    stated = text(macro, "RescaleType") or text(dataset, "Units")
    if stated:
        return _UNITS.get(stated, stated)
    return "HU" if rescaled and text(dataset, "Modality") == "CT" else ""


def read_windows(groups: Groups, frames: int, warnings: list[str]) -> tuple[Window, ...]:
    """Return the windows stored for the whole object.

    Where frames have windows of their own, each different one is a choice, that of the middle frame
    first; with more than a few of them only that one.
    """
    keyword = "FrameVOILUTSequence"
    middle = frames // 2
    first = windows_of(groups.macro(keyword, middle), warnings)
    if not groups.varies(keyword):
        return first
    every = dict.fromkeys(first)
    for frame in range(frames):
        every.update(dict.fromkeys(windows_of(groups.macro(keyword, frame), [])))
    return tuple(every) if len(every) <= MOST_FRAME_WINDOWS else first


def windows_of(macro: Dataset, warnings: list[str]) -> tuple[Window, ...]:
    """Return the windows of one item, those that no display can follow left out."""
    function = _function(macro, warnings)
    names = text(macro, "WindowCenterWidthExplanation").split("\\")
    pairs = list(zip(numbers(macro, "WindowCenter"), numbers(macro, "WindowWidth"), strict=False))
    found: list[Window] = []
    for i, (center, width) in enumerate(pairs):
        try:
            name = names[i].strip() if i < len(names) else ""
            found.append(Window(center, width, function, name))
        except ValueError:
            warnings.append(f"The stored window {center:g} / {width:g} is impossible and left out.")
    return tuple(dict.fromkeys(found))


def _function(macro: Dataset, warnings: list[str]) -> VoiFunction:
    stated = text(macro, "VOILUTFunction")
    try:
        return VoiFunction(stated or "LINEAR")
    except ValueError:
        warnings.append(f"VOI LUT Function {stated} is unknown; windows are taken as linear.")
        return VoiFunction.LINEAR


def read_voi_luts(
    groups: Groups, pixels: Pixels, modality: Modality, warnings: list[str]
) -> tuple[LookupTable, ...]:
    """Return the VOI LUTs of the object (PS3.3 C.11.2.1.1).

    Their first value is signed where the Modality LUT can give negative values.
    """
    signed = modality_range(pixels, modality)[0] < 0
    found: list[LookupTable] = []
    for item in items(groups.dataset, "VOILUTSequence"):
        table = lookup_table(item, signed=signed)
        if table is None:
            warnings.append("A VOI LUT is broken and left out.")
        else:
            found.append(table)
    return tuple(found)


def lookup_table(item: Dataset, *, signed: bool, name: str = "") -> LookupTable | None:
    """Return a table of a LUT Sequence item, None when descriptor or data are broken.

    `name` is the keyword that says what comes out ("HU", "US").
    """
    descriptor = words(item, "LUTDescriptor")
    if len(descriptor) < 3:
        return None
    count, bits = descriptor[0] & 0xFFFF or 65_536, descriptor[2] & 0xFFFF
    entries = _table_data(item, "LUTData", count, bits)
    if not len(entries) or not 1 <= bits <= 16:
        return None
    unit = text(item, name) if name else ""
    return LookupTable(
        first=signed_word(descriptor[1], signed),
        bits=bits,
        entries=entries.astype("<u2").tobytes(),
        explanation=text(item, "LUTExplanation"),
        unit=_UNITS.get(unit, unit),
    )


def _table_data(item: Dataset, keyword: str, count: int, bits: int) -> Any:
    """Return at most `count` entries; 8-bit ones may be packed two to a word."""
    data = value(item, keyword)
    if isinstance(data, bytes):
        if bits <= 8 and len(data) < 2 * count:
            return np.frombuffer(data, np.uint8)[:count]
        order = "<" if little_endian(item) else ">"
        return np.frombuffer(data[: len(data) // 2 * 2], f"{order}u2")[:count]
    return np.array(words(item, keyword)[:count], dtype=np.int64) & 0xFFFF


def little_endian(dataset: Dataset) -> bool:
    """Tell whether an object is stored little endian."""
    return dataset.original_encoding[1] is not False


def words(dataset: Dataset, keyword: str) -> list[int]:
    """Return 16-bit numbers of US, SS or OW; pydicom leaves ambiguous ones as bytes."""
    found = value(dataset, keyword)
    if isinstance(found, bytes):
        order = "<" if little_endian(dataset) else ">"
        return [int(v) for v in np.frombuffer(found[: len(found) // 2 * 2], f"{order}u2")]
    return [int(v) for v in numbers(dataset, keyword)]


def word_of(dataset: Dataset, keyword: str) -> int | None:
    """Return the first 16-bit number of a value."""
    found = words(dataset, keyword)
    return found[0] if found else None


def signed_word(word: int, signed: bool) -> int:
    """Return a 16-bit word as signed or unsigned, whichever way it was read."""
    if word < -(1 << 15) or word > 0xFFFF:
        return word
    unsigned = word & 0xFFFF
    return unsigned - (1 << 16) if signed and unsigned & 0x8000 else unsigned
