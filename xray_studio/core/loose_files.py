"""Pictures, videos and volumes that are no DICOM objects, made to fit into a catalogue.

They belong to no known patient. Numbered pictures of one folder with the same name,
suffix and size are one series; any other picture, every video and every volume stands alone.
"""

from __future__ import annotations

import re
import uuid
from pathlib import PurePath
from typing import Any

from xray_studio.core.header import Header
from xray_studio.core.study import Instance

_LAST_NUMBER = re.compile(r"(\d{1,18})(?!.*\d)")


def described(
    path: str, kind: str, frames: int, size: tuple[int, int], **told: Any
) -> tuple[Header, Instance]:
    """Return header and instance of a picture, video or volume.

    `kind` is "image", "video" or "volume", `size` is (rows, columns); `told` are other fields of
    the header.

    UIDs are made from the path (PS3.5 B.2), so that a file keeps its own between two scans.
    """
    file = PurePath(path)
    rows, columns = size
    number = _LAST_NUMBER.search(file.stem) if kind == "image" and frames == 1 else None
    pattern = _pattern(file, number, rows, columns) if number else path
    header = Header(
        study_instance_uid=made_uid(f"folder:{file.parent}"),
        study_description=file.parent.name,
        series_instance_uid=made_uid(f"{kind}:{pattern}"),
        series_description=_series_name(file, number),
        rows=rows,
        columns=columns,
        kind=kind,
        **told,
    )
    instance = Instance(
        path=path,
        instance_number=int(number[0]) if number else None,
        frames=frames,
        rows=rows,
        columns=columns,
        kind=kind,
    )
    return header, instance


def _pattern(file: PurePath, number: re.Match[str], rows: int, columns: int) -> str:
    name = f"{file.stem[: number.start()]}#{file.stem[number.end() :]}{file.suffix}"
    return f"{file.parent / name.casefold()}:{rows}x{columns}"


def _series_name(file: PurePath, number: re.Match[str] | None) -> str:
    if number is None:
        return file.name
    return f"{file.stem[: number.start()]}…{file.stem[number.end() :]}{file.suffix}"


def made_uid(text: str) -> str:
    """Return a UID that one text always gives (PS3.5 B.2)."""
    # Names that are not UTF-8 hold lone surrogates, which `uuid5` cannot encode.
    clean = text.encode("utf-8", "surrogateescape").decode("latin-1")
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_URL, clean).int}"
