"""How an association's parts are held so that they can be trusted.

The library's own queue to the wire grows without bound, so that a large file would be read into
memory, and takes messages for connections that have ended; its sockets wait to gather small
messages, wait for ever for a node that hangs, and keep to themselves why they do not connect.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import ssl
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pynetdicom import AE
from pynetdicom.pdu_primitives import P_DATA
from pynetdicom.transport import T_CONNECT, AddressInformation, AssociationSocket

if TYPE_CHECKING:
    from pynetdicom.association import Association
    from pynetdicom.dimse import DIMSEServiceProvider
    from pynetdicom.dul import DULServiceProvider

AHEAD: Final = 32  # PDUs that wait for the wire
POLL: Final = 0.05  # seconds
ENDING: Final = 2.0  # seconds that a closed connection may take to end


class ToWire(queue.Queue[Any]):
    """What waits for the wire: data waits for room, and fails where the connection has ended."""

    def __init__(self, dul: DULServiceProvider) -> None:
        super().__init__()
        self._dul = dul

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Add a message. Raises ConnectionError for data that nobody will send."""
        if isinstance(item, P_DATA):
            while self.qsize() >= AHEAD and not ended(self._dul):
                time.sleep(0.0005)
            if ended(self._dul):
                raise ConnectionError
        super().put(item, block, timeout)


class Wire(AssociationSocket):
    """A connection that sends at once; `failure` is why it did not come about."""

    failure: OSError | None = None

    def connect(self, primitive: T_CONNECT) -> None:
        """Connect, with TLS where that is wanted, and tell the library how it went."""
        assert self.socket is not None
        try:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.settimeout(self.assoc.connection_timeout)
            self.socket.connect(primitive.address_info.as_tuple)
            if self.tls_args is not None:
                context, host = self.tls_args
                self.socket = context.wrap_socket(self.socket, server_hostname=host)
            self.socket.settimeout(self.assoc.network_timeout)
        except OSError as error:
            self.failure = error
            self._shutdown_socket()
            self.socket = None
            primitive.result = "Evt17"  # closed (PS3.8 table 9-10)
        else:
            here = AddressInformation.from_tuple(self.socket.getsockname())
            self.assoc.requestor.address_info = here
            self._is_connected = True
            primitive.result = "Evt2"  # connected
        self.provider_queue.put(primitive)
        self._ready.set()

    def _shutdown_socket(self) -> None:
        """Close the socket, also one that was never connected."""
        if self.socket is None:
            return
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self.socket.close()


class Program(AE):
    """This program as others see it, with connections of our own."""

    def _create_socket(
        self,
        assoc: Association,
        address: AddressInformation,
        tls_args: tuple[ssl.SSLContext, str] | None,
    ) -> Wire:
        made = Wire(assoc, address=address)
        made.tls_args = tls_args
        assoc.dul.to_provider_queue = ToWire(assoc.dul)
        return made


def ended(dul: DULServiceProvider) -> bool:
    """Tell whether a connection sends nothing any more."""
    return dul._kill_thread or not dul.is_alive() or dul.peek_next_pdu() is not None  # noqa: SLF001 - not told elsewhere


def unanswered(association: Association) -> bool:
    """Tell whether an association was ended by us, since its request got no answer in time."""
    return association._sent_abort  # noqa: SLF001 - not told elsewhere


def received(dimse: DIMSEServiceProvider) -> int:
    """Return the bytes of a message that has come in part, 0 where none is on its way."""
    path = _rest(dimse)
    return path.stat().st_size if path is not None and path.exists() else 0


def forget_rest(dimse: DIMSEServiceProvider) -> None:
    """Remove what came of a message that never came whole."""
    path, message = _rest(dimse), dimse.message
    if path is None or message is None:
        return
    if message._data_set_file is not None:  # noqa: SLF001 - not told elsewhere
        message._data_set_file.close()  # noqa: SLF001 - as above
    path.unlink(missing_ok=True)


def _rest(dimse: DIMSEServiceProvider) -> Path | None:
    path = None if dimse.message is None else dimse.message._data_set_path  # noqa: SLF001 - not told elsewhere
    return path if isinstance(path, Path) else None


def hold(association: Association) -> bool:
    """Pause the library's own loop of an association, so that answers are ours alone.

    False where the association ended meanwhile: then the library itself would wait for ever.
    """
    association._reactor_checkpoint.clear()  # noqa: SLF001 - the only way to pause it
    while association.is_alive() and not association._is_paused:  # noqa: SLF001 - as above
        time.sleep(0.0002)
    return association.is_alive() and not ended(association.dul)


def release(association: Association) -> None:
    """End an association that is held as the standard asks, or at once where it is gone."""
    if association.is_established and not ended(association.dul):
        association.release()
    drop(association)


def drop(association: Association) -> None:
    """End an association at once, whatever is under way."""
    wrapped = association.dul.socket
    if wrapped is not None and wrapped.socket is not None:
        wrapped._shutdown_socket()  # noqa: SLF001 - close() waits for the other side
    association._kill = True  # noqa: SLF001 - kill() waits for the other side
    association._reactor_checkpoint.set()  # noqa: SLF001 - lets the loop see that
    association.is_established = False
    association.dul.kill_dul()
    for thread in (association.dul, association):
        if thread.is_alive():
            thread.join(ENDING)
    association.dimse.msg_queue.put((None, None))  # whoever still waits for an answer gets none
