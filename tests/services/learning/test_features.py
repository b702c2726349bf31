"""Features of pictures: one row a frame, whole or not there, and what is missing is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import xray_studio as xs
from tests.services.learning import folders, tiny_models
from xray_studio.__main__ import main
from xray_studio.ai.features import of_findings
from xray_studio.ai.findings import loaded
from xray_studio.core import resources
from xray_studio.imaging import hog
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.features import networks as feature_networks
from xray_studio.services.learning.models.installed import Installed

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XRAY_STUDIO_DATA", str(tmp_path / "data"))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A picture, a clip of three frames, and a file that is neither."""
    folder = tmp_path / "in"
    folders.film(folder / "a.png", 1, (80, 70))
    pages = [Image.open(folders.film(tmp_path / f"{n}.png", n)) for n in range(3)]
    pages[0].save(folder / "b.tiff", save_all=True, append_images=pages[1:])
    (folder / "c.dcm").write_bytes(b"nothing")
    return folder


def _models(monkeypatch: pytest.MonkeyPatch, *installed: Installed) -> None:
    def fitting(task: str) -> list[Installed]:
        return [one for one in installed if one.model.task == task]

    monkeypatch.setattr(feature_networks, "installed_for", fitting)


@pytest.mark.usefixtures("at_once")
def test_every_frame_has_a_row_from_every_network(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    models = tiny_models.models(tmp_path / "models")
    _models(monkeypatch, models.view, models.findings)
    out = tmp_path / "f.npz"
    assert main(["features", str(sources), "--out", str(out), "--json", "-q"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert [Path(one["path"]).name for one in told["skipped"]] == ["c.dcm"]
    assert set(told["missing"]) == {"vit"}
    rows = np.load(out)
    assert [Path(one).name for one in rows["source"]] == ["a.png", *["b.tiff"] * 3]
    assert rows["frame"].tolist() == [0, 0, 1, 2]
    assert set(rows["view"]) == {"frontal"}
    assert rows["hog"].shape == (4, hog.LENGTH)
    assert rows["cnn"].shape == (4, 16)
    assert json.loads(str(rows["about"]))["models"]["cnn"]["sha256"] == models.view.model.sha256
    network = loaded(str(models.findings.folder), models.findings.model.sha256).networks[0]
    channels = network.end.heads[0].in_features
    assert rows["cnn_findings"].shape == (4, 2 * channels)
    assert np.isfinite(rows["cnn_findings"]).all()
    same = xs.features(xs.open(sources / "b.tiff"))
    for kind in ("hog", "cnn", "cnn_findings"):
        assert np.allclose(same[kind], rows[kind][1:], atol=1e-6)
    assert same["frame"].tolist() == [0, 1, 2]


@pytest.mark.usefixtures("at_once")
def test_what_is_no_chest_film_is_not_shown_to_the_finding_classifier(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tiny_models.models(tmp_path / "models", "other")
    _models(monkeypatch, models.view, models.findings)
    rows = xs.features(xs.open(sources / "a.png"))
    assert rows["view"].tolist() == ["other"]
    network = loaded(str(models.findings.folder), models.findings.model.sha256).networks[0]
    assert rows["cnn_findings"].shape == (1, 2 * network.end.heads[0].in_features)
    assert np.isnan(rows["cnn_findings"]).all()


def test_films_and_other_pictures_have_rows_of_one_length(tmp_path: Path) -> None:
    findings = tiny_models.finding_model(tmp_path)
    known = str(findings.folder), findings.model.sha256
    pictures = np.random.default_rng(1).normal(size=(3, 32, 32)).astype(np.float32)
    mixed = of_findings(*known, (0, -1, 1), pictures).rows
    assert np.isnan(mixed[1]).all()
    assert np.allclose(mixed[[0, 2]], of_findings(*known, (0, 1), pictures[[0, 2]]).rows)
    none = of_findings(*known, (-1, -1), pictures[:2]).rows
    assert none.shape == (2, mixed.shape[1])
    assert np.isnan(none).all()


def test_without_models_gradients_remain(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(resources, "folder", lambda: tmp_path / "resources")
    out = tmp_path / "f.npz"
    words = ["features", str(sources / "a.png"), "--out", str(out), "-q"]
    assert main(words) == 0
    told = capsys.readouterr().out
    for kind in ("cnn", "cnn_findings", "vit"):
        assert f"No {kind}: " in told
    rows = np.load(out)
    assert set(rows.files) == {"source", "frame", "hog", "about"}
    before = out.read_bytes()
    assert main(words) == 2, "what is there stays"
    assert main([*words, "--vit", str(tmp_path), "--overwrite"]) == 2
    assert main(["features", str(sources / "c.dcm"), "--out", str(out), "--overwrite", "-q"]) == 2
    assert out.read_bytes() == before
    assert main(["features", str(sources), "--out", str(tmp_path / "f.csv"), "-q"]) == 2
    assert {path.name for path in tmp_path.iterdir()} >= {"f.npz", "in"}
    assert not list(tmp_path.glob("*.part*"))


def test_gradients_tell_which_way_edges_run() -> None:
    upright = np.tile(np.repeat([0, 255, 0, 255], 32), (128, 1)).astype(np.uint8)
    for picture, direction in ((upright, 0), (upright.T.copy(), 4)):
        found = hog.gradients(squashed(picture, hog.SPEC)).reshape(-1, hog.DIRECTIONS)
        assert found.sum(axis=0).argmax() == direction
    assert hog.LENGTH == 1764
    assert not hog.gradients(np.zeros((128, 128), np.uint8)).any()
