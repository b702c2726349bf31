"""Label maps into files, opened again and compared before they take their place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.labels.label_map import LabelMap, LabelSegment
from xray_studio.core.labels.outlines import segment_lines
from xray_studio.core.labels.words import label_words
from xray_studio.core.volume.volume import Volume
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.segmenting.opening import map_in_segmentation, map_in_structures
from xray_studio.services.settings import uid_root
from xray_studio.services.volume.convert import ConvertOptions, convert
from xray_studio.services.volume.series import FORMAT
from xray_studio.services.volume.surfaces import SurfaceOrder, write_surface_of
from xray_studio.volume.surface import SurfaceWish


class Form(Enum):
    """What segments are saved as. The values are those of the command line."""

    SEG = "seg"
    RTSTRUCT = "rtstruct"
    NIFTI = "nifti"
    NRRD = "nrrd"
    STL = "stl"


SUFFIXES: Final = {
    Form.SEG: ".seg.dcm", Form.RTSTRUCT: ".rtstruct.dcm", Form.NIFTI: ".nii.gz",
    Form.NRRD: ".seg.nrrd", Form.STL: ".stl",
}  # fmt: skip
_ENDS: Final = {
    ".rtstruct.dcm": Form.RTSTRUCT, ".dcm": Form.SEG, ".nii.gz": Form.NIFTI, ".nii": Form.NIFTI,
    ".nrrd": Form.NRRD, ".stl": Form.STL,
}  # fmt: skip
UNKNOWN_FORM: Final = (
    "The end of the name does not tell a format; use .seg.dcm, .rtstruct.dcm, .nii.gz, .seg.nrrd or"
    " .stl."
)
_EMPTY: Final = "Nothing is marked; mark something before saving it."
_NO_SLICES: Final = (
    "A DICOM segmentation refers to DICOM slices, and this volume has none; choose NIfTI, NRRD or"
    " STL, or convert the volume into DICOM slices first."
)
_LOST: Final = "The finished file holds other voxels than were marked; it is removed."


@dataclass(frozen=True, slots=True)
class Saving:
    """Where a label map goes, and as what; what is there is kept without `overwrite`.

    `title` is the description of DICOM objects.
    """

    target: Path
    form: Form
    overwrite: bool = False
    title: str = "Segmentation"


def form_of(target: Path) -> Form | None:
    """Return what a file is by the end of its name, None where that tells nothing."""
    name = target.name.casefold()
    return next((form for end, form in _ENDS.items() if name.endswith(end)), None)


def beside(base: Path, forms: Iterable[Form]) -> list[tuple[Path, Form]]:
    """Return the files of several forms, whose names begin alike."""
    return [(base.with_name(base.name + SUFFIXES[form]), form) for form in dict.fromkeys(forms)]


def save_segments(volume: Volume, labels: LabelMap, wanted: Saving) -> Job[tuple[Path, ...]]:
    """Write the segments of a volume and return the files: one, or of surfaces one for each.

    Raises UsageError where nothing is marked or the volume has no DICOM slices to refer to,
    WriteError where a file cannot be written or did not come back as it was.
    """
    check_file_place(wanted.target, volume.paths, overwrite=wanted.overwrite)
    yield Progress(message="Saving the segmentation")
    there = _marked(labels)
    if not there:
        raise UsageError(_EMPTY)
    if wanted.form is Form.STL:
        return (yield from _surfaces(volume, labels, there, wanted))
    if wanted.form in {Form.SEG, Form.RTSTRUCT}:
        yield from _object(volume, labels, wanted)
    else:
        made = _as_volume(volume, labels)
        yield from convert(made, wanted.target, ConvertOptions(overwrite=wanted.overwrite))
    return (wanted.target,)


def _marked(labels: LabelMap) -> list[LabelSegment]:
    """Return the segments that have something."""
    counts = np.zeros(int(np.iinfo(labels.values.dtype).max) + 1, np.int64)
    for plane in labels.values:
        counts += np.bincount(plane.ravel(), minlength=len(counts))
    return [one for one in labels.segments if counts[one.number]]


def _as_volume(volume: Volume, labels: LabelMap) -> Volume:
    return Volume(
        labels.values,
        labels.geometry,
        placed=volume.placed,
        format="label map",
        paths=volume.paths,
        label_words=label_words(labels),
    )


def _object(volume: Volume, labels: LabelMap, wanted: Saving) -> Job[None]:
    from xray_studio.dicom.write.labels import LabelOrder, write_label_seg
    from xray_studio.dicom.write.structures import write_structures

    if volume.format != FORMAT or not any(uid for uid, _ in volume.origins):
        raise UsageError(_NO_SLICES)
    order = LabelOrder(
        labels, volume.origins, volume.paths[0], volume.frame_of_reference, wanted.title,
        datetime.now().astimezone(), uid_root(),
    )  # fmt: skip
    seg = wanted.form is Form.SEG
    with replacing(wanted.target, private=True) as path:
        if seg:
            write_label_seg(path, order)
        else:
            lines = yield from segment_lines(labels)
            yield Progress(message="Writing the structure set")
            write_structures(path, order, lines)
        yield Progress(message="Reading it again")
        opened = map_in_segmentation if seg else map_in_structures
        found = yield from opened(path, volume)
        if not _same(found.labels, labels):
            raise WriteError(_LOST)


def _same(found: LabelMap, labels: LabelMap) -> bool:
    """Tell whether segments have the same voxels, whatever their numbers are."""
    table = np.zeros(int(np.iinfo(labels.values.dtype).max) + 1, np.uint16)
    for one, other in zip(labels.segments, found.segments, strict=True):
        table[one.number] = other.number
    return all(
        np.array_equal(table[plane], other)
        for plane, other in zip(labels.values, found.values, strict=True)
    )


def _surfaces(
    volume: Volume, labels: LabelMap, there: list[LabelSegment], wanted: Saving
) -> Job[tuple[Path, ...]]:
    targets = [wanted.target]
    if len(there) > 1:
        targets = [_of_segment(wanted.target, one) for one in there]
    for target in targets:
        check_file_place(target, volume.paths, overwrite=wanted.overwrite)
    for one, target in zip(there, targets, strict=True):
        box = labels.box(one.number)
        assert box is not None
        room = box.grown(1, labels.geometry.shape)
        marked = labels.marked(one.number, room).astype(np.uint8)
        part = replace(_as_volume(volume, labels), values=marked,
                       geometry=room.geometry(labels.geometry))  # fmt: skip
        # All triangles are kept: taking half of a million away needs a minute.
        order = SurfaceOrder(SurfaceWish(0.5, keep=1.0), target, wanted.overwrite)
        yield from write_surface_of(part, order)
    return tuple(targets)


def _of_segment(target: Path, segment: LabelSegment) -> Path:
    """Return the name of the file of one segment: its number, and what files take of its name."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", segment.name).strip("-").lower()
    end = f"-{segment.number}-{words}" if words else f"-{segment.number}"
    return target.with_name(f"{target.stem}{end}{target.suffix}")
