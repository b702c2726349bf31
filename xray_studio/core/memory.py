"""Too little memory, however a library says it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from xray_studio.core.errors import UsageError

TOO_LITTLE: Final = "There is too little memory for this; close other programs, or take less of it."
_OPENCV: Final = -4  # StsNoMem, which its own error carries as a code


def is_too_little(error: BaseException) -> bool:
    """Tell whether an error says that there is too little memory."""
    return isinstance(error, MemoryError) or getattr(error, "code", None) == _OPENCV


@contextmanager
def enough_for(what: str, rows: int, columns: int) -> Iterator[None]:
    """Raise UsageError, which begins with `what`, where a block has too little memory."""
    try:
        yield
    except Exception as error:
        if not is_too_little(error):
            raise
        raise UsageError(
            f"{what} has too little memory for frames of {columns} x {rows}."
        ) from None
