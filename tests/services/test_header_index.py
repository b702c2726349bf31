"""What is remembered of files, and that it is never believed of another one."""

from __future__ import annotations

import os
import sqlite3
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dicom.raw_objects import ct_slice
from tests.services.test_open import make_slices
from xray_studio.core.job import run
from xray_studio.core.study import Catalog
from xray_studio.services import header_index, reading
from xray_studio.services import open as opening
from xray_studio.services.header_index import NAME
from xray_studio.services.places import cache_folder
from xray_studio.services.settings import load_settings, save_settings


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(header_index, "FRESH", -1.0)
    return cache_folder() / NAME


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose headers are read from now on."""
    paths: list[str] = []
    start = reading.Task.start

    def noted(task: reading.Task, *, apart: bool) -> None:
        paths.extend(task.paths)
        start(task, apart=apart)

    monkeypatch.setattr(reading.Task, "start", noted)
    return paths


def scan(*paths: Path, fresh: bool = False) -> Catalog:
    return run(opening.scan([str(path) for path in paths], fresh=fresh))


def test_an_unchanged_folder_is_not_read_again_and_shows_the_same(
    tmp_path: Path, place: Path, read: list[str]
) -> None:
    folder = tmp_path / "in"
    make_slices(folder, 40)
    (folder / "note.txt").write_text("no picture")
    (folder / "cut.dcm").write_bytes((folder / "IM0001").read_bytes()[:300])
    first = scan(folder)
    assert len(read) >= 42
    read.clear()
    again = scan(folder)
    assert again.patients == first.patients
    assert set(again.skipped) == set(first.skipped)
    assert read == []
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    scan(folder, fresh=True)
    assert len(read) >= 42


def test_files_that_changed_came_or_went_are_seen(tmp_path: Path, read: list[str]) -> None:
    folder = tmp_path / "in"
    paths = make_slices(folder, 5)
    scan(folder)
    times, replaced = paths[1].stat(), ct_slice(number=7)
    assert len(replaced) == times.st_size
    paths[1].unlink()
    paths[1].write_bytes(replaced)
    os.utime(paths[1], ns=(times.st_atime_ns, times.st_mtime_ns))  # as a careless copy does
    paths[2].unlink()
    (folder / "new").write_bytes(ct_slice(number=8))
    read.clear()
    catalog = scan(folder)
    assert sorted(read) == sorted([str(paths[1]), str(folder / "new")])
    numbers = [one.instance_number for s in catalog.all_series() for one in s.instances]
    assert sorted(numbers) == [1, 4, 5, 7, 8]


def test_a_file_just_written_is_read_again(
    tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(header_index, "FRESH", 3600.0)
    make_slices(tmp_path / "in", 3)
    scan(tmp_path / "in")
    read.clear()
    scan(tmp_path / "in")
    assert len(read) == 3


def test_archives_are_remembered_by_themselves(tmp_path: Path, read: list[str]) -> None:
    paths = make_slices(tmp_path / "in", 3)
    whole = tmp_path / "a.zip"
    with zipfile.ZipFile(whole, "w") as file:
        for path in paths:
            file.write(path, path.name)
    first = scan(whole)
    assert first.instances == 3
    read.clear()
    assert (scan(whole), read) == (first, [])


@pytest.mark.parametrize("damage", ["text", "version", "tables", "content", "folder"])
def test_an_index_that_cannot_be_used_costs_nothing(
    tmp_path: Path, place: Path, read: list[str], damage: str
) -> None:
    make_slices(tmp_path / "in", 3)
    expected = scan(tmp_path / "in")
    if damage == "text":
        place.write_text("this is no database" * 100)
    elif damage == "folder":
        place.unlink()
        place.mkdir()
    else:
        change = {
            "version": "UPDATE version SET text = 'older'",
            "tables": "DROP TABLE files",
            "content": "UPDATE headers SET content = '[1'",
        }[damage]
        with sqlite3.connect(place) as database:
            database.execute(change)
        database.close()
    for _ in range(3):
        assert scan(tmp_path / "in") == expected
    read.clear()
    scan(tmp_path / "in")
    assert len(read) == (3 if damage == "folder" else 0)


def test_an_index_in_use_elsewhere_is_left_alone(tmp_path: Path, place: Path) -> None:
    make_slices(tmp_path / "in", 3)
    expected = scan(tmp_path / "in")
    database = sqlite3.connect(place)
    database.execute("BEGIN EXCLUSIVE")
    assert scan(tmp_path / "in") == expected
    database.rollback()
    assert database.execute("SELECT count(*) FROM files").fetchall() == [(3,)]
    database.close()


def test_nothing_is_kept_when_that_is_not_wanted(tmp_path: Path, place: Path) -> None:
    make_slices(tmp_path / "in", 3)
    scan(tmp_path / "in")
    assert place.exists()
    settings, _ = load_settings()
    save_settings(settings.changed("privacy", remember_headers=False))
    scan(tmp_path / "in")
    assert not place.exists()


def test_folders_long_unused_are_forgotten(tmp_path: Path, place: Path) -> None:
    make_slices(tmp_path / "in", 3)
    make_slices(tmp_path / "other", 3)
    scan(tmp_path / "in")
    with sqlite3.connect(place) as database:
        database.execute("UPDATE folders SET used = 1")
    database.close()
    scan(tmp_path / "other")
    with sqlite3.connect(place) as database:
        found = database.execute("SELECT path FROM folders").fetchall()
    database.close()
    assert found == [(os.fsencode(tmp_path / "other"),)]
