"""What the finding classifier says of studies, and when it says nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from tests.dicom.objects import make_object, save
from tests.services.learning import folders, tiny_models
from xray_studio.ai.compute import Compute
from xray_studio.ai.findings import FindingNetworks, look
from xray_studio.ai.weights import read_weights
from xray_studio.core.errors import UnreadableError, UnsupportedError, UsageError
from xray_studio.core.job import run
from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.learning.model import WEIGHTS
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.finding_files import Asking, assess_files
from xray_studio.services.learning.inference.findings import (
    CUT_SHORT,
    LATERAL_ALONE,
    NOT_DIAGNOSIS,
    Models,
    Shown,
    assess,
    calibrations,
)
from xray_studio.services.learning.models.folder import write_model
from xray_studio.services.open import open_paths


def _shown(path: Path, seed: int) -> Shown:
    return Shown.of(run(open_paths([str(folders.film(path, seed))])))


def test_a_study_is_assessed_by_all_networks(tmp_path: Path) -> None:
    models = tiny_models.models(tmp_path / "models")
    film = _shown(tmp_path / "a.png", 1)
    with Engine() as engine:
        one = run(assess(engine, models, [film]))
        two = run(assess(engine, models, [film, _shown(tmp_path / "b.png", 2)]))
    assert [score.name for score in one.findings] == list(FINDINGS)
    assert one.model.sha256 == models.findings.model.sha256
    assert (one.pictures[0].view, one.pictures[0].frame) == ("frontal", 0)
    assert len(one.pictures[0].pixels_sha256) == 64
    assert one.notes == (NOT_DIAGNOSIS,)
    for score in one.findings:
        odds = score.output / (1.0 - score.output) * np.exp(-1.0)
        assert score.probability == pytest.approx(odds / (1.0 + odds), abs=1e-6)
        assert score.positive == (score.probability >= 0.3)
        assert score.ruled_out == (score.probability < 0.1)
    assert two.findings != one.findings, "the second film counts as well"
    assert two.facts()["findings"][0]["positive"] is two.findings[0].positive


def test_what_is_no_chest_film_gets_no_findings(tmp_path: Path) -> None:
    models = tiny_models.models(tmp_path / "models", "other")
    with Engine() as engine:
        told = run(assess(engine, models, [_shown(tmp_path / "a.png", 1)]))
        with pytest.raises(UsageError, match="at least one film"):
            run(assess(engine, models, []))
    assert told.findings == ()
    assert told.abstained.endswith("so it says nothing of findings (view: other).")
    assert told.facts()["abstained"] == told.abstained


def test_a_lateral_film_alone_is_told(tmp_path: Path) -> None:
    models = tiny_models.models(tmp_path / "models", "lateral")
    with Engine() as engine:
        told = run(assess(engine, models, [_shown(tmp_path / "a.png", 1)]))
    assert LATERAL_ALONE in told.notes
    assert len(told.findings) == len(FINDINGS)


@pytest.mark.usefixtures("at_once")
def test_of_a_film_that_is_cut_short_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tiny_models.models(tmp_path / "models")
    monkeypatch.setattr(Models, "installed", lambda _: models)
    film = np.random.default_rng(1).integers(0, 4096, (1, 64, 64)).astype(np.uint16)
    whole = Path(save(make_object(film), tmp_path / "whole.dcm"))
    assert run(assess_files([str(whole)], Asking())).failed == ()
    cut = tmp_path / "cut.dcm"
    cut.write_bytes(whole.read_bytes().replace(b"1.2.826", b"1.2.827")[:-2700])
    found = run(assess_files([str(cut)], Asking()))
    assert [(Path(path).name, "cut short" in why) for path, why in found.failed] == [
        ("cut.dcm", True)
    ]
    (one,) = found.assessments
    assert (one.findings, one.abstained) == ((), CUT_SHORT)
    both = run(assess_files([str(whole), str(cut)], Asking(together=True)))
    assert [Path(path).name for path, _ in both.failed] == ["cut.dcm"]
    assert "1 of 2 films is cut short: left out." in both.assessments[0].notes
    assert (
        both.assessments[0].findings
        == run(assess_files([str(whole)], Asking())).assessments[0].findings
    )


def test_answers_can_be_explained_by_gradients(tmp_path: Path) -> None:
    made = tiny_models.finding_model(tmp_path / "findings")
    networks = FindingNetworks(made.folder, made.model.sha256, Compute())
    picture = torch.randn(1, 1, 32, 32, requires_grad=True)
    networks.outputs(picture, 0)[0, 3].backward()
    assert picture.grad is not None
    assert float(picture.grad.abs().sum()) > 0.0
    one = networks.networks[0]
    assert one.end.maps(one.seen(picture)).shape == (1, 112, 2, 2)


def test_another_calibration_is_refused(tmp_path: Path) -> None:
    made = tiny_models.finding_model(tmp_path / "findings", networks=1)
    with pytest.raises(UnreadableError, match="calibration of findings is not that"):
        calibrations(made.model, 2)


def test_networks_without_numbers_or_of_another_kind_are_refused(tmp_path: Path) -> None:
    made = tiny_models.finding_model(tmp_path / "whole")
    weights = read_weights(made.folder / WEIGHTS)
    nothing = {name: one * np.nan for name, one in weights.items() if one.is_floating_point()}
    model = write_model(tmp_path / "spoilt", made.model, weights | nothing)
    film = np.zeros((1, 32, 32), np.float32)
    with pytest.raises(UnreadableError, match="findings does not work: its answers are no numbers"):
        look(str(tmp_path / "spoilt"), model.sha256, 0, film)
    network = {"kind": "residual", "outputs": 18, "width": 2, "pooled": True}
    model = write_model(tmp_path / "other", replace(made.model, network=network), weights)
    with pytest.raises(UnsupportedError, match=r"cannot tell findings \('residual', not 'views'\)"):
        look(str(tmp_path / "other"), model.sha256, 0, film)


def test_an_inverted_film_is_named(shared_data: Path, tmp_path: Path) -> None:
    films = sorted((shared_data / "nih_cxr14" / "images").iterdir())[14:15]
    with Image.open(films[0]) as picture:
        ImageOps.invert(picture.convert("L")).save(tmp_path / "0.png")
    models = Models.installed()
    with Engine() as engine:
        upright = run(assess(engine, models, [Shown.of(run(open_paths([str(films[0])])))]))
        told = run(assess(engine, models, [Shown.of(run(open_paths([str(tmp_path / "0.png")])))]))
    assert (upright.abstained, told.findings) == ("", ())
    assert "seems to be inverted" in told.abstained
    assert told.pictures[0].view == "inverted"
