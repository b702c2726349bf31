"""C-ECHO, and why a node cannot be reached, in sentences."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.peers import Orthanc, Server, free_port, make_orthanc, running
from xray_studio.core.pacs.errors import PeerError
from xray_studio.core.pacs.node import Node
from xray_studio.network.echo import echo


def node_at(port: int, **values: object) -> Node:
    usual = {"name": "archive", "host": "127.0.0.1", "port": port, "called_ae_title": "ARCHIVE"}
    return Node(**usual | values)  # type: ignore[arg-type]


def test_orthanc_and_storescp_answer(orthanc: Orthanc, storescp: Server) -> None:
    assert 0.0 < echo(orthanc.node()) < 5.0
    assert 0.0 < echo(node_at(storescp.port)) < 5.0


def test_nobody_listens() -> None:
    port = free_port()
    with pytest.raises(PeerError, match=f"Nothing listens at 127.0.0.1:{port}; start archive"):
        echo(node_at(port))


def test_a_host_that_nobody_knows() -> None:
    with pytest.raises(PeerError, match=r"The network knows no no\.such"):
        echo(node_at(104, host="no.such.host.invalid"))


def test_a_port_of_something_else(orthanc: Orthanc) -> None:
    with pytest.raises(PeerError, match="whether a DICOM service listens there"):
        echo(node_at(orthanc.web_port, connect_timeout=2.0))


def test_an_archive_that_wants_another_title() -> None:
    from pynetdicom import AE
    from pynetdicom.sop_class import Verification

    peer = AE("RIGHT")
    peer.require_called_aet = True
    peer.require_calling_aet = ["KNOWN"]
    peer.add_supported_context(Verification)
    server = peer.start_server(("127.0.0.1", 0), block=False)
    try:
        port = server.socket.getsockname()[1]
        known = node_at(port, called_ae_title="RIGHT", calling_ae_title="KNOWN")
        assert echo(known) > 0.0
        with pytest.raises(PeerError, match="archive is not called ARCHIVE; correct its AE title"):
            echo(node_at(port, calling_ae_title="KNOWN"))
        with pytest.raises(PeerError, match="does not know this program as XRAYSTUDIO; have that"):
            echo(node_at(port, called_ae_title="RIGHT"))
    finally:
        server.shutdown()


def test_an_archive_that_hangs(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(make_orthanc(tmp_path_factory.mktemp("hanging"), plugins=False)) as server:
        server.freeze()
        with pytest.raises(PeerError, match="orthanc takes the connection and says nothing"):
            echo(server.node(connect_timeout=0.5))
        server.thaw()


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of something that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_something_that_says_nothing(silent: int) -> None:
    with pytest.raises(PeerError, match=r"takes the connection and says nothing for 0\.5 s; see"):
        echo(node_at(silent, connect_timeout=0.5))


@pytest.mark.parametrize("last", [b"", b"SSH-2.0-door\r\n"])
def test_something_that_ends_connections(last: bytes) -> None:
    def close_one(server: socket.socket) -> None:
        taken, _ = server.accept()
        taken.sendall(last)
        taken.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=close_one, args=(server,))
        thread.start()
        with pytest.raises(PeerError, match="takes the connection and ends it; check port and TLS"):
            echo(node_at(server.getsockname()[1], connect_timeout=5.0))
        thread.join()


def test_an_archive_that_hangs_later() -> None:
    from pynetdicom import AE, evt
    from pynetdicom.sop_class import Verification

    woken = threading.Event()

    def hang(_: evt.Event) -> int:
        woken.wait(10.0)
        return 0

    peer = AE("SLOW")
    peer.add_supported_context(Verification)
    server = peer.start_server(("127.0.0.1", 0), False, evt_handlers=[(evt.EVT_C_ECHO, hang)])
    try:
        with pytest.raises(PeerError, match=r"archive gives no answer within 0\.3 s; try again"):
            echo(node_at(server.socket.getsockname()[1], answer_timeout=0.3))
    finally:
        woken.set()
        server.shutdown()


def test_who_asks_is_told_with_a_password() -> None:
    from pynetdicom import AE, evt
    from pynetdicom.sop_class import Verification

    def check(event: evt.Event) -> tuple[bool, None]:
        told = event.user_id_type, event.primary_field, event.secondary_field
        return told == (2, b"doe", b"open sesame"), None

    peer = AE("CAREFUL")
    peer.add_supported_context(Verification)
    handlers = [(evt.EVT_USER_ID, check)]
    server = peer.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
    try:
        node = node_at(server.socket.getsockname()[1], user="doe")
        assert echo(node, "open sesame") > 0.0
        with pytest.raises(PeerError, match="check user and password") as caught:
            echo(node, "guessed")
        assert "guessed" not in str(caught.value)
    finally:
        server.shutdown()
