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
STORED, NOT_AUTHORIZED, OUT_OF_RESOURCES, NOT_UNDERSTOOD = 0x0000, 0x0124, 0xA700, 0xC000


def place_of(folder: Path, sop_instance_uid: str) -> Path | None:
    """Return where an object is written, None for a UID that is none and could lead elsewhere."""
    if not _UID.fullmatch(sop_instance_uid) or not sop_instance_uid.strip("."):
        return None
    return folder / f"{sop_instance_uid}.dcm"


def take(
    request: Any, folder: Path, wanted: frozenset[str] | None = None
) -> tuple[C_STORE, Fetched]:
    """Write what a C-STORE request brings, and return the answer to it.

    What is not among the UIDs that are `wanted` is refused. The library has put the data set into a
    temporary file as it came, behind File Meta Information.
    """
    uid = str(request.AffectedSOPInstanceUID or "")
    source = Path(request._dataset_path)  # noqa: SLF001 - not told elsewhere
    if wanted is not None and uid not in wanted:
        source.unlink(missing_ok=True)
        status, fetched = NOT_AUTHORIZED, Fetched(uid, why="nobody asked for it")
    else:
        status, fetched = _written(source, uid, folder)
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
