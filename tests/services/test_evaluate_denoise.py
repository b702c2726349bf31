"""Denoisers judged: simulated dose, held-out patients, intervals, and the form of the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from xray_studio.cli.main import main
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import run
from xray_studio.imaging.dose import ELECTRONIC, LATITUDE, QUANTA, STRONGEST, at_dose, linearised
from xray_studio.imaging.phantom.detector import Detector
from xray_studio.services.evaluate.cine import evaluate_cines
from xray_studio.services.evaluate.denoise import Judging, denoisers, evaluate_denoise
from xray_studio.services.evaluate.judged_films import JudgedFilm, films_of, held_out, learned_from
from xray_studio.services.evaluate.measures import edge_rise
from xray_studio.services.processing.steps import step_of

KEYS = {"psnr", "psnr_ci", "ssim", "edge_rise", "residual_whiteness", "seconds"}


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder of twelve films of six patients, with a table."""
    folder = tmp_path / "films"
    (folder / "images").mkdir(parents=True)
    rng = np.random.default_rng(4)
    lines = ["image,patient"]
    for number in range(12):
        film = cv2.GaussianBlur(rng.normal(0, 1, (128, 144)), (0, 0), 6)
        film = np.clip(128 + 900 * film, 0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / "images" / f"{number}.png"), film)
        lines.append(f"{number}.png,P{number // 2}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    return folder


def test_the_answer_has_the_agreed_form(films: Path) -> None:
    found = run(evaluate_denoise(films, Judging(films=2, cines=0))).facts
    assert set(found) == {"dataset", "n", "doses", "cine"}
    assert (found["dataset"], found["n"], found["cine"]) == ("films", 2, {})
    assert list(found["doses"]) == ["1/2", "1/4", "1/8"]
    for methods in found["doses"].values():
        assert next(iter(methods)) == "none"
        assert {"gaussian", "nlm", "wavelet"} < set(methods)
        assert all(set(facts) == KEYS for facts in methods.values())
    noisy, smooth = (found["doses"]["1/8"][name] for name in ("none", "gaussian"))
    assert smooth["psnr"] > noisy["psnr"] + 2
    assert smooth["edge_rise"] > noisy["edge_rise"]
    assert found["doses"]["1/2"]["none"]["psnr"] > noisy["psnr"] + 4
    json.dumps(found, allow_nan=False)


def test_the_same_seed_gives_the_same_answer(films: Path) -> None:
    def answer(seed: int) -> list[float]:
        found = run(evaluate_denoise(films, Judging(1, 0, seed, ("nlm",), ("1/8",)))).facts
        return [facts["psnr"] for facts in found["doses"]["1/8"].values()]

    assert answer(1) == answer(1)
    assert answer(1) != answer(2)


def test_films_of_a_patient_stay_on_one_side(films: Path) -> None:
    all_of_them = run(films_of(films))[0]
    kept = held_out(all_of_them, 1)
    assert len(all_of_them) == 12
    assert 0 < len(kept) < 12
    owners = {film.owner for film in kept}
    assert all(film in kept for film in all_of_them if film.owner in owners)
    assert set(kept) == set(held_out(all_of_them, 2)), "who is held out depends on the name alone"
    learned = [all_of_them[number] for number in learned_from(all_of_them).numbers]
    assert not set(kept) & set(learned)
    assert len(kept) + len(learned) == 12
    for more in (all_of_them[:8], [*all_of_them, JudgedFilm("x", "films/P9")]):
        judged, learned = held_out(more, 1), [more[n] for n in learned_from(more).numbers]
        assert not {film.owner for film in judged} & {film.owner for film in learned}
    half = len({film.owner for film in kept})
    assert len({film.owner for film in kept[:half]}) == half, "one film of each patient comes first"


def test_copies_of_judged_films_are_not_learned_from() -> None:
    films = [JudgedFilm(f"{number}.png", f"films/P{number // 2}") for number in range(40)]
    numbers, judged = learned_from(films).numbers, held_out(films, 1)
    shown, copy = films.index(judged[0]), numbers[0]
    found = learned_from(films, [(copy, shown), (numbers[2], numbers[4])])
    beside = copy ^ 1  # the other film of its owner
    assert found.copies == tuple(sorted((copy, beside)))
    assert found.numbers == tuple(n for n in numbers if n not in {copy, beside})


def test_films_without_a_table_are_patients_of_their_own(tmp_path: Path) -> None:
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((100, 100), number, np.uint8))
    assert len({film.owner for film in run(films_of(tmp_path))[0]}) == 3


def test_folders_that_cannot_be_judged_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There are no X-ray films"):
        run(evaluate_denoise(tmp_path))
    with pytest.raises(UsageError, match="is no folder"):
        run(evaluate_denoise(tmp_path / "elsewhere"))
    cv2.imwrite(str(tmp_path / "film.png"), np.eye(100, dtype=np.uint8) * 200)
    with pytest.raises(UsageError, match="all films here are of one patient"):
        run(evaluate_denoise(tmp_path))
    for number in range(2):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.eye(40, dtype=np.uint8) * 200)
    (tmp_path / "film.png").unlink()
    with pytest.raises(StudioError, match="smaller than 96 x 96 pixels"):
        run(evaluate_denoise(tmp_path))
    for number in range(2):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.eye(100, dtype=np.uint8) * 200)
    with pytest.raises(StudioError, match="fewer than 16 greys"):
        run(evaluate_denoise(tmp_path))


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"films": 0}, "at least one film"),
        ({"methods": ("blur",)}, "blur is no denoiser; there are none, gaussian"),
        ({"doses": ()}, "at least one"),
        ({"doses": ("3",)}, "3 is no dose"),
        ({"doses": ("1/0",)}, "1/0 is no dose"),
    ],
)
def test_absurd_wishes_are_refused(wanted: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        Judging(**wanted)


def test_films_that_cannot_be_judged_are_left_out_and_named(
    films: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (films / "labels.csv").unlink()
    (films / "images" / "0.png").write_bytes(b"\x89PNG\r\n\x1a\n damaged")
    wanted = ["evaluate", "denoise", "--data", str(films), "--cines", "0", "--methods", "nlm"]
    assert main([*wanted, "--doses", "1/8, 0.3", "--json", "-q"]) == 3
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert {dose: list(methods) for dose, methods in found["doses"].items()} == {
        "1/8": ["none", "nlm"],
        "0.3": ["none", "nlm"],
    }
    assert "0.png is left out" in err


@pytest.mark.parametrize("dose", [1.0, 0.5, 0.125])
@pytest.mark.parametrize("value", [STRONGEST, 1200.0, STRONGEST / LATITUDE])
def test_noise_of_a_dose_is_that_of_its_quanta(dose: float, value: float) -> None:
    seen = at_dose(np.full((400, 400), value, np.float32), dose, [1])
    assert seen.mean() == pytest.approx(value, rel=2e-3)
    expected = value / QUANTA / dose + (ELECTRONIC / dose) ** 2
    assert seen.var() == pytest.approx(expected, rel=0.03)


def test_linearised_films_are_brightest_where_most_radiation_came() -> None:
    film = np.array([[0.0, 128.0, 255.0]], np.float32)
    made = linearised(film, 0.0, 255.0)[0]
    assert made[0] == pytest.approx(STRONGEST)
    assert made[2] == pytest.approx(STRONGEST / LATITUDE, rel=1e-4)
    assert linearised(film, 0.0, 255.0, inverted=True)[0] == pytest.approx(made[::-1], rel=0.03)


def test_a_detector_at_a_dose_has_its_noise() -> None:
    weak = Detector().at_dose(0.25)
    assert weak.variance(np.full(1, 1000.0, np.float32))[0] == pytest.approx(1000 * 1.8 + 144)


def test_an_edge_rises_more_slowly_after_a_wide_gaussian() -> None:
    rises = [edge_rise(step, 0.5, 1) for step in (None, step_of("gaussian:sigma=3"))]
    assert rises[0] == pytest.approx(2 * 1.2816 * 0.85, rel=0.15)
    assert rises[1] == pytest.approx(2 * 1.2816 * np.hypot(3, 0.85), rel=0.15)


def test_loops_are_judged_with_lag_and_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    import xray_studio.services.evaluate.cine as judged

    monkeypatch.setattr(judged, "SIZE", 192)
    names = ("none", "gaussian", "recursive")
    methods = {name: denoisers(99)[name] for name in names}
    found = run(evaluate_cines(methods, 1, 1))
    assert set(found) == set(names)
    assert all(set(facts) == KEYS | {"lag_frames", "fps"} for facts in found.values())
    assert found["none"]["fps"] is None
    assert abs(found["gaussian"]["lag_frames"]) < 0.2
    assert found["recursive"]["psnr"] > found["none"]["psnr"] + 2


def test_it_stops_when_asked(films: Path) -> None:
    job = evaluate_denoise(films, Judging(films=2, cines=0))
    assert any(one.total == 2 for one in job)
    job.close()


def test_the_command_prints_tables_or_json(films: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["evaluate", "denoise", "--data", str(films), "-n", "1", "--cines", "0", "-q"]
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 1
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "1 film of films at 1/8 dose:" in out
    assert "| gaussian |" in out


def test_a_table_of_other_things_is_no_list_of_films(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    cv2.imwrite(str(tmp_path / "film.png"), np.eye(100, dtype=np.uint8) * 200)
    assert [Path(film.path).name for film in run(films_of(tmp_path))[0]] == ["film.png"]
    assert isinstance(run(films_of(tmp_path))[0][0], JudgedFilm)
