"""Writes greyscale presentation states (PS3.3 A.33.1): how a frame was shown, with its notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydicom import Dataset
from pydicom.dataset import FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import GrayscaleSoftcopyPresentationStateStorage

from xray_studio.dicom.write.objects import new_object, reference, save
from xray_studio.dicom.write.report import Evidence
from xray_studio.dicom.write.study import (
    SeriesFacts,
    StudyFacts,
    patient_and_study,
    series_and_equipment,
)

LAYER = "NOTES"
Point = tuple[float, float]


@dataclass(frozen=True)
class Note:
    """A line or closed line through points and a text beside it; column and row from 1."""

    points: tuple[Point, ...]
    text: str = ""
    anchor: Point | None = None
    kind: str = "POLYLINE"


@dataclass(frozen=True)
class State:
    """How frames of one image (counted from 0) are shown.

    `area` is what the display shows: left, top, right, bottom in pixels from 1, `shutter` the same
    of what is not hidden. `window` is centre and width. `rotation` in degrees clockwise.
    """

    image: Evidence
    frames: tuple[int, ...]
    label: str
    description: str
    window: tuple[float, float]
    area: tuple[int, int, int, int]
    shutter: tuple[int, int, int, int] | None = None
    rotation: int = 0
    flip: bool = False
    notes: tuple[Note, ...] = ()


def write_presentation(
    path: Path, study: StudyFacts, series: SeriesFacts, state: State, written: datetime
) -> str:
    """Write a state; the file appears whole or not at all. Gives its SOP Instance UID.

    Raises WriteError where nothing can be written.
    """
    return save(_object(study, series, state, written), path)


def _object(study: StudyFacts, series: SeriesFacts, state: State, written: datetime) -> FileDataset:
    dataset = new_object(str(GrayscaleSoftcopyPresentationStateStorage), series.instance_uid(study))
    dataset.update(patient_and_study(study))
    dataset.update(series_and_equipment(study, series))
    dataset.update(_identification(state, written))
    dataset.ReferencedSeriesSequence = Sequence([_series(state)])
    if state.shutter is not None:
        dataset.update(_shutter(state.shutter))
    for module in (_area, _transform, _greys):
        dataset.update(module(state))
    if state.notes:
        dataset.update(_notes(state))
    return dataset


def _identification(state: State, written: datetime) -> Dataset:
    part = Dataset()
    part.InstanceNumber = 1
    part.ContentLabel = state.label
    part.ContentDescription = state.description
    part.ContentCreatorName = "Phantom^Studio"
    part.PresentationCreationDate = f"{written:%Y%m%d}"
    part.PresentationCreationTime = f"{written:%H%M%S}"
    return part


def _frames(state: State) -> Dataset:
    return reference(state.image.sop_class, state.image.instance, state.frames)


def _series(state: State) -> Dataset:
    item = Dataset()
    item.SeriesInstanceUID = state.image.series
    item.ReferencedImageSequence = Sequence([_frames(state)])
    return item


def _shutter(edges: tuple[int, int, int, int]) -> Dataset:
    part = Dataset()
    part.ShutterShape = "RECTANGULAR"
    left, top, right, bottom = edges
    part.ShutterLeftVerticalEdge, part.ShutterRightVerticalEdge = left, right
    part.ShutterUpperHorizontalEdge, part.ShutterLowerHorizontalEdge = top, bottom
    part.ShutterPresentationValue = 0
    return part


def _area(state: State) -> Dataset:
    left, top, right, bottom = state.area
    item, part = Dataset(), Dataset()
    item.ReferencedImageSequence = Sequence([_frames(state)])
    item.DisplayedAreaTopLeftHandCorner = [left, top]
    item.DisplayedAreaBottomRightHandCorner = [right, bottom]
    item.PresentationSizeMode = "SCALE TO FIT"
    item.PresentationPixelAspectRatio = [1, 1]
    part.DisplayedAreaSelectionSequence = Sequence([item])
    return part


def _transform(state: State) -> Dataset:
    part = Dataset()
    part.ImageRotation = state.rotation
    part.ImageHorizontalFlip = "Y" if state.flip else "N"
    return part


def _greys(state: State) -> Dataset:
    item, part = Dataset(), Dataset()
    item.ReferencedImageSequence = Sequence([_frames(state)])
    item.WindowCenter, item.WindowWidth = (f"{value:g}" for value in state.window)
    part.SoftcopyVOILUTSequence = Sequence([item])
    part.PresentationLUTShape = "IDENTITY"
    return part


def _notes(state: State) -> Dataset:
    layer, item, part = Dataset(), Dataset(), Dataset()
    layer.GraphicLayer, layer.GraphicLayerOrder = LAYER, 1
    layer.GraphicLayerRecommendedDisplayCIELabValue = [55000, 30000, 52000]
    item.ReferencedImageSequence = Sequence([_frames(state)])
    item.GraphicLayer = LAYER
    item.GraphicObjectSequence = Sequence([_graphic(note) for note in state.notes])
    item.TextObjectSequence = Sequence([_text(note) for note in state.notes if note.text])
    part.GraphicLayerSequence = Sequence([layer])
    part.GraphicAnnotationSequence = Sequence([item])
    return part


def _graphic(note: Note) -> Dataset:
    item = Dataset()
    item.GraphicAnnotationUnits = "PIXEL"
    item.GraphicDimensions = 2
    item.NumberOfGraphicPoints = len(note.points)
    item.GraphicData = [value for point in note.points for value in point]
    item.GraphicType = note.kind
    item.GraphicFilled = "N"
    return item


def _text(note: Note) -> Dataset:
    item = Dataset()
    item.UnformattedTextValue = note.text
    item.AnchorPointAnnotationUnits = "PIXEL"
    item.AnchorPoint = list(note.anchor or note.points[-1])
    item.AnchorPointVisibility = "N"
    return item
