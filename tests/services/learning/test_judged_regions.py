"""What readers made of marked regions, on its way into training and judging of detectors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.services.learning.conftest import asked_at_once
from tests.services.learning.test_anomaly import COUNT, write_films
from xray_studio.__main__ import main
from xray_studio.core.anomaly.detection import DetectorMark
from xray_studio.core.anomaly.verdict import Act, Verdict
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import run
from xray_studio.core.learning.cases import Case, Collection, Film, View
from xray_studio.core.learning.model import read_model
from xray_studio.core.pixel_hash import stored_sha256
from xray_studio.core.region import Region
from xray_studio.services.anomaly.feedback import export_masks, keep
from xray_studio.services.learning.films.judged_regions import (
    LIST,
    FilmVerdicts,
    read_judged,
    verdicts_on,
)
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.anomaly import normals
from xray_studio.services.open import open_whole

Captured = pytest.CaptureFixture[str]
BOX = (40.0, 60.0, 70.0, 100.0)  # left, top, right and foot of what was marked


@pytest.fixture(scope="module", autouse=True)
def at_once() -> Iterator[None]:
    """Engines ask in this process, which has its libraries loaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "asked", asked_at_once)
        yield


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Films of as many patients, every third of them ill."""
    return write_films(tmp_path_factory.mktemp("judged") / "films")


def _act(path: Path, verdict: Verdict, reader: str = "Anna") -> Act:
    stored = run(open_whole(str(path))).stored(0)
    left, top, right, foot = BOX
    corners = ((left, top), (right, top), (right, foot), (left, foot))
    return Act(
        "2026-11-22T08:00:00+00:00", reader, verdict, DetectorMark("default", "1"),
        stored_sha256(stored), 0, (stored.shape[0], stored.shape[1]),
        Region(40, 60, 30, 40), 0.98, 0.95, (corners,), 0.98,
    )  # fmt: skip


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Keep acts and export their masks into a folder, which is returned."""
    monkeypatch.setenv("XRAY_STUDIO_DATA", str(tmp_path / "data"))

    def made(*acts: Act) -> Path:
        for act in acts:
            keep(act)
        run(export_masks(tmp_path / "masks"))
        return tmp_path / "masks"

    return made


def _collections() -> tuple[Collection, Collection]:
    """Ninety patients whom a table calls normal, and thirty of whom nobody says anything."""

    def case(name: str, labels: frozenset[str] | None) -> Case:
        return Case(name, name, (Film(f"{name}.png", View.FRONTAL),), labels)

    told = tuple(case(f"t{n}", frozenset({"normal"})) for n in range(90))
    untold = tuple(case(f"u{n}", None) for n in range(30))
    return (
        Collection("told", "labels", told, ("normal",)), Collection("untold", "labels", untold)
    )  # fmt: skip


def test_rejected_films_are_learned_from_and_set_no_threshold() -> None:
    """Those that no table tells of alone, of patients whom nobody holds out."""
    plain = normals(_collections(), 0)
    assert plain.by_readers == 0
    untold = frozenset(range(90, 120))
    found = normals(_collections(), 0, judged=FilmVerdicts(rejected=untold | {3}))
    more = set(found.learned.tolist()) - set(plain.learned.tolist())
    assert 0 < found.by_readers == len(more) < len(untold)
    assert more < untold
    assert found.held.tolist() == plain.held.tolist()


def test_patients_in_whom_something_was_meant_are_left_out() -> None:
    """Whatever the table says of them, and of the part that sets thresholds too."""
    plain = normals(_collections(), 0)
    ill = int(plain.learned[0]), int(plain.held[0])
    found = normals(_collections(), 0, judged=FilmVerdicts(dict.fromkeys(ill, ("mask",))))
    assert found.learned.tolist() == plain.learned.tolist()[1:]
    assert found.held.tolist() == plain.held.tolist()[1:]


def test_films_are_known_by_their_pixels(films: Path, export: Any) -> None:
    """One word of a reader that something is meant counts more than others that reject it."""
    rejected = _act(films / "2.png", Verdict.REJECTED)
    folder = export(
        _act(films / "1.png", Verdict.ACCEPTED), _act(films / "1.png", Verdict.REJECTED, "Bert"),
        rejected, replace(rejected, pixels_sha256="ab" * 32),
    )  # fmt: skip
    paths = [str(films / f"{number}.png") for number in range(4)]
    found = run(verdicts_on(read_judged(folder), paths, [0, 1, 2, 3]))
    assert {number: len(masks) for number, masks in found.meant.items()} == {1: 1}
    assert found.rejected == {2}
    assert found.unknown == 1


def test_a_training_takes_them(films: Path, export: Any, tmp_path: Path, capsys: Captured) -> None:
    """It tells how many films they are, and which regions are of none of them."""
    plain = normals(run(read_collections(films)), 0)
    learned = [Path(plain.chosen.films[int(n)].path) for n in plain.learned]
    one = _act(learned[0], Verdict.REDRAWN)
    masks = export(one, _act(learned[1], Verdict.REJECTED), replace(one, pixels_sha256="ab" * 32))
    words = ["train", "anomaly", "--detector", "hog-vit-iforest", "--data", str(films)]
    asked = [*words, "--feedback", str(masks), "--out", str(tmp_path / "out"), "--json", "-q"]
    assert main(asked) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["left_out_by_readers"], told["normal_by_readers"]) == (1, 0)
    assert "1 judged region is of films that are not there." in said.err
    training = read_model(tmp_path / "out" / "model").training
    assert training["films"] == len(plain.learned) - 1
    assert training["held_normals"] == len(plain.held)


def test_what_was_meant_is_there_to_judge_by(films: Path, export: Any, capsys: Captured) -> None:
    """Beside masks that other people made; what was rejected is no lesion."""
    masks = export(_act(films / "0.png", Verdict.ACCEPTED), _act(films / "1.png", Verdict.REJECTED))
    words = ["evaluate", "anomaly", "--data", str(films), "--all", "--feedback", str(masks)]
    asked = [*words, "--detector", "hog-vit-iforest", "--phantoms", "0", "--json", "-q"]
    assert main(asked) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["feedback"] == {"films": 1, "regions_elsewhere": 0}
    assert facts["n"] == COUNT
    assert facts["detectors"]["hog-vit-iforest"]["pixel_auroc"] is not None
    assert facts["detectors"]["hog-vit-iforest"]["dice"] is not None


def test_other_folders_and_damaged_lists_are_told(
    films: Path, export: Any, tmp_path: Path, capsys: Captured
) -> None:
    """Before films are read; a mask that is gone is told too."""
    with pytest.raises(UnreadableError, match="holds no exported feedback"):
        read_judged(films)
    masks = export(_act(films / "0.png", Verdict.ACCEPTED))
    (mask,) = masks.glob("*.png")
    mask.write_bytes(cv2.imencode(".png", np.zeros((4, 4), np.uint8))[1].tobytes()[:20])
    words = ["evaluate", "anomaly", "--data", str(films), "--all", "--feedback", str(masks), "-q"]
    assert main([*words, "--phantoms", "0"]) == 1
    assert "A mask of the feedback cannot be read" in capsys.readouterr().err
    (masks / LIST).write_text('{"mask": 1}\n', "utf-8")
    with pytest.raises(UnreadableError, match=r"Line 1 of masks\.jsonl in masks"):
        read_judged(masks)
    out = ["--out", str(tmp_path / "out"), "-q"]
    asked = ["train", "anomaly", "--data", str(films), "--feedback", str(masks), *out]
    assert main(asked) == 1
    assert not (tmp_path / "out").exists()
