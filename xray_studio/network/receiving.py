"""Objects that others send here: each written whole or not at all, under its SOP Instance UID."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any, Final

from pynetdicom.dimse_primitives import C_STORE

from xray_studio.core.errors import StudioError
from xray_studio.core.files import replacing
from xray_studio.core.pacs.fetched import Fetched

_UID: Final = re.compile(r"[0-9.]{1,64}")
STORED, OUT_OF_RESOURCES, NOT_UNDERSTOOD = 0x0000, 0xA700, 0xC000


def place_of(folder: Path, sop_instance_uid: str) -> Path | None:
    """Return where an object is written, None for a UID that is none and could lead elsewhere."""
    if not _UID.fullmatch(sop_instance_uid) or not sop_instance_uid.strip("."):
        return None
    return folder / f"{sop_instance_uid}.dcm"


def take(request: Any, folder: Path) -> tuple[C_STORE, Fetched]:
    """Write what a C-STORE request brings, and return the answer to it.

    The library has put the data set into a temporary file as it came, behind File Meta Information.
    """
    uid = str(request.AffectedSOPInstanceUID or "")
    status, fetched = _written(Path(request._dataset_path), uid, folder)  # noqa: SLF001 - not told elsewhere
    answer = C_STORE()
    answer.MessageID = answer.MessageIDBeingRespondedTo = request.MessageID
    answer.AffectedSOPClassUID = request.AffectedSOPClassUID
    answer.AffectedSOPInstanceUID = request.AffectedSOPInstanceUID
    answer.Status = status
    return answer, fetched


def _written(source: Path, uid: str, folder: Path) -> tuple[int, Fetched]:
    try:
        target = place_of(folder, uid)
        if target is None:
            return NOT_UNDERSTOOD, Fetched(uid, why="its SOP Instance UID is none")
        with replacing(target) as temporary:
            shutil.move(source, temporary)
    except StudioError as error:
        return OUT_OF_RESOURCES, Fetched(uid, why=str(error))
    finally:
        source.unlink(missing_ok=True)
    return STORED, Fetched(uid, target)
