"""Writes presentation states in grey and colour (PS3.3 A.33.1, A.33.2) from plain values.

What `dicom.states.read` reads is written so that it is read as the same again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
from pydicom import Dataset
from pydicom.sequence import Sequence
from pydicom.valuerep import format_number_as_ds

from xray_studio.core.cielab import cielab_of_rgb
from xray_studio.core.content import Reference
from xray_studio.core.drawing import turned
from xray_studio.core.lut import LookupTable
from xray_studio.core.presentation import Presentation, VoiFunction, Window
from xray_studio.core.shutter import Shutter
from xray_studio.core.state import COLOUR, Area, PresentationState, Scoped, SoftcopyVoi
from xray_studio.dicom.attributes.overlays import LAYER
from xray_studio.dicom.write.graphics import annotation_item, layer_item
from xray_studio.dicom.write.objects import new_object, reference, save
from xray_studio.dicom.write.study import (
    SeriesFacts,
    StudyFacts,
    patient_and_study,
    series_and_equipment,
)

FINEST = 10_000  # of the two numbers of an aspect ratio


@dataclass(frozen=True)
class Making:
    """Who makes a state and when, and the shape of its images' pixels (height over width)."""

    written: datetime
    creator: str = ""
    aspect: float = 1.0


def write_presentation(
    path: Path, study: StudyFacts, series: SeriesFacts, state: PresentationState, making: Making
) -> str:
    """Write a state of images of a study that is made here. Gives its SOP Instance UID.

    The file appears whole or not at all. Raises WriteError where nothing can be written.
    """
    dataset = new_object(state.sop_class_uid, series.instance_uid(study))
    dataset.update(patient_and_study(study))
    dataset.update(series_and_equipment(study, series))
    dataset.update(modules(state, making))
    return save(dataset, path)


def modules(state: PresentationState, making: Making) -> Dataset:
    """Return the modules that are a state's own; `state.images` name class and series.

    Overlay planes and bitmap shutters of its own are not written.
    """
    refer = _Referring({image.sop_instance_uid: image.sop_class_uid for image in state.images})
    made = _identification(state, making)
    made.ReferencedSeriesSequence = Sequence(_series(state.images, refer))
    for shutter in state.shutters:
        made.update(_shutter(shutter.value, colour=state.sop_class_uid == COLOUR))
    for group, layer in state.activated:
        made.add_new(group << 16 | LAYER, "CS", layer)
    made.DisplayedAreaSelectionSequence = Sequence(
        [_area(one, state, making.aspect, refer) for one in state.areas]
    )
    made.ImageRotation = state.rotation
    made.ImageHorizontalFlip = "Y" if state.flip else "N"
    made.update(_colours(state) if state.sop_class_uid == COLOUR else _greys(state, refer))
    if state.layers:
        made.GraphicLayerSequence = Sequence([layer_item(layer) for layer in state.layers])
    if state.annotations:
        made.GraphicAnnotationSequence = Sequence(
            [annotation_item(one.value, refer.items(one.images)) for one in state.annotations]
        )
    return made


class _Referring:
    """Refers to images by the classes that they have."""

    def __init__(self, classes: Mapping[str, str]) -> None:
        self._classes = classes

    def items(self, images: Iterable[Reference]) -> Sequence:
        return Sequence([self.item(image) for image in images])

    def item(self, image: Reference) -> Dataset:
        uid = image.sop_instance_uid
        return reference(self._classes[uid], uid, tuple(number - 1 for number in image.frames))


def _identification(state: PresentationState, making: Making) -> Dataset:
    part = Dataset()
    part.InstanceNumber = 1
    part.ContentLabel = state.label
    part.ContentDescription = state.description
    part.ContentCreatorName = making.creator
    part.PresentationCreationDate = f"{making.written:%Y%m%d}"
    part.PresentationCreationTime = f"{making.written:%H%M%S}"
    return part


def _series(images: Iterable[Reference], refer: _Referring) -> list[Dataset]:
    of_series: dict[str, list[Reference]] = {}
    for image in images:
        of_series.setdefault(image.series_instance_uid, []).append(image)
    found = []
    for uid, each in of_series.items():
        item = Dataset()
        item.SeriesInstanceUID = uid
        item.ReferencedImageSequence = refer.items(each)
        found.append(item)
    return found


def _shutter(shutter: Shutter, *, colour: bool) -> Dataset:
    part, shapes = Dataset(), []
    if shutter.rectangle is not None:
        shapes.append("RECTANGULAR")
        left, right, upper, lower = shutter.rectangle
        part.ShutterLeftVerticalEdge, part.ShutterRightVerticalEdge = left, right
        part.ShutterUpperHorizontalEdge, part.ShutterLowerHorizontalEdge = upper, lower
    if shutter.circle is not None:
        shapes.append("CIRCULAR")
        part.CenterOfCircularShutter = list(shutter.circle[:2])
        part.RadiusOfCircularShutter = shutter.circle[2]
    if shutter.polygon:
        shapes.append("POLYGONAL")
        part.VerticesOfThePolygonalShutter = [n for vertex in shutter.polygon for n in vertex]
    part.ShutterShape = shapes
    part.ShutterPresentationValue = shutter.value
    if colour:
        ground = shutter.colour or (shutter.grey,) * 3
        part.ShutterPresentationColorCIELabValue = list(cielab_of_rgb(ground))
    return part


def _area(
    scoped: Scoped[Area], state: PresentationState, aspect: float, refer: _Referring
) -> Dataset:
    """Return an item of Displayed Area (PS3.3 C.10.4).

    Its corners are named by where they stand once the picture is turned.
    """
    item, ratio = Dataset(), Fraction(aspect).limit_denominator(FINEST)
    left, top, right, bottom = (round(edge) for edge in scoped.value.edges)
    columns, rows = (left + 1, right), (top + 1, bottom)
    how = Presentation(rotation=state.rotation, flip_horizontal=state.flip)
    first, last = (_corner(which, how) for which in (0, 1))
    if scoped.images:
        item.ReferencedImageSequence = refer.items(scoped.images)
    item.DisplayedAreaTopLeftHandCorner = [columns[first[0]], rows[first[1]]]
    item.DisplayedAreaBottomRightHandCorner = [columns[last[0]], rows[last[1]]]
    item.PresentationSizeMode = "SCALE TO FIT"
    item.PresentationPixelAspectRatio = [ratio.numerator, ratio.denominator]
    return item


def _corner(which: int, how: Presentation) -> tuple[int, int]:
    """Return which stored corner, as (0 or 1 across, down), is shown at the top left (0) or end."""
    corners = [(x, y) for x in (0, 1) for y in (0, 1)]
    shown = turned(np.array(corners, np.float64), how)
    return next(one for one, at in zip(corners, shown, strict=True) if set(at) == {float(which)})


# -- greys and colours


def _colours(state: PresentationState) -> Dataset:
    part = Dataset()
    part.ICCProfile = state.icc_profile
    return part


def _greys(state: PresentationState, refer: _Referring) -> Dataset:
    part = Dataset()
    if isinstance(state.modality, LookupTable):
        item = _table(state.modality)
        item.ModalityLUTType = state.modality.unit or "US"
        part.ModalityLUTSequence = Sequence([item])
    elif (state.modality.slope, state.modality.intercept) != (1.0, 0.0) or state.modality.unit:
        part.RescaleSlope = format_number_as_ds(float(state.modality.slope))
        part.RescaleIntercept = format_number_as_ds(float(state.modality.intercept))
        part.RescaleType = state.modality.unit or "US"
    if state.voi:
        part.SoftcopyVOILUTSequence = Sequence([_voi(one, refer) for one in state.voi])
    if state.presentation_lut is not None:
        part.PresentationLUTSequence = Sequence([_table(state.presentation_lut)])
    else:
        part.PresentationLUTShape = "INVERSE" if state.inverted else "IDENTITY"
    return part


def _voi(scoped: Scoped[tuple[SoftcopyVoi, ...]], refer: _Referring) -> Dataset:
    item = Dataset()
    if scoped.images:
        item.ReferencedImageSequence = refer.items(scoped.images)
    windows = [one for one in scoped.value if isinstance(one, Window)]
    tables = [one for one in scoped.value if isinstance(one, LookupTable)]
    if windows:
        item.WindowCenter = [format_number_as_ds(float(one.center)) for one in windows]
        item.WindowWidth = [format_number_as_ds(float(one.width)) for one in windows]
        if windows[0].function is not VoiFunction.LINEAR:
            item.VOILUTFunction = windows[0].function.value
    if tables:
        item.VOILUTSequence = Sequence([_table(one) for one in tables])
    return item


def _table(table: LookupTable) -> Dataset:
    item, count = Dataset(), len(table.entries) // 2
    item.add_new("LUTDescriptor", "US", [count & 0xFFFF, table.first & 0xFFFF, table.bits])
    item.add_new("LUTData", "OW", table.entries)
    if table.explanation:
        item.LUTExplanation = table.explanation
    return item
