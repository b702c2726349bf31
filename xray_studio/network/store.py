"""C-STORE: files go out as they lie on disk, piece by piece, and each gets its own answer."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from pydicom import dcmread
from pynetdicom.dimse_messages import C_STORE_RQ
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.dsutils import encode
from pynetdicom.pdu_primitives import P_DATA

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import StudioError
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.outgoing import Outcome, Outgoing, Pair, Result
from xray_studio.core.pacs.status import outcome_of
from xray_studio.network.association import Link, associated
from xray_studio.network.contexts import (
    IMPLICIT,
    VERIFICATION,
    in_turns,
    other_way,
    uid_words,
    with_ways,
)
from xray_studio.network.ways import GoesOn
from xray_studio.network.wire import drop, ended

CHANGED: Final = "the file has changed or gone since it was to be sent; send it again"
BROKE: Final = "the connection ended before all of it was sent"
NO_ANSWER: Final = "the connection ended before the node said that it stored it"
LATE: Final = "the node did not say in time that it stored it"

STORING: Final = 10e6  # bytes a second that a slow node still stores


class DimseSender:
    """Sends objects on one association, one after another."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def send(self, one: Outgoing, goes_on: GoesOn) -> Outcome:
        """Send an object; `works` tells afterwards whether it takes more."""
        way = self._way(one)
        if way is None:
            return Outcome(Result.REFUSED, self._not_accepted(one))
        try:
            with _data_set(one, way[1]) as content:
                return self._store(one, way, content, goes_on)
        except _FileError as error:
            return Outcome(Result.REFUSED, str(error))

    @property
    def works(self) -> bool:
        """Whether the association still takes objects."""
        return self._link.association.is_established and self._link.association.dul.is_alive()

    def cut(self) -> None:
        """End it at once, from any thread; an object that is under way is unknown then."""
        drop(self._link.association)

    def _way(self, one: Outgoing) -> Pair | None:
        """Return the pair in which an object may go: as it is, or plain in the other encoding."""
        accepted = self._link.accepted
        if one.pair in accepted:
            return one.pair
        other = other_way(one.pair)
        return other if other in accepted else None

    def _not_accepted(self, one: Outgoing) -> str:
        node, accepted = self._link.node, self._link.accepted
        kind, syntax = uid_words(one.sop_class_uid), uid_words(one.transfer_syntax_uid)
        if any(sop_class == one.sop_class_uid for sop_class, _ in accepted):
            return f"{node.told} does not take {kind} as {syntax}; nothing is transcoded on the way"
        return f"{node.told} does not take {kind} as {syntax}"

    def _store(self, one: Outgoing, way: Pair, content: _Content, goes_on: GoesOn) -> Outcome:
        link = self._link
        number = link.message_number()
        try:
            self._send_all(_command(one, number), link.accepted[way], content, goes_on)
        except ConnectionError:
            drop(link.association)
            return Outcome(Result.BUSY, BROKE)
        except (_FileError, OSError) as error:
            drop(link.association)  # in the midst of a message
            raise _FileError(CHANGED) from error
        link.association.dimse_timeout = link.node.answer_timeout + content.length / STORING
        _, answer = link.association.dimse.get_msg(block=True)
        status = getattr(answer, "Status", None)
        if status is None or getattr(answer, "MessageIDBeingRespondedTo", None) != number:
            why = NO_ANSWER if ended(link.association.dul) else LATE
            drop(link.association)  # an answer that comes late would be taken for that to the next
            return Outcome(Result.UNKNOWN, why)
        return outcome_of(int(status))

    def _send_all(
        self, command: C_STORE_RQ, context: int, content: _Content, goes_on: GoesOn
    ) -> None:
        """Give everything to the wire. Raises ConnectionError where not all of it can go."""
        link = self._link
        dul = link.association.dul
        for part in command.encode_msg(context, link.longest):
            dul.send_pdu(part)
        for piece, last in content.pieces(link.longest - 6):
            if not goes_on(len(piece)):
                raise ConnectionError
            dul.send_pdu(_fragment(context, piece, last=last))


@contextmanager
def dimse_sender(node: Node, pairs: Sequence[Pair], password: str = "") -> Iterator[DimseSender]:
    """Open an association that takes objects of pairs, of the first where they are too many.

    Raises PeerError where the node cannot be reached or refuses.
    """
    # An association on which nothing is accepted ends at once; then nobody would learn what.
    wanted = [(VERIFICATION, IMPLICIT), *with_ways(pairs)]
    with associated(node, in_turns(wanted)[0], password) as link:
        yield DimseSender(link)


class _FileError(Exception):
    """The file is no longer what was to be sent."""


@dataclass(frozen=True, slots=True)
class _Content:
    """An encoded data set and its length in bytes."""

    data: BinaryIO
    length: int

    def pieces(self, most: int) -> Iterator[tuple[bytes, bool]]:
        """Yield it in pieces of `most` bytes, and whether each is the last one."""
        left = self.length
        while left:
            piece = self.data.read(min(most, left))
            if not piece:
                raise _FileError(CHANGED)
            left -= len(piece)
            yield piece, not left


@contextmanager
def _data_set(one: Outgoing, syntax: str) -> Iterator[_Content]:
    """Open the encoded data set of a file."""
    if syntax != one.transfer_syntax_uid:
        data = _encoded(one, implicit=syntax == IMPLICIT)
        yield _Content(io.BytesIO(data), len(data))
        return
    try:
        file = Path(on_disk(one.path)).open("rb")  # noqa: SIM115 - closed below
    except (OSError, StudioError) as error:  # the latter of archives that hold files
        raise _FileError(CHANGED) from error
    with file:
        found = os.fstat(file.fileno())
        if (found.st_size, found.st_mtime_ns) != (one.size, one.modified):
            raise _FileError(CHANGED)
        file.seek(one.offset)
        yield _Content(file, one.size - one.offset)


def _encoded(one: Outgoing, *, implicit: bool) -> bytes:
    """Return a data set that is not compressed in the other encoding; its pixels stay the same."""
    try:
        made = encode(dcmread(on_disk(one.path)), implicit, is_little_endian=True)
    except Exception as error:  # of pydicom there are many kinds
        raise _FileError("the file cannot be written with or without VR; write it anew") from error
    if made is None:
        raise _FileError("the file cannot be written with or without VR; write it anew")
    return made


def _command(one: Outgoing, number: int) -> C_STORE_RQ:
    request = C_STORE()
    request.MessageID = number
    request.Priority = 0  # medium
    request.AffectedSOPClassUID = one.sop_class_uid
    request.AffectedSOPInstanceUID = one.sop_instance_uid
    message = C_STORE_RQ()
    message.primitive_to_message(request)
    message.command_set.CommandDataSetType = 0x0001  # it follows, from the file
    message.data_set = None
    return message


def _fragment(context: int, piece: bytes, *, last: bool) -> P_DATA:
    made = P_DATA()
    header = b"\x02" if last else b"\x00"  # message control header (PS3.8 E.2)
    made.presentation_data_value_list.append((context, header + piece))
    return made
