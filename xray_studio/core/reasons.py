"""Why a file is not opened, in words a person understands. "No pixel data" is not "damaged"."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from xray_studio.core.errors import StudioError, UsageError

EMPTY = "the file is empty"
NOT_A_PICTURE = "not a picture or DICOM file"
UNPACK = "unpack it first"
NOT_A_FILE = "not a file but a pipe, a socket or a device"
NOT_THERE = "there is no such file or folder"
LINK_TO_NOWHERE = "a link that points nowhere"
DAMAGED = "damaged: its header cannot be read"
CUT_SHORT = "damaged: the file is cut short"
NO_SIZE = "damaged: the picture has no rows or columns"
NO_PIXELS_LEFT = "no pixel data: it is empty or the file is cut short"
GAVE_UP = "damaged: reading it failed or took too long"
DUPLICATE = "the same picture as another file (same SOP Instance UID)"
DUPLICATE_DOCUMENT = "the same document as another file (same SOP Instance UID)"
CUT_COPY = "damaged: the file is cut short; another one holds the same picture whole"
MISSING = "named in the DICOMDIR but not there"
EMPTY_DIRECTORY = "a DICOMDIR that names no files; open its folder instead"

_BY_NUMBER = {
    errno.EACCES: "no permission to read it",
    errno.EPERM: "no permission to read it",
    errno.ENOENT: "it is no longer there",
    errno.ENOTDIR: "it is no longer there",
    errno.ELOOP: "a link that leads back to itself",
    errno.ENAMETOOLONG: "its path is too long for the system",
    errno.ESPIPE: NOT_A_FILE,
    errno.ENXIO: NOT_A_FILE,
    errno.ENODEV: NOT_A_FILE,
    errno.EISDIR: "a folder",
    errno.EMFILE: "too many files are open; close other programs and scan again",
}


FOLDER = "this folder cannot be searched: "


def none_opened(reasons: Mapping[str, str]) -> UsageError:
    """Return what is said where no file can be opened; `reasons` by path, of which the first."""
    for path, why in reasons.items():
        return UsageError(f"Nothing can be opened as a picture; {Path(path).name}: {why}.")
    return UsageError("None of the files can be opened as a picture; name films.")


def folder_not_searched(error: OSError) -> str:
    """Return why what is in a folder is not known."""
    return FOLDER + why_not_opened(error)


def is_folder(reason: str) -> bool:
    """Tell whether what is not opened is a folder, with however many files in it."""
    return reason.startswith(FOLDER)


def counted(reasons: Iterable[str]) -> str:
    """Return how many files and folders are not opened: "2 files", "3 files and 1 folder"."""
    folders = [is_folder(reason) for reason in reasons]
    counts = (folders.count(False), "file"), (folders.count(True), "folder")
    return " and ".join(f"{n:,} {what}{'' if n == 1 else 's'}" for n, what in counts if n)


def is_damage(reason: str) -> bool:
    """Tell whether a file is not opened since something is wrong with it."""
    return "damaged" in reason


def losses(warnings: Iterable[str]) -> list[str]:
    """Return those warnings of a clip that say that part of it is missing."""
    return [warning for warning in warnings if "cut short" in warning]


def why_not(use: Callable[[], object]) -> str:
    """Return the sentence with which something cannot be used, "" where it can."""
    try:
        use()
    except StudioError as error:
        return str(error)
    return ""


def why_not_opened(error: OSError) -> str:
    """Return why the system does not open or read a file or folder."""
    return _BY_NUMBER.get(error.errno or 0, "the system cannot read it")


def as_reason(sentence: str) -> str:
    """Return the sentence of an error as a reason: no full stop, a capital only where it stays."""
    first = sentence.split(" ", 1)[0]
    small = sentence[:1].lower() if first[1:].islower() or len(first) == 1 else sentence[:1]
    return (small + sentence[1:]).rstrip(".")
