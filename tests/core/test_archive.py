"""Files inside ZIP archives under paths as if the archive were a folder."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from xray_studio.core import unpacking
from xray_studio.core.archive import container, on_disk, split
from xray_studio.core.unpacking import ArchiveError, members


def make_zip(path: Path, **files: bytes) -> Path:
    """Write an archive; two underscores in a name stand for a slash, one for a dot."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def packed(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def _tidy() -> object:
    yield
    unpacking.forget_unpacked()


def test_members_are_read_like_files_and_tell_nothing_on_disk(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "a.ZIP", Doe_John__1_dcm=b"one", Doe_John__2=b"two")
    paths = list(members(str(whole)))
    assert paths == [f"{whole}/Doe.John/1.dcm", f"{whole}/Doe.John/2"]
    places = [Path(on_disk(path)) for path in paths]
    assert [place.read_bytes() for place in places] == [b"one", b"two"]
    assert [place.name for place in places] == ["0.dcm", "1"]
    assert not any("Doe" in str(place) for place in places)
    assert stat.S_IMODE(places[0].parents[1].stat().st_mode) == 0o700


def test_what_was_unpacked_goes_at_the_end_and_comes_again_unchanged(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "a.zip", x=b"content")
    (path,) = members(str(whole))
    place = Path(on_disk(path))
    changed = place.stat().st_mtime_ns
    unpacking.forget_unpacked()
    assert not place.exists()
    assert Path(on_disk(path)).stat().st_mtime_ns == changed


def test_an_archive_in_an_archive_is_a_folder_too(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "a.zip", in_zip=packed(**{"deep/x": b"1", "y.zip": b"no archive"}))
    paths = list(members(str(whole)))
    assert paths == [f"{whole}/in.zip/deep/x", f"{whole}/in.zip/y.zip"]
    assert Path(on_disk(paths[0])).read_bytes() == b"1"


def test_names_never_lead_out_of_the_archive(tmp_path: Path) -> None:
    whole = tmp_path / "a.zip"
    whole.write_bytes(packed(**{"../../up": b"1", "/root": b"2", "c:\\x": b"3"}))
    paths = list(members(str(whole)))
    assert paths == [f"{whole}/{name}" for name in ("up", "root", "c:/x")]
    root = unpacking.unpacking_folder()
    assert all(root in Path(on_disk(path)).parents for path in paths)


def test_real_folders_and_files_come_first(tmp_path: Path) -> None:
    folder = tmp_path / "b.zip"
    folder.mkdir()
    (folder / "x").write_bytes(b"real")
    assert on_disk(str(folder / "x")) == str(folder / "x")
    assert split(str(folder / "x")) == ("", "")
    assert container(str(folder / "x")) == str(folder / "x")
    whole = make_zip(tmp_path / "a.zip", x=b"1")
    assert container(f"{whole}/x") == str(whole)


def test_what_is_not_there_cannot_be_opened(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "a.zip", x=b"1")
    for name in ("y", "x/z", "../a.zip/y"):
        with pytest.raises(OSError):  # noqa: PT011 - any kind
            Path(on_disk(f"{whole}/{name}")).read_bytes()


def test_a_damaged_member_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "a.zip", x=os.urandom(5000))
    data = bytearray(whole.read_bytes())
    data[1000:1100] = bytes(100)
    whole.write_bytes(data)
    (path,) = members(str(whole))
    with pytest.raises(OSError, match="damaged"):
        on_disk(path)
    assert not list(unpacking.unpacking_folder().rglob("*.*"))


def test_locked_damaged_and_huge_archives_say_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = make_zip(tmp_path / "a.zip", x=b"1" * 1000)
    data = bytearray(whole.read_bytes())
    entry = data.index(b"PK\1\2")
    data[entry + 8] |= unpacking.ENCRYPTED
    (tmp_path / "locked.zip").write_bytes(data)
    (tmp_path / "cut.zip").write_bytes(data[:60])
    with pytest.raises(ArchiveError, match="protected by a password; unpack it first"):
        list(members(str(tmp_path / "locked.zip")))
    with pytest.raises(ArchiveError, match="cannot be read; unpack it first"):
        list(members(str(tmp_path / "cut.zip")))
    monkeypatch.setattr(unpacking, "ROOM_KEPT", 1 << 62)
    with pytest.raises(ArchiveError, match="more than there is room for"):
        list(members(str(whole)))


def test_a_folder_of_somebody_else_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = make_zip(tmp_path / "a.zip", x=b"1")
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    with pytest.raises(PermissionError):
        list(members(str(whole)))


def test_what_a_killed_program_left_is_removed_the_next_day(tmp_path: Path) -> None:
    left = unpacking.unpacking_folder() / "left"
    left.mkdir(parents=True)
    os.utime(left, (1, 1))
    list(members(str(make_zip(tmp_path / "a.zip", x=b"1"))))
    assert not left.exists()
