"""A storage service: takes what others send here, in every syntax, until it is closed."""

from __future__ import annotations

import queue
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pynetdicom import AllStoragePresentationContexts, evt
from pynetdicom.ae import ApplicationEntity

from xray_studio.core.errors import StudioError
from xray_studio.core.pacs.errors import PeerError
from xray_studio.core.pacs.fetched import Fetched, Listening
from xray_studio.network.contexts import EXPLICIT, IMPLICIT, VERIFICATION
from xray_studio.network.probe import SYNTAXES
from xray_studio.network.quiet import silence
from xray_studio.network.receiving import take
from xray_studio.network.wire import forget_rest

LAST: Final = 2.0  # seconds for the last answers

silence()


@contextmanager
def listening(wanted: Listening) -> Iterator[queue.SimpleQueue[Fetched]]:
    """Listen, and give a queue on which each object that comes is told.

    Raises PeerError where the port cannot be listened at.
    """
    told: queue.SimpleQueue[Fetched] = queue.SimpleQueue()
    program = ApplicationEntity(wanted.ae_title)
    for one in AllStoragePresentationContexts:
        program.add_supported_context(str(one.abstract_syntax), list(SYNTAXES))
    program.add_supported_context(VERIFICATION, [IMPLICIT, EXPLICIT])

    def on_store(event: evt.Event) -> int:
        answer, fetched = take(event.request, wanted.folder, wanted.wanted)
        told.put(fetched)
        return int(answer.Status or 0)

    def on_end(event: evt.Event) -> None:
        forget_rest(event.assoc.dimse)

    handlers: list[Any] = [(evt.EVT_C_STORE, on_store), (evt.EVT_CONN_CLOSE, on_end)]
    try:
        program.start_server(
            (wanted.host, wanted.port), block=False, evt_handlers=handlers,
            ssl_context=_tls(wanted),
        )  # fmt: skip
    except OSError as error:
        raise PeerError(
            f"Nobody can listen at port {wanted.port} ({(error.strerror or 'refused').lower()}); "
            "choose another one, above 1023."
        ) from error
    try:
        yield told
    finally:
        _let_end(program)
        program.shutdown()


def _let_end(program: ApplicationEntity) -> None:
    """Give associations a moment to get the answer to what they sent last."""
    end = time.monotonic() + LAST
    while program.active_associations and time.monotonic() < end:
        time.sleep(0.05)


def _tls(wanted: Listening) -> ssl.SSLContext | None:
    if not wanted.certificate:
        return None
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        made.load_cert_chain(wanted.certificate, wanted.key or None)
    except OSError as error:
        raise StudioError("The certificate or its key cannot be used; name other files.") from error
    return made
