"""Small objects for tests of sending, in every transfer syntax, with a stream where one belongs."""

from __future__ import annotations

from pathlib import Path

from pydicom.uid import UID, generate_uid

from tests.dicom.objects import make_object, picture, save, save_frames
from xray_studio.core.pacs.outgoing import Outgoing
from xray_studio.dicom.outgoing import outgoing

CT = "1.2.840.10008.5.1.4.1.1.2"
VIDEO_PHOTOGRAPHIC = "1.2.840.10008.5.1.4.1.1.77.1.4.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
IMPLICIT = "1.2.840.10008.1.2"
STREAM = bytes(range(256)) * 40


def write(
    folder: Path, syntax: str = "1.2.840.10008.1.2.1", kind: str = CT, **facts: str
) -> Outgoing:
    """Write an object of one syntax and return what it is; compressed ones hold any bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{generate_uid()}.dcm"
    made = make_object(picture(0, 4000).astype("uint16"), SOPClassUID=kind, **facts)
    if UID(syntax).is_encapsulated:
        save_frames(made, path, [STREAM], syntax)
    else:
        save(made, path, syntax)
    return outgoing(str(path))


def several(folder: Path, count: int, **facts: str) -> list[Outgoing]:
    """Write objects of one series."""
    shared = {"StudyInstanceUID": generate_uid(), "SeriesInstanceUID": generate_uid()} | facts
    return [write(folder, **shared) for _ in range(count)]
