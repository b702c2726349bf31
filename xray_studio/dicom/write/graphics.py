"""Graphic and text objects of a presentation state (PS3.3 C.10.5) and its layers (C.10.7)."""

from __future__ import annotations

from pydicom import Dataset
from pydicom.sequence import Sequence

from xray_studio.core.cielab import cielab_of_rgb
from xray_studio.core.drawing import Label, Shape
from xray_studio.core.state import Annotation, Layer

UNITS = {False: "PIXEL", True: "DISPLAY"}
YES = {False: "N", True: "Y"}


def layer_item(layer: Layer) -> Dataset:
    """Return an item of Graphic Layer Sequence."""
    item = Dataset()
    item.GraphicLayer, item.GraphicLayerOrder = layer.name, layer.order
    if layer.colour is not None:
        item.GraphicLayerRecommendedDisplayCIELabValue = list(cielab_of_rgb(layer.colour))
    if layer.description:
        item.GraphicLayerDescription = layer.description
    return item


def annotation_item(annotation: Annotation, images: Sequence) -> Dataset:
    """Return an item of Graphic Annotation Sequence; no `images` stand for all of the state's."""
    item = Dataset()
    if images:
        item.ReferencedImageSequence = images
    item.GraphicLayer = annotation.layer
    if annotation.shapes:
        item.GraphicObjectSequence = Sequence([_graphic(shape) for shape in annotation.shapes])
    if annotation.labels:
        item.TextObjectSequence = Sequence([_text(label) for label in annotation.labels])
    return item


def _graphic(shape: Shape) -> Dataset:
    item = Dataset()
    item.GraphicAnnotationUnits = UNITS[shape.of_display]
    item.GraphicDimensions = 2
    item.NumberOfGraphicPoints = len(shape.points)
    item.GraphicData = [value for point in shape.points for value in point]
    item.GraphicType = shape.kind
    if _is_closed(shape):
        item.GraphicFilled = YES[shape.filled]
    return item


def _is_closed(shape: Shape) -> bool:
    """Tell whether a shape can be filled."""
    if shape.kind in {"POLYLINE", "INTERPOLATED"}:
        return shape.points[0] == shape.points[-1]
    return shape.kind != "POINT"


def _text(label: Label) -> Dataset:
    item = Dataset()
    item.UnformattedTextValue = label.text.replace("\n", "\r\n")
    if label.box is not None:
        item.BoundingBoxAnnotationUnits = UNITS[label.box_of_display]
        item.BoundingBoxTopLeftHandCorner, item.BoundingBoxBottomRightHandCorner = map(
            list, label.box
        )
        item.BoundingBoxTextHorizontalJustification = label.justified
    if label.anchor is not None:
        item.AnchorPointAnnotationUnits = UNITS[label.anchor_of_display]
        item.AnchorPoint = list(label.anchor)
        item.AnchorPointVisibility = YES[label.line]
    return item
