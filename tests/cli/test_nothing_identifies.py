"""Nothing of a patient comes out with `--deidentify`, in any kind of file, by any way.

What is exported of two sets of objects that differ in names, numbers and dates alone must be the
same, byte for byte; neither may hold any of it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import planted
from tests.cli.test_contract import Captured, answer
from tests.planted import BORN, BORN_OTHER, MARK, OTHER
from xray_studio.services.privacy.log import log_file

KINDS = (
    "a.mp4", "a.mov", "a.mkv", "a.webm", "a.avi", "a.gif", "a.png", "a.jpg", "a.tiff", "folder",
    "a.npz", "a.zarr", "a.nii", "a.nii.gz",
)  # fmt: skip
Sets = tuple[dict[str, Path], dict[str, Path]]


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Sets:
    """Two sets of objects, alike but for what identifies."""
    folder = tmp_path_factory.mktemp("planted")
    return planted.write(folder, MARK, BORN), planted.write(folder, OTHER, BORN_OTHER)


def test_logs_and_errors_tell_nobody(capsys: Captured, sets: Sets, tmp_path: Path) -> None:
    """What is written about exports that fail, and where they fail, names nobody."""
    broken = tmp_path / "1.dcm"
    data = sets[0]["cine"].read_bytes()
    broken.write_bytes(data[: len(data) - 20_000])
    for name in ("a.mp4", "a.dcm", "a.pdf", "a.xyz"):
        for source in (broken, sets[0]["cine"]):
            words = ("export", source, tmp_path / name, "--deidentify", "--debug")
            _, out, err = answer(capsys, *words)
            said = (out + err).replace(str(source), "").replace(str(source.parent), "")
            assert not any(form.decode() in said for form in planted.told(MARK, BORN)["mark"][::3])


def test_a_single_frame_says_what_it_tells(capsys: Captured, sets: Sets, tmp_path: Path) -> None:
    target = tmp_path / f"{MARK}.png"
    status, _, err = answer(capsys, "render", sets[0]["cine"], target, "-q")
    assert (status, "The name of the file tells Patient Name" in err) == (0, True)
    assert json.loads(log_file().read_text("ascii").splitlines()[-1])["output"] == ".png"


@pytest.mark.parametrize("name", ["a.dcm", "a.txt", "disc"])
def test_what_cannot_be_helped_is_refused(
    capsys: Captured, sets: Sets, tmp_path: Path, name: str
) -> None:
    source = sets[0]["letter" if name == "a.txt" else "cine"]
    words = ["--media"] if name == "disc" else []
    assert answer(capsys, "export", source, tmp_path / name, "--deidentify", *words)[0] == 2
    assert list(tmp_path.iterdir()) == []


def both_ways(capsys: Captured, sets: Sets, tmp_path: Path, words: list[str], name: str) -> None:
    """Export both sets; the results must be alike and hold nothing that identifies."""
    results = []
    for number, objects in enumerate(sets):
        place = tmp_path / str(number)
        place.mkdir()
        chosen = [str(objects.get(word, word)) for word in words]
        given = (chosen[0], place / name, *chosen[1:], "--deidentify", "--json")
        status, out, err = answer(capsys, "export", *given)
        assert status == 0, err
        assert json.loads(out)
        mark, born = (MARK, BORN) if number == 0 else (OTHER, BORN_OTHER)
        files = planted.files_below(place)
        assert len(files) >= 2
        assert planted.leaks(iter(files), mark, born) == []
        assert not any(form in err.encode() for form in planted.told(mark, born)["mark"])
        results.append({path.relative_to(place): planted.same_each_time(path) for path in files})
    different = [str(path) for path in results[0] if results[0][path] != results[1].get(path)]
    assert (different, len(results[0])) == ([], len(results[1]))
    log = log_file().read_bytes()
    assert not any(form in log for forms in planted.told(MARK, BORN).values() for form in forms)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file(capsys: Captured, sets: Sets, tmp_path: Path, name: str) -> None:
    still = name in {"a.png", "a.jpg", "a.tiff"}
    both_ways(capsys, sets, tmp_path, ["cine", *(["--frames", "2"] if still else [])], name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.png", ["cine", "--overlay", "anonymous", "--frames", "2"]),
        ("a.mkv", ["cine", "--overlay", "anonymous", "--quality", "lossless"]),
        ("a.png", ["cine", "--depth", "16", "--frames", "2"]),
        ("a.tiff", ["cine", "--depth", "16", "--frames", "2"]),
        ("a.png", ["colours"]),
        ("a.npz", ["colours"]),
        ("a.png", ["slice", "--overlay", "anonymous"]),
        ("a.png", ["slice", "--overlay", "anonymous", "--voi", "1"]),
        ("a.npz", ["slice"]),
        ("a.zarr", ["slice"]),
        ("a.nii.gz", ["slice"]),
        ("set", ["slice", "--dataset", "--split", "100/0/0"]),
        ("a.png", ["cine", "--state", "state", "--overlay", "anonymous", "--frames", "1"]),
        ("a.mkv", ["cine", "--segments", "segments", "--overlay", "anonymous"]),
        ("a.mkv", ["cine", "--beside", "colours", "--quality", "lossless"]),
        ("set", ["cine", "--dataset", "--split", "100/0/0"]),
        ("set", ["colours", "--dataset", "--samples", "npz", "--split", "100/0/0"]),
        ("a.mp4", ["cine", "--mask", "0,0,10,10", "--fps", "real"]),
    ],
)
def test_every_way(
    capsys: Captured, sets: Sets, tmp_path: Path, name: str, words: list[str]
) -> None:
    both_ways(capsys, sets, tmp_path, words, name)
