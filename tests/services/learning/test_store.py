"""Films kept beside a training are those that were asked for, whatever happened to the folder."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from tests.services.learning import folders
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.services.learning.train import store
from xray_studio.services.learning.train.alone import alone
from xray_studio.services.learning.train.store import FILMS, stored_films

SPEC = InputSpec(rows=8, columns=8)


def _paths(folder: Path, seed: int) -> list[str]:
    return [str(folders.film(folder / f"{seed}-{n}.png", seed + n)) for n in range(2)]


def test_killed_between_its_two_files_it_never_gives_other_films(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = _paths(tmp_path / "films", 1), _paths(tmp_path / "films", 5)
    right = np.array(run(stored_films(one, SPEC, tmp_path))[0])
    writing, number = store.replacing, itertools.count()

    def killed(path: Path) -> object:
        if next(number):
            raise KeyboardInterrupt
        return writing(path)

    monkeypatch.setattr(store, "replacing", killed)
    with pytest.raises(KeyboardInterrupt):
        run(stored_films(other, SPEC, tmp_path))
    monkeypatch.setattr(store, "replacing", writing)
    assert np.array_equal(run(stored_films(one, SPEC, tmp_path))[0], right)


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"no array at all"])
def test_damaged_films_are_read_again(tmp_path: Path, content: bytes) -> None:
    paths = _paths(tmp_path / "films", 1)
    right = np.array(run(stored_films(paths, SPEC, tmp_path))[0])
    (tmp_path / FILMS).write_bytes(content or (tmp_path / FILMS).read_bytes()[:-9])
    assert np.array_equal(run(stored_films(paths, SPEC, tmp_path))[0], right)


def test_only_one_process_writes(tmp_path: Path) -> None:
    paths = _paths(tmp_path / "films", 1)
    with alone(tmp_path), pytest.raises(UsageError, match="A training is running in"):
        run(stored_films(paths, SPEC, tmp_path))
    run(stored_films(paths, SPEC, tmp_path))
    with pytest.raises(WriteError, match="cannot be written"), alone(tmp_path / "gone"):
        pass
