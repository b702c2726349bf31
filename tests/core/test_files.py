"""Files and folders appear whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from xray_studio.core.errors import WriteError
from xray_studio.core.files import (
    TEMPORARY_PREFIX,
    check_place,
    replacing,
    replacing_folder,
    write_failure,
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fail(temporary: Path, error: BaseException) -> None:
    temporary.write_text("new")
    raise error


WRITE = """
import sys
from pathlib import Path
from xray_studio.core.files import replacing
with replacing(Path(sys.argv[1])) as temporary:
    temporary.write_text("half")
    print(temporary, flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_writer_left_goes_with_the_next_one(tmp_path: Path) -> None:
    target = tmp_path / "file"
    command = [sys.executable, "-c", WRITE, str(target)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as writer:
        assert writer.stdout is not None
        left = Path(writer.stdout.readline().strip())
        with replacing(tmp_path / "other") as temporary:
            temporary.write_text("whole")
        assert left.read_text() == "half"  # its writer lives
        writer.kill()
    with replacing(tmp_path / "other") as temporary:
        temporary.write_text("whole")
    assert names(tmp_path) == ["other"]


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old")
    with replacing(target) as temporary:
        temporary.write_text("new")
        assert target.read_text() == "old"
        assert temporary.name.startswith(TEMPORARY_PREFIX)
        assert "file" not in temporary.name
    assert target.read_text() == "new"
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_replaces_nothing_that_came_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    if not links:
        monkeypatch.setattr(os, "link", refused)
    target = tmp_path / "file"
    with replacing(target, new=True) as temporary:
        temporary.write_text("first")
    assert target.read_text() == "first"
    with (
        pytest.raises(WriteError, match="file cannot be written: another program has put a file"),
        replacing(tmp_path / "file", new=True) as temporary,
    ):
        temporary.write_text("second")
    assert target.read_text() == "first"
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_an_error_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "file"
    target.write_text("old")
    with pytest.raises(error), replacing(target) as temporary:
        fail(temporary, error())
    assert target.read_text() == "old"
    assert names(tmp_path) == ["file"]


def test_the_systems_refusal_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"file cannot be written: the disk is full"):  # noqa: SIM117
        with replacing(tmp_path / "file"):
            raise OSError(errno.ENOSPC, "No space left on device")
    told = str(write_failure(Path("a/b.mp4"), OSError(errno.EROFS, "")))
    assert told == "b.mp4 cannot be written: this disk is read-only; choose another folder."
    assert "odd thing" in str(write_failure(Path("b"), OSError(9999, "odd thing")))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is full")
def test_a_full_disk_is_told_through_a_library(tmp_path: Path) -> None:
    from pydicom.dataset import Dataset

    dataset = Dataset()
    dataset.EncapsulatedDocument = bytes(100_000)
    with pytest.raises(OSError, match="No space left") as caught:
        dataset.save_as("/dev/full", implicit_vr=False, little_endian=True)
    assert "the disk is full" in str(write_failure(tmp_path / "a", caught.value))


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    for content in ("first", "second"):
        with replacing_folder(target) as temporary:
            (temporary / content).write_text(content)
    assert names(target) == ["second"]
    assert names(tmp_path) == ["folder"]


def test_an_error_leaves_the_old_folder(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    (target / "old").write_text("old")
    with pytest.raises(WriteError), replacing_folder(target) as temporary:
        fail(temporary / "new", OSError(errno.ENOSPC, "full"))
    assert names(target) == ["old"]
    assert names(tmp_path) == ["folder"]


def test_what_a_killed_program_left_is_removed_after_days(tmp_path: Path) -> None:
    long_ago = time.time() - 3 * 86_400
    old, folder, new = (tmp_path / f"{TEMPORARY_PREFIX}{n * 16}" for n in "0ab")
    other, aside = tmp_path / f"{TEMPORARY_PREFIX}keep.txt", tmp_path / f"{old.name}-old"
    folder.mkdir()
    (folder / "part").write_text("part")
    for file in (old, new, other, aside):
        file.write_text("part")
    for path in (old, folder, other, aside):
        os.utime(path, (long_ago, long_ago))
    with replacing(tmp_path / "file") as temporary:
        temporary.write_text("whole")
    assert names(tmp_path) == sorted([new.name, other.name, aside.name, "file"])


def test_a_place_is_checked_before_any_work(tmp_path: Path) -> None:
    check_place(tmp_path / "file")
    with pytest.raises(WriteError, match=r"does not exist; create it"):
        check_place(tmp_path / "missing" / "file")
