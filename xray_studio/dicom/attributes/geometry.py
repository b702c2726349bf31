"""What an object tells of its size and place that cannot be (PS3.3 10.7, C.7.6.2)."""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.core.orientation import are_directions
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.values import no_numbers, numbers

# Attributes with the macro of enhanced objects that holds them.
_PAIRS = (
    ("PixelMeasuresSequence", "PixelSpacing", "Pixel Spacing"),
    ("FramePixelDataPropertiesSequence", "ImagerPixelSpacing", "Imager Pixel Spacing"),
    ("", "NominalScannedPixelSpacing", "Nominal Scanned Pixel Spacing"),
    ("", "PixelAspectRatio", "Pixel Aspect Ratio"),
)


def impossible_geometry(groups: Groups) -> list[str]:
    """Return what of spacing and orientation is not used, as sentences."""
    said = []
    for macro, keyword, name in _PAIRS:
        dataset = groups.macro(macro, 0) if macro else groups.dataset
        pair = numbers(dataset, keyword)
        if no_numbers(dataset, keyword) or (pair and (len(pair) < 2 or min(pair[:2]) <= 0.0)):
            said.append(f"{name} is not two numbers above 0; it is not used.")
    return [*said, *_impossible_orientation(groups.macro("PlaneOrientationSequence", 0))]


def _impossible_orientation(macro: Dataset) -> list[str]:
    cosines = numbers(macro, "ImageOrientationPatient")
    wrong = no_numbers(macro, "ImageOrientationPatient")
    if wrong or (cosines and (len(cosines) != 6 or not are_directions(cosines))):
        return ["Image Orientation (Patient) is not two directions; no letters are shown by it."]
    return []
