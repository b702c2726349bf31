"""Frames kept in a temporary file of their own, which goes with the last who uses them."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Frame
from xray_studio.core.errors import UnreadableError, WriteError
from xray_studio.core.workers import Priority, done


class StoredSource:
    """A FrameSource over a plain file of frames, one after the other.

    It pickles as path and shape. The file, which only its user may read, is deleted when the source
    that made it is collected, or at the end of the program.
    """

    def __init__(self, path: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._path, self.shape, self.dtype = path, shape, dtype

    @classmethod
    def make(cls, folder: Path, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Self:
        """Make room for frames in a file. Raises WriteError where there is none."""
        handle, path = tempfile.mkstemp(prefix="xray-studio-", suffix=".frames", dir=folder)
        made = cls(path, shape, dtype)
        weakref.finalize(made, _remove, path)
        try:
            os.truncate(handle, made._frame_bytes * shape[0])
        except OSError as error:
            made.drop()
            raise WriteError(
                f"Processed frames cannot be kept in the temporary folder: {error.strerror}."
            ) from error
        finally:
            os.close(handle)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as path and shape."""
        return StoredSource, (self._path, self.shape, self.dtype)

    @property
    def _frame_bytes(self) -> int:
        return int(np.prod(self.shape[1:])) * self.dtype.itemsize

    @contextmanager
    def writing(self) -> Iterator[npt.NDArray[Any]]:
        """Give all frames as an array that writes into the file."""
        kept = np.memmap(self._path, self.dtype, "r+", shape=self.shape)
        yield kept
        kept.flush()

    def drop(self) -> None:
        """Delete the file."""
        _remove(self._path)

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only. Raises UnreadableError when it is gone."""
        size = self._frame_bytes
        try:
            with Path(self._path).open("rb") as file:
                file.seek(index * size)
                found = np.frombuffer(file.read(size), self.dtype)
        except OSError as error:
            raise UnreadableError("The processed frames are gone; process them again.") from error
        return found.reshape(self.shape[1:])

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        del priority
        return done(self.read(index))


def _remove(path: str) -> None:
    with suppress(OSError):
        Path(path).unlink()
