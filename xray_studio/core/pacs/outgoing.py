"""What is sent, and how sending it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One object in a file: what it is, and where its data set begins.

    `offset` and `size` are bytes: of the file before the data set, and of the whole file.
    `modified` is when the file changed last, in nanoseconds.
    """

    path: str
    sop_class_uid: str
    sop_instance_uid: str
    study_instance_uid: str
    series_instance_uid: str
    transfer_syntax_uid: str
    offset: int = 0
    size: int = 0
    modified: int = 0

    @property
    def pair(self) -> Pair:
        """SOP class and transfer syntax, which are negotiated together."""
        return self.sop_class_uid, self.transfer_syntax_uid


Pair = tuple[str, str]


class Result(StrEnum):
    """How sending one object ended.

    BUSY: it is not there, and may be taken later. REFUSED: it is not there, and will not be taken
    as it is. UNKNOWN: whether it is there only the node can tell.
    """

    STORED = "stored"
    REFUSED = "refused"
    BUSY = "busy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending one object ended, `words` why; `status` as the node gave it, None for none."""

    result: Result
    words: str = ""
    status: int | None = None


STORED: Final = Outcome(Result.STORED, status=0)
