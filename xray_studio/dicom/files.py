"""Opening files to read, with a reason a person understands when that fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from xray_studio.core.errors import UnreadableError


@contextmanager
def open_file(path: str, buffering: int = -1) -> Iterator[BinaryIO]:
    """Open a file to read. Raises UnreadableError with the reason when the system refuses."""
    try:
        file = Path(path).open("rb", buffering=buffering)  # noqa: SIM115 - closed below
    except FileNotFoundError:
        raise UnreadableError("The file is no longer there; scan the folder again.") from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise UnreadableError(f"The file cannot be opened ({reason}).") from None
    with file:
        yield file
