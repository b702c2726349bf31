"""DICOMweb with Orthanc: files go out and come back byte for byte, and are found."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.certificates import Certificates, lock, make_certificates
from tests.network.test_store import COMPRESSED, VIDEO
from tests.peers import Orthanc, free_port, make_orthanc, running
from tests.sent_objects import VIDEO_PHOTOGRAPHIC, several, write
from xray_studio.core.errors import StudioError
from xray_studio.core.pacs.errors import PeerError
from xray_studio.core.pacs.node import Kind, Node, Tls
from xray_studio.core.pacs.outgoing import Outcome, Outgoing, Result
from xray_studio.core.pacs.query import Level, Query
from xray_studio.network.association import tls_context
from xray_studio.network.qido import web_asker, web_echo, web_find
from xray_studio.network.store import CHANGED
from xray_studio.network.stow import web_sender


def sent(node: Node, objects: list[Outgoing]) -> list[Outcome]:
    with web_sender(node) as sender:
        return [sender.send(one, lambda _: True) for one in objects]


def test_files_go_out_and_come_back_byte_for_byte(orthanc: Orthanc, tmp_path: Path) -> None:
    objects = [
        write(tmp_path),
        write(tmp_path, COMPRESSED[0]),
        write(tmp_path, VIDEO[2], VIDEO_PHOTOGRAPHIC),
    ]
    outcomes = sent(orthanc.web_node(), objects)
    assert {one.result for one in outcomes} == {Result.STORED}, outcomes
    stored = orthanc.stored()
    for one in objects:
        found = orthanc.get(f"/instances/{stored[one.sop_instance_uid]}/file")
        assert found == Path(one.path).read_bytes()


def test_what_is_there_is_told_from_what_is_not(orthanc: Orthanc, tmp_path: Path) -> None:
    first, second = several(tmp_path, 2)
    sent(orthanc.web_node(), [first])
    with web_asker(orthanc.web_node()) as asker:
        assert asker.has(first)
        assert not asker.has(second)
    (study,) = web_find(orthanc.web_node(), Query(study_instance_uid=first.study_instance_uid))
    assert study.instances == 1
    query = Query(Level.IMAGE, study_instance_uid=first.study_instance_uid,
                  series_instance_uid=first.series_instance_uid)  # fmt: skip
    (found,) = web_find(orthanc.web_node(), query)
    assert found.sop_instance_uid == first.sop_instance_uid


def test_a_service_that_is_not_there(tmp_path: Path) -> None:
    node = Node("web", kind=Kind.DICOMWEB, url=f"http://127.0.0.1:{free_port()}/dicom-web")
    with pytest.raises(PeerError, match="web cannot be reached at http"):
        web_echo(node)
    (outcome,) = sent(node, [write(tmp_path)])
    assert outcome.result is Result.BUSY


def test_a_url_of_something_else(orthanc: Orthanc, tmp_path: Path) -> None:
    node = Node("web", kind=Kind.DICOMWEB, url=f"http://127.0.0.1:{orthanc.web_port}/nothing")
    with pytest.raises(PeerError, match="check the URL of the node"):
        web_echo(node)
    (outcome,) = sent(node, [write(tmp_path)])
    assert outcome.result is Result.BUSY
    assert "HTTP 404" in outcome.words


def test_a_file_that_went_or_is_stopped(orthanc: Orthanc, tmp_path: Path) -> None:
    (one,) = several(tmp_path, 1)
    with web_sender(orthanc.web_node()) as sender:
        assert sender.send(one, lambda _: False).result is Result.BUSY
    Path(one.path).unlink()
    (outcome,) = sent(orthanc.web_node(), [one])
    assert (outcome.result, outcome.words) == (Result.REFUSED, CHANGED)


def test_a_service_that_wants_a_password(tmp_path: Path) -> None:
    users = {"doe": "open sesame"}
    server = make_orthanc(tmp_path / "orthanc", AuthenticationEnabled=True, RegisteredUsers=users)
    server.password = ("doe", "open sesame")
    with running(server):
        node = server.web_node(user="doe")
        assert web_echo(node, "open sesame") > 0.0
        with pytest.raises(PeerError, match="wants a user and a password") as caught:
            web_echo(node, "guessed")
        assert "guessed" not in str(caught.value)
        one = write(tmp_path)
        with web_sender(node, "open sesame") as sender:
            assert sender.send(one, lambda _: True).result is Result.STORED
        with web_sender(node, "guessed") as sender:
            assert sender.send(one, lambda _: True).result is Result.BUSY


@contextmanager
def answering(status: int, body: object, own: Certificates | None = None) -> Iterator[Node]:
    """A service that gives one answer to everything, with certificates by TLS."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/dicom+json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        if own is not None:
            secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=own.authority)
            secure.verify_mode = ssl.CERT_REQUIRED
            secure.load_cert_chain(own.server, own.server_key)
            server.socket = secure.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            port = server.server_address[1]
            scheme, host = ("http", "127.0.0.1") if own is None else ("https", "localhost")
            yield Node("web", kind=Kind.DICOMWEB, url=f"{scheme}://{host}:{port}/web")
        finally:
            server.shutdown()
            thread.join()


def failed(reason: int) -> dict[str, object]:
    return {"00081198": {"vr": "SQ", "Value": [{"00081197": {"vr": "US", "Value": [reason]}}]}}


@pytest.mark.parametrize(
    ("status", "body", "result", "words"),
    [
        (409, failed(0xA700), Result.BUSY, "out of resources"),
        (202, failed(0x0122), Result.REFUSED, "does not take this SOP class"),
        (415, {}, Result.REFUSED, "it was sent as Explicit VR Little Endian"),
        (401, {}, Result.BUSY, "wants a user and a password"),
        (503, {}, Result.BUSY, "has no time now"),
        (500, {}, Result.UNKNOWN, "HTTP 500"),
        (200, {}, Result.UNKNOWN, "does not say what became of it"),
        (200, ["odd"], Result.UNKNOWN, "does not say what became of it"),
    ],
)
def test_answers_are_told_in_words(
    tmp_path: Path, status: int, body: object, result: Result, words: str
) -> None:
    with answering(status, body) as node:
        (outcome,) = sent(node, [write(tmp_path)])
    assert outcome.result is result
    assert words in outcome.words


def test_tls_with_certificates_on_both_sides(tmp_path: Path) -> None:
    own = make_certificates(tmp_path / "certificates")
    one = write(tmp_path)
    body = {"00081199": {"Value": [{"00081155": {"Value": [one.sop_instance_uid]}}]}}
    with answering(200, body, own) as node:
        secure = Tls(True, str(own.authority), str(own.client), str(own.client_key))
        (outcome,) = sent(replace(node, tls=secure), [one])
        assert outcome.result is Result.STORED
        (outcome,) = sent(replace(node, tls=Tls(on=True)), [one])
        assert (outcome.result, "not trusted over TLS" in outcome.words) == (Result.BUSY, True)


def test_a_key_that_is_locked(tmp_path: Path) -> None:
    own = make_certificates(tmp_path / "certificates")
    lock(own.client_key, "open up")
    one = write(tmp_path)
    body = {"00081199": {"Value": [{"00081155": {"Value": [one.sop_instance_uid]}}]}}
    with answering(200, body, own) as node:
        secure = Tls(True, str(own.authority), str(own.client), str(own.client_key), "open up")
        (outcome,) = sent(replace(node, tls=secure), [one])
        assert outcome.result is Result.STORED
        with pytest.raises(
            StudioError, match="The passphrase does not open the key of web"
        ) as told:
            sent(replace(node, tls=replace(secure, passphrase="guessed")), [one])
        assert "guessed" not in str(told.value)
        with pytest.raises(StudioError, match="A certificate or key of web cannot be used"):
            sent(replace(node, tls=replace(secure, passphrase="")), [one])
    dimse = Node("scp", host="localhost", called_ae_title="SCP", tls=secure)
    assert tls_context(dimse).verify_mode is ssl.CERT_REQUIRED


def test_a_service_that_wants_a_token() -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fits = self.headers["Authorization"] == "Bearer t0ken"
            self.send_response(200 if fits else 401)
            self.send_header("Content-Type", "application/dicom+json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_address[1]}/web"
            node = Node("web", kind=Kind.DICOMWEB, url=url, bearer=True)
            assert web_find(node, Query(), "t0ken") == []
            with pytest.raises(PeerError, match="web does not take this token") as caught:
                web_find(node, Query(), "guessed")
            assert "guessed" not in str(caught.value)
        finally:
            server.shutdown()
            thread.join()
