"""STOW-RS: files go out as they lie on disk, one in a request, and each gets its own answer."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import requests

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import StudioError
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.outgoing import Outcome, Outgoing, Result
from xray_studio.core.pacs.status import outcome_of
from xray_studio.network.contexts import uid_words
from xray_studio.network.store import CHANGED, STORING
from xray_studio.network.ways import GoesOn
from xray_studio.network.web import JSON, never_left, session, why, why_status

_FAILED, _REFERENCED = "00081198", "00081199"
_FAILURE_REASON, _WARNING_REASON = "00081197", "00081196"
_LATER: Final = frozenset((401, 403, 404, 405, 408, 429, 503))


class WebSender:
    """Sends objects to a DICOMweb service, one after another."""

    def __init__(self, node: Node, made: requests.Session) -> None:
        self._node, self._session = node, made
        self._works = True

    @property
    def works(self) -> bool:
        """Whether the service still takes objects."""
        return self._works

    def cut(self) -> None:
        """Take nothing more; a request under way ends by its time-out."""
        self._works = False

    def send(self, one: Outgoing, goes_on: GoesOn) -> Outcome:
        """Send an object; `works` tells afterwards whether it takes more."""
        try:
            file = Path(on_disk(one.path)).open("rb")  # noqa: SIM115 - closed below
        except (OSError, StudioError):  # the latter of archives that hold files
            return Outcome(Result.REFUSED, CHANGED)
        with file:
            content = _Multipart(file, one, goes_on)
            if not content.is_same():
                return Outcome(Result.REFUSED, CHANGED)
            return self._post(one, content)

    def _post(self, one: Outgoing, content: _Multipart) -> Outcome:
        headers = {"Content-Type": content.kind, "Accept": JSON}
        waits = (self._node.connect_timeout, self._node.answer_timeout + one.size / STORING)
        try:
            answer = self._session.post(
                f"{self._node.url}/studies", data=content, headers=headers, timeout=waits,
                allow_redirects=False,
            )  # fmt: skip
        except _EndedError:
            return Outcome(Result.BUSY, "sending was ended")
        except requests.RequestException as error:
            self._works = False
            result = Result.BUSY if never_left(error) else Result.UNKNOWN
            return Outcome(result, why(self._node, error))
        return self._outcome(one, answer)

    def _outcome(self, one: Outgoing, answer: requests.Response) -> Outcome:
        status = answer.status_code
        if status in {200, 202, 409}:
            return _told_by(answer, one) or Outcome(
                Result.UNKNOWN, f"{self._node.told} does not say what became of it"
            )
        words = why_status(self._node, status)
        if status in _LATER:
            return Outcome(Result.BUSY, words)
        if 400 <= status < 500:
            named = uid_words(one.transfer_syntax_uid)
            return Outcome(Result.REFUSED, f"{words.rstrip('.')}; it was sent as {named}")
        return Outcome(Result.UNKNOWN, words)


@contextmanager
def web_sender(node: Node, password: str = "") -> Iterator[WebSender]:
    """Open a session that takes objects; nothing is asked of the service yet."""
    with session(node, password) as made:
        yield WebSender(node, made)


class _EndedError(Exception):
    """Whoever sends wants to send no more."""


class _Multipart:
    """A file as the body of a request (PS3.18 8.6.1.2), read while it goes out."""

    def __init__(self, file: BinaryIO, one: Outgoing, goes_on: GoesOn) -> None:
        self._file, self._one, self._goes_on = file, one, goes_on
        mark = secrets.token_hex(16)
        self.kind = f'multipart/related; type="application/dicom"; boundary={mark}'
        self._head = f"--{mark}\r\nContent-Type: application/dicom\r\n\r\n".encode()
        self._tail = f"\r\n--{mark}--\r\n".encode()
        self._length = len(self._head) + one.size + len(self._tail)
        self._left = one.size

    def is_same(self) -> bool:
        """Tell whether the file is still the one that was to be sent."""
        found = Path(self._file.name).stat()
        return (found.st_size, found.st_mtime_ns) == (self._one.size, self._one.modified)

    def __len__(self) -> int:
        return self._length

    def read(self, most: int = -1) -> bytes:
        """Return the next bytes of the body, none at its end."""
        if self._head:
            piece, self._head = self._head, b""
            return piece
        if self._left:
            piece = self._file.read(min(self._left, max(most, 1 << 16)))
            if not piece or not self._goes_on(len(piece)):
                raise _EndedError
            self._left -= len(piece)
            return piece
        piece, self._tail = self._tail, b""
        return piece


def _told_by(answer: requests.Response, one: Outgoing) -> Outcome | None:
    """Return what the answer says of an object (PS3.18 table I.1-1), None where it says nothing."""
    try:
        told: dict[str, Any] = answer.json()
        failed = _status(told.get(_FAILED), _FAILURE_REASON)
        if failed is not None:
            return outcome_of(failed)
        stored = told.get(_REFERENCED, {}).get("Value") or []
        names = [str(item["00081155"]["Value"][0]) for item in stored]
        if one.sop_instance_uid in names:
            return outcome_of(_status(told.get(_REFERENCED), _WARNING_REASON) or 0)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None
    return None


def _status(sequence: Any, reason: str) -> int | None:
    for item in (sequence or {}).get("Value") or []:
        value = (item.get(reason) or {}).get("Value")
        if value:
            return int(value[0])
    return None
