"""Presentation states of images that lie in files (PS3.3 A.33)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pydicom.dataset import Dataset

from xray_studio.core.content import Reference
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.state import PresentationState
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.attributes.values import integer
from xray_studio.dicom.write.derived import rooted
from xray_studio.dicom.write.headers import (
    as_evidence,
    beside,
    one_study,
    read_header,
    several_frames,
)
from xray_studio.dicom.write.objects import save
from xray_studio.dicom.write.presentation import Making, modules

SERIES_NUMBER = 9001  # behind those of the devices
SEVERAL_STUDIES = "A presentation state is of one study; mark pictures of one."
CHANGED = "{} is no longer the picture that was opened; open it again."


@dataclass(frozen=True)
class StateOrder:
    """A state of images of size (rows, columns) in `files`, the title of its series, its place.

    What the state refers to is named by SOP Instance UID; classes and series come from the files.
    """

    state: PresentationState
    files: tuple[str, ...]
    size: tuple[int, int]
    title: str
    making: Making
    target: str
    uid_root: str = ""


def write_state(order: StateOrder) -> str:
    """Write a state beside its images. Gives its SOP Instance UID.

    Runs in a worker process. Raises UnreadableError, UsageError (several studies, or files that
    hold something else by now) or WriteError.
    """
    with lenient_pydicom(), rooted(order.uid_root):
        headers = [_checked(path, order) for path in order.files]
        one_study(headers, SEVERAL_STUDIES)
        state = _completed(order.state, headers)
        made = beside(state.sop_class_uid, headers, "PR", SERIES_NUMBER, order.title)
        made.Laterality = None  # the pictures may show either side
        made.update(modules(state, order.making))
        return save(made, Path(order.target), lambda: [(header, "") for header in headers])


def _checked(path: str, order: StateOrder) -> Dataset:
    header = read_header(path)
    known = {image.sop_instance_uid for image in order.state.images}
    size = integer(header, "Rows"), integer(header, "Columns")
    if str(header.SOPInstanceUID) not in known or size != order.size:
        raise UnreadableError(CHANGED.format(Path(path).name))
    return header


def _completed(state: PresentationState, headers: list[Dataset]) -> PresentationState:
    """Return a state that names class and series of its images, and frames only of loops."""
    known = {str(header.SOPInstanceUID): header for header in headers}
    if any(image.sop_instance_uid not in known for image in state.images):
        raise UsageError("Not all files of these pictures are known; open them again.")
    return replace(
        state, images=tuple(_named(known[one.sop_instance_uid], one) for one in state.images)
    )


def _named(header: Dataset, image: Reference) -> Reference:
    named = as_evidence(header)
    frames = image.frames if several_frames(header) else ()
    return Reference(named.instance, named.sop_class, named.series, frames=frames)
