"""Detectors that were trained anew are asked once they have passed the gate, and not before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.services.clips import Frames
from xray_studio.__main__ import main
from xray_studio.ai.weights import read_weights
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.job import Job, Progress, run
from xray_studio.core.learning.model import FACTS, WEIGHTS, read_model
from xray_studio.services.anomaly.detectors import detectors_known, usable
from xray_studio.services.anomaly.offers import offers
from xray_studio.services.learning.evaluate import anomaly_gate
from xray_studio.services.learning.evaluate.anomaly import Judging
from xray_studio.services.learning.evaluate.anomaly_gate import gate_anomaly
from xray_studio.services.learning.evaluate.answer import Answer
from xray_studio.services.learning.models.folder import write_model
from xray_studio.services.learning.models.gates import gate_of, keep
from xray_studio.services.learning.models.installed import (
    Installed,
    model_for,
    shipped_for,
    waiting_for,
)
from xray_studio.services.learning.models.keys import make_key, trust
from xray_studio.services.learning.models.updates import install, roll_back, sign
from xray_studio.services.learning.tasks.anomaly import RECIPE, RECIPE_TASK

Captured = pytest.CaptureFixture[str]
FIGURES = {
    "image_auroc_within_view": 0.70, "image_auroc_within_view_ci": (0.62, 0.77),
    "pixel_auroc": None, "dice": None, "peak_in_box": None,
}  # fmt: skip


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """The model of the recipe with other weights, signed and installed."""
    monkeypatch.setenv("XRAY_STUDIO_DATA", str(tmp_path / "data"))
    shipped = shipped_for(RECIPE_TASK)
    assert shipped is not None
    weights = read_weights(shipped.folder / WEIGHTS, shipped.model.sha256)
    name = next(iter(weights))
    changed = {**weights, name: weights[name] + 0}
    changed["more"] = weights[name][:1].clone()
    write_model(tmp_path / "model", replace(shipped.model, version="2"), changed)
    make_key(tmp_path / "mine")
    trust(tmp_path / "mine.pub")
    sign(tmp_path / "model", tmp_path / "mine")
    install(tmp_path / "model")
    (found,) = waiting_for(RECIPE_TASK)
    return found


def judged(monkeypatch: pytest.MonkeyPatch, films: int = 60, **own: Any) -> list[Judging]:
    """Let evaluations tell figures, `own` ones of what does not ship; return what was asked."""
    asked = list[Judging]()
    shipped = shipped_for(RECIPE_TASK)
    assert shipped is not None

    def evaluate(_data: Path, how: Judging) -> Job[Answer]:
        yield Progress()
        asked.append(how)
        told = FIGURES if how.model == shipped.folder else {**FIGURES, **own}
        one = {"n": films, "normal": films // 2, "abnormal": films - films // 2}
        facts = {"n": films, "collections": {"films": {**one, "detectors": {RECIPE: told}}}}
        return Answer(facts)

    monkeypatch.setattr(anomaly_gate, "evaluate_anomaly", evaluate)
    return asked


def told(name: str) -> Mapping[str, Any]:
    """Return what is told of a detector."""
    return next(one for one in detectors_known() if one["name"] == name)


def test_what_was_not_judged_is_listed_and_not_asked(own: Installed, capsys: Captured) -> None:
    """In the list, by name, in the window; the one that ships is asked meanwhile."""
    shipped = shipped_for(RECIPE_TASK)
    assert shipped is not None
    assert model_for(RECIPE_TASK).folder == shipped.folder
    assert not told(RECIPE)["unavailable"]
    name = f"{RECIPE}:{own.model.digest[:8]}"
    reason = told(name)["unavailable"]
    assert "has not been judged yet" in reason
    assert "--gate" in reason
    with pytest.raises(UnsupportedError, match="has not been judged yet"):
        usable(name)
    with pytest.raises(UnsupportedError, match="has not been judged yet"):
        usable(RECIPE, own.folder)
    clip = Clip(Frames(np.zeros((1, 80, 80), np.uint8)), acquisition=Acquisition(modality="DX"))
    (offer,) = (one for one in run(offers(clip)) if one.name == name)
    assert offer.reason == reason
    assert offer.title.endswith(f"2, {own.model.digest[:8]}")
    assert main(["models", "--json"]) == 0
    models = json.loads(capsys.readouterr().out)["models"]
    (mine,) = (one for one in models if one["sha256"] == own.model.sha256)
    assert (mine["waits"], mine["asked"]) == (reason, False)
    assert [one["asked"] for one in models if one["sha256"] == shipped.model.sha256] == [True]


def test_what_passed_is_asked(own: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands in place of what ships, until it is taken back; both were judged on equal films."""
    asked = judged(monkeypatch)
    found = run(gate_anomaly(Path("films"), Path(own.model.name), Judging()))
    assert found.gate.passed
    assert found.model.folder == own.folder
    assert [one.model for one in asked] == [own.folder, shipped_folder()]
    assert len({one.held_out for one in asked}) == 1
    assert {one.detectors for one in asked} == {(RECIPE,)}
    assert model_for(RECIPE_TASK).folder == own.folder
    assert waiting_for(RECIPE_TASK) == []
    usable(RECIPE)
    roll_back(own.model.name)
    assert model_for(RECIPE_TASK).folder == shipped_folder()


def shipped_folder() -> Path:
    """Return the folder of the model that ships."""
    found = shipped_for(RECIPE_TASK)
    assert found is not None
    return found.folder


@pytest.mark.parametrize(
    ("figures", "films", "why"),
    [
        ({"image_auroc_within_view": 0.67}, 60, "worse than by the model that ships"),
        ({"image_auroc_within_view_ci": (0.49, 0.8)}, 60, "better than chance"),
        ({}, 30, "20 normal and 20 abnormal films"),
    ],
)
def test_what_does_not_pass_is_not_asked(
    own: Installed, monkeypatch: pytest.MonkeyPatch, capsys: Captured,
    figures: dict[str, Any], films: int, why: str,
) -> None:  # fmt: skip
    """Why is told by the command, in the list and by name; a new judgement takes its place."""
    judged(monkeypatch, films, **figures)
    monkeypatch.setattr(
        "xray_studio.services.learning.evaluate.anomaly_table.result_lines", lambda _facts: []
    )
    asked = ["evaluate", "anomaly", "--gate", "--data", "films", "--model", own.model.name, "-q"]
    assert main(asked) == 1
    said = capsys.readouterr().out
    assert "has not passed the gate" in said
    assert why in said
    name = f"{RECIPE}:{own.model.digest[:8]}"
    assert why in told(name)["unavailable"]
    assert model_for(RECIPE_TASK).folder == shipped_folder()
    judged(monkeypatch)
    assert main(asked) == 0
    assert model_for(RECIPE_TASK).folder == own.folder


def test_a_gate_is_that_of_its_weights(own: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another training, a damaged file, and another task are not judged."""
    judged(monkeypatch)
    gate = run(gate_anomaly(Path("films"), own.folder, Judging())).gate
    path = keep(gate)
    assert path.name == f"{own.model.digest}.json"
    assert path.stat().st_mode & 0o777 == 0o600
    keep(replace(gate, task="anomaly"))
    assert waiting_for(RECIPE_TASK)
    path.write_text("{", "utf-8")
    assert gate_of(own.model.digest) is None
    path.write_text(json.dumps({**gate.facts(), "digest": "0" * 64}), "utf-8")
    assert gate_of(own.model.digest) is None
    assert read_model(own.folder).sha256 == own.model.sha256


def test_another_calibration_is_another_model(
    own: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch)
    keep(run(gate_anomaly(Path("films"), own.folder, Judging())).gate)
    assert model_for(RECIPE_TASK).folder == own.folder
    facts = own.folder / FACTS
    facts.write_text(replace(own.model, thresholds={"image": 0.9}).text(), "utf-8")
    assert waiting_for(RECIPE_TASK)
    assert model_for(RECIPE_TASK).folder != own.folder


def test_gates_are_for_detectors(own: Installed) -> None:
    """A model is named, and is one."""
    with pytest.raises(UsageError, match="Name the model"):
        run(gate_anomaly(Path("films"), None, Judging()))
    with pytest.raises(UsageError, match="is no detector"):
        run(gate_anomaly(Path("films"), Path("lungs"), Judging()))
    assert own.model.task == RECIPE_TASK
