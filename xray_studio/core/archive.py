"""Paths that lead into ZIP archives as if these were folders: `study.zip/DICOM/IM1`.

Such a path can be used wherever a file is read. Every file that is opened passes here, so nothing
heavy is imported; the work is done by `core.unpacking`.
"""

from __future__ import annotations

import os
from pathlib import Path

SUFFIX = ".zip"
_INSIDE = SUFFIX + "/"


def may_be_inside(path: str) -> bool:
    """Tell whether a path looks as if it led into an archive."""
    return _INSIDE in path.replace(os.sep, "/").casefold()


def on_disk(path: str) -> str:
    """Return where the content of a path can be read: the path itself, or an unpacked member.

    Raises OSError when a member is not there, is damaged, or cannot be unpacked.
    """
    if not may_be_inside(path) or os.path.lexists(path):
        return path
    archive, member = split(path)
    if not archive:
        return path
    from xray_studio.core.unpacking import unpacked

    return unpacked(archive, member)


def split(path: str) -> tuple[str, str]:
    """Return the archive that a path leads into and what it names there; "" and "" for none."""
    parts = path.replace(os.sep, "/").split("/")
    for count, part in enumerate(parts, start=1):
        archive = "/".join(parts[:count])
        if part.casefold().endswith(SUFFIX) and Path(archive).is_file():
            return archive, "/".join(parts[count:])
    return "", ""


def is_file(path: str) -> bool:
    """Tell whether a path names a file, in an archive or not."""
    try:
        return os.path.isfile(on_disk(path))  # noqa: PTH113 - a path into an archive is none
    except OSError:
        return False


def container(path: str) -> str:
    """Return the file on disk that holds what a path names: the archive, or the path itself."""
    return path if os.path.lexists(path) else split(path)[0] or path
