"""Where an error comes from, for `--debug`: places and kinds of errors, nothing of a file.

Messages of libraries quote what they stumbled over, which may be the name of a patient. Those of
this program do not, so only they are shown.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator

from xray_studio.core.errors import StudioError


def trace_lines(error: BaseException) -> Iterator[str]:
    """Yield a traceback with all errors that led to this one, the first one first."""
    for one in reversed([*_chain(error)]):
        for frame in traceback.extract_tb(one.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        told = f": {one}" if isinstance(one, StudioError) else ""
        yield f"{type(one).__name__}{told}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        hidden = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or hidden
