"""Batches: the same files as one export each, whatever is lost on the way."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.dicom.objects import XA, make_object, save
from tests.services.clips import moving
from tests.services.clusters import Cluster
from xray_studio import open as open_clip
from xray_studio.__main__ import main
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.services.batch import run as running
from xray_studio.services.batch.recipes import recipe_named, samples
from xray_studio.services.batch.run import BatchOptions, batch
from xray_studio.services.batch.state import NAME, State, key_of
from xray_studio.services.open import scan
from xray_studio.services.processing.steps import pipeline_of
from xray_studio.services.recipe import Recipe

STEP = "gaussian:sigma=1.5"
VALUES = Recipe(format="npz", step=pipeline_of([STEP]))
SLOW = Recipe(format="npz", step=pipeline_of(["nlm-frames"]))
SECRET = "Secret^Name"
Captured = pytest.CaptureFixture[str]


def write_runs(folder: Path, count: int, damaged: int | None = None) -> Path:
    """Write runs of 12 bits with noise, each of a series of its own; one of them is damaged."""
    folder.mkdir()
    for place in range(count):
        noise = np.random.default_rng(place).normal(0, 30, (4, 48, 64))
        frames = np.clip(moving(4) + noise, 0, 4095).astype(np.uint16)
        facts: dict[str, Any] = {
            "BitsStored": 12, "HighBit": 11, "SeriesNumber": place + 1, "PatientName": SECRET,
            "SeriesInstanceUID": f"1.2.3.{place + 1}", "StudyInstanceUID": "1.2.3",
        }  # fmt: skip
        made = make_object(frames, SOPClassUID=XA, Modality="XA", **facts)
        if place == damaged:
            made.BitsAllocated = 12  # which nothing can show
        save(made, folder / f"{place}.dcm")
    return folder


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return write_runs(tmp_path / "runs", 3)


def start(source: Path, out: Path, recipe: Recipe = VALUES, **options: Any) -> running.BatchResult:
    return run(batch(run(scan(source)), out, recipe, BatchOptions(**options)))


def values(path: Path) -> np.ndarray:
    with np.load(path) as found:
        return found["values"]


def noted(out: Path) -> int:
    """Return how many tasks the state of a batch tells as finished."""
    state = out / NAME
    return state.read_text("utf-8").count('"key"') if state.exists() else 0


def hidden(out: Path) -> set[str]:
    return {path.name for path in out.iterdir() if path.name.startswith(".")}


def test_every_series_becomes_what_an_export_makes_of_it(
    tmp_path: Path, runs: Path, capsys: Captured
) -> None:
    recipe = tmp_path / "mine.toml"
    asked = ("--step", STEP, "--save-recipe", str(recipe))
    assert main(["export", str(runs / "0.dcm"), str(tmp_path / "one.npz"), *asked, "-q"]) == 0
    capsys.readouterr()
    out = tmp_path / "out"
    assert (
        main(["batch", str(recipe), str(runs), "--out", str(out), "--workers", "2", "--json", "-q"])
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert [Path(one["file"]).name for one in told["written"]] == [
        f"run-{n}.npz" for n in (1, 2, 3)
    ]
    for place, one in enumerate(told["written"]):
        wanted = np.stack(list(open_clip(runs / f"{place}.dcm").process(STEP)))
        assert np.array_equal(values(Path(one["file"])), wanted)
    assert np.array_equal(values(out / "run-1.npz"), values(tmp_path / "one.npz"))
    assert hidden(out) == {NAME, running.LOCK}


def test_one_bad_file_ends_nothing(tmp_path: Path, capsys: Captured) -> None:
    runs, out = write_runs(tmp_path / "runs", 3, damaged=1), tmp_path / "out"
    (runs / "broken.dcm").write_bytes((runs / "0.dcm").read_bytes()[:200])
    status = main(["batch", "values", str(runs), "--out", str(out), "--json", "-q"])
    told = json.loads(capsys.readouterr().out)
    assert status == 3
    assert len(told["written"]) == 2
    assert {Path(one["path"]).name for one in told["failed"]} == {"1.dcm", "broken.dcm"}
    rows = list(csv.DictReader((out / "summary.csv").read_text("utf-8").splitlines()))
    assert [row["state"] for row in rows].count("finished") == 2


def test_a_summary_names_nobody(tmp_path: Path, runs: Path) -> None:
    made = start(runs, tmp_path / "out", workers=2)
    page, table = made.html.read_text("utf-8"), made.csv.read_text("utf-8")
    state = (made.folder / NAME).read_text("utf-8")
    for text in (page, table, state):
        assert "Secret" not in text
    assert page.count("data:image/png;base64,") == 3
    assert page.count("DENOISED") == 3
    rows = list(csv.DictReader(table.splitlines()))
    assert [row["file"] for row in rows] == ["run-1.npz", "run-2.npz", "run-3.npz"]
    assert {row["steps"] for row in rows} == {STEP}


def test_rows_are_told_less_often_the_more_there_are(tmp_path: Path, runs: Path) -> None:
    """What a batch tells of itself costs a part of its time, however many series it has."""
    (task, *_) = running.planned(run(scan(runs)), tmp_path, VALUES)
    whole = running._Run([replace(task, number=number) for number in range(1, 5001)])
    told = [whole.progress().partial is not None for _ in range(50)]
    assert sum(told) < 10
    assert told[0]
    whole.outcomes = {number: running.Outcome(number, "") for number in range(1, 5001)}
    assert len(whole.progress().partial) == 5000  # the last word is whole


def test_a_thumbnail_shows_what_was_written(tmp_path: Path, runs: Path) -> None:
    """It has the window of the recipe."""
    shown = {
        width: start(runs, tmp_path / str(width), Recipe(format="npz", window=(2000.0, width)))
        for width in (4000.0, 400.0)
    }
    dull, steep = ((decoded(made.outcomes[0].thumbnail) == 255).mean() for made in shown.values())
    assert dull == 0.0 < 0.03 < steep


def decoded(picture: bytes) -> np.ndarray:
    from io import BytesIO

    from PIL import Image

    return np.asarray(Image.open(BytesIO(picture)))


def test_what_is_finished_is_not_done_again(tmp_path: Path, runs: Path) -> None:
    out = tmp_path / "out"
    first = start(runs, out, workers=2)
    stamps = {path.name: path.stat().st_mtime_ns for path in out.glob("*.npz")}
    changed, gone = out / "run-2.npz", out / "run-3.npz"
    changed.write_bytes(changed.read_bytes() + b"more")
    gone.unlink()
    again = start(runs, out, workers=2, resume=True)
    assert again.kept == {1}
    assert (out / "run-1.npz").stat().st_mtime_ns == stamps["run-1.npz"]
    hashes = [[outcome.files for outcome in made.outcomes] for made in (first, again)]
    assert hashes[0] == hashes[1]
    other = start(runs, out, Recipe(format="npz"), resume=True)
    assert not other.kept  # another recipe


def _children(number: int) -> list[int]:
    threads = Path(f"/proc/{number}/task").iterdir()
    return [int(word) for thread in threads for word in (thread / "children").read_text().split()]


def _runs(number: int) -> bool:
    """Tell whether a process runs: what is left of one that has ended names no program."""
    try:
        return bool(Path(f"/proc/{number}/cmdline").read_bytes())
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells the processes of a process")
def test_a_killed_batch_goes_on(tmp_path: Path) -> None:
    """Killed at any moment, the rest is done later and nothing half-written stays."""
    runs, out = write_runs(tmp_path / "runs", 8), tmp_path / "out"
    recipe = tmp_path / "slow.toml"
    recipe.write_text('recipe = 1\nformat = "npz"\n[[step]]\nname = "nlm-frames"\n')
    words = ["batch", str(recipe), str(runs), "--out", str(out), "--workers", "1", "-q"]
    command = [sys.executable, "-P", "-m", "xray_studio", *words]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    workers = []
    try:
        deadline = time.monotonic() + 120
        while not noted(out) and time.monotonic() < deadline:
            time.sleep(0.01)
        workers = _children(process.pid)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    while any(_runs(number) for number in workers):  # finds the pipe closed when its task ends
        time.sleep(0.01)
    before = noted(out)
    assert 0 < before < 8
    again = start(runs, out, SLOW, workers=2, resume=True)
    assert not again.failed
    assert len(again.kept) == before
    assert hidden(out) == {NAME, running.LOCK}
    whole = start(runs, tmp_path / "whole", SLOW, workers=2)
    for ours, other in zip(again.outcomes, whole.outcomes, strict=True):
        assert np.array_equal(values(out / ours.target), values(whole.folder / other.target))


def test_stopped_anywhere_nothing_is_half_written(tmp_path: Path, runs: Path) -> None:
    catalog = run(scan(runs))
    for stop in (1, 3, 6):
        job = batch(catalog, tmp_path / "out", SLOW, BatchOptions(1))
        for _ in range(stop):
            next(job, None)  # what was done before is not done again: it may have ended
        job.close()
        assert hidden(tmp_path / "out") <= {NAME, running.LOCK}
    assert not start(runs, tmp_path / "out", SLOW, resume=True).failed


def test_a_lost_worker_loses_nothing(
    tmp_path: Path, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker process that dies is replaced, and what it was doing is done again."""
    made: list[running.LocalRunner] = []

    class Watched(running.LocalRunner):
        def __init__(self, workers: int) -> None:
            super().__init__(workers)
            made.append(self)

    monkeypatch.setattr(running, "LocalRunner", Watched)
    job = batch(run(scan(runs)), tmp_path / "out", SLOW, BatchOptions(1))
    killed = False
    while True:
        try:
            told = next(job)
        except StopIteration as stop:
            result = stop.value
            break
        workers = [] if killed or not made else list(made[0]._pool._workers)
        if workers and any(row.state == running.RUNNING for row in told.partial or ()):
            workers[0].process.kill()
            killed = True
    assert killed
    assert not result.failed


def test_foreign_files_stay(tmp_path: Path, runs: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "run-2.npz").write_bytes(b"of somebody else")
    made = start(runs, out)
    assert [outcome.number for outcome in made.failed] == [2]
    assert (out / "run-2.npz").read_bytes() == b"of somebody else"
    assert not start(runs, out, overwrite=True).failed


def test_summaries_of_others_stay(tmp_path: Path, runs: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "summary.csv").write_bytes(b"of somebody else")
    with pytest.raises(WriteError, match=r"summary\.csv .* would be lost"):
        start(runs, out)
    assert (out / "summary.csv").read_bytes() == b"of somebody else"
    assert not start(runs, out, overwrite=True).failed
    assert not start(runs, out).failed


def test_results_among_the_sources_are_no_sources(tmp_path: Path, runs: Path) -> None:
    out, pictures = runs / "out", Recipe(format="png", frames="1")
    first = start(runs, out, pictures)
    assert len(first.outcomes) == 3
    again = start(runs, out, pictures, resume=True)
    assert again.kept == {1, 2, 3}
    assert again.sources == first.sources


def test_an_archive_that_changed_is_done_again(tmp_path: Path, runs: Path) -> None:
    archive, out = tmp_path / "runs.zip", tmp_path / "out"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(runs / "0.dcm", "run.dcm")
    start(archive, out)
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(runs / "1.dcm", "run.dcm")
    again = start(archive, out, resume=True)
    assert not again.kept
    assert np.array_equal(
        values(out / again.outcomes[0].target),
        np.stack(list(open_clip(runs / "1.dcm").process(STEP))),
    )


def test_two_batches_do_not_share_a_folder(tmp_path: Path, runs: Path) -> None:
    job = batch(run(scan(runs)), tmp_path / "out", SLOW, BatchOptions(1))
    next(job)
    with pytest.raises(WriteError, match="Another batch"):
        start(runs, tmp_path / "out")
    job.close()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["values"], "RECIPE SRC"),
        (["nothing", ".", "--out", "o"], "There is no recipe nothing"),
        (["values", "RUNS", "--out", "o", "--workers", "0"], "--workers takes 1"),
        (["values", "EMPTY", "--out", "o"], "no pictures"),
        (["dataset.toml", "RUNS", "--out", "o"], "export --dataset"),
        (["values", "RUNS", "--out", "o", "--scheduler", "tcp://127.0.0.1:9"], "does not answer"),
    ],
)
def test_what_cannot_be_is_told(
    words: list[str], told: str, tmp_path: Path, runs: Path, capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "empty").mkdir()
    (tmp_path / "dataset.toml").write_text("recipe = 1\ndataset = true\n")
    monkeypatch.chdir(tmp_path)
    places = {"RUNS": str(runs), "EMPTY": "empty"}
    assert main(["batch", *(places.get(word, word) for word in words), "-q"]) in {1, 2}
    assert told in capsys.readouterr().err


def test_every_recipe_that_is_shipped_can_be_followed(capsys: Captured) -> None:
    assert main(["batch", "--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["recipes"]
    assert len(listed) >= 5
    for sample in samples():
        assert sample.about
        assert recipe_named(sample.name)[0] == sample.name
    assert main(["batch", "--list"]) == 0


@pytest.mark.parametrize("name", [sample.name for sample in samples()])
def test_every_recipe_that_is_shipped_runs(name: str, tmp_path: Path, runs: Path) -> None:
    """Each writes something; none that takes identity away leaves a trace of it."""
    named, recipe = recipe_named(name)
    out = tmp_path / "out"
    made = start(runs, out, recipe, workers=2, name=named)
    assert [outcome.reason for outcome in made.outcomes] == ["", "", ""]
    for outcome in made.outcomes:
        assert outcome.files
        assert outcome.thumbnail
        assert (out / outcome.target).exists()
    if recipe.deidentify:
        for path in [*out.rglob("*"), *(tmp_path / "out").glob(".*")]:
            assert not path.is_file() or not leaks(path.read_bytes()), path.name


def leaks(data: bytes) -> bool:
    """Tell whether bytes hold the name, the number or a UID of the patient of the runs."""
    told = (SECRET.encode(), b"Secret", b"1.2.3.1", b"1.2.3.2")
    return any(word in data for word in told)


def test_lines_of_a_state_that_are_damaged_are_passed_over(tmp_path: Path, runs: Path) -> None:
    out = tmp_path / "out"
    start(runs, out)
    state = out / NAME
    lines = state.read_text("utf-8").splitlines()
    state.write_text("\n".join([lines[0], lines[1][:50], "[]", "{}", '{"key": 1}', *lines[2:]]))
    assert len(start(runs, out, resume=True).kept) == 2


def test_a_line_that_was_cut_short_harms_none_behind_it(tmp_path: Path, runs: Path) -> None:
    out = tmp_path / "out"
    start(runs, out)
    state = out / NAME
    lines = state.read_text("utf-8").splitlines()
    state.write_text("\n".join([*lines[:-1], lines[-1][:50]]))
    assert len(start(runs, out, resume=True).kept) == 2
    begun = [line for line in state.read_text("utf-8").splitlines() if line[:10] == '{"program"']
    assert [len(json.loads(line)["targets"]) for line in begun] == [3, 3]


def test_a_changed_source_is_done_again(tmp_path: Path, runs: Path) -> None:
    out = tmp_path / "out"
    start(runs, out)
    write_again = runs / "1.dcm"
    os.utime(write_again, ns=(1, 1))
    assert start(runs, out, resume=True).kept == {1, 3}
    tasks = running.planned(run(scan(runs)), out, VALUES)
    state = State(out)
    state.load()
    assert all(run(state.finished(task, key_of(task))) is not None for task in tasks)


def test_a_data_set_is_no_batch(tmp_path: Path, runs: Path) -> None:
    with pytest.raises(UsageError, match="by patient"):
        start(runs, tmp_path / "out", Recipe(dataset=True))


@pytest.mark.filterwarnings("ignore")  # Dask's own
def test_a_cluster_gives_the_same_and_a_lost_worker_loses_nothing(
    tmp_path: Path, cluster: Cluster
) -> None:
    address, workers = cluster
    runs = write_runs(tmp_path / "runs", 6, damaged=4)
    here = start(runs, tmp_path / "here", SLOW, workers=2)
    job = batch(run(scan(runs)), tmp_path / "there", SLOW, BatchOptions(scheduler=address))
    while True:
        try:
            told = next(job)
        except StopIteration as stop:
            there = stop.value
            break
        states = [row.state for row in told.partial or ()]
        if running.FINISHED in states and workers[0].poll() is None:
            workers[0].kill()
    assert workers[0].wait(240) is not None
    assert [outcome.reason for outcome in there.outcomes] == [o.reason for o in here.outcomes]
    for ours, other in zip(here.outcomes, there.outcomes, strict=True):
        if not ours.failed:
            assert np.array_equal(
                values(here.folder / ours.target), values(there.folder / other.target)
            )
            assert [file.sha256 for file in ours.files] == [file.sha256 for file in other.files]
