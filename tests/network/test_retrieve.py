"""Studies and series that were found come into a folder of their own: all that came, or nothing."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from tests.network.test_store import data_set
from tests.peers import Orthanc, Server, free_port, make_orthanc, running
from tests.sent_objects import several
from xray_studio.core.errors import WriteError
from xray_studio.core.job import Cancelled, Progress, run
from xray_studio.core.pacs.errors import PeerError
from xray_studio.core.pacs.fetched import Fetched, Listening
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.outgoing import Outgoing, Result
from xray_studio.core.pacs.query import Level, Match, Query
from xray_studio.network import get
from xray_studio.network.listening import listening
from xray_studio.network.store import dimse_sender
from xray_studio.services.pacs.asking import find
from xray_studio.services.pacs.fetching import Arriving, retrieve
from xray_studio.services.pacs.ways_in import _moved_here, coming
from xray_studio.services.settings import load_settings, save_settings


def stored(orthanc: Orthanc, objects: list[Outgoing]) -> list[Outgoing]:
    with dimse_sender(orthanc.node(), [one.pair for one in objects]) as sender:
        for one in objects:
            sender.send(one, lambda _: True)
    return objects


@pytest.fixture
def studies(orthanc: Orthanc, tmp_path: Path) -> list[Outgoing]:
    """Two studies in an archive, of three objects and of two."""
    return stored(orthanc, [*several(tmp_path / "a", 3), *several(tmp_path / "b", 2)])


def found(node: Node, objects: list[Outgoing], level: Level = Level.STUDY) -> list[Match]:
    uids = dict.fromkeys(one.study_instance_uid for one in objects)
    return [
        match for uid in uids for match in run(find(node, Query(level, study_instance_uid=uid)))
    ]


@pytest.mark.parametrize("level", [Level.STUDY, Level.SERIES])
@pytest.mark.parametrize("way", ["dimse", "web"])
def test_what_was_found_comes_into_a_new_folder(
    orthanc: Orthanc, studies: list[Outgoing], tmp_path: Path, way: str, level: Level
) -> None:
    node = orthanc.node() if way == "dimse" else orthanc.web_node()
    told: list[Progress] = []
    got = run(retrieve(node, found(node, studies, level), tmp_path / "here"), told.append)
    assert (len(got.files), got.missing) == (5, ())
    for one in studies:
        here = tmp_path / "here" / f"{one.sop_instance_uid}.dcm"
        assert here in {file.path for file in got.files}
        assert data_set(here) == data_set(Path(one.path))
    whole = sum(path.stat().st_size for path in (tmp_path / "here").iterdir())
    assert max(one.partial.bytes for one in told if isinstance(one.partial, Arriving)) == whole
    assert (told[-1].done, told[-1].total) == (5, 5)


@pytest.mark.parametrize("way", ["dimse", "web"])
def test_what_is_stopped_leaves_nothing(
    orthanc: Orthanc, studies: list[Outgoing], tmp_path: Path, way: str
) -> None:
    node = orthanc.node() if way == "dimse" else orthanc.web_node()
    matches, stop = found(node, studies), threading.Event()
    (tmp_path / "out").mkdir()

    def tell(progress: Progress) -> None:
        assert not (tmp_path / "out" / "here").exists()
        if progress.done == 2:
            stop.set()

    with pytest.raises(Cancelled):
        run(retrieve(node, matches, tmp_path / "out" / "here"), tell, stop)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_gone_meanwhile_is_told(
    orthanc: Orthanc, studies: list[Outgoing], tmp_path: Path
) -> None:
    node = orthanc.node()
    matches = [Match(Level.STUDY, study_instance_uid="1.2.3.4"), *found(node, studies)]
    got = run(retrieve(node, matches, tmp_path / "here"))
    assert len(got.files) == 5
    with pytest.raises(PeerError, match="orthanc has no objects of that any more; search again"):
        run(retrieve(node, matches[:1], tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_what_was_not_asked_for_does_not_come(
    orthanc: Orthanc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = stored(orthanc, several(tmp_path / "sent", 3))
    query = Query(
        Level.IMAGE,
        study_instance_uid=first.study_instance_uid,
        series_instance_uid=first.series_instance_uid,
    )
    matches = run(find(orthanc.node(), query))
    (tmp_path / "in").mkdir()
    request = get._request
    monkeypatch.setattr(get, "_request", lambda link, _, syntax: request(link, matches, syntax))
    come = [one for one in coming(orthanc.node(), matches[:1], tmp_path / "in")
            if isinstance(one, Fetched)]  # fmt: skip
    assert [one.sop_instance_uid for one in come] == [matches[0].sop_instance_uid]
    assert len(list((tmp_path / "in").iterdir())) == 1
    nameless = Match(Level.STUDY)
    with pytest.raises(PeerError, match="orthanc does not tell the UID of a study"):
        run(retrieve(orthanc.node(), [nameless], tmp_path / "here"))


def test_an_archive_that_ends_in_the_midst(tmp_path: Path) -> None:
    with running(make_orthanc(tmp_path / "orthanc")) as server:
        objects = stored(server, [*several(tmp_path / "a", 3), *several(tmp_path / "b", 2)])
        node = server.node(answer_timeout=2.0)
        got = run(retrieve(node, found(node, objects), tmp_path / "here"), _when(2, server.kill))
    assert len(got.files) in {2, 3}
    assert len(got.files) + len(got.missing) == 5
    assert len(list((tmp_path / "here").iterdir())) == len(got.files)
    assert "orthanc" in got.missing[-1].why


def test_nothing_comes_and_no_folder_stays(orthanc: Orthanc, tmp_path: Path) -> None:
    with running(make_orthanc(tmp_path / "orthanc")) as server:
        objects = stored(server, several(tmp_path / "a", 3))
        node = server.node(answer_timeout=0.5, connect_timeout=0.5)
        matches = found(node, objects)
        server.freeze()
        with pytest.raises(PeerError, match="orthanc takes the connection and says nothing"):
            run(retrieve(node, matches, tmp_path / "here"))
        server.thaw()
    assert not (tmp_path / "here").exists()


def test_a_folder_that_cannot_be(orthanc: Orthanc, studies: list[Outgoing], tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="does not exist"):
        run(retrieve(orthanc.node(), found(orthanc.node(), studies), tmp_path / "no" / "here"))


@pytest.mark.parametrize("way", ["dimse", "web"])
def test_no_more_is_found_than_is_wanted(
    orthanc: Orthanc, studies: list[Outgoing], way: str
) -> None:
    assert len(studies) == 5
    node = orthanc.node() if way == "dimse" else orthanc.web_node()
    assert len(run(find(node, Query(), 1))) == 1


def _when(done: int, act: Callable[[], object]) -> Callable[[Progress], None]:
    """Return what does something once, when so many objects have come."""
    acted = list[object]()

    def tell(progress: Progress) -> None:
        if not acted and progress.message == "Fetching" and progress.done >= done:
            acted.append(act())

    return tell


class Mover:
    """An archive that answers C-FIND and C-MOVE, and offers no C-GET."""

    def __init__(self, objects: list[Outgoing], to: int) -> None:
        self.sets = [dcmread(one.path) for one in objects]
        self.to, self.stray = to, Dataset()
        self.server: Any = None

    def __enter__(self) -> Node:
        from pynetdicom import AE, AllStoragePresentationContexts, evt

        entity = AE("MOVER")
        for model in ("1", "2"):
            entity.add_supported_context(f"1.2.840.10008.5.1.4.1.2.2.{model}")
        entity.requested_contexts = AllStoragePresentationContexts[:128]
        handlers: list[Any] = [(evt.EVT_C_FIND, self.find), (evt.EVT_C_MOVE, self.move)]
        self.server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
        port = self.server.socket.getsockname()[1]
        return Node("mover", host="127.0.0.1", port=port, called_ae_title="MOVER",
                    calling_ae_title="STUDIO", answer_timeout=5.0)  # fmt: skip

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()

    def find(self, event: Any) -> Iterator[tuple[int, Dataset | None]]:
        level = event.identifier.QueryRetrieveLevel
        for one in self.sets if level == "IMAGE" else self.sets[:1]:
            match = Dataset()
            match.QueryRetrieveLevel = level
            for name in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"):
                setattr(match, name, one[name].value)
            yield 0xFF00, match

    def move(self, event: Any) -> Iterator[Any]:
        if event.move_destination.strip() != "STUDIO":
            yield None, None
            return
        yield "127.0.0.1", self.to
        yield len(self.sets)
        for one in self.sets:
            yield 0xFF00, one


@pytest.fixture
def port() -> int:
    """The port at which what is moved here comes."""
    port = free_port()
    settings, _ = load_settings()
    save_settings(settings.changed("archives", port=port))
    return port


def test_a_node_without_c_get_sends_by_c_move(tmp_path: Path, port: int) -> None:
    objects = several(tmp_path / "sent", 3)
    with Mover(objects, port) as node:
        got = run(retrieve(node, found(node, objects), tmp_path / "here"))
    assert (len(got.files), got.missing) == (3, ())
    assert {one.stem for one in (tmp_path / "here").iterdir()} == {
        one.sop_instance_uid for one in objects
    }


def test_a_node_that_does_not_know_us_says_where_it_should_send(tmp_path: Path, port: int) -> None:
    objects = several(tmp_path / "sent", 1)
    told = f"mover does not know STRANGER; .* it sends to STRANGER at port {port} of this computer"
    with Mover(objects, port) as node:
        stranger = replace(node, calling_ae_title="STRANGER")
        with pytest.raises(PeerError, match=told):
            run(retrieve(stranger, found(node, objects), tmp_path / "here"))
    assert not (tmp_path / "here").exists()


def test_one_that_offers_neither(storescp: Server, tmp_path: Path) -> None:
    node = Node("scp", host="127.0.0.1", port=storescp.port, called_ae_title="SCP")
    match = Match(Level.IMAGE, "1.2", "1.3", "1.4", "1.2.840.10008.5.1.4.1.1.2")
    with pytest.raises(PeerError, match=r"scp .* offer"):
        list(coming(node, [match], tmp_path))


def test_only_what_was_asked_for_is_taken(orthanc: Orthanc, tmp_path: Path) -> None:
    wanted, stray = several(tmp_path / "sent", 2)
    (tmp_path / "in").mkdir()
    port = free_port()
    place = Listening(tmp_path / "in", port, "STUDIO", "127.0.0.1",
                      wanted=frozenset([wanted.sop_instance_uid]))  # fmt: skip
    with listening(place), dimse_sender(
        Node("studio", host="127.0.0.1", port=port, called_ae_title="STUDIO"), [stray.pair]
    ) as sender:  # fmt: skip
        assert sender.send(stray, lambda _: True).result is not Result.STORED
        assert sender.send(wanted, lambda _: True).result is Result.STORED
    assert [one.stem for one in (tmp_path / "in").iterdir()] == [wanted.sop_instance_uid]


def test_orthanc_moves_here_too(orthanc: Orthanc, tmp_path: Path, port: int) -> None:
    objects = stored(orthanc, several(tmp_path / "sent", 4))
    body = json.dumps({"AET": "FETCHER", "Host": "127.0.0.1", "Port": port}).encode()
    url = f"http://127.0.0.1:{orthanc.web_port}/modalities/fetcher"
    with urllib.request.urlopen(urllib.request.Request(url, body, method="PUT")):
        pass
    node = orthanc.node(calling_ae_title="FETCHER")
    first = objects[0]
    query = Query(
        Level.IMAGE,
        study_instance_uid=first.study_instance_uid,
        series_instance_uid=first.series_instance_uid,
    )
    matches = run(find(node, query))
    (tmp_path / "in").mkdir()
    with closing(_moved_here(node, matches, tmp_path / "in", "")) as arriving:
        come = [one for one in arriving if isinstance(one, Fetched)]
    assert {one.sop_instance_uid for one in come} == {one.sop_instance_uid for one in objects}
