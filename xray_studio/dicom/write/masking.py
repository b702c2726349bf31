"""Parts of the frames of a written object that are black, and what black is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset

from xray_studio.core.clip import Clip
from xray_studio.core.lut import Pixels
from xray_studio.core.masked_source import blackened, darkest, falls
from xray_studio.core.region import Region
from xray_studio.dicom.attributes.values import tag_of
from xray_studio.dicom.pixels.colour import Palette
from xray_studio.dicom.pixels.pixel_format import PALETTE, PixelFormat, Samples
from xray_studio.dicom.write.overlays import mask_overlays

# A small copy of the picture, and what the values were before.
_GONE = ("IconImageSequence", "SmallestImagePixelValue", "LargestImagePixelValue")
_LUMINANCE = (0.299, 0.587, 0.114)


@dataclass(frozen=True, slots=True)
class Masking:
    """Regions of every frame that become black.

    `black` is one number for each sample of a pixel; without it the frame is grey, and black is the
    stored value that `pixels` shows darkest, with a Modality LUT that `falling` says goes down.
    """

    regions: tuple[Region, ...]
    black: tuple[int, ...] = ()
    pixels: Pixels = Pixels()  # noqa: RUF009 - a frozen value
    falling: bool = False

    def apply(self, samples: Samples) -> Samples:
        """Return samples (rows, columns[, 3]) with the regions black."""
        value = self.black or darkest(samples, self.pixels, falling=self.falling)
        return blackened(samples, self.regions, value)


def masking_of(
    regions: tuple[Region, ...], clip: Clip, layout: PixelFormat, palette: Palette | None
) -> Masking | None:
    """Return how regions become black in frames of a layout, None where there are no regions.

    `layout` is that of the samples that are written: its colours are those after decoding.
    """
    if not regions:
        return None
    if layout.samples == 3:
        return Masking(regions, _black(layout))
    if layout.photometric == PALETTE and palette is not None:
        return Masking(regions, (_darkest_entry(palette, layout),))
    return Masking(regions, (), clip.pixels, falls(clip.modality_at(0), clip.pixels))


def _black(layout: PixelFormat) -> tuple[int, ...]:
    """Return black in a colour model (PS3.3 C.7.6.3.1.2); codecs undo those of JPEG 2000."""
    if layout.photometric not in {"YBR_FULL", "YBR_PARTIAL_422", "YBR_PARTIAL_420"}:
        return (0, 0, 0)
    scale = max(0, layout.bits_stored - 8)
    light = 0 if layout.photometric == "YBR_FULL" else 16
    return (light << scale, 128 << scale, 128 << scale)


def _darkest_entry(palette: Palette, layout: PixelFormat) -> int:
    """Return the stored value that a palette shows darkest."""
    kind = Pixels(layout.bits_stored, layout.signed)
    length = len(palette.entries) // 3
    first, last = max(kind.lowest, palette.first), min(kind.highest, palette.first + length - 1)
    values = np.arange(first, max(first, last) + 1)
    light = palette.apply(values[np.newaxis])[0] @ np.array(_LUMINANCE)
    return int(values[int(np.argmin(light))])


def mask_attributes(dataset: Dataset, regions: Sequence[Region], *, clean: bool) -> None:
    """Let an object say nothing of what was under its masks.

    Overlay planes are cleared there and small copies of the picture go. `clean` tells that no text
    is left in the pictures, which Burned In Annotation then says.
    """
    if not regions:
        return
    mask_overlays(dataset, regions)
    for part in (dataset, *_inside(dataset)):
        for keyword in _GONE:
            part.pop(tag_of(keyword), None)
    if clean:
        dataset.BurnedInAnnotation = "NO"


def _inside(dataset: Dataset) -> list[Dataset]:
    """Return the items of all sequences, at any depth."""
    found = []
    for element in dataset:
        for item in element.value if element.VR == "SQ" else ():
            found += [item, *_inside(item)]
    return found


def mask_words(regions: Sequence[Region]) -> str:
    """Return what was done, in English."""
    count = len(regions)
    return f"{count} {'region' if count == 1 else 'regions'} of the pictures made black"
