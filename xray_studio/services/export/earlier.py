"""Whether an export may take the place of what stands at its target.

Only what an earlier export wrote, as its manifest tells, is replaced without being asked.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from xray_studio.core.archive import container
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.files import write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.services.export.manifest import files_told, manifest_path, read_manifest

_CHUNK = 4 << 20  # bytes hashed between two places to stop


def check_free(target: Path, *, overwrite: bool) -> Job[None]:
    """Raise WriteError unless the target is free, an earlier export, or may be overwritten.

    A folder with files that no export wrote is never replaced, since all of it would be lost.
    """
    check_manifest(target)
    if target.is_dir():
        yield from _check_folder(target, overwrite=overwrite)
    elif (target.exists() or target.is_symlink()) and not overwrite:
        ours = yield from _unchanged([target], files_told(manifest_path(target)), target.parent)
        if not ours:
            raise WriteError(
                f"{target.name} exists and would be lost; choose another name, or allow it to be"
                " replaced (--overwrite)."
            )


def is_foreign(target: Path) -> bool:
    """Tell, without reading it, whether a file that no export wrote stands at the target."""
    return target.is_file() and target.name not in files_told(manifest_path(target))


def check_manifest(target: Path) -> None:
    """Raise WriteError when the manifest would take the place of something else."""
    path = manifest_path(target)
    try:
        stands = path.exists()
    except OSError as error:  # its name is longer than the target's
        raise write_failure(path, error) from error
    if stands and read_manifest(path) is None:
        raise WriteError(
            f"{path.name} stands where the manifest belongs and is none; choose another name."
        )


def check_not_source(target: Path, sources: Iterable[str]) -> None:
    """Raise UsageError when the target is a source, by whatever name, or the folder it is in."""
    if not target.exists():
        return
    found, folders = target.stat(), set()
    for source in (Path(container(source)) for source in sources):
        if source.parent not in folders:
            folders.add(source.parent)
            _check_other(target, found, source.parent)
        _check_other(target, found, source)


def _check_other(target: Path, found: os.stat_result, source: Path) -> None:
    try:
        same = os.path.samestat(found, source.stat())
    except (OSError, ValueError):  # it is gone, or no file can have such a name
        return
    if same:
        raise UsageError(
            f"{target.name} is where the pictures come from; originals are never changed,"
            " choose another name."
        )


def file_hash(path: Path, message: str) -> Job[str]:
    """Return the SHA-256 of a file as hexadecimal digits. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            yield Progress(message=message)
    return digest.hexdigest()


def _check_folder(folder: Path, *, overwrite: bool) -> Job[None]:
    files = sorted(path for path in folder.rglob("*") if not path.is_dir())
    told = files_told(manifest_path(folder))
    if not {path.relative_to(folder).as_posix() for path in files} <= told.keys():
        raise WriteError(
            f"The folder {folder.name} holds other files, which stay; choose an empty folder"
            " or another name."
        )
    ours = overwrite or (yield from _unchanged(files, told, folder))
    if not ours:
        raise WriteError(
            f"Pictures in {folder.name} were changed after their export and would be lost; choose"
            " another name, or allow them to be replaced (--overwrite)."
        )


def _unchanged(files: list[Path], told: dict[str, str], folder: Path) -> Job[bool]:
    """Tell whether files are, byte for byte, those that a manifest tells of, in a folder."""
    for path in files:
        name = path.relative_to(folder).as_posix()
        if name not in told:
            return False
        try:
            found = yield from file_hash(path, "Looking at the earlier export")
        except OSError:
            return False
        if found != told[name]:
            return False
    return True
