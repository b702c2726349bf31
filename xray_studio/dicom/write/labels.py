"""Segments over a volume as a binary segmentation of its series (PS3.3 A.51).

Frames are those planes of the volume on which a segment has something; each lies where its source
does and refers to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import SegmentationStorage

from xray_studio.core.cielab import cielab_of_rgb
from xray_studio.core.content import Code
from xray_studio.core.labels.label_map import LabelMap, LabelSegment
from xray_studio.core.place import Vector
from xray_studio.core.volume.geometry import Points, VolumeGeometry
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.write.derived import new_uid, rooted
from xray_studio.dicom.write.headers import beside, read_header, several_frames
from xray_studio.dicom.write.objects import MAKER, save
from xray_studio.dicom.write.objects import Code as Written
from xray_studio.dicom.write.pictures import tell_loss
from xray_studio.dicom.write.seg import Algorithm, Content, Geometry, Mask, Subject, add_mask

SERIES_NUMBER: Final = 9006  # behind those of what detectors mark


@dataclass(frozen=True, slots=True, eq=False)
class LabelOrder:
    """A label map over planes of DICOM objects, and whose they are.

    `origins` are the SOP Instance UID and the frame (from 1) of every plane, `source` the path of
    one of the objects. `frame_of_reference` is "" where these tell none.
    """

    labels: LabelMap
    origins: tuple[tuple[str, int], ...]
    source: str
    frame_of_reference: str
    title: str
    made: datetime
    uid_root: str = ""


def write_label_seg(path: Path, order: LabelOrder) -> str:
    """Write the segments for their owner alone, and return the SOP Instance UID.

    Raises UnreadableError for a source that is gone, WriteError.
    """
    with lenient_pydicom(), rooted(order.uid_root):
        header = read_header(order.source)
        made = beside(str(SegmentationStorage), [header], "SEG", SERIES_NUMBER, order.title[:64])
        made.ManufacturerModelName, made.DeviceSerialNumber = MAKER, "0"
        content = Content("SEGMENTATION", order.title[:64], "", order.made)
        add_mask(made, _mask(order, header), content, new_uid())
        tell_loss(made, header)
        return save(made, path, lambda: [(header, "")], private=True)


def _mask(order: LabelOrder, header: Dataset) -> Mask:
    labels, grid = order.labels, order.labels.geometry
    marked = [
        (at, plane) for at, one in enumerate(labels.segments) for plane in _planes(labels, one)
    ]
    numbers = [labels.segments[at].number for at, _ in marked]
    frames = np.empty((len(marked), *grid.shape[1:]), bool)
    for frame, (number, (_, plane)) in enumerate(zip(numbers, marked, strict=True)):
        np.equal(labels.values[plane], number, out=frames[frame])
    planes = tuple(plane for _, plane in marked)
    several = several_frames(header)
    return Mask(
        frames=frames,
        images=tuple(order.origins[plane][0] for plane in planes),
        sop_class=str(header.SOPClassUID),
        source_series=str(header.SeriesInstanceUID),
        subjects=tuple(_subject(one) for one in labels.segments),
        geometry=_geometry(grid, planes, order.frame_of_reference or new_uid()),
        numbers=tuple(order.origins[plane][1] - 1 for plane in planes) if several else (),
        of=tuple(at for at, _ in marked),
    )


def _planes(labels: LabelMap, segment: LabelSegment) -> list[int]:
    """Return the planes on which a segment has something."""
    number = segment.number
    return [plane for plane, own in enumerate(labels.values) if (own == number).any()]


def _subject(segment: LabelSegment) -> Subject:
    return Subject(
        label=name_of(segment),
        kind=written(segment.code),
        category=written(segment.category),
        algorithm=Algorithm(segment.made[:64], guided=True) if segment.made else None,
        lab=cielab_of_rgb(segment.colour),
    )


def name_of(segment: LabelSegment) -> str:
    """Return the name of a segment as a text of one value, LO (PS3.5 6.2)."""
    return segment.name.replace("\\", "/")[:64].strip()


def written(code: Code) -> Written:
    """Return a code as objects hold it."""
    return code.value, code.scheme, code.meaning


def _geometry(grid: VolumeGeometry, planes: tuple[int, ...], frame_of_reference: str) -> Geometry:
    columns, rows, _ = grid.spacing
    axes = grid.directions
    normal = np.cross(axes[:, 0], axes[:, 1])
    apart = abs(float(normal @ grid.affine[:3, 2]))  # of a tilted gantry less than the way
    return Geometry(
        frame_of_reference,
        (_vector(axes[:, 0]), _vector(axes[:, 1])),
        (rows, columns),
        apart,
        tuple(_vector(grid.points([(0, 0, plane)])[0]) for plane in planes),
        apart,
        planes,
    )


def _vector(values: Points) -> Vector:
    x, y, z = (float(value) + 0.0 for value in values)
    return x, y, z
