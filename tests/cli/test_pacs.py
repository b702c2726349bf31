"""`pacs`: what archives are asked and sent, exit statuses, plain lines and one JSON object."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_contract import Captured, answer, facts
from tests.network.test_find import plan
from tests.peers import Orthanc, Server, free_port, orthanc, storescp
from tests.sent_objects import several, write
from tests.services.pacs.conftest import Remembering, own_keyring

__all__ = ["orthanc", "own_keyring", "storescp"]


def known(capsys: Captured, server: Orthanc) -> None:
    address = f"127.0.0.1:{server.port}/ORTHANC"
    status, out, _ = answer(capsys, "pacs", "nodes", "add", "archive", address)
    assert (status, out) == (
        0, f"archive is {address}; test it with pacs nodes test archive.\n",
    )  # fmt: skip


def test_a_session_with_an_archive(capsys: Captured, orthanc: Orthanc, tmp_path: Path) -> None:
    known(capsys, orthanc)
    assert facts(capsys, "pacs", "nodes")["nodes"][0]["called_ae_title"] == "ORTHANC"
    status, out, _ = answer(capsys, "pacs", "echo", "-q")
    assert status == 0
    assert out.startswith("archive answers in ")
    objects = several(tmp_path, 3, PatientID="CLI-1", PatientName="Doe^Jane")
    status, out, err = answer(capsys, "pacs", "send", tmp_path, "--node", "archive", "-q")
    assert (status, out, err) == (0, "3 of 3 objects in archive.\n", "")
    assert {one.sop_instance_uid for one in objects} <= set(orthanc.stored())
    status, out, _ = answer(capsys, "pacs", "send", tmp_path, "-q")
    assert "Sent or queued before: 3; --again sends them once more." in out
    (match,) = facts(capsys, "pacs", "find", "--patient-id", "CLI-1", "-q")["matches"]
    assert (match["patient_name"], match["instances"]) == ("Doe^Jane", 3)
    status, out, _ = answer(capsys, "pacs", "find", "--patient-id", "CLI-1", "-q")
    assert "3 objects" in out
    counts = facts(capsys, "pacs", "queue")["counts"]
    assert (counts["sent"], counts["failed"]) == (3, 0)
    assert answer(capsys, "pacs", "queue", "remove", "--sent")[1] == "Forgotten: 3 entries.\n"
    assert answer(capsys, "pacs", "queue")[1] == "The queue is empty.\n"
    assert answer(capsys, "pacs", "nodes", "remove", "archive")[1] == "archive is forgotten.\n"


def test_json_of_what_was_sent(capsys: Captured, orthanc: Orthanc, tmp_path: Path) -> None:
    several(tmp_path, 2)
    (tmp_path / "note.txt").write_text("no object")
    url = f"http://127.0.0.1:{orthanc.web_port}/dicom-web"
    status, out, _ = answer(capsys, "pacs", "send", tmp_path, "--node", url, "--json", "-q")
    told = json.loads(out)
    assert status == 3  # a file was left out
    assert (told["arrived"], told["waiting"], told["given_up"]) == (2, 0, 0)
    assert {one["state"] for one in told["objects"]} == {"sent"}
    assert told["left_out"][0]["path"].endswith("note.txt")


def test_what_does_not_arrive_waits_with_its_reason(capsys: Captured, tmp_path: Path) -> None:
    several(tmp_path, 2)
    node = f"127.0.0.1:{free_port()}/GONE"
    status, out, err = answer(
        capsys, "pacs", "send", tmp_path, "--node", node, "--wait", "0.2", "-q"
    )
    assert (status, out) == (1, f"0 of 2 objects in {node}.\n")
    assert "2 objects: Nothing listens at 127.0.0.1" in err
    assert "2 objects left in the queue; pacs queue run goes on." in err
    assert answer(capsys, "pacs", "queue", "retry", "--all")[1] == "To be tried again: 2 entries.\n"
    status, out, _ = answer(capsys, "pacs", "queue", "run", "--wait", "0", "-q")
    assert (status, "Arrived: 0 objects." in out) == (3, True)
    assert answer(capsys, "pacs", "queue", "pause", "--all")[1] == "Paused: 2 entries.\n"
    assert facts(capsys, "pacs", "queue")["counts"]["paused"] == 2
    assert answer(capsys, "pacs", "queue", "retry", "1")[1] == "To be tried again: 1 entry.\n"
    assert answer(capsys, "pacs", "queue", "remove", "1")[1] == "Forgotten: 1 entry.\n"
    status, _, err = answer(capsys, "pacs", "queue", "pause")
    assert (status, "--all" in err) == (2, True)


def test_a_run_counts_its_own_and_names_a_way_out(
    capsys: Captured, orthanc: Orthanc, tmp_path: Path
) -> None:
    known(capsys, orthanc)
    several(tmp_path / "before", 2)
    assert answer(capsys, "pacs", "send", tmp_path / "before", "--node", "archive", "-q")[0] == 0
    typed = f"127.0.0.1:{free_port()}/SLIP"
    several(tmp_path / "slip", 3)
    words = ("pacs", "send", tmp_path / "slip", "--node", typed, "-q", "--wait", "0")
    status, _, err = answer(capsys, *words)
    way_out = f"forget them with pacs queue remove --node {typed}"
    assert (status, way_out in err) == (1, True)
    assert answer(capsys, "pacs", "queue", "retry", "--all")[0] == 0
    status, out, err = answer(capsys, "pacs", "queue", "run", "--wait", "0", "-q")
    assert (status, out.splitlines()[-1]) == (3, "Arrived: 0 objects.")
    assert way_out in err
    several(tmp_path / "now", 1)
    assert answer(capsys, "pacs", "send", tmp_path / "now", "--node", "archive", "--later")[0] == 0
    status, out, err = answer(capsys, "pacs", "queue", "run", "--wait", "0", "-q")
    assert (status, out) == (0, "Arrived: 1 object.\n")  # the rest is not due
    told = f"3 objects for {typed}, which never took anything: if the address is wrong, {way_out}"
    assert err == f"xray-studio: {told}\n"
    assert (
        answer(capsys, "pacs", "queue", "remove", "--node", typed)[1] == "Forgotten: 3 entries.\n"
    )
    status, _, err = answer(capsys, "pacs", "queue", "remove", "--node", typed)
    assert (status, "Nothing in the queue waits for" in err) == (2, True)
    assert facts(capsys, "pacs", "queue", "run", "-q")["run"] == {
        "arrived": 0, "waiting": 0, "given_up": 0,
    }  # fmt: skip


def test_later_is_sent_by_the_queue(capsys: Captured, orthanc: Orthanc, tmp_path: Path) -> None:
    known(capsys, orthanc)
    write(tmp_path)
    status, out, _ = answer(capsys, "pacs", "send", tmp_path, "--later", "-q")
    assert (status, out) == (0, "Now in the queue for archive: 1 object.\n")
    assert facts(capsys, "pacs", "queue", "run", "-q")["counts"]["sent"] == 1


def test_nothing_to_send(capsys: Captured, tmp_path: Path) -> None:
    node = f"127.0.0.1:{free_port()}/GONE"
    status, _, err = answer(capsys, "pacs", "send", tmp_path / "none", "--node", node, "-q")
    assert status == 2
    assert "There is nothing to send; none: there is no such file or folder." in err
    status, _, err = answer(capsys, "pacs", "send", tmp_path, "--node", "nobody", "-q")
    assert (status, "There is no node nobody" in err) == (2, True)


def test_a_worklist(capsys: Captured, orthanc: Orthanc) -> None:
    plan(orthanc.worklists, "Planned^Paula", Modality="XC")
    node = f"127.0.0.1:{orthanc.port}/ORTHANC"
    told = facts(capsys, "pacs", "worklist", "--node", node, "--modality", "XC", "-q")
    assert [one["patient_name"] for one in told["entries"]] == ["Planned^Paula"]
    _, out, _ = answer(
        capsys, "pacs", "worklist", "--node", node, "--modality", "XC", "--date", "2026-11-22", "-q"
    )
    assert "08:30  XC" in out
    assert "Upper endoscopy  A-1  TOWER" in out
    status, _, err = answer(capsys, "pacs", "worklist", "--node", node, "--date", "May", "-q")
    assert (status, "May is no date" in err) == (2, True)


def test_a_node_is_tested(capsys: Captured, orthanc: Orthanc) -> None:
    node = f"127.0.0.1:{orthanc.port}/ORTHANC"
    _, out, _ = answer(capsys, "pacs", "nodes", "test", node, "-q")
    assert "It can store video: MPEG-2 (2 of 4 transfer syntaxes), H.264" in out
    assert "\n  JPEG-LS Lossless Image Compression\n" in out
    assert "It answers worklist." in out
    told = facts(capsys, "pacs", "nodes", "test", node, "-q")
    assert told["stores_video"] is True
    url = f"http://127.0.0.1:{orthanc.web_port}/dicom-web"
    assert facts(capsys, "pacs", "nodes", "test", url, "-q")["stores_video"] is None


def test_a_password_is_read_and_never_shown(
    capsys: Captured, own_keyring: Remembering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("open sesame\n"))
    status, out, err = answer(
        capsys, "pacs", "nodes", "add", "web", "https://pacs.local/web", "--user", "doe",
        "--password",
    )  # fmt: skip
    assert status == 0
    _, listed, _ = answer(capsys, "pacs", "nodes", "list")
    assert listed == "web  https://pacs.local/web  TLS, user doe\n"
    assert "sesame" not in out + err + listed
    assert list(own_keyring.kept.values()) == ["open sesame"]


def test_a_token_and_a_passphrase_are_read(
    capsys: Captured, own_keyring: Remembering, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("t0ken\nopen up\n"))
    files = [tmp_path / name for name in ("own.pem", "key.pem")]
    words = ("--tls-certificate", files[0], "--tls-key", files[1], "--key-passphrase", "--bearer")
    status, out, err = answer(
        capsys, "pacs", "nodes", "add", "web", "https://pacs.local/web", *words
    )
    assert (status, err) == (0, "")
    assert sorted(own_keyring.kept.values()) == ["open up", "t0ken"]
    _, listed, _ = answer(capsys, "pacs", "nodes", "list")
    assert listed == "web  https://pacs.local/web  TLS, token\n"
    assert not {"t0ken", "open up"} & set((out + listed).split())
    status, _, err = answer(capsys, "pacs", "nodes", "add", "x", "h:1/A", "--key-passphrase")
    assert (status, "A passphrase needs the key" in err) == (2, True)


def test_wrong_nodes_are_told(capsys: Captured) -> None:
    status, _, err = answer(capsys, "pacs", "nodes", "add", "x", "pacs.local")
    assert (status, "pacs.local is no node" in err) == (2, True)
    status, _, err = answer(capsys, "pacs", "echo", "--node", f"127.0.0.1:{free_port()}/A", "-q")
    assert (status, "Nothing listens at" in err) == (1, True)


def test_nothing_of_a_patient_is_said(
    capsys: Captured, storescp: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, PatientName="Secret^Name", PatientID="SECRET-ID")
    write(tmp_path, "1.2.840.10008.1.2.4.110", PatientName="Secret^Name", PatientID="SECRET-ID")
    node = f"127.0.0.1:{storescp.port}/SCP"
    with caplog.at_level("DEBUG"):
        status, out, err = answer(capsys, "pacs", "send", tmp_path, "--node", node)
    assert status == 3
    assert "does not take CT Image Storage as JPEG XL Lossless" in err
    assert "secret" not in (out + err + caplog.text).lower()


def test_a_study_is_fetched(capsys: Captured, orthanc: Orthanc, tmp_path: Path) -> None:
    known(capsys, orthanc)
    objects = several(tmp_path / "sent", 3)
    assert answer(capsys, "pacs", "send", tmp_path / "sent", "-q")[0] == 0
    study = objects[0].study_instance_uid
    out = tmp_path / "out"
    told = facts(capsys, "pacs", "get", "--study", study, "--out", out, "-q")
    assert {Path(path).stem for path in told["files"]} == {one.sop_instance_uid for one in objects}
    assert told["missing"] == []
    status, _, err = answer(capsys, "pacs", "get", "--study", "1.2.3", "--out", out, "-q")
    assert (status, "archive has no such study" in err) == (2, True)
    status, _, err = answer(capsys, "pacs", "move", "--study", study, "--to", "NOBODY", "-q")
    assert (status, "NOBODY" in err) == (1, True)


def test_listening_ends_after_so_many(capsys: Captured, tmp_path: Path) -> None:
    port = free_port()
    one = write(tmp_path)
    sender = subprocess.Popen([
        sys.executable, "-m", "xray_studio", "pacs", "send", one.path, "-q", "--wait", "60",
        "--node", f"127.0.0.1:{port}/XRAYSTUDIO",
    ])  # fmt: skip
    status, out, _ = answer(
        capsys, "pacs", "listen", "--out", tmp_path / "in", "--port", port, "--count", 1, "-q"
    )
    assert (status, out) == (0, f"{tmp_path / 'in' / one.sop_instance_uid}.dcm\n")
    assert sender.wait(60) == 0
