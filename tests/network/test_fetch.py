"""Objects come back as they were sent: C-GET, WADO-RS, C-MOVE to a listener of ours."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.certificates import make_certificates
from tests.network.test_store import COMPRESSED, VIDEO, data_set
from tests.peers import Orthanc, free_port
from tests.sent_objects import VIDEO_PHOTOGRAPHIC, several, write
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Cancelled, Progress, run
from xray_studio.core.pacs.errors import PeerError
from xray_studio.core.pacs.fetched import Listening
from xray_studio.core.pacs.node import Node, Tls
from xray_studio.core.pacs.outgoing import Outgoing, Result
from xray_studio.core.pacs.query import Query
from xray_studio.network.listening import listening
from xray_studio.network.receiving import place_of
from xray_studio.network.store import dimse_sender
from xray_studio.network.wado import first_part
from xray_studio.services.pacs.fetching import fetch, listen, move


@pytest.fixture
def study(orthanc: Orthanc, tmp_path: Path) -> list[Outgoing]:
    """Objects of one study in an archive: plain, compressed and a video."""
    plain = several(tmp_path / "sent", 2)
    shared = {"StudyInstanceUID": plain[0].study_instance_uid}
    objects = [
        *plain,
        write(tmp_path / "sent", COMPRESSED[3], **shared),
        write(tmp_path / "sent", VIDEO[2], VIDEO_PHOTOGRAPHIC, **shared),
    ]
    with dimse_sender(orthanc.node(), [one.pair for one in objects]) as sender:
        for one in objects:
            assert sender.send(one, lambda _: True).result is Result.STORED
    (tmp_path / "out").mkdir()
    return objects


def wanted(study: list[Outgoing]) -> Query:
    return Query(study_instance_uid=study[0].study_instance_uid)


def same(study: list[Outgoing], folder: Path) -> None:
    """Check that a folder holds the objects, each in its own syntax, byte for byte."""
    assert {path.stem for path in folder.iterdir()} == {one.sop_instance_uid for one in study}
    for one in study:
        found = folder / f"{one.sop_instance_uid}.dcm"
        assert data_set(found) == data_set(Path(one.path))


@pytest.mark.parametrize("way", ["dimse", "web"])
def test_a_study_comes_back_as_it_was(
    orthanc: Orthanc, study: list[Outgoing], tmp_path: Path, way: str
) -> None:
    node = orthanc.node() if way == "dimse" else orthanc.web_node()
    got = run(fetch(node, wanted(study), tmp_path / "out"))
    assert (len(got.files), got.missing) == (4, ())
    same(study, tmp_path / "out")


def test_over_dicomweb_the_files_are_those_that_were_sent(
    orthanc: Orthanc, study: list[Outgoing], tmp_path: Path
) -> None:
    last = study[-1]
    query = Query(
        study_instance_uid=last.study_instance_uid,
        series_instance_uid=last.series_instance_uid,
        sop_instance_uid=last.sop_instance_uid,
    )
    (one,) = run(fetch(orthanc.web_node(), query, tmp_path / "out")).files
    assert one.path is not None
    stored = orthanc.get(f"/instances/{orthanc.stored()[last.sop_instance_uid]}/file")
    assert one.path.read_bytes() == stored


def test_what_is_not_there(orthanc: Orthanc, study: list[Outgoing], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="orthanc has no such study"):
        run(fetch(orthanc.node(), Query(study_instance_uid="1.2.3"), tmp_path / "out"))
    with pytest.raises(UsageError, match="Name a study with --study"):
        run(fetch(orthanc.node(), Query(), tmp_path / "out"))


@pytest.fixture
def listener(orthanc: Orthanc, tmp_path: Path) -> Iterator[Node]:
    """A listener of ours that Orthanc knows as STUDIO; it ends with the test."""
    (tmp_path / "in").mkdir()
    port, stop, ready = free_port(), threading.Event(), threading.Event()
    body = json.dumps({"AET": "STUDIO", "Host": "127.0.0.1", "Port": port}).encode()
    url = f"http://127.0.0.1:{orthanc.web_port}/modalities/studio"
    with urllib.request.urlopen(urllib.request.Request(url, body, method="PUT")):
        pass

    def work() -> None:
        with pytest.raises(Cancelled):
            run(listen(Listening(tmp_path / "in", port, "STUDIO", "127.0.0.1")), tell, stop)

    def tell(_: Progress) -> None:
        ready.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert ready.wait(10.0)
    yield Node("studio", host="127.0.0.1", port=port, called_ae_title="STUDIO")
    stop.set()
    thread.join()


def test_a_study_is_moved_to_our_listener(
    orthanc: Orthanc, study: list[Outgoing], listener: Node, tmp_path: Path
) -> None:
    moved = run(move(orthanc.node(), wanted(study), "STUDIO"))
    assert (moved.done, moved.failed) == (4, 0)
    same(study, tmp_path / "in")
    with pytest.raises(PeerError, match="STRANGER"):
        run(move(orthanc.node(), wanted(study), "STRANGER"))


def test_our_listener_takes_every_syntax(listener: Node, tmp_path: Path) -> None:
    kinds = [*COMPRESSED, *VIDEO, "1.2.840.10008.1.2.4.102.1", "1.2.840.10008.1.2.4.110"]
    objects = [write(tmp_path / "sent", syntax) for syntax in kinds]
    with dimse_sender(listener, [one.pair for one in objects]) as sender:
        assert {sender.send(one, lambda _: True).result for one in objects} == {Result.STORED}
    same(objects, tmp_path / "in")


def test_listening_by_tls(tmp_path: Path) -> None:
    own = make_certificates(tmp_path / "certificates")
    (tmp_path / "in").mkdir()
    port = free_port()
    wanted = Listening(
        tmp_path / "in", port, "STUDIO", "127.0.0.1", str(own.server), str(own.server_key)
    )
    one = write(tmp_path / "sent")
    with listening(wanted) as told:
        node = Node("studio", host="localhost", port=port, called_ae_title="STUDIO",
                    tls=Tls(True, str(own.authority)))  # fmt: skip
        with dimse_sender(node, [one.pair]) as sender:
            assert sender.send(one, lambda _: True).result is Result.STORED
        assert told.get(timeout=5.0).sop_instance_uid == one.sop_instance_uid
    same([one], tmp_path / "in")


def test_a_port_that_is_taken(orthanc: Orthanc, tmp_path: Path) -> None:
    with pytest.raises(PeerError, match="Nobody can listen at port"):
        run(listen(Listening(tmp_path, orthanc.port, "STUDIO", "127.0.0.1")))


@pytest.mark.parametrize("uid", ["", "..", "../x", "1.2/3", "a" * 10, "1" * 65])
def test_no_uid_leads_elsewhere(tmp_path: Path, uid: str) -> None:
    assert place_of(tmp_path, uid) is None


@given(content=st.binary(max_size=300), size=st.integers(1, 40))
def test_parts_are_found_however_they_are_cut(content: bytes, size: int) -> None:
    if b"\r\n--mark" in content:
        return
    whole = b"--mark\r\nContent-Type: application/dicom\r\n\r\n" + content + b"\r\n--mark--\r\n"
    pieces = (whole[at : at + size] for at in range(0, len(whole), size))
    assert b"".join(first_part(pieces, b"--mark")) == content


@given(cut=st.integers(0, 80))
def test_parts_that_end_early_are_refused(cut: int) -> None:
    whole = b"--mark\r\nContent-Type: application/dicom\r\n\r\n" + b"x" * 40 + b"\r\n--mark--"
    if cut >= len(whole) - 2:
        return
    with pytest.raises(ValueError, match=r"no part|cut short"):
        list(first_part(iter([whole[:cut]]), b"--mark"))
