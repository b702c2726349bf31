"""Which irradiation events images were made in, to join them with a dose report."""

from __future__ import annotations

from collections.abc import Sequence

from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag

from xray_studio.core.errors import StudioError
from xray_studio.dicom.attributes.dataset import PIXEL_TAGS, data_stream, lenient_pydicom
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.values import tag_of, text
from xray_studio.dicom.file.opening import open_file
from xray_studio.dicom.file.part10 import HEAD_BYTES, find_start

_MACRO = "IrradiationEventIdentificationSequence"
_KEYWORDS = (
    "IrradiationEventUID",
    _MACRO,
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
)


def event_uids(paths: Sequence[str]) -> list[frozenset[str]]:
    """Return the Irradiation Event UIDs of each file, none where it tells none or is damaged.

    Runs in a worker process.
    """
    return [_of_file(path) for path in paths]


def _of_file(path: str) -> frozenset[str]:
    tags: list[BaseTag | int] = [tag_of(keyword) for keyword in _KEYWORDS]
    try:
        with open_file(path) as file, lenient_pydicom():
            start = find_start(file.read(HEAD_BYTES))
            dataset = read_dataset(
                data_stream(file, start),
                start.implicit,
                start.little_endian,
                stop_when=lambda tag, _vr, _length: tag in PIXEL_TAGS,
                specific_tags=tags,
            )
            return _told(dataset)
    except (StudioError, ValueError, OSError, EOFError):
        return frozenset()


def _told(dataset: Dataset) -> frozenset[str]:
    """Return the UIDs of an object, or of its frames (PS3.3 C.7.6.16.2.25)."""
    groups = Groups.of(dataset)
    frames = range(max(1, len(groups.per_frame)))
    items = [dataset, *(groups.macro(_MACRO, frame) for frame in frames)]
    found = "\\".join(text(item, "IrradiationEventUID") for item in items)
    return frozenset(uid for uid in found.split("\\") if uid)
