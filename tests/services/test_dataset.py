"""Data sets: the split, the values, the table, and the example that the documentation gives."""

from __future__ import annotations

import ast
import csv
import hashlib
import json
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.dicom.objects import make_object, save
from xray_studio import open as xs_open
from xray_studio import scan as xs_scan
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.presentation import Window
from xray_studio.core.privacy import Privacy
from xray_studio.core.study import Catalog, Instance, Patient, Series, Study
from xray_studio.services.dataset.make import DatasetResult, export_dataset
from xray_studio.services.dataset.plan import plan
from xray_studio.services.dataset.recipe import dataset_options
from xray_studio.services.dataset.samples import DatasetOptions, chosen, foreseen
from xray_studio.services.recipe import Recipe
from xray_studio.services.recipe_file import recipe_from, recipe_text

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "datasets.md"


def studies(folder: Path, patients: int = 5) -> Catalog:
    """Write patients with two studies each; one of the values of a picture tells whose it is."""
    folder.mkdir()
    for patient in range(patients):
        for number in range(2):
            pixels = np.arange(48, dtype=np.uint16).reshape(6, 8) * 40 + patient
            dataset = make_object(
                pixels,
                BitsStored=12,
                HighBit=11,
                PatientID=f"ID-{patient}",
                PatientName=f"Secret^Name{patient}",
                StudyInstanceUID=f"1.2.3.{patient}.{number}",
                SeriesInstanceUID=f"1.2.3.{patient}.{number}.1",
                SOPInstanceUID=f"1.2.3.{patient}.{number}.1.1",
                StudyDate=f"2026010{number + 1}",
                WindowCenter=1000,
                WindowWidth=1000,
                PhotometricInterpretation="MONOCHROME1" if patient == 0 else "MONOCHROME2",
            )
            save(dataset, folder / f"{patient}-{number}.dcm")
    return xs_scan(folder)


def written(catalog: Catalog, target: Path, **options: Any) -> DatasetResult:
    return run(export_dataset(catalog, target, DatasetOptions(**options)))


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "table.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_no_patient_is_on_two_sides(tmp_path: Path) -> None:
    result = written(studies(tmp_path / "in"), tmp_path / "out", shares=(3, 1, 1))
    rows = table(tmp_path / "out")
    assert len(rows) == 10
    assert result.patients == {"train": 3, "val": 1, "test": 1}
    sides = {(row["patient"], row["split"]) for row in rows}
    assert len(sides) == len({row["patient"] for row in rows}) == 5
    assert {row["study"] for row in rows if row["patient"] == "P0001"} == {"P0001-S1", "P0001-S2"}
    for row in rows:
        assert row["path"].startswith(f"{row['split']}/{row['patient']}/{row['series']}")
        assert (tmp_path / "out" / row["path"]).is_file()


def test_the_same_files_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    first = studies(tmp_path / "in")
    second = Catalog(tuple(reversed(first.patients)), first.skipped)
    written(first, tmp_path / "a", seed=3)
    written(second, tmp_path / "b", seed=3)
    written(first, tmp_path / "c", seed=4)
    assert everything(tmp_path / "a") == everything(tmp_path / "b")
    assert everything(tmp_path / "a") != everything(tmp_path / "c")


def test_nobody_is_named(tmp_path: Path) -> None:
    written(studies(tmp_path / "in"), tmp_path / "out")
    found = everything(tmp_path / "out")
    told = b"".join([*found.values(), *(name.encode() for name in found),
                     (tmp_path / "out.json").read_bytes()])  # fmt: skip
    for word in (b"Secret", b"ID-", b"1.2.3", b"202601"):
        assert word not in told


@pytest.mark.parametrize("samples", ["png", "npz"])
@pytest.mark.parametrize(("way", "low", "high"), [("window", 500.0, 1500.0),
                                                  ("percentile", None, None)])  # fmt: skip
def test_values_run_from_0_to_1(
    tmp_path: Path, samples: str, way: str, low: float | None, high: float | None
) -> None:
    written(studies(tmp_path / "in", 2), tmp_path / "out", normalise=way, samples=samples, bits=16)
    for row in table(tmp_path / "out"):
        found = read(tmp_path / "out" / row["path"])
        source = next(  # the one whose object this is
            clip for path in (tmp_path / "in").iterdir()
            if sha(clip := xs_open(path)) == row["source_sha256"]
        )  # fmt: skip
        values = source[0].astype(float)
        ends = (low, high) if low is not None else np.percentile(values, (1, 99))
        assert float(row["low"]) == pytest.approx(ends[0])
        assert float(row["high"]) == pytest.approx(ends[1])
        wanted = np.clip((values - ends[0]) / (ends[1] - ends[0]), 0, 1)
        if source.pixels.inverted:
            wanted = 1 - wanted
        np.testing.assert_allclose(found, wanted, atol=2e-3)  # a linear window is 1 narrower


def test_z_scores_have_mean_0_and_deviation_1(tmp_path: Path) -> None:
    catalog = studies(tmp_path / "in", 2)
    written(catalog, tmp_path / "out", normalise="z-score", samples="npz")
    for row in table(tmp_path / "out"):
        found = read(tmp_path / "out" / row["path"])
        assert found.dtype == np.float32
        assert abs(found.mean()) < 1e-3
        assert found.std() == pytest.approx(1.0, abs=1e-3)
    written(catalog, tmp_path / "png", normalise="z-score", bits=16)
    for one, other in zip(table(tmp_path / "out"), table(tmp_path / "png"), strict=True):
        back = read(tmp_path / "png" / other["path"]) * 8.0 - 4.0
        np.testing.assert_allclose(back, read(tmp_path / "out" / one["path"]), atol=1e-3)


def read(path: Path) -> np.ndarray:
    if path.suffix == ".npz":
        with np.load(path) as archive:
            return archive["values"]
    picture = np.asarray(Image.open(path))
    return picture / (65535.0 if picture.dtype != np.uint8 else 255.0)


def sha(clip: Any) -> str:
    return hashlib.sha256(clip.acquisition.sop_instance_uid.encode()).hexdigest()


def test_pictures_are_fitted_in_their_own_shape(tmp_path: Path) -> None:
    written(studies(tmp_path / "in", 1), tmp_path / "out", size=(32, 32), window=Window(-10.0, 2.0))
    (first, _) = table(tmp_path / "out")
    picture = np.asarray(Image.open(tmp_path / "out" / first["path"]))
    assert picture.shape == (32, 32)
    assert not picture[:4].any()
    assert not picture[-4:].any()
    assert (first["rows"], first["source_rows"]) == ("32", "6")


def test_padding_and_colours(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    pixels = np.full((6, 8), 100, np.int16)
    pixels[0] = -2000
    pixels[1] = 300
    save(make_object(pixels, PixelPaddingValue=-2000), tmp_path / "in" / "a.dcm")
    colours = np.random.default_rng(1).integers(0, 255, (6, 8, 3)).astype(np.uint8)
    save(make_object(colours, PatientID="other"), tmp_path / "in" / "b.dcm")
    written(xs_scan(tmp_path / "in"), tmp_path / "out", normalise="percentile", shares=(1, 0, 0))
    found = [
        np.asarray(Image.open(tmp_path / "out" / row["path"])) for row in table(tmp_path / "out")
    ]
    grey, colour = sorted(found, key=lambda picture: picture.ndim)
    assert grey.max() == 255
    assert set(grey[0]) == {0}
    np.testing.assert_array_equal(colour, colours)


def test_frames_and_their_moments(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    pixels = np.arange(10, dtype=np.uint8)[:, None, None] * np.ones((1, 4, 4), np.uint8)
    save(make_object(pixels, FrameTime=40, FrameIncrementPointer=0x00181063), tmp_path / "in" / "a")
    written(xs_scan(tmp_path / "in"), tmp_path / "out", frames=(2, 99), every=3)
    rows = table(tmp_path / "out")
    assert [row["frame"] for row in rows] == ["2", "5", "8"]
    assert [float(row["time"]) for row in rows] == pytest.approx([0.08, 0.2, 0.32])


def test_a_damaged_series_is_left_out_and_told(tmp_path: Path, shared_data: Path) -> None:
    studies(tmp_path / "in", 2)
    broken = shared_data / "malformed"
    result = written(xs_scan(tmp_path / "in", broken), tmp_path / "out")
    good = [row for row in table(tmp_path / "out") if row["modality"] == "OT"]
    assert len(good) >= 4
    assert sum(result.samples.values()) == len(table(tmp_path / "out"))


def people(*marks: tuple[str, str, str, str]) -> Catalog:
    """Return a catalogue of patients with one study each: ID, name, birth date, Study UID."""
    found = []
    for number, (who, name, born, uid) in enumerate(marks):
        instance = Instance(f"/{number}.dcm", f"1.{number}")
        series = Series(f"2.{number}", instances=(instance,), key=str(number))
        found.append(Patient(who, name, born, studies=(Study(uid, series=(series,)),)))
    return Catalog(tuple(found))


@pytest.mark.parametrize(
    "same",
    [
        (("1", "A^B", "", "s1"), (" 1 ", "Other", "", "s2")),
        (("1", "A^B", "1950", "s1"), ("2", "a b", "1950", "s2")),
        (("1", "", "", "s1"), ("2", "", "", "s1")),
        (("", "A^B", "1950", "s1"), ("9", "A B", "1950", "s2")),
    ],
)
def test_who_may_be_the_same_is_one_patient(same: tuple[tuple[str, str, str, str], ...]) -> None:
    assert len({one.patient for one in plan(people(*same), (1, 1, 0), 0)}) == 1


def test_others_are_others() -> None:
    others = (("1", "A^B", "1950", "s1"), ("2", "A^B", "1951", "s2"), ("", "", "", "s3"))
    assert len({one.patient for one in plan(people(*others), (1, 1, 1), 0)}) == 3


MARK = st.tuples(
    *[st.sampled_from(["", "a", "b", "c"])] * 3, st.text("uvwx", min_size=1, max_size=2)
)


@given(st.lists(MARK, min_size=1, max_size=15), st.integers(0, 3))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_nothing_leaks(marks: list[tuple[str, str, str, str]], seed: int) -> None:
    planned = plan(people(*marks), (2, 1, 1), seed)
    sides: dict[tuple[str, ...], set[str]] = {}
    by_key = {one.series.key: one for one in planned}
    for number, (who, name, born, uid) in enumerate(marks):
        part = by_key[str(number)].part
        for mark in (("id", who) if who else (), ("study", uid),
                     ("who", name, born) if name and born else ()):  # fmt: skip
            if mark:
                sides.setdefault(mark, set()).add(part)
    assert all(len(parts) == 1 for parts in sides.values())
    assert len({(one.patient, one.part) for one in planned}) == len({o.patient for o in planned})


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    catalog = studies(tmp_path / "in", 1)
    for options in ({"normalise": "log"}, {"samples": "jpg"}, {"bits": 12}, {"every": 0}):
        with pytest.raises(UsageError):
            written(catalog, tmp_path / "out", **options)
    with pytest.raises(UsageError, match="no pictures here"):
        written(Catalog(), tmp_path / "out")
    with pytest.raises(UsageError, match="originals are never changed"):
        written(catalog, tmp_path / "in")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_stopped_it_leaves_nothing(tmp_path: Path) -> None:
    catalog = studies(tmp_path / "in", 1)
    for stop in (1, 3, 5, 8):
        job = export_dataset(catalog, tmp_path / "out")
        for _ in range(stop):
            next(job)
        job.close()
        assert [path.name for path in tmp_path.iterdir()] == ["in"]
    written(catalog, tmp_path / "out")
    (tmp_path / "out" / "train" / "mine.txt").write_text("mine")
    with pytest.raises(WriteError, match="holds other files"):
        written(catalog, tmp_path / "out")


def example() -> str:
    """Return the code of the documentation."""
    return DOCUMENT.read_text("utf-8").split("```python\n")[1].split("```")[0]


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With PyTorch where it is installed, else with the little of it that the example uses."""
    ast.parse(example())
    try:
        import torch  # noqa: F401 - its presence decides
    except ImportError:
        _stand_in(monkeypatch)
    (tmp_path / "sets").mkdir()
    studies(tmp_path / "in")
    colours = make_object(np.full((6, 8, 3), 200, np.uint8), PatientID="ID-0")
    save(colours, tmp_path / "in" / "colours.dcm")
    catalog = xs_scan(tmp_path / "in")
    written(catalog, tmp_path / "sets" / "chest", size=(16, 16), shares=(100, 0, 0))
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(example(), names)
    samples = [names["Samples"]("sets/chest", "train")[n] for n in range(11)]
    assert {tuple(tensor.shape) for tensor, _ in samples} == {(1, 16, 16)}
    assert all(float(tensor.max()) <= 1.0 for tensor, _ in samples)
    assert all(patient.startswith("P") for _, patient in samples)
    assert len(names["loader"].dataset) == 11


def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loader:
        def __init__(self, dataset: Any, **options: Any) -> None:
            self.dataset = dataset

    torch, utils, data = (types.ModuleType(n) for n in ("torch", "torch.utils", "torch.utils.data"))
    torch.from_numpy = lambda array: array  # type: ignore[attr-defined]  # a stand-in
    data.Dataset, data.DataLoader = object, Loader  # type: ignore[attr-defined]  # a stand-in
    for name, module in (("torch", torch), ("torch.utils", utils), ("torch.utils.data", data)):
        monkeypatch.setitem(sys.modules, name, module)


def test_some_series_alone_keep_who_is_the_same(tmp_path: Path) -> None:
    catalog = studies(tmp_path / "in")
    pictures = catalog.pictures()
    only = frozenset(series.identity for series in pictures[:3])
    planned = plan(catalog, (50, 50, 0), 1, only)
    assert {one.series.identity for one in planned} == only
    assert len({one.part for one in planned if one.series in pictures[:2]}) == 1
    result = run(export_dataset(catalog, tmp_path / "out", DatasetOptions(), only=only))
    assert sum(result.samples.values()) == 3


def test_who_is_the_same_is_told_by_series_that_are_left_out() -> None:
    """Two numbers of one person, whom a third study with one of its objects in both tells."""
    patients = tuple(
        Patient(number, studies=(Study("", series=(series,)),), number=place)
        for place, (number, series) in enumerate((
            ("A", Series("1", instances=(Instance("a", "1.1"),))),
            ("B", Series("2", instances=(Instance("b", "2.1"),))),
            ("A", Series("3", instances=(Instance("c", "3.1"),), owner=("third",))),
            ("B", Series("4", instances=(Instance("d", "3.1"),), owner=("fourth",))),
        ))
    )  # fmt: skip
    catalog = Catalog(patients)
    only = {series.identity for series in catalog.all_series()[:2]}
    assert len({one.patient for one in plan(catalog, (50, 50, 0), 0, only)}) == 1


def test_what_is_foreseen_is_written(tmp_path: Path) -> None:
    catalog = studies(tmp_path / "in")
    options = DatasetOptions(shares=(60, 20, 20), seed=4)
    seen = foreseen(plan(catalog, options.shares, options.seed), options)
    result = run(export_dataset(catalog, tmp_path / "out", options))
    assert {part: result.samples.get(part, 0) for part in seen.samples} == seen.samples
    assert (result.patients, seen.series) == (seen.patients, 10)


@pytest.mark.parametrize(
    ("frames", "every", "count"), [(None, 1, 10), (None, 3, 4), ((2, 5), 2, 2), ((8, 30), 1, 2)]
)
def test_frames_foreseen(frames: tuple[int, int] | None, every: int, count: int) -> None:
    options = DatasetOptions(frames=frames, every=every)
    assert len(chosen(options, range(10), 10)) == count


def test_a_name_that_tells_a_patient_is_refused_or_said(tmp_path: Path) -> None:
    catalog = studies(tmp_path / "in", patients=1)
    target = tmp_path / "secret-set"
    with pytest.raises(UsageError, match="tell a patient"):
        written(catalog, target, privacy=Privacy(deidentify=True))
    assert not target.exists()
    assert "Patient Name" in written(catalog, target).notes[0]


def test_a_recipe_asks_for_a_data_set() -> None:
    text = recipe_text(Recipe(dataset=True, size="64x64", split="50/50", seed=3, every=2))
    options = dataset_options(recipe_from(text, "set.toml"))
    assert options == DatasetOptions(size=(64, 64), shares=(50, 50, 0), seed=3, every=2)
    for wrong in ("every = 0", 'split = "x"', 'normalise = "none"', "seed = true"):
        with pytest.raises(UsageError):
            recipe_from(f"recipe = 1\n{wrong}\n", "set.toml")


def test_what_was_asked_for_is_told(tmp_path: Path) -> None:
    written(studies(tmp_path / "in", 2), tmp_path / "out", seed=9, normalise="percentile")
    told = json.loads((tmp_path / "out" / "dataset.json").read_text("utf-8"))
    assert told["options"]["seed"] == 9
    assert told["options"]["normalise"] == "percentile"
    assert told["samples"]["train"] + told["samples"]["val"] + told["samples"]["test"] == 4
