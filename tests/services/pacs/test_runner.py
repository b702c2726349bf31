"""Sending through the queue: everything arrives once, and what does not is told why."""

from __future__ import annotations

import socket
import threading
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.certificates import lock, make_certificates
from tests.peers import Orthanc, Server, free_port, make_orthanc, make_storescp, running
from tests.sent_objects import CT, several, write
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Cancelled, Progress, run
from xray_studio.core.pacs.backoff import Rules
from xray_studio.core.pacs.entry import Entry, State, begun
from xray_studio.core.pacs.errors import PeerError
from xray_studio.core.pacs.node import Kind, Node, Tls
from xray_studio.network.echo import echo
from xray_studio.services.pacs.lanes import Underway
from xray_studio.services.pacs.nodes import forget_node, keep_node
from xray_studio.services.pacs.runner import Patience, run_queue
from xray_studio.services.pacs.sending import enqueue, outgoing_in, send
from xray_studio.services.pacs.shown import retry, shown
from xray_studio.services.pacs.store import Queue

FAST = Rules(attempts=3, first=0.05, longest=0.2, settle=0.1, doubts=2)


def scp(server: Server, **values: Any) -> Node:
    usual = {"name": "scp", "host": "127.0.0.1", "port": server.port, "called_ae_title": "SCP"}
    return Node(**usual | values)


def entries() -> list[Entry]:
    with Queue() as base:
        return base.all()


def sent_to(node: str, folder: Path, seconds: float = 5.0) -> list[Entry]:
    run(enqueue([str(folder)], node))
    run(run_queue(Patience(seconds), FAST))
    return entries()


@pytest.mark.parametrize("way", ["dimse", "web"])
def test_every_object_arrives_once(orthanc: Orthanc, tmp_path: Path, way: str) -> None:
    keep_node(orthanc.node() if way == "dimse" else orthanc.web_node())
    objects = several(tmp_path / "files", 40)
    (tmp_path / "files" / "notes.txt").write_text("no object")
    told: list[Progress] = []
    name = "orthanc" if way == "dimse" else "web"
    sent = run(send([str(tmp_path / "files")], name), told.append)
    assert (sent.arrived, sent.waiting, sent.given_up) == (40, (), ())
    assert [path.endswith("notes.txt") for path, _ in sent.left_out] == [True]
    counts = orthanc.times_stored()
    assert {counts[one.sop_instance_uid] for one in objects} == {1}
    assert any(one.total == 40 for one in told)
    again = run(send([str(tmp_path / "files")], name))
    assert (again.arrived, len(again.known)) == (40, 40)
    counts = orthanc.times_stored()
    assert {counts[one.sop_instance_uid] for one in objects} == {1}


def test_objects_in_a_zip_archive_are_sent(orthanc: Orthanc, tmp_path: Path) -> None:
    objects = several(tmp_path / "files", 3)
    with zipfile.ZipFile(tmp_path / "study.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for one in objects:
            packed.write(one.path, Path(one.path).name)
    keep_node(orthanc.node())
    assert run(send([str(tmp_path / "study.zip")], "orthanc")).arrived == 3
    assert {one.sop_instance_uid for one in objects} <= set(orthanc.stored())


def test_bytes_are_told_while_they_go_out(orthanc: Orthanc, tmp_path: Path) -> None:
    objects = several(tmp_path, 5)
    keep_node(orthanc.node())
    told: list[Progress] = []
    run(send([str(tmp_path)], "orthanc"), told.append)
    most = max(one.partial.bytes for one in told if isinstance(one.partial, Underway))
    assert most == sum(one.size - one.offset for one in objects)


def test_objects_of_a_folder_are_taken_once_each(tmp_path: Path) -> None:
    one = write(tmp_path)
    (tmp_path / "copy.dcm").write_bytes(Path(one.path).read_bytes())
    found = run(outgoing_in([str(tmp_path)]))
    assert len(found.objects) == 1
    with pytest.raises(UsageError, match="There is nothing to send; none: there is no such file"):
        run(outgoing_in([str(tmp_path / "none")]))


def test_what_a_node_does_not_take_is_given_up_with_the_reason(
    orthanc: Orthanc, tmp_path: Path
) -> None:
    keep_node(orthanc.node())
    good, odd = write(tmp_path), write(tmp_path, "1.2.840.10008.1.2.4.110")
    by_uid = {one.object.sop_instance_uid: one for one in sent_to("orthanc", tmp_path)}
    assert by_uid[good.sop_instance_uid].state is State.SENT
    refused = by_uid[odd.sop_instance_uid]
    assert (refused.state, refused.unsure) == (State.GIVEN_UP, False)
    assert "does not take CT Image Storage as JPEG XL Lossless" in refused.reason


def test_a_node_that_is_not_there_is_given_up_after_some_attempts(tmp_path: Path) -> None:
    keep_node(Node("gone", host="127.0.0.1", port=free_port(), called_ae_title="A"))
    several(tmp_path, 3)
    found = sent_to("gone", tmp_path)
    assert {one.state for one in found} == {State.GIVEN_UP}
    assert all("Nothing listens at" in one.reason for one in found)
    assert all(one.reason.endswith("(3 attempts)") for one in found)
    assert not any(one.unsure for one in found)


def test_patience_ends_before_a_late_attempt(tmp_path: Path) -> None:
    keep_node(Node("gone", host="127.0.0.1", port=free_port(), called_ae_title="A"))
    several(tmp_path, 1)
    started = time.monotonic()
    run(enqueue([str(tmp_path)], "gone"))
    run(run_queue(Patience(0.5), Rules(first=60.0)))
    assert time.monotonic() - started < 20.0
    (row,) = shown().rows
    assert row.state is State.FAILED
    assert row.words.startswith("Nothing listens at")
    assert row.seconds is not None
    assert row.seconds > 20.0


def test_a_backup_takes_what_the_main_node_cannot(orthanc: Orthanc, tmp_path: Path) -> None:
    main = Node("main", host="127.0.0.1", port=free_port(), called_ae_title="A", backup="orthanc")
    keep_node(orthanc.node())
    keep_node(main)
    objects = several(tmp_path, 5)
    found = sent_to("main", tmp_path)
    assert {(one.state, one.at) for one in found} == {(State.SENT, "orthanc")}
    assert {one.reason for one in found} == {"orthanc took it instead of main"}
    counts = orthanc.times_stored()
    assert {counts[one.sop_instance_uid] for one in objects} == {1}


def test_what_the_main_node_may_have_never_goes_to_the_backup(
    orthanc: Orthanc, tmp_path: Path
) -> None:
    main = Node("main", host="127.0.0.1", port=free_port(), called_ae_title="A", backup="orthanc")
    keep_node(orthanc.node())
    keep_node(main)
    (one,) = several(tmp_path, 1)
    run(enqueue([str(tmp_path)], "main"))
    with Queue() as base:
        (entry,) = base.all()
        base.save([begun(entry, "main", time.time())])  # as a program leaves it that is killed
    run(run_queue(Patience(3.0), FAST))
    (entry,) = entries()
    assert (entry.state, entry.unsure, entry.at) == (State.GIVEN_UP, True, "main")
    assert one.sop_instance_uid not in orthanc.stored()


def test_what_arrived_before_the_program_ended_is_not_sent_again(
    orthanc: Orthanc, tmp_path: Path
) -> None:
    keep_node(orthanc.node())
    first, second = several(tmp_path, 2)
    run(enqueue([first.path, second.path], "orthanc"))
    run(run_queue(Patience(5.0, frozenset([1])), FAST))
    before = orthanc.times_stored()
    with Queue() as base:
        base.save([begun(one, "orthanc", time.time()) for one in base.all()])
        missing = second.sop_instance_uid not in before
    run(run_queue(Patience(5.0), FAST))
    assert {one.state for one in entries()} == {State.SENT}
    counts = orthanc.times_stored()
    assert (counts[first.sop_instance_uid], counts[second.sop_instance_uid]) == (1, 1)
    assert missing or before[second.sop_instance_uid] == 1


def test_one_that_cannot_be_asked_waits_for_a_person(storescp: Server, tmp_path: Path) -> None:
    keep_node(scp(storescp))
    write(tmp_path)
    run(enqueue([str(tmp_path)], "scp"))
    with Queue() as base:
        base.save([begun(one, "scp", time.time()) for one in base.all()])
    run(run_queue(Patience(3.0), FAST))
    (row,) = shown().rows
    assert row.state is State.GIVEN_UP
    assert "scp cannot be asked; look there" in row.words
    retry([row.number])
    run(run_queue(Patience(3.0), FAST))
    assert shown().rows[0].state is State.GIVEN_UP
    retry([row.number], unasked=True)
    run(run_queue(Patience(3.0), FAST))
    assert shown().counts[State.SENT] == 1


def test_one_that_may_get_it_twice_is_sent_unasked(storescp: Server, tmp_path: Path) -> None:
    keep_node(scp(storescp, send_unasked=True))
    write(tmp_path)
    run(enqueue([str(tmp_path)], "scp"))
    with Queue() as base:
        base.save([begun(one, "scp", time.time()) for one in base.all()])
    run(run_queue(Patience(3.0), FAST))
    assert shown().counts[State.SENT] == 1


def test_an_object_on_which_the_node_breaks_stops_no_other(tmp_path: Path) -> None:
    with running(make_orthanc(tmp_path / "orthanc")) as server:
        keep_node(server.node())
        bad = write(tmp_path / "files", "1.2.840.10008.1.2.4.94")
        good = several(tmp_path / "files", 12)
        found = {one.object.sop_instance_uid: one for one in sent_to("orthanc", tmp_path / "files")}
        assert all(found[one.sop_instance_uid].state is State.SENT for one in good)
        assert found[bad.sop_instance_uid].state is State.GIVEN_UP
        assert set(server.times_stored().values()) == {1}


def test_a_node_that_comes_back_gets_everything(tmp_path: Path) -> None:
    server = make_orthanc(tmp_path / "orthanc")
    keep_node(server.node())
    objects = several(tmp_path / "files", 5)
    run(enqueue([str(tmp_path / "files")], "orthanc"))
    run(run_queue(Patience(0.0), Rules(first=0.1, longest=0.5)))
    assert {row.state for row in shown().rows} == {State.FAILED}
    with running(server):
        run(run_queue(Patience(5.0), Rules(first=0.1, longest=0.5)))
        assert shown().counts[State.SENT] == 5
        assert server.times_stored() == {one.sop_instance_uid: 1 for one in objects}


def test_stopping_leaves_everything_in_the_queue(storescp: Server, tmp_path: Path) -> None:
    keep_node(scp(storescp))
    several(tmp_path, 200)
    run(enqueue([str(tmp_path)], "scp"))
    stop = threading.Event()

    def on_progress(progress: Progress) -> None:
        if progress.message == "Sending" and progress.done:
            stop.set()

    with pytest.raises(Cancelled):
        run(run_queue(Patience(5.0), FAST), on_progress, stop)
    states = {one.state for one in entries()}
    assert State.SENDING not in states
    assert State.WAITING in states
    assert not any(one.unsure for one in entries() if one.state is State.WAITING)


def test_stopping_waits_for_no_node_that_hangs(tmp_path: Path) -> None:
    with running(make_storescp(tmp_path / "scp")) as server:
        keep_node(scp(server))
        several(tmp_path / "files", 200)
        run(enqueue([str(tmp_path / "files")], "scp"))
        job = run_queue(Patience(5.0), FAST)
        while not next(job).done:
            pass
        server.freeze()
        for _ in range(3):
            next(job)
        started = time.monotonic()
        job.close()
        server.thaw()
    assert time.monotonic() - started < 15.0
    counts = shown().counts
    assert counts[State.SENDING] == 0
    assert 0 < counts[State.UNKNOWN] <= 12
    assert counts[State.SENT] + counts[State.UNKNOWN] + counts[State.WAITING] == 200


def test_stopping_waits_for_no_service_that_hangs(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/dicom-web"
        keep_node(Node("web", kind=Kind.DICOMWEB, url=url, associations=1))
        several(tmp_path, 3)
        run(enqueue([str(tmp_path)], "web"))
        job = run_queue(Patience(5.0), FAST)
        next(job)
        taken, _ = server.accept()
        with taken:
            come = b""
            while not come.endswith(b"--\r\n"):  # all of the object, and no answer
                come += taken.recv(1 << 16)
            started = time.monotonic()
            job.close()
            assert time.monotonic() - started < 15.0
        for thread in threading.enumerate():
            if thread.name == "pacs web":
                thread.join(10.0)
    assert [one.state for one in entries()].count(State.UNKNOWN) == 3


def test_one_program_sends_at_a_time(orthanc: Orthanc, tmp_path: Path) -> None:
    keep_node(orthanc.node())
    objects = several(tmp_path, 60)
    run(enqueue([str(tmp_path)], "orthanc"))
    first, second = run_queue(Patience(5.0), FAST), run_queue(Patience(5.0), FAST)
    next(first)
    assert next(second).message == "Another program sends"
    run(first)
    run(second)
    assert shown().counts[State.SENT] == 60
    counts = orthanc.times_stored()
    assert {counts[one.sop_instance_uid] for one in objects} == {1}


def test_several_nodes_at_once(orthanc: Orthanc, storescp: Server, tmp_path: Path) -> None:
    keep_node(orthanc.node())
    keep_node(scp(storescp))
    several(tmp_path, 10)
    for node in ("orthanc", "scp"):
        run(enqueue([str(tmp_path)], node))
    run(run_queue(Patience(5.0), FAST))
    assert shown().counts[State.SENT] == 20


def test_a_node_that_was_forgotten_is_told(orthanc: Orthanc, tmp_path: Path) -> None:

    keep_node(orthanc.node())
    write(tmp_path, kind=CT)
    run(enqueue([str(tmp_path)], "orthanc"))
    forget_node("orthanc")
    run(run_queue(Patience(2.0), FAST))
    (row,) = shown().rows
    assert (row.state, row.words[:25]) == (State.GIVEN_UP, "There is no node orthanc;")


@pytest.mark.usefixtures("own_keyring")
@pytest.mark.parametrize("passphrase", ["", "open up"])
def test_tls_with_certificates_on_both_sides(tmp_path: Path, passphrase: str) -> None:
    own = make_certificates(tmp_path / "certificates")
    if passphrase:
        lock(own.client_key, passphrase)
    options = ("+tls", str(own.server_key), str(own.server), "+cf", str(own.authority))
    with running(make_storescp(tmp_path / "scp", *options)) as server:
        secure = Tls(True, str(own.authority), str(own.client), str(own.client_key), passphrase)
        node = scp(server, host="localhost", tls=secure)
        keep_node(node)
        write(tmp_path / "files")
        (one,) = sent_to("scp", tmp_path / "files")
        assert one.state is State.SENT
        with pytest.raises(PeerError, match="scp is not trusted over TLS"):
            echo(replace(node, tls=Tls(on=True)))
        with pytest.raises(PeerError, match="check port and TLS"):
            echo(replace(node, tls=Tls(), connect_timeout=2.0))
