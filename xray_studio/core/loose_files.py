"""Pictures and videos that are no DICOM objects, made to fit into a catalogue.

They belong to no known patient. Numbered pictures of one folder with the same name,
suffix and size are one series; any other picture, and every video, stands alone.
"""

from __future__ import annotations

import re
import uuid
from pathlib import PurePath

from xray_studio.core.header import Header
from xray_studio.core.study import Instance

_LAST_NUMBER = re.compile(r"(\d{1,18})(?!.*\d)")


def described(
    path: str, kind: str, frames: int, size: tuple[int, int], frame_rate: float | None = None
) -> tuple[Header, Instance]:
    """Return header and instance of a picture or video.

    `kind` is "image" or "video", `size` is (rows, columns).

    UIDs are made from the path (PS3.5 B.2), so that a file keeps its own between two scans.
    """
    file = PurePath(path)
    rows, columns = size
    number = _LAST_NUMBER.search(file.stem) if kind == "image" and frames == 1 else None
    pattern = _pattern(file, number, rows, columns) if number else path
    header = Header(
        study_instance_uid=_uid(f"folder:{file.parent}"),
        study_description=file.parent.name,
        series_instance_uid=_uid(f"{kind}:{pattern}"),
        series_description=_series_name(file, number),
        rows=rows,
        columns=columns,
        frame_rate=frame_rate,
        kind=kind,
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


def _uid(text: str) -> str:
    # Names that are not UTF-8 hold lone surrogates, which `uuid5` cannot encode.
    clean = text.encode("utf-8", "surrogateescape").decode("latin-1")
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_URL, clean).int}"
