"""What is in ZIP archives, and where it is unpacked to when it is read.

Whoever opens a member first unpacks it, under a name that tells nothing, into a folder that only
this user can read; what was unpacked is removed when the program ends (`forget_unpacked`). Any
process can unpack again what has been removed.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xray_studio.core.archive import SUFFIX, on_disk
from xray_studio.core.reasons import UNPACK

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

ENCRYPTED = 0x1  # general purpose bit flag, APPNOTE.TXT 4.4.4
DEEPEST = 3  # archives within archives
ROOM_KEPT = 1 << 30  # bytes of a disk that stay free
STALE = 86_400.0  # seconds after which nobody uses what a killed program left behind
LONGEST_SUFFIX = 6
_CHUNK = 1 << 20

_listed: set[Path] = set()


class ArchiveError(Exception):
    """Why an archive is not opened, in words that follow the name of the file."""


class _Signature(NamedTuple):
    """By what an archive is known again."""

    path: str
    size: int
    modified: int

    @classmethod
    def of(cls, path: str) -> _Signature:
        found = Path(path).stat()
        return cls(path, found.st_size, found.st_mtime_ns)


def is_archive(path: str) -> bool:
    """Tell by name and first bytes whether a file is a ZIP archive."""
    if not path.casefold().endswith(SUFFIX):
        return False
    try:
        with Path(on_disk(path)).open("rb") as file:
            return file.read(4) in {b"PK\3\4", b"PK\5\6"}
    except OSError:
        return False


def members(path: str, depth: int = 1) -> Iterator[str]:
    """Yield the paths of all files in an archive, those of archives in it included.

    Raises ArchiveError when it is protected, damaged or larger than there is room for.
    """
    listing = _listing(path)
    forget_unpacked_at_end(_folder_of(_Signature.of(on_disk(path))))
    for name in listing:
        inner = f"{path}/{name}"
        if name.casefold().endswith(SUFFIX) and depth < DEEPEST and is_archive(inner):
            yield from members(inner, depth + 1)
        else:
            yield inner


def _listing(path: str) -> dict[str, ZipInfo]:
    try:
        found = _opened(_Signature.of(on_disk(path)))
    except OSError as error:
        raise ArchiveError(f"a ZIP archive that cannot be read; {UNPACK}") from error
    if any(info.flag_bits & ENCRYPTED for info in found.members.values()):
        raise ArchiveError(f"a ZIP archive that is protected by a password; {UNPACK}")
    _check_room(sum(info.file_size for info in found.members.values()))
    return found.members


def _check_room(size: int) -> None:
    free = shutil.disk_usage(_private_folder()).free
    if size > free - ROOM_KEPT:
        raise ArchiveError(
            f"a ZIP archive with {size / 1e9:.1f} GB in it, more than there is room for;"
            " free some space or unpack it on another disk"
        )


class _Opened(NamedTuple):
    file: ZipFile
    members: dict[str, ZipInfo]
    numbers: dict[str, int]


@lru_cache(maxsize=4)
def _opened(archive: _Signature) -> _Opened:
    """Return an archive with its members by clean name. Raises OSError when it is damaged."""
    from zipfile import BadZipFile, ZipFile

    try:
        file = ZipFile(archive.path)
    except (BadZipFile, NotImplementedError, ValueError, UnicodeError) as error:
        raise OSError(errno.EIO, "damaged archive") from error
    found: dict[str, ZipInfo] = {}
    numbers: dict[str, int] = {}
    for number, info in enumerate(file.infolist()):
        name = _clean(info.filename)
        if name and not info.is_dir():  # of two with one name the later one counts
            found[name], numbers[name] = info, number
    return _Opened(file, found, numbers)


def _clean(name: str) -> str:
    """Return a member's name without what would lead out of the archive."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in {"", ".", ".."})


def unpacked(archive: str, member: str) -> str:
    """Return where a member was unpacked to, and unpack it when nobody has."""
    signature = _Signature.of(archive)
    opened = _opened(signature)
    info = opened.members.get(member)
    if info is None:
        return _unpacked_deeper(archive, member, opened)
    target = _folder_of(signature) / f"{opened.numbers[member]}{_suffix(member)}"
    if not target.exists():
        _unpack(opened.file, info, target, signature.modified)
    return str(target)


def _unpacked_deeper(archive: str, member: str, opened: _Opened) -> str:
    """Return where a member of an archive within the archive was unpacked to."""
    parts = member.split("/")
    for count in range(1, len(parts)):
        inner = "/".join(parts[:count])
        if inner in opened.members:
            return unpacked(unpacked(archive, inner), "/".join(parts[count:]))
    raise FileNotFoundError(errno.ENOENT, "no such member", archive)


def _unpack(file: ZipFile, info: ZipInfo, target: Path, modified: int) -> None:
    """Write a member beside its place and put it there in one step."""
    from zipfile import BadZipFile
    from zlib import error as ZlibError  # noqa: N812 - a class, whatever its name

    target.parent.mkdir(mode=0o700, exist_ok=True)
    temporary = target.with_name(secrets.token_hex(8))
    try:
        with file.open(info) as source, temporary.open("xb") as copy:
            shutil.copyfileobj(source, copy, _CHUNK)
        # Unpacked anew it is the same file to whoever remembers when it changed.
        os.utime(temporary, ns=(modified, modified))
        temporary.replace(target)
    except (BadZipFile, ZlibError, NotImplementedError, RuntimeError, EOFError) as error:
        raise OSError(errno.EIO, "damaged archive") from error
    finally:
        temporary.unlink(missing_ok=True)


def _suffix(member: str) -> str:
    """Return the suffix of a member, which can tell its kind, if it can tell nothing else."""
    suffix = Path(member).suffix
    return suffix if suffix[1:].isalnum() and len(suffix) <= LONGEST_SUFFIX else ""


def _folder_of(archive: _Signature) -> Path:
    digest = hashlib.sha256(repr(archive).encode("utf-8", "surrogatepass")).hexdigest()
    return _private_folder() / digest[:32]


def _private_folder() -> Path:
    """Return the folder that only this user can read; made when it is not there."""
    folder = unpacking_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if sys.platform != "win32" and (found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode)):
        raise PermissionError(errno.EACCES, "somebody else's folder", str(folder))
    return folder


def unpacking_folder() -> Path:
    """Return where archives are unpacked: in XRAY_STUDIO_CACHE, else the system's place for it."""
    kept = os.environ.get("XRAY_STUDIO_CACHE")
    if kept:
        return Path(kept) / "unpacked"
    user = str(os.getuid()) if sys.platform != "win32" else "user"
    return Path(tempfile.gettempdir()) / f"xray-studio-{user}"


def forget_unpacked_at_end(folder: Path) -> None:
    """Have what is unpacked into a folder removed when this process ends."""
    if not _listed:
        atexit.register(forget_unpacked)
        _remove_stale()
    _listed.add(folder)


def forget_unpacked() -> None:
    """Remove everything that was unpacked for this process."""
    while _listed:
        shutil.rmtree(_listed.pop(), ignore_errors=True)
    with contextlib.suppress(OSError):
        unpacking_folder().rmdir()


def _remove_stale() -> None:
    """Remove what a program that was killed has left behind."""
    with contextlib.suppress(OSError):
        for folder in unpacking_folder().iterdir():
            if time.time() - folder.stat().st_mtime > STALE:
                shutil.rmtree(folder, ignore_errors=True)
