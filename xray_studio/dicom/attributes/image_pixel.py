"""The Image Pixel attributes of an object as a PixelFormat, odd ones made safe with a warning."""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.attributes.dataset import DOUBLE_FLOAT_PIXEL_DATA, FLOAT_PIXEL_DATA
from xray_studio.dicom.attributes.values import integer, text
from xray_studio.dicom.pixels.pixel_format import COLOUR, MONOCHROME, PALETTE, PixelFormat

_FLOATS = {FLOAT_PIXEL_DATA: 32, DOUBLE_FLOAT_PIXEL_DATA: 64}


def read_format(dataset: Dataset, tag: int, warnings: list[str]) -> PixelFormat:
    """Return the format of the pixels in element `tag`.

    Raises UnreadableError or UnsupportedError when they cannot be shown.
    """
    photometric, samples = _photometric(dataset, warnings)
    allocated = _FLOATS.get(tag) or integer(dataset, "BitsAllocated")
    if allocated is None:
        raise UnreadableError("The object does not say how many bits a pixel has; it is damaged.")
    stored, high = _bits(dataset, allocated, warnings)
    layout = PixelFormat(
        rows=integer(dataset, "Rows") or 0,
        columns=integer(dataset, "Columns") or 0,
        samples=samples,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=high,
        signed=integer(dataset, "PixelRepresentation") == 1 and samples == 1,
        photometric=photometric,
        planar=samples == 3 and _planar(dataset, warnings),
        floating=tag in _FLOATS,
    )
    layout.check()
    return layout


def _photometric(dataset: Dataset, warnings: list[str]) -> tuple[str, int]:
    """Return photometric interpretation and samples a pixel that agree with each other."""
    stated = text(dataset, "PhotometricInterpretation").upper()
    samples = integer(dataset, "SamplesPerPixel") or (3 if stated in COLOUR else 1)
    if samples == 1 and stated not in MONOCHROME | {PALETTE}:
        warnings.append(_mistaken(stated, "one sample a pixel", "grey"))
        return "MONOCHROME2", 1
    if samples == 3 and stated not in COLOUR:
        warnings.append(_mistaken(stated, "three samples a pixel", "RGB"))
        return "RGB", 3
    return stated, samples


def _mistaken(stated: str, samples: str, shown: str) -> str:
    says = f"Photometric Interpretation {stated}" if stated else "no Photometric Interpretation"
    return f"The object has {says} with {samples}; it is shown as {shown}."


def _planar(dataset: Dataset, warnings: list[str]) -> bool:
    """Return whether the samples of one colour lie together: Planar Configuration 1, not 0."""
    stated = integer(dataset, "PlanarConfiguration") or 0
    if stated not in {0, 1}:
        warnings.append(
            f"Planar Configuration {stated} is unknown; the colours are taken pixel by pixel."
        )
    return stated == 1


def _bits(dataset: Dataset, allocated: int, warnings: list[str]) -> tuple[int, int]:
    """Return Bits Stored and High Bit that fit Bits Allocated."""
    stored = integer(dataset, "BitsStored") or allocated
    if not 1 <= stored <= allocated:
        warnings.append(f"Bits Stored {stored} does not fit Bits Allocated {allocated}; "
                        f"all {allocated} bits are used.")  # fmt: skip
        return allocated, allocated - 1
    high = integer(dataset, "HighBit")
    if high is not None and stored - 1 <= high < allocated:
        return stored, high
    if high is not None:
        warnings.append(f"High Bit {high} does not fit Bits Stored {stored} and is not used.")
    return stored, stored - 1
