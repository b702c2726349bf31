"""Files below the paths a user named."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xray_studio.core import reasons
from xray_studio.services import finding
from xray_studio.services.finding import FileFinder


def found(*paths: Path | str) -> tuple[list[str], dict[str, str]]:
    skipped: dict[str, str] = {}
    finder = FileFinder([str(path) for path in paths], skipped.__setitem__)
    return [path for some in finder for path in some], skipped


def make(folder: Path, *names: str) -> list[str]:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return [str(folder / name) for name in names]


def test_folders_are_read_to_the_bottom_in_order(tmp_path: Path) -> None:
    files = make(tmp_path, "b", "c", "a/2", "a/1/x", "d/y")
    paths, skipped = found(tmp_path)
    assert sorted(paths) == sorted(files)
    assert (paths[0], skipped) == (files[0], {})


def test_hidden_files_and_junk_are_passed_over_silently(tmp_path: Path) -> None:
    make(tmp_path, ".DS_Store", "Thumbs.db", ".git/config", "__MACOSX/x", "desktop.ini", "._a.dcm")
    assert found(tmp_path) == ([], {})


def test_a_hidden_file_that_was_named_is_read(tmp_path: Path) -> None:
    (path,) = make(tmp_path, ".hidden")
    assert found(path) == ([path], {})


def test_nothing_is_found_twice(tmp_path: Path) -> None:
    files = make(tmp_path, "a/1", "a/2")
    paths, _ = found(tmp_path, tmp_path / "a", files[0], files[0])
    assert sorted(paths) == files


def test_links_are_followed_and_loops_end(tmp_path: Path) -> None:
    make(tmp_path, "a/1")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "linked").symlink_to(tmp_path / "a")
    (tmp_path / "file").symlink_to(tmp_path / "a/1")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    paths, skipped = found(tmp_path)
    assert len(paths) == 2
    assert skipped == {
        str(tmp_path / "broken"): reasons.LINK_TO_NOWHERE,
        str(tmp_path / "self"): "a link that leads back to itself",
    }


def test_links_that_are_named_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    _, skipped = found(tmp_path / "broken", tmp_path / "self")
    assert list(skipped.values()) == [
        reasons.LINK_TO_NOWHERE,
        "a link that leads back to itself",
    ]


@pytest.mark.parametrize("named", [True, False])
def test_pipes_and_devices_are_not_opened(tmp_path: Path, named: bool) -> None:
    os.mkfifo(tmp_path / "pipe")
    _, skipped = found(tmp_path / "pipe" if named else tmp_path)
    assert skipped == {str(tmp_path / "pipe"): reasons.NOT_A_FILE}
    assert found("/dev/null")[1] == {"/dev/null": reasons.NOT_A_FILE}


def test_names_that_no_file_can_have(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 5000)
    _, skipped = found(tmp_path / "missing", long, f"{tmp_path}/a\0b")
    assert list(skipped.values()) == [
        reasons.NOT_THERE,
        "its path is too long for the system",
        "a name that no file can have",
    ]


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe.dcm")
    path.write_bytes(b"x")
    assert found(tmp_path)[0] == [str(path)]


def test_a_folder_that_vanishes_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/1", "b/2")
    real = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("a"):
            raise FileNotFoundError(2, "gone")
        return real(path)

    with monkeypatch.context() as patch:  # the folder of the test is removed through it, too
        patch.setattr(os, "scandir", scandir)
        paths, skipped = found(tmp_path)
    assert paths == [str(tmp_path / "b/2")]
    assert skipped == {str(tmp_path / "a"): "this folder cannot be searched: it is no longer there"}


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(os, "scandir", refuse)
    assert found(tmp_path)[1] == {
        str(tmp_path): "this folder cannot be searched: no permission to read it"
    }


def test_long_folders_are_found_in_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "ENTRIES_PER_STEP", 10)
    make(tmp_path, *(f"{n:03d}" for n in range(95)))
    steps = list(FileFinder([str(tmp_path)], print))
    assert max(map(len, steps)) == 10
    assert sum(map(len, steps)) == 95


def test_an_archive_counts_as_a_folder(tmp_path: Path) -> None:
    whole = tmp_path / "f" / "s.zip"
    make(tmp_path, "f/a", "f/z")
    with zipfile.ZipFile(whole, "w") as file:
        for name in ("in/1", "in/2", "__MACOSX/1", ".hidden", "other"):
            file.writestr(name, name)
    names = [f"{whole}/{name}" for name in ("in/1", "in/2", "other")]
    assert found(tmp_path) == ([str(tmp_path / "f/a"), *names, str(tmp_path / "f/z")], {})
    assert found(f"{whole}/in", f"{whole}/other", whole) == (names, {})
    gone = f"{whole}/nothing"
    assert found(gone) == ([], {gone: reasons.NOT_THERE})
    whole.write_bytes(whole.read_bytes()[:50])
    _, skipped = found(tmp_path)
    assert "cannot be read" in skipped[str(whole)]
