"""Where the demonstration is kept, and how it gets there: whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from xray_studio.core.files import clear_left_behind, temporary_beside, write_failure
from xray_studio.core.job import Job
from xray_studio.core.version import VERSION
from xray_studio.services.places import cache_folder

REVISION = 7  # grows whenever pixels or attributes change, so that kept copies are made anew


def demonstration(size: int = 512) -> Job[Path]:
    """Give the folder of the demonstration, making it when it is not there yet.

    `size` is the rows and columns of its angiograms; everything else is scaled with them. The
    folder is complete or not there at all, also when two programs make it at the same time. Raises
    WriteError where it cannot be written.
    """
    folder = cache_folder() / f"demonstration-{_version(size)}"
    if not folder.is_dir():
        yield from _make(folder, size)
    return folder


def _version(size: int) -> str:
    return hashlib.sha256(f"{VERSION} {REVISION} {size}".encode()).hexdigest()[:12]


def _make(folder: Path, size: int) -> Job[None]:
    from xray_studio.services.demonstration.parts import write_all

    temporary = temporary_beside(folder)
    clear_left_behind(folder.parent)
    try:
        temporary.mkdir(parents=True)
        yield from write_all(temporary, size)
        _put_in_place(temporary, folder)
    except OSError as error:
        raise write_failure(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put_in_place(temporary: Path, folder: Path) -> None:
    try:
        temporary.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another program was faster: its study is the same
            raise
