"""Writing files so that they appear complete or not at all.

The new content is made under a temporary name beside the target (never a name from the data),
flushed to the disk, and put in place in one step. On an error or a stop nothing stays behind and
an old target stands.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from xray_studio.core.errors import WriteError
from xray_studio.core.writers import has_ended, writer_name

PRIVATE = 0o600  # what may tell of a patient is for the owner of the file alone
TEMPORARY_PREFIX = ".xray-studio-"
_TEMPORARY = re.compile(re.escape(TEMPORARY_PREFIX) + "([0-9a-z_]{8})[0-9a-z_]{0,8}")
_LEFT_BEHIND = 2 * 86_400.0  # seconds after which nobody writes any more

_REASONS = {
    errno.EEXIST: "another program has put a file of this name there; choose another name",
    errno.ENOSPC: "the disk is full; free some space or choose another folder",
    errno.EDQUOT: "your disk quota is used up; free some space or choose another folder",
    errno.EACCES: "this folder may not be written to; choose another one",
    errno.EPERM: "this folder may not be written to; choose another one",
    errno.EROFS: "this disk is read-only; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.EFBIG: "the file grows too large for this disk; choose another folder",
    errno.ENOENT: "its folder is no longer there; choose another one",
    errno.EIO: "the disk reports an error; choose another one",
}


def write_failure(target: Path, error: OSError) -> WriteError:
    """Return the error that tells a person why `target` cannot be written and what to do."""
    reason = _REASONS.get(_number(error), error.strerror or "the system refused it")
    return WriteError(f"{target.name} cannot be written: {reason}.")


def _number(error: BaseException | None) -> int:
    """Return the system's number of an error, which libraries put their own errors in front of."""
    while error is not None:
        if isinstance(error, OSError) and error.errno:
            return error.errno
        error = error.__cause__ or error.__context__
    return 0


def check_place(target: Path) -> None:
    """Raise WriteError when nothing can be written at `target`, before any work is done."""
    folder = target.absolute().parent
    if target.absolute().name in {"", ".."}:
        raise WriteError(f"{target} has no name of its own; name a file or folder in it.")
    try:
        found = folder.is_dir()
        target.exists()
    except OSError as error:  # a name that is too long
        raise write_failure(target, error) from error
    if not found:
        raise WriteError(f"The folder {folder} does not exist; create it or choose another one.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise write_failure(target, PermissionError(errno.EACCES, ""))


@contextlib.contextmanager
def replacing(target: Path, *, private: bool = False, new: bool = False) -> Iterator[Path]:
    """Give a temporary path for a file; put it in place of `target` when the block ends well.

    A `private` one is for its owner alone from its first byte. A `new` one replaces nothing, not
    even what another program put there meanwhile. Raises WriteError where the system refuses.
    """
    temporary = temporary_beside(target)
    clear_left_behind(temporary.parent)
    try:
        if private:
            temporary.touch(mode=PRIVATE)
        yield temporary
        flush(temporary)
        if new:
            _put_new(temporary, target)
        else:
            temporary.replace(target)
    except OSError as error:
        raise write_failure(target, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _put_new(temporary: Path, target: Path) -> None:
    """Put a file where none is. Raises FileExistsError, of two programs in all but one."""
    try:
        target.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a disk without links: the name is taken first
        target.touch(exist_ok=False)
        temporary.replace(target)


@contextlib.contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """Give a new temporary folder; put it in place of the folder `target` when all went well."""
    temporary = temporary_beside(target)
    old = temporary.with_name(f"{temporary.name}-old")  # never cleared: it may be all there is
    clear_left_behind(temporary.parent)
    try:
        temporary.mkdir()
        yield temporary
        for path in temporary.rglob("*"):
            if path.is_file():
                flush(path)
        if target.exists():
            target.rename(old)
        temporary.rename(target)
    except OSError as error:
        raise write_failure(target, error) from error
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
        for path in (temporary, old):
            shutil.rmtree(path, ignore_errors=True)


def temporary_beside(target: Path) -> Path:
    """Return an unused name in the target's folder that tells nothing but which process writes."""
    return target.absolute().parent / f"{TEMPORARY_PREFIX}{writer_name()}{secrets.token_hex(4)}"


def clear_left_behind(folder: Path, age: float = _LEFT_BEHIND) -> None:
    """Remove what programs that were killed while writing left in a folder.

    What is younger than `age` seconds goes only where its writer is known to have ended; that of
    another machine, or of one that was restarted, is waited for.
    """
    latest = time.time() - age
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            named = _TEMPORARY.fullmatch(entry.name)
            if named is None:
                continue
            if entry.stat(follow_symlinks=False).st_mtime > latest and not has_ended(named[1]):
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                Path(entry.path).unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Make sure that a file's content has reached the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def stamp(path: str) -> str:
    """Return what changes when a file is written anew: its size and time.

    "" for one in an archive, or gone, which whoever reads it tells.
    """
    try:
        found = Path(path).stat()
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns}"
