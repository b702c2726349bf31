"""The queue on disk: private, whole, changed by several programs, told in sentences."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from xray_studio.core.errors import StudioError, UsageError, WriteError
from xray_studio.core.pacs.entry import Entry, State, begun
from xray_studio.core.pacs.outgoing import Outgoing
from xray_studio.services.pacs.shown import pause, remove, retry, shown
from xray_studio.services.pacs.store import Queue


def objects(count: int) -> list[Outgoing]:
    return [
        Outgoing(f"/f/{n}\udcff.dcm", "1.1", f"1.2.{n}", "1.3", "1.4", "1.5", 8, 9, 10)
        for n in range(count)
    ]


def put(state: State, number: int = 1, **values: object) -> None:
    with Queue() as base:
        (one,) = (entry for entry in base.all() if entry.number == number)
        base.save([replace(one, state=state, **values)])  # type: ignore[arg-type]


def test_what_goes_in_comes_back() -> None:
    with Queue() as base:
        added = base.add("main", objects(2), again=False)
        assert added.numbers == (1, 2)
        assert [one.object for one in base.all()] == objects(2)
    with Queue() as base:
        first, second = base.all()
        out = begun(first, "main", 5.0)
        base.save([out])
        assert base.all() == [out, second]
        assert base.counts()[State.SENDING] == 1
        assert base.path.stat().st_mode & 0o777 == 0o600
        assert base.path.parent.stat().st_mode & 0o777 == 0o700


def test_an_object_stands_once_for_each_node() -> None:
    with Queue() as base:
        base.add("main", objects(1), again=False)
        again = base.add("main", objects(2), again=False)
        assert (again.numbers, len(again.known)) == ((2,), 1)
        assert base.add("spare", objects(1), again=False).numbers == (3,)


@pytest.mark.parametrize("state", [State.SENT, State.GIVEN_UP])
def test_what_is_settled_goes_again_when_that_is_wanted(state: State) -> None:
    with Queue() as base:
        base.add("main", objects(1), again=False)
        put(state, reason="why", unsure=state is State.GIVEN_UP, at="main")
        assert base.add("main", objects(1), again=False).numbers == ()
        assert base.add("main", objects(1), again=True).numbers == (1,)
        (one,) = base.all()
    asked_first = state is State.GIVEN_UP
    assert one.state is (State.UNKNOWN if asked_first else State.WAITING)
    assert (one.unsure, one.reason) == (asked_first, "")


def test_what_is_due_comes_in_order_and_a_wrong_clock_holds_nothing() -> None:
    now = time.time()
    with Queue() as base:
        base.add("main", objects(4), again=False)
    put(State.FAILED, 1, due=now - 1.0)
    put(State.UNKNOWN, 2, due=now - 2.0)
    put(State.FAILED, 3, due=now + 60.0)
    put(State.FAILED, 4, due=now + 10 * 86_400.0)
    with Queue() as base:
        assert [one.number for one in base.due(now, 10)] == [2, 1, 4]
        assert [one.number for one in base.due(now, 1)] == [2]


def test_what_another_program_changed_is_not_claimed() -> None:
    with Queue() as base:
        base.add("main", objects(2), again=False)
        seen = base.all()
        pause([1])
        taken = base.claim(seen, lambda one: begun(one, "main", 1.0))
        assert [one.number for one in taken] == [2]
        assert [one.state for one in base.all()] == [State.PAUSED, State.SENDING]


def test_a_person_pauses_retries_and_forgets() -> None:
    with Queue() as base:
        base.add("main", objects(3), again=False)
    put(State.SENDING, 3)
    assert [row.number for row in pause()] == [1, 2]
    assert [row.state for row in retry([2])] == [State.WAITING]
    assert remove([1, 3]) == 1
    with pytest.raises(UsageError, match="The queue has no entry 9"):
        retry([9])
    put(State.SENT, 2)
    assert remove() == 1
    assert [row.number for row in shown().rows] == [3]


def test_reasons_are_told_with_what_comes_next() -> None:
    with Queue() as base:
        base.add("main", objects(2), again=False)
    put(State.FAILED, 1, reason="Nothing listens.", due=time.time() + 90.4)
    put(State.UNKNOWN, 2, reason="the connection ended", at="main", unsure=True, due=0.0)
    first, second = shown().rows
    assert first.words == "Nothing listens; tried again in 1 min 30 s"
    assert second.words == "the connection ended; main will be asked whether it has it"
    assert shown().facts()["counts"]["failed"] == 1


def test_what_arrived_long_ago_is_forgotten() -> None:
    with Queue() as base:
        base.add("main", objects(3), again=False)
    put(State.SENT, 1, changed=10.0)
    put(State.SENT, 2, changed=30.0)
    put(State.GIVEN_UP, 3, changed=10.0)
    with Queue() as base:
        base.forget_sent(20.0)
        assert [one.number for one in base.all()] == [2, 3]


def test_a_damaged_queue_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StudioError, match="The queue is damaged; move"):
        Queue(path)
    assert path.read_bytes().startswith(b"no database")


def test_a_queue_of_a_later_version(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    Queue(path).close()
    base = sqlite3.connect(path)
    base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(StudioError, match="later version"):
        Queue(path)


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    with Queue(tmp_path / "q.sqlite") as base:
        base.add("main", objects(2), again=False)
        base._base.execute("PRAGMA max_page_count = 12")  # as many as a full disk has
        with pytest.raises(WriteError, match="the disk is full; free some space"):
            base.add("main", objects(1000), again=False)
        assert len(base.all()) == 2


@pytest.mark.parametrize(("free", "told"), [(0, "the disk is full; free"), (10**9, "check the")])
def test_a_disk_that_was_full_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, told: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
        raise error

    monkeypatch.setattr("xray_studio.services.pacs.store._make", fails)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, free))
    with pytest.raises(WriteError, match=told):
        Queue(tmp_path / "q.sqlite")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root mounts a small disk")
@pytest.mark.parametrize("room", [0, 16_384, 100_000])
def test_a_small_disk(tmp_path: Path, room: int) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=204800", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk may be mounted here")
    try:
        (place / "fill").write_bytes(bytes(204_800 - room - 8192))
        with pytest.raises(WriteError, match="the disk is full; free some space"):
            Queue(place / "queue.sqlite").add("main", objects(2000), again=False)
        (place / "fill").unlink()
        with Queue(place / "queue.sqlite") as base:
            assert base.add("main", objects(2), again=False).numbers == (1, 2)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_folder_that_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match=r"queue\.sqlite cannot be written"):
        Queue(tmp_path / "file" / "queue.sqlite")


def test_entries_are_what_they_were(tmp_path: Path) -> None:
    one = Entry(1, "main", objects(1)[0], State.UNKNOWN, 3, 1.5, "why", "spare", True, 1, 2.5)
    with Queue(tmp_path / "q.sqlite") as base:
        base.add("main", objects(1), again=False)
        base.save([one])
        assert base.all() == [one]
