"""Frames kept in a temporary file."""

from __future__ import annotations

import errno
import gc
import io
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from xray_studio.core.errors import UnreadableError, WriteError
from xray_studio.core.stored_source import Kept, StoredSource

WORDS = np.dtype(np.uint16)
KILLED = """
import os, sys
from pathlib import Path
import numpy as np
from xray_studio.core.stored_source import StoredSource
source = StoredSource.make(Path(sys.argv[1]), (1, 2, 2), np.dtype(np.uint16))
os._exit(9)
"""


def stored(folder: Path, frames: np.ndarray) -> StoredSource:
    source = StoredSource.make(folder, frames.shape, frames.dtype)
    with source.writing() as kept:
        for index in range(len(frames)):
            kept[index] = frames[index]
    return source


def test_frames_come_back_also_in_another_process_and_go_with_their_source(tmp_path: Path) -> None:
    frames = np.random.default_rng(1).integers(0, 65_535, (3, 4, 5)).astype(np.uint16)
    source = stored(tmp_path, frames)
    again = pickle.loads(pickle.dumps(source))
    for index in (2, 0, 1):
        assert np.array_equal(again.read(index), frames[index])
        assert not again.read(index).flags.writeable
    del again
    gc.collect()
    assert list(tmp_path.glob("*.frames"))  # what was sent away does not own them
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())
    del source
    gc.collect()
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_told_and_ends_no_program(tmp_path: Path) -> None:
    class Full(io.FileIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    with Full(tmp_path / "full", "w") as file, pytest.raises(WriteError, match="No space left"):
        Kept(file, (2, 2), WORDS)[0] = np.zeros((2, 2), WORDS)


def test_there_is_no_room_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="cannot be kept in the temporary folder"):
        StoredSource.make(tmp_path / "none", (1, 2, 2), WORDS)


def test_frames_that_were_never_written_or_are_gone_are_no_picture(tmp_path: Path) -> None:
    source = stored(tmp_path, np.zeros((1, 2, 2), WORDS))
    with pytest.raises(UnreadableError, match="gone"):
        source.read(1)
    source.drop()
    with pytest.raises(UnreadableError, match="gone"):
        source.read(0)


def test_frames_of_a_program_that_was_killed_go_and_those_of_others_stay(tmp_path: Path) -> None:
    mine = stored(tmp_path, np.ones((1, 2, 2), WORDS))
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert len(list(tmp_path.glob("*.frames"))) == 2
    also = stored(tmp_path, np.zeros((1, 2, 2), WORDS))
    assert len(list(tmp_path.glob("*.frames"))) == 2
    assert mine.read(0).all()
    assert not also.read(0).any()
