"""Feedback is only ever added, bound to pixels and model, and tells what a threshold would do."""

from __future__ import annotations

import json
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.services.anomaly.fakes import Telling
from tests.services.clips import cine
from xray_studio.__main__ import main
from xray_studio.core.anomaly.detection import Detection, ScoreMap, Unusual
from xray_studio.core.anomaly.verdict import Act, Effect, Verdict, effect, latest, recalibrated
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.locks import FileLock
from xray_studio.core.measure.mark import Kind, Mark, Spot
from xray_studio.core.measure.sketch import area_border
from xray_studio.imaging.unusual import filled, marked, outlines, region_outlines, regions_of
from xray_studio.services.anomaly import feedback
from xray_studio.services.anomaly.feedback import (
    export_masks,
    feedback_file,
    judged,
    keep,
    kept,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep feedback where nobody else does."""
    monkeypatch.setenv("XRAY_STUDIO_DATA", str(tmp_path / "data"))
    return tmp_path


def _found() -> Detection:
    return run(Telling().detect(cine()))


def _border(kind: Kind, *points: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    return area_border(Mark(1, kind, points, Spot("", "/a", 0)))


def _regions(found: Detection, frame: int = 0) -> list[Unusual]:
    return regions_of(found.maps[frame], found.threshold.value, tuple(found.channels))


def _act(verdict: Verdict = Verdict.ACCEPTED, reader: str = "Anna", frame: int = 0) -> Act:
    found = _found()
    return judged(found, _regions(found, frame)[0], verdict, reader)


def test_acts_are_added_and_read_back_as_they_were() -> None:
    """Line by line, readable by the owner alone, with hashes and no identity."""
    acts = [_act(), _act(Verdict.REJECTED, "Bert"), _act(frame=3)]
    for act in acts:
        keep(act)
    again = kept()
    assert [(one.subject, one.box) for one in again.acts] == [(o.subject, o.box) for o in acts]
    assert [one.marked_score for one in again.acts] == [one.marked_score for one in acts]
    assert [one.verdict for one in again.acts] == [one.verdict for one in acts]
    assert again.damaged == 0
    path = feedback_file()
    assert path.stat().st_mode & 0o077 == 0
    plain = json.loads(path.read_text("utf-8").splitlines()[0])
    assert plain["detector"]["model"]["sha256"] == Telling.sha256
    assert plain["pixels_sha256"] == _found().maps[0].pixels_sha256
    assert "Phantom" not in path.read_text("utf-8")


def test_half_a_line_of_a_killed_program_harms_no_other() -> None:
    """What is damaged is counted and passed over; the next line stands by itself."""
    keep(_act())
    with feedback_file().open("a", encoding="utf-8") as file:
        file.write('{"time": "2026')
    keep(_act(frame=2))
    found = kept()
    assert ([one.frame for one in found.acts], found.damaged) == ([0, 2], 1)


def test_lines_that_can_be_of_no_frame_are_passed_over(tmp_path: Path) -> None:
    """They take no memory, reach no file outside the folder, and no threshold is made of them."""
    keep(_act())
    line = json.loads(feedback_file().read_text("utf-8"))
    wrong = (
        {"shape": [10**6, 10**6]}, {"shape": [0, 8]}, {"outline": [[]]}, {"score": float("nan")},
        {"outline": [[[float("nan"), 1], [2, 3], [4, 5]]]}, {"score": 5.0},
        {"pixels_sha256": "../../../evil"},
    )  # fmt: skip
    with feedback_file().open("a", encoding="utf-8") as file:
        file.writelines(json.dumps({**line, **one}) + "\n" for one in wrong)
    found = kept()
    assert (len(found.acts), found.damaged) == (1, len(wrong))
    assert len(run(export_masks(tmp_path / "masks"))) == 2


def test_a_later_act_takes_the_place_of_an_earlier_one_of_the_same_reader() -> None:
    """Both stay in the file."""
    for verdict in (Verdict.ACCEPTED, Verdict.REJECTED):
        keep(_act(verdict))
    keep(_act(Verdict.ACCEPTED, "Bert"))
    assert len(kept().acts) == 3
    now = latest(kept().acts)
    assert [(one.reader, one.verdict) for one in now] == [
        ("Anna", Verdict.REJECTED), ("Bert", Verdict.ACCEPTED),
    ]  # fmt: skip


def test_a_region_judged_at_two_thresholds_counts_once() -> None:
    """At a lower threshold it is larger; the last word about it stands, others' stay."""
    values = np.full((40, 60), 0.1, np.float32)
    values[5:25, 5:25], values[10:20, 10:20], values[15, 15] = 0.6, 0.8, 0.9
    values[5:15, 40:50] = 0.85
    scores = ScoreMap(0, values, np.zeros(values.shape, np.uint8), 0.9, values.shape, "ab" * 32)
    plain = replace(_found(), maps=(scores,), channels={"one": "one"})
    high, low = plain.at(0.75), plain.at(0.5)
    (first, beside), (whole, _) = _regions(high), _regions(low)
    assert whole.area > first.area
    acts = [
        judged(high, first, Verdict.ACCEPTED, "Anna"),
        judged(high, beside, Verdict.ACCEPTED, "Anna"),
        judged(high, first, Verdict.ACCEPTED, "Bert"),
        judged(low, whole, Verdict.REJECTED, "Anna"),
    ]
    for act in acts:
        keep(act)
    assert [one.verdict for one in latest(kept().acts)] == ["accepted", "accepted", "rejected"]
    told = effect(kept().acts, plain.detector, 0.5)
    assert (told.meant, told.rejected) == (2, 1)
    drawn = (_border(Kind.OUTLINE, (8.0, 8.0), (12.0, 8.0), (12.0, 12.0)),)
    keep(judged(high, first, Verdict.REDRAWN, "Anna", drawn))
    assert [one.verdict for one in latest(kept().acts)] == ["accepted", "accepted", "redrawn"]
    assert kept().acts[-1].score < kept().acts[-1].marked_score


def test_windows_write_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another one holds is waited for, and that is told in the end."""
    keep(_act())
    lock = FileLock(feedback_file().with_suffix(".lock"))
    assert lock.take()
    monkeypatch.setattr(feedback, "_PATIENCE", 0.05)
    with pytest.raises(WriteError, match="in use by another window"):
        keep(_act())
    lock.release()
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(n,)) for n in range(2)]
    for one in writers:
        one.start()
    for one in writers:
        one.join(60)
    assert len(kept().acts) == 11
    assert kept().damaged == 0


def _write(number: int) -> None:
    for _ in range(5):
        keep(_act(reader=f"Reader {number}"))


def test_masks_are_exactly_what_was_marked() -> None:
    """Borders give back their regions pixel by pixel, holes too."""
    rng = np.random.default_rng(3)
    values = cv2.GaussianBlur(rng.random((40, 60)).astype(np.float32), (0, 0), 2)
    values = (values - values.min()) / (values.max() - values.min())
    values[8:20, 10:25] = 0.9
    values[11:17, 14:20] = 0.0
    scores = ScoreMap(0, values, np.zeros(values.shape, np.uint8), 0.5, values.shape, "")
    for one in regions_of(scores, 0.6, ()):
        lines = region_outlines(scores, 0.6, one.peak)
        mask = filled(lines, scores.shape)
        assert int(mask.sum()) == one.area
        assert mask[one.peak]
    whole = filled(outlines(scores, 0.6), scores.shape)
    assert np.array_equal(whole, marked(scores, 0.6))


def test_masks_are_exported_for_training(tmp_path: Path) -> None:
    """One picture an act that stands, named in a list; redrawn regions as they were drawn."""
    found = _found()
    keep(_act())
    drawn = (_border(Kind.ELLIPSE, (10.0, 10.0), (30.0, 20.0)),)
    keep(judged(found, _regions(found, 1)[0], Verdict.REDRAWN, "Anna", drawn))
    out = tmp_path / "masks"
    written = run(export_masks(out))
    assert len(written) == 3
    lines = [json.loads(line) for line in (out / "masks.jsonl").read_text("utf-8").splitlines()]
    masks = [cv2.imread(str(out / line["mask"]), cv2.IMREAD_GRAYSCALE) for line in lines]
    assert all(mask is not None and mask.shape == (48, 64) for mask in masks)
    assert masks[0] is not None
    assert masks[1] is not None
    assert int((masks[0] == 255).sum()) == _regions(found)[0].area
    assert int((masks[1] == 255).sum()) == pytest.approx(np.pi * 10 * 5, rel=0.2)
    with pytest.raises(WriteError):
        run(export_masks(out))


def test_an_outline_is_kept_and_exported_as_it_was_drawn(tmp_path: Path) -> None:
    """Concave corners stay; what lies outside of them is no part of the mask."""
    found = _found()
    corner = ((4.5, 4.5), (40.5, 4.5), (40.5, 10.5), (10.5, 10.5), (10.5, 30.5), (4.5, 30.5))
    drawn = (_border(Kind.OUTLINE, *corner),)
    keep(judged(found, _regions(found)[0], Verdict.REDRAWN, "Anna", drawn))
    assert kept().acts[0].outline == drawn
    written = run(export_masks(tmp_path / "masks"))
    mask = cv2.imread(str(written[0]), cv2.IMREAD_GRAYSCALE)
    assert mask is not None
    expected = np.zeros(mask.shape, np.uint8)
    expected[4:11, 4:41] = expected[4:31, 4:11] = 255
    assert np.array_equal(mask, expected)


def test_what_says_nothing_is_refused(tmp_path: Path) -> None:
    """A name is needed, something must be drawn, and something judged."""
    found = _found()
    one = _regions(found)[0]
    with pytest.raises(UsageError, match="Say who"):
        judged(found, one, Verdict.ACCEPTED, "  ")
    outside = (((-30.0, -30.0), (-20.0, -30.0), (-20.0, -20.0)),)
    with pytest.raises(UsageError, match="draw it anew"):
        judged(found, one, Verdict.REDRAWN, "Anna", outside)
    with pytest.raises(UsageError, match="No region has been judged"):
        run(export_masks(tmp_path / "masks"))


def _scored(score: float, verdict: Verdict, number: int) -> Act:
    return replace(_act(), verdict=verdict, score=score, pixels_sha256=f"{number}")


def test_a_threshold_is_previewed_and_one_is_proposed() -> None:
    """Meant regions stay, rejected ones go, as far as both can be had."""
    mark = _found().detector
    meant = [_scored(value, Verdict.ACCEPTED, n) for n, value in enumerate((0.6, 0.8, 0.9))]
    redrawn = [_scored(0.7, Verdict.REDRAWN, 8)]
    rejected = [_scored(value, Verdict.REJECTED, 10 + n) for n, value in enumerate((0.5, 0.55))]
    acts = [*meant, *redrawn, *rejected]
    assert effect(acts, mark, 0.75) == Effect(0.75, 4, 2, 2, 0)
    best = recalibrated(acts, mark)
    assert best is not None
    assert best == Effect(pytest.approx(0.575), 4, 4, 2, 0), "midway: some of each region is left"
    assert best.gain == 1.0
    assert recalibrated(meant, mark) is None
    upside_down = [_scored(0.7, Verdict.ACCEPTED, 1), _scored(0.9, Verdict.REJECTED, 2)]
    assert recalibrated(upside_down, mark) is None, "none keeps more meant ones than rejected ones"


def test_a_score_is_kept_as_it_was_so_that_it_marks_its_own_region() -> None:
    """Rounded up, it would lie above every pixel of the region."""
    act = replace(_act(), score=float(np.float32(0.97205675)))
    keep(act)
    assert kept().acts[0].score == act.score


def test_a_disk_without_room_is_told_and_leaves_the_file_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half a line is taken back."""
    keep(_act())
    before, write = feedback_file().read_bytes(), os.write
    monkeypatch.setattr(feedback.os, "write", lambda file, line: write(file, line[:9]))
    with pytest.raises(WriteError):
        keep(_act(frame=2))
    assert feedback_file().read_bytes() == before


def test_the_command_lists_exports_and_recalibrates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words and as JSON; a file named is still looked at."""
    assert main(["anomalies", "feedback", "list"]) == 0
    assert "No region has been judged yet." in capsys.readouterr().out
    keep(_act())
    keep(_act(Verdict.REJECTED, frame=2))
    assert main(["anomalies", "feedback", "list"]) == 0
    assert "rejected  Anna  telling" in capsys.readouterr().out
    assert main(["anomalies", "feedback", "list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["verdict"] for one in told["acts"]] == ["accepted", "rejected"]
    assert "outline" not in told["acts"][0]
    assert main(["anomalies", "feedback", "recalibrate", "--threshold", "0.9", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["detectors"]
    assert (one["asked"]["meant"], one["asked"]["rejected"]) == (1, 1)
    assert main(["anomalies", "feedback", "recalibrate", "--threshold", "2"]) == 2
    assert main(["anomalies", "feedback", "export", str(tmp_path / "masks"), "--quiet"]) == 0
    assert len(list((tmp_path / "masks").glob("*.png"))) == 2
    capsys.readouterr()
    # What names no command is a file to look at; this one is not there.
    assert main(["anomalies", str(tmp_path / "nothing.dcm"), "--quiet"]) == 2
