"""What in films speaks for findings, and whether maps rest on what was learned."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.services.learning import folders, tiny_models
from xray_studio.cli.main import main
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.job import Cancelled, run
from xray_studio.core.learning.assessment import Assessment
from xray_studio.core.learning.heat import Heat, Method, pieces
from xray_studio.core.learning.question import Wish
from xray_studio.services.learning.evaluate.explanations import STEPS
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Models, Shown, assess
from xray_studio.services.learning.inference.heat_maps import explain, networks_of, question_of
from xray_studio.services.open import open_paths


def _shown(path: Path, seed: int, shape: tuple[int, int] = (64, 56)) -> Shown:
    return Shown.of(run(open_paths([str(folders.film(path, seed, shape))])))


@dataclass(frozen=True, slots=True)
class Desk:
    """What every test here needs, made once: a process that answers, models, a film, findings."""

    engine: Engine
    models: Models
    film: Shown
    told: Assessment


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("explain")
    models, film = tiny_models.models(folder / "models"), _shown(folder / "a.png", 1, (48, 90))
    with Engine() as engine:
        yield Desk(engine, models, film, run(assess(engine, models, [film])))


def test_a_finding_is_explained_in_the_shape_of_its_film(desk: Desk, tmp_path: Path) -> None:
    models, film, told, engine = desk.models, desk.film, desk.told, desk.engine
    other = _shown(tmp_path / "b.png", 2)

    def asked(shown: Shown, label: str, method: Method) -> Heat:
        return run(explain(engine, models.findings, told, shown, Wish(label, method)))

    maps = {method: asked(film, "nodule", method) for method in Method}
    for method, heat in maps.items():
        assert (heat.method, heat.label, heat.shape) == (method, "nodule", (48, 90))
        assert heat.values.shape == (32, 32)
        assert heat.values.dtype == np.float32
        assert heat.limit > 0.0
    assert maps[Method.GRAD_CAM].values.min() >= 0.0
    assert maps[Method.GRAD_CAM].limit == 1.0
    assert maps[Method.OCCLUSION].values.min() < 0.0 < maps[Method.OCCLUSION].values.max()
    for method in Method:
        again = asked(film, "nodule", method)
        assert np.array_equal(again.values, maps[method].values), "the same answer each time"
    assert not np.array_equal(asked(film, "hernia", Method.GRAD_CAM).values, again.values)
    with pytest.raises(UnreadableError, match="another one than the findings were found in"):
        asked(other, "nodule", Method.GRAD_CAM)
    with pytest.raises(UsageError, match="nothing to explain of a cold"):
        asked(film, "a cold", Method.GRAD_CAM)
    strange = replace(told, model=replace(told.model, sha256="0" * 64))
    wish = Wish("nodule", Method.GRAD_CAM)
    with pytest.raises(UnreadableError, match="look for them again"):
        run(explain(engine, models.findings, strange, film, wish))


def test_films_views_and_networks_have_their_part_in_the_log_odds(desk: Desk) -> None:
    models, told = desk.models, desk.told
    assert networks_of(models.findings) == 2
    front = told.pictures[0]
    wish = Wish("nodule", Method.OCCLUSION)
    alone = question_of(models.findings, told, front, wish)
    assert alone.shares == (0.5, 0.5)
    side = replace(front, view="lateral", pixels_sha256="1")
    three = replace(told, pictures=(front, front, side))
    assert question_of(models.findings, three, front, wish).shares == (0.125, 0.125)
    assert question_of(models.findings, three, side, wish).shares == (0.25, 0.25)
    assert question_of(models.findings, three, side, wish).view == 1


def test_a_map_can_be_given_up_between_its_pieces(desk: Desk) -> None:
    wish = Wish("nodule", Method.OCCLUSION)
    job = explain(desk.engine, desk.models.findings, desk.told, desk.film, wish)
    first = next(job)
    assert (first.done, first.total) == (0, pieces(Method.OCCLUSION, 32))
    with pytest.raises(Cancelled):
        job.throw(Cancelled())


def test_maps_are_compared_with_those_of_weights_by_chance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tiny_models.finding_model(tmp_path / "model").folder
    films = folders.reports(tmp_path / "films")
    words = ["evaluate", "explanations", "--data", str(films), "--model", str(model), "-q"]
    assert main([*words, "--methods", "grad-cam,occlusion", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["n"] == 1
    assert list(facts["methods"]) == ["grad-cam", "occlusion"]
    for found in facts["methods"].values():
        assert list(found["cascade"]) == list(STEPS)
        assert found["changes"] is None, "one patient tells nothing for sure"
        for one in (*found["cascade"].values(), *found["baselines"].values()):
            assert -1.0 <= one["rank"] <= 1.0
            assert -1.0 <= one["ssim"] <= 1.0
        assert found["cascade"]["everything"]["rank"] < 0.99, "the map notices"
        assert found["baselines"]["another film"]["rank"] == 1.0, "there is one film alone"
    assert main([*words, "--methods", "guessing"]) == 2
    assert "There is no method guessing" in capsys.readouterr().err


def test_heat_maps_are_written_beside_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tiny_models.models(tmp_path / "models")
    monkeypatch.setattr(Models, "installed", lambda _=None: models)
    film = str(folders.film(tmp_path / "a.png", 1, (200, 160)))
    out = tmp_path / "out"
    out.mkdir()
    words = ["findings", film, "-q", "--explain", "grad-cam"]
    assert main(words) == 2
    assert "--out" in capsys.readouterr().err
    assert main([*words[:-1], "guessing", "--out", str(out)]) == 2
    assert main([*words, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    names = {Path(path).name for path in told["written"]}
    assert names == {path.name for path in out.iterdir()}
    drawn = sorted(out.glob("a.*.png"))
    assert drawn
    for path in drawn:
        picture = cv2.imread(str(path))
        assert picture.shape == (200, 160, 3)
        assert np.ptp(picture.astype(int), axis=2).max() > 40, "the map is in colour"
        with np.load(path.with_suffix(".npz")) as kept:
            assert kept["values"].shape == (200, 160)
            assert kept["values"].dtype == np.float32
            assert kept["model_sha256"] == models.findings.model.sha256
            assert kept["pixels_sha256"] == told["studies"][0]["pictures"][0]["pixels_sha256"]
            assert str(kept["finding"]).replace(" ", "-") == path.name.split(".")[1]
    assert main([*words, "--out", str(out)]) == 1, "what is there is not replaced"
