"""Associations: opened with exactly what is asked for, and their failures as sentences."""

from __future__ import annotations

import queue
import socket
import ssl
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from pynetdicom.association import Association
from pynetdicom.pdu_primitives import UserIdentityNegotiation
from pynetdicom.presentation import PresentationContext

from xray_studio.core.errors import StudioError
from xray_studio.core.pacs.errors import NotOfferedError, PeerError
from xray_studio.core.pacs.fetched import Coming
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.outgoing import Pair
from xray_studio.core.version import VERSION
from xray_studio.network.contexts import contexts_of, uid_words
from xray_studio.network.quiet import silence
from xray_studio.network.wire import (
    Program,
    drop,
    ended,
    forget_rest,
    hold,
    received,
    release,
    unanswered,
)

UNLIMITED: Final = 131_072  # bytes of a PDU for a node that sets no limit
TICK: Final = 0.1  # seconds between two looks at what comes
_VERSION_NAME: Final = f"XRAYSTUDIO_{VERSION}"[:16]

silence()


@dataclass(slots=True)
class Link:
    """An open association: `accepted` are the contexts' numbers by SOP class and syntax."""

    node: Node
    association: Association
    accepted: dict[Pair, int] = field(default_factory=dict)
    messages: int = 0

    @property
    def longest(self) -> int:
        """The length of a PDU in bytes that the node takes."""
        told = self.association.acceptor.maximum_length
        return min(told, UNLIMITED) if told else UNLIMITED

    def message_number(self) -> int:
        """Return a number that no message had within the last 65,535."""
        self.messages = self.messages % 0xFFFF + 1
        return self.messages

    def context(self, sop_class: str) -> tuple[int, str]:
        """Return the number and syntax of an accepted context of a SOP class.

        Raises NotOfferedError where the node accepted none.
        """
        for (accepted, syntax), number in self.accepted.items():
            if accepted == sop_class:
                return number, syntax
        raise NotOfferedError(f"{self.node.told} does not offer {uid_words(sop_class)}.")

    def tell(self, message: Any, context: int) -> None:
        """Send a message. Raises PeerError where the connection has ended."""
        try:
            self.association.dimse.send_msg(message, context)
        except ConnectionError:
            raise PeerError(_broke(self.node)) from None

    def awaited(self) -> Generator[Coming, None, tuple[int | None, Any]]:
        """Return the next message and the number of its context; until then tell what comes.

        Raises PeerError where the connection ends, or nothing comes in time; what is large may
        take longer, as long as more of it comes.
        """
        dimse, before = self.association.dimse, 0
        late = time.monotonic() + self.node.answer_timeout
        while True:
            try:
                number, message = dimse.msg_queue.get(timeout=TICK)
            except queue.Empty:
                if ended(self.association.dul) and dimse.msg_queue.empty():
                    raise PeerError(_broke(self.node)) from None
            else:
                if message is None:  # the connection was dropped
                    raise PeerError(_broke(self.node))
                return number, message
            come = received(dimse)
            if come != before:
                before, late = come, time.monotonic() + self.node.answer_timeout
            elif time.monotonic() > late:
                raise PeerError(_late(self.node))
            yield Coming(come)

    def asked(self, request: Any, context: int) -> Iterator[Any | Coming]:
        """Send a request and yield its answers until one is the last, and what comes between.

        Raises PeerError where the connection ends or no answer comes in time.
        """
        self.tell(request, context)
        while True:
            _, answer = yield from self.awaited()
            yield answer
            if (answer.Status or 0) & 0xFF00 != 0xFF00:  # pending: more follow (PS3.7 annex C)
                return

    def ask(self, request: Any, context: int) -> Iterator[Any]:
        """Send a request and yield its answers alone, as `asked` does."""
        return (one for one in self.asked(request, context) if not isinstance(one, Coming))


@contextmanager
def associated(
    node: Node, pairs: Sequence[Pair], password: str = "", extra: Sequence[Any] = ()
) -> Iterator[Link]:
    """Open an association that proposes pairs; it is released in the end, or dropped on errors.

    Raises PeerError with the reason where the node cannot be reached or refuses.
    """
    association = _open(node, contexts_of(pairs), password, extra)
    link = Link(node, association, _accepted(association))
    try:
        yield link
    except BaseException:
        drop(association)
        forget_rest(association.dimse)
        raise
    release(association)


def _accepted(association: Association) -> dict[Pair, int]:
    return {
        (str(one.abstract_syntax), str(one.transfer_syntax[0])): one.context_id
        for one in association.accepted_contexts
        if one.context_id is not None
    }


def _open(
    node: Node, contexts: list[PresentationContext], password: str, extra: Sequence[Any]
) -> Association:
    association = _associate(node, contexts, [*_identity(node, password), *extra])
    if association.is_established and hold(association):
        return association
    failure = getattr(association.dul.socket, "failure", None)
    drop(association)
    if failure is not None:
        raise PeerError(_unreachable(node, failure))
    if association.rejected_contexts:
        raise NotOfferedError(
            f"{node.told} offers nothing of what is asked for; ask whoever runs it."
        )
    raise PeerError(_refused(node, association))


def _associate(
    node: Node, contexts: list[PresentationContext], negotiated: list[Any]
) -> Association:
    program = Program(node.calling_ae_title)
    program.implementation_version_name = _VERSION_NAME
    program.connection_timeout = program.acse_timeout = node.connect_timeout
    program.dimse_timeout = program.network_timeout = node.answer_timeout
    try:
        return program.associate(
            node.host, node.port, contexts, node.called_ae_title, node.maximum_length,
            negotiated, tls_args=_tls(node),
        )  # fmt: skip
    except OSError as error:
        raise PeerError(_unreachable(node, error)) from None


def _identity(node: Node, password: str) -> list[Any]:
    """Return who asks (PS3.7 D.3.3.7), where the node wants to know."""
    if not node.user:
        return []
    item = UserIdentityNegotiation()
    item.user_identity_type = 2 if password else 1
    item.primary_field = node.user.encode()
    item.secondary_field = password.encode() if password else None
    item.positive_response_requested = False
    return [item]


def _tls(node: Node) -> tuple[ssl.SSLContext, str] | None:
    return (tls_context(node), node.host) if node.tls.on else None


def tls_context(node: Node) -> ssl.SSLContext:
    """Return what checks the node's certificate and shows ours.

    Raises StudioError where a file of the node's settings cannot be used.
    """
    try:
        made = ssl.create_default_context(cafile=node.tls.authority or None)
        if node.tls.certificate:
            # Told as a function, a passphrase is never asked for at a terminal.
            made.load_cert_chain(node.tls.certificate, node.tls.key, lambda: node.tls.passphrase)
    except OSError as error:  # ssl.SSLError among them
        if node.tls.passphrase and isinstance(error, ssl.SSLError):
            raise StudioError(
                f"The passphrase does not open the key of {node.told}; give it anew (pacs nodes "
                "add --key-passphrase)."
            ) from error
        raise StudioError(
            f"A certificate or key of {node.told} cannot be used ({short(error)}); "
            "name other files in the node."
        ) from error
    return made


def _refused(node: Node, association: Association) -> str:
    if association.is_rejected:
        return _rejected(node, association)
    if unanswered(association):
        return (
            f"{node.told} takes the connection and says nothing for {node.connect_timeout:g} s; "
            "see whether it hangs, or wait longer (--connect-timeout)."
        )
    return (
        f"{node.told} takes the connection and ends it; check port and TLS of the node, and "
        "whether a DICOM service listens there."
    )


def _rejected(node: Node, association: Association) -> str:
    """Return why a node rejects (PS3.8 table 9-21)."""
    answer: Any = association.acceptor.primitive
    source, reason = answer.result_source, answer.diagnostic
    if (source, reason) == (1, 3):
        why = f"does not know this program as {node.calling_ae_title}; have that registered there"
    elif (source, reason) == (1, 7):
        why = f"is not called {node.called_ae_title}; correct its AE title"
    elif source == 3:
        why = "takes no more associations now; wait, or use fewer at a time"
    elif node.user:
        why = "rejects the association; check user and password"
    else:
        why = "rejects the association; ask whoever runs it for the reason"
    return f"{node.told} {why}."


def _unreachable(node: Node, error: OSError) -> str:
    """Return why no connection came about."""
    place = f"{node.host}:{node.port}"
    if isinstance(error, ssl.SSLError):
        return f"{node.told} is not trusted over TLS ({short(error)}); check its certificates."
    if isinstance(error, socket.gaierror):
        return f"The network knows no {node.host}; correct the host of {node.told}."
    if isinstance(error, ConnectionRefusedError):
        return f"Nothing listens at {place}; start {node.told}, or correct its address."
    if isinstance(error, TimeoutError):
        return f"{place} does not answer; check the network and the address of {node.told}."
    return f"{node.told} cannot be reached at {place} ({short(error)}); check the network."


def _broke(node: Node) -> str:
    return f"{node.told} ended the connection before it had answered; try again."


def _late(node: Node) -> str:
    seconds = f"{node.answer_timeout:g}"
    return (
        f"{node.told} gives no answer within {seconds} s; try again, or wait longer"
        " (--answer-timeout)."
    )


def short(error: BaseException) -> str:
    """Return a reason of the system in a few words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (error.reason or "TLS").replace("_", " ").lower()
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__
