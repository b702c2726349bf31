"""Graphic and text objects of a presentation state (PS3.3 C.10.5), and their colours (C.10.7)."""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.core.cielab import rgb_of_cielab
from xray_studio.core.drawing import Label, Point, Shape
from xray_studio.core.shutter import Colour
from xray_studio.core.state import Annotation, Scoped
from xray_studio.dicom.attributes.luts import word_of, words
from xray_studio.dicom.attributes.values import items, numbers, text
from xray_studio.dicom.documents.source import plain
from xray_studio.dicom.states.references import referenced

KINDS = frozenset(("POINT", "POLYLINE", "INTERPOLATED", "CIRCLE", "ELLIPSE"))
LEAST = {"POINT": 1, "CIRCLE": 2, "ELLIPSE": 4}
UNITS = frozenset(("PIXEL", "DISPLAY"))
MOST_POINTS = 100_000


def read_annotations(dataset: Dataset, warnings: list[str]) -> tuple[Scoped[Annotation], ...]:
    """Return what the layers of a state show; what cannot be drawn is left out and said."""
    found = []
    for item in items(dataset, "GraphicAnnotationSequence"):
        shapes = tuple(_shape(one, warnings) for one in items(item, "GraphicObjectSequence"))
        labels = tuple(_label(one, warnings) for one in items(item, "TextObjectSequence"))
        annotation = Annotation(
            layer=text(item, "GraphicLayer").upper(),
            shapes=tuple(shape for shape in shapes if shape is not None),
            labels=tuple(label for label in labels if label is not None),
        )
        found.append(Scoped(annotation, referenced(item)))
    return tuple(found)


def _shape(item: Dataset, warnings: list[str]) -> Shape | None:
    kind, units = text(item, "GraphicType").upper(), text(item, "GraphicAnnotationUnits").upper()
    values = numbers(item, "GraphicData")[:MOST_POINTS]
    points = tuple(zip(values[::2], values[1::2], strict=False))
    if kind not in KINDS or units not in UNITS or len(points) < LEAST.get(kind, 2):
        warnings.append(f"A graphic object of the kind {kind or 'unknown'} cannot be drawn.")
        return None
    filled = text(item, "GraphicFilled").upper() == "Y"
    return Shape(kind, points, filled and kind != "POINT", units == "DISPLAY")


def _label(item: Dataset, warnings: list[str]) -> Label | None:
    words_told = plain(text(item, "UnformattedTextValue"))
    first = _point(item, "BoundingBoxTopLeftHandCorner")
    last = _point(item, "BoundingBoxBottomRightHandCorner")
    anchor = _point(item, "AnchorPoint")
    box = None if first is None or last is None else (first, last)
    if not words_told or (box is None and anchor is None):
        warnings.append("A text without words or without a place is not drawn.")
        return None
    return Label(
        text=words_told,
        box=box,
        box_of_display=text(item, "BoundingBoxAnnotationUnits").upper() == "DISPLAY",
        justified=text(item, "BoundingBoxTextHorizontalJustification").upper() or "LEFT",
        anchor=anchor,
        anchor_of_display=text(item, "AnchorPointAnnotationUnits").upper() == "DISPLAY",
        line=text(item, "AnchorPointVisibility").upper() == "Y",
    )


def _point(item: Dataset, keyword: str) -> Point | None:
    found = numbers(item, keyword)
    return (found[0], found[1]) if len(found) >= 2 else None


def recommended(item: Dataset) -> Colour | None:
    """Return the colour that a layer or a segment is to have, from CIELab, else grey, else none."""
    for keyword in ("GraphicLayerRecommendedDisplayCIELabValue", "RecommendedDisplayCIELabValue"):
        lab = words(item, keyword)
        if len(lab) >= 3:
            return rgb_of_cielab([word & 0xFFFF for word in lab])
    for keyword in (
        "GraphicLayerRecommendedDisplayGrayscaleValue",
        "RecommendedDisplayGrayscaleValue",
    ):
        grey = word_of(item, keyword)
        if grey is not None:
            return ((grey & 0xFFFF) >> 8,) * 3
    return None
