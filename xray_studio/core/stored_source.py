"""Frames kept in a temporary file of their own, which goes with the last who uses them."""

from __future__ import annotations

import io
import secrets
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from xray_studio.core.clip import Frame
from xray_studio.core.errors import UnreadableError, WriteError
from xray_studio.core.locks import FileLock
from xray_studio.core.workers import Priority, done

_PREFIX: Final = "xray-studio-"
_FRAMES, _LOCK = ".frames", ".lock"


class StoredSource:
    """A FrameSource over a plain file of frames, one after the other.

    It pickles as path and shape. The file, which only its user may read, is deleted when the source
    that made it is collected, or at the end of the program; of a program that was killed, when the
    next one keeps frames in the same folder. A lock beside it tells whether its program lives.
    """

    def __init__(self, path: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._path, self.shape, self.dtype = path, shape, dtype

    @classmethod
    def make(cls, folder: Path, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Self:
        """Begin a file for frames in a folder. Raises WriteError where there can be none."""
        _clear(folder)
        path = folder / f"{_PREFIX}{secrets.token_hex(8)}{_FRAMES}"
        lock = FileLock(path.with_suffix(_LOCK))
        made = cls(str(path), shape, dtype)
        weakref.finalize(made, _remove, path, lock)
        with _telling():
            lock.take()
            path.touch(0o600, exist_ok=False)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as path and shape."""
        return StoredSource, (self._path, self.shape, self.dtype)

    @property
    def _frame_bytes(self) -> int:
        return int(np.prod(self.shape[1:])) * self.dtype.itemsize

    @contextmanager
    def writing(self) -> Iterator[Kept]:
        """Give the frames to write. Raises WriteError where the file is gone."""
        with ExitStack() as stack:
            with _telling():
                file = stack.enter_context(Path(self._path).open("r+b", buffering=0))
            yield Kept(file, self.shape[1:], self.dtype)

    def drop(self) -> None:
        """Delete the file."""
        with suppress(OSError):
            Path(self._path).unlink()

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only. Raises UnreadableError when it is gone."""
        size = self._frame_bytes
        try:
            with Path(self._path).open("rb") as file:
                file.seek(index * size)
                found = np.frombuffer(file.read(size), self.dtype)
            return found.reshape(self.shape[1:])
        except (OSError, ValueError) as error:
            raise UnreadableError("The processed frames are gone; process them again.") from error

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        del priority
        return done(self.read(index))


class Kept:
    """Frames on their way into a file; not mapped into memory, where a full disk ends programs."""

    def __init__(self, file: io.RawIOBase, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._file, self._shape, self._dtype = file, shape, dtype

    def __setitem__(self, index: int, frame: Frame) -> None:
        """Write frame `index` (from 0). Raises WriteError where there is no room for it."""
        assert (frame.shape, frame.dtype) == (self._shape, self._dtype)
        left = np.ascontiguousarray(frame).data.cast("B")
        with _telling():
            self._file.seek(index * len(left))
            while left:
                left = left[self._file.write(left) :]


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or error
        raise WriteError(
            f"Processed frames cannot be kept in the temporary folder: {why}."
        ) from error


def _clear(folder: Path) -> None:
    """Remove the frames of programs that were killed: nobody holds their locks any more."""
    for path in folder.glob(f"{_PREFIX}*{_LOCK}"):
        lock = FileLock(path)
        with suppress(OSError):
            if not path.is_symlink() and lock.take():
                _remove(path.with_suffix(_FRAMES), lock)


def _remove(path: Path, lock: FileLock) -> None:
    """Remove frames, then their lock, which others take for a sign that frames are used."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
    lock.release()
    with suppress(OSError):
        path.with_suffix(_LOCK).unlink(missing_ok=True)
