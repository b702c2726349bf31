"""Files asked one by one: what fails is told and ends nothing, what cannot be written ends all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.dicom.objects import make_object, save
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnsupportedError, UsageError, WriteError
from xray_studio.core.job import Cancelled, Job, Progress, run
from xray_studio.services.file_answers import (
    Below,
    FileAnswers,
    asked_each,
    pictures_below,
    places,
)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A film, one whose last rows are missing, and what is no film."""
    folder = tmp_path / "films"
    folder.mkdir()
    for number, name in enumerate(("a", "b")):
        film = np.full((1, 64, 64), 100 + number, np.uint16)
        save(make_object(film, SOPInstanceUID=f"1.2.{number + 1}"), folder / f"{name}.dcm")
    cut = folder / "b.dcm"
    cut.write_bytes(cut.read_bytes()[:-900])
    (folder / "notes.txt").write_text("no film")
    return folder


def _highest(path: str, clip: Clip) -> Job[int]:
    yield Progress(message=path)
    return int(clip.stored(0).max())


def test_what_fails_or_is_cut_short_is_told_and_ends_nothing(films: Path) -> None:
    below = run(pictures_below([str(films)]))
    assert [Path(path).name for path in below.files] == ["a.dcm", "b.dcm"]
    assert [Path(path).name for path in below.failed] == ["notes.txt"]
    answers = run(asked_each(below, _highest, "Looking"))
    assert list(answers.values()) == [100, 101]
    assert "cut short" in below.failed[str(films / "b.dcm")]

    def refuse(path: str, clip: Clip) -> Job[int]:
        if path.endswith("a.dcm"):
            raise UnsupportedError("This is refused.")
        return (yield from _highest(path, clip))

    again = run(pictures_below([str(films)]))
    assert list(run(asked_each(again, refuse, "Looking")).values()) == [101]
    assert again.failed[str(films / "a.dcm")] == "This is refused."


@pytest.mark.parametrize("error", [WriteError("The disk is full."), Cancelled("Stopped.")])
def test_a_full_disk_and_a_stop_end_all(films: Path, error: Exception) -> None:
    def fail(_path: str, _clip: Clip) -> Job[None]:
        yield Progress()
        raise error

    with pytest.raises(type(error)):
        run(asked_each(run(pictures_below([str(films)])), fail, "Looking"))


def test_no_pictures_are_refused_with_the_first_reason(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no film")
    with pytest.raises(UsageError, match=r"notes\.txt: not a picture"):
        run(pictures_below([str(tmp_path)]))


def test_answers_never_take_a_place_that_is_taken(tmp_path: Path) -> None:
    places(tmp_path / "missing", [["a.png"]], [".json"], overwrite=False)
    assert (tmp_path / "missing").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="is a file"):
        places(tmp_path / "file", [["a.png"]], [".json"], overwrite=False)
    assert places(None, [["a.png"], ["b.png"]], [".json"], overwrite=False) == [(), ()]
    names = places(tmp_path, [["x/a.png", "x/c.png"]], [".json", ".npz"], overwrite=False)
    assert names == [(tmp_path / "a.json", tmp_path / "a.npz")]
    with pytest.raises(UsageError, match="one name in several folders"):
        places(tmp_path, [["x/a.png"], ["y/a.png"]], [".json"], overwrite=False)
    (tmp_path / "a.json").touch()
    with pytest.raises(WriteError, match="would be lost"):
        places(tmp_path, [["x/a.png"]], [".json"], overwrite=False)


def test_answers_stand_with_their_files_by_name() -> None:
    below = Below(("a.png",), {"b.png": "it is empty"})
    told = FileAnswers({"a.png": {"n": 1}}, (Path("a.json"),), tuple(below.failed.items()))
    assert told.facts() == {
        "files": [{"path": "a.png", "n": 1}],
        "written": ["a.json"],
        "failed": [{"path": "b.png", "reason": "it is empty"}],
    }
