"""Reference libraries: indexed once, nearest first, nobody compared with themselves."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from xray_studio.core.errors import StudioError, UnreadableError, UsageError
from xray_studio.core.job import run
from xray_studio.core.learning.cases import ReportText
from xray_studio.services.learning.inference.findings import Shown
from xray_studio.services.open import open_paths
from xray_studio.services.report.library import (
    Entry,
    Library,
    digest,
    keep,
    path_of,
    read_library,
)
from xray_studio.services.report.library_making import Looked, indexed
from xray_studio.services.report.nearest import _others, _ranked, nearest_cases

ALL = np.ones(4, np.bool_)


def made(folder: Path) -> Library:
    chance = np.random.default_rng(3)
    entries = tuple(
        Entry(str(folder / f"{n}.png"), digest(f"owner {n // 2}"), ("effusion",), ReportText(),
              digest(f"patient {n // 2}"), digest(f"study {n}"))
        for n in range(4)
    )  # fmt: skip
    features = np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    small = chance.integers(0, 256, (4, 32, 32)).astype(np.uint8)
    return Library(str(folder), "ab" * 32, entries, features, small, 2)


def looked(small: np.ndarray, patient: str = "", study: str = "") -> Looked:
    return Looked({}, small, digest(patient), digest(study))


def test_an_index_is_kept_for_its_owner_alone_and_damage_is_told(tmp_path: Path) -> None:
    library = made(tmp_path)
    with pytest.raises(UsageError, match="not indexed yet"):
        read_library(tmp_path)
    path = keep(library)
    again = read_library(tmp_path)
    assert again.entries == library.entries
    assert np.array_equal(again.features, library.features)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert str(tmp_path.name) not in path.name
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UnreadableError, match="index the folder again"):
        read_library(tmp_path)


def test_nobody_is_compared_with_themselves(tmp_path: Path) -> None:
    library = made(tmp_path)
    other = np.random.default_rng(4).integers(0, 256, (32, 32)).astype(np.uint8)
    assert _others(library, [looked(other)], set()).all()
    for own in (
        looked(other, patient="patient 1"), looked(other, study="study 3"),
        looked(library.small[2] // 2 + 20),
    ):  # fmt: skip
        assert _others(library, [own], set()).tolist() == [True, True, False, False]
    path = str(Path(library.entries[0].path).resolve())
    assert _others(library, [looked(other)], {path}).tolist() == [False, False, True, True]


def test_the_nearest_come_first_and_each_patient_once(tmp_path: Path) -> None:
    library = made(tmp_path)
    row = np.array([0.0, 0.9, 0.1], np.float32)
    found = _ranked(library, row, ALL, 3)
    assert [Path(one.entry.path).stem for one in found] == ["2", "1"]
    assert found[0].likeness > found[1].likeness


def test_a_folder_with_reports_is_indexed_and_searched(shared_data: Path, tmp_path: Path) -> None:
    films = _few(shared_data / "iu_xray", tmp_path / "films")
    library = run(indexed(tmp_path / "films"))
    assert len(library.entries) == len(films)
    assert any(one.report.findings for one in library.entries)
    names = {path.name for path in path_of(tmp_path / "films").parent.iterdir()}
    assert len(names) == 1
    clip = run(open_paths([str(films[0])]))
    found = run(nearest_cases([Shown.of(clip)], tmp_path / "films"))
    assert len(found) == 3
    assert str(films[0]) not in {one.entry.path for one in found}
    assert all(one.picture is not None and one.picture.shape[:2] == (160, 160) for one in found)
    films[1].unlink()
    again = run(nearest_cases([Shown.of(clip)], tmp_path / "films", 9))
    assert [one.picture is None for one in again].count(True) == 1
    with pytest.raises(StudioError, match="not indexed"):
        run(nearest_cases([Shown.of(clip)], tmp_path))


def _few(source: Path, target: Path, count: int = 5) -> list[Path]:
    """Copy some frontal films with their rows, and return them."""
    with (source / "reports.csv").open(encoding="utf-8", newline="") as file:
        each = [row for row in csv.DictReader(file) if row["projection"].lower() == "frontal"]
    rows = list({row["study"]: row for row in each}.values())[:count]
    target.mkdir()
    for row in rows:
        place = target / row["image"]
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / row["image"], place)
    with (target / "reports.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return [target / row["image"] for row in rows]
