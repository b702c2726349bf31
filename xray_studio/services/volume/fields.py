"""What the header of a volume says, as rows that stand beside the tags of DICOM."""

from __future__ import annotations

from xray_studio.core.workers import run_apart
from xray_studio.dicom.tags import SECONDS, TagRow
from xray_studio.volume.formats import volume_format


def header_rows(path: str) -> tuple[TagRow, ...]:
    """Return the fields of the header of a volume of a research format, () for other files.

    Raises UnreadableError for a damaged one.
    """
    if volume_format(path) is None:
        return ()
    from xray_studio.volume.fields import read_fields

    fields = run_apart(read_fields, path, time_limit=SECONDS).result()
    return tuple(TagRow("", name, value=value) for name, value in fields)
