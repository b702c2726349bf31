"""A log of what was decided about the privacy of exports, on this machine, for its owner alone.

One line of JSON for each export: when, what kind of file, and the decision. It holds neither names
of files nor anything of a patient; the hash of the manifest, of the file where there is none, or of
the UIDs of objects that were sent tells which export is meant.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import platformdirs

from xray_studio.core.privacy import Privacy

NAME: Final = "privacy.jsonl"
_LARGEST: Final = 8 << 20  # bytes; the log before is kept under another name
_PIECE: Final = 4 << 20  # bytes that are looked at together
_log = logging.getLogger(__name__)


def log_file() -> Path:
    """Return where the log is: XRAY_STUDIO_LOG names the folder when it is set."""
    folder = os.environ.get("XRAY_STUDIO_LOG")
    return Path(folder or platformdirs.user_log_dir("xray-studio", appauthor=False)) / NAME


def note(kind: str, decision: Privacy, manifest_sha256: str) -> None:
    """Add a line on an export with a manifest."""
    _add(kind, decision, {"manifest_sha256": manifest_sha256})


def note_file(kind: str, decision: Privacy, data: bytes) -> None:
    """Add a line on a file that has no manifest, as a document or a single picture."""
    _add(kind, decision, {"file_sha256": hashlib.sha256(data).hexdigest()})


def note_paths(kind: str, decision: Privacy, paths: Sequence[Path]) -> None:
    """Add a line on files without a manifest, known by one hash of what they hold, in order."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while data := file.read(_PIECE):
                digest.update(data)
    _add(kind, decision, {"file_sha256": digest.hexdigest()})


def note_objects(kind: str, decision: Privacy, uids: Iterable[str]) -> None:
    """Add a line on objects that leave as they are, known by their SOP Instance UIDs."""
    digest = hashlib.sha256("\n".join(sorted(uids)).encode("utf-8", "surrogateescape"))
    _add(kind, decision, {"objects_sha256": digest.hexdigest()})


def _add(kind: str, decision: Privacy, known_by: dict[str, str]) -> None:
    """Add a line. A log that cannot be written stops no export."""
    line = json.dumps(_facts(kind, decision, known_by), separators=(",", ":")) + "\n"
    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _turn(path)
        # One write to a file opened for appending: several programs do not mix their lines.
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode("ascii"))
        finally:
            os.close(handle)
    except OSError as error:
        _log.warning("The privacy log cannot be written: %s", error.strerror)


def _facts(kind: str, decision: Privacy, known_by: dict[str, str]) -> dict[str, Any]:
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "output": kind,
        **known_by,
        **decision.facts(),
    }


def _turn(path: Path) -> None:
    """Begin a new log when the old one has grown large."""
    if path.exists() and path.stat().st_size > _LARGEST:
        path.replace(path.with_suffix(".old.jsonl"))
