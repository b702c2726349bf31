"""The vision transformer: hides what it says it hides, is trained by command, and goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.services.learning import folders
from tests.services.learning.stopping import stopped_at
from xray_studio.__main__ import main
from xray_studio.ai.networks import build
from xray_studio.ai.networks.masked import MaskedNet
from xray_studio.ai.networks.vit import patches
from xray_studio.ai.vit import vit_network
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.learning.cases import Case, Collection, Film, View
from xray_studio.core.learning.model import WEIGHTS, read_model
from xray_studio.core.learning.ridge import Ridge
from xray_studio.core.learning.scores import auroc
from xray_studio.services.learning.films.reading import squashed_film
from xray_studio.services.learning.tasks.vit import vit_films, vit_parts
from xray_studio.services.learning.train import vit as module
from xray_studio.services.learning.train.asked import Training
from xray_studio.services.learning.train.vit import train_vit

SEES = {"kind": "vit", "size": 128, "patch": 32, "width": 8, "depth": 2, "heads": 2}
SMALL = {**SEES, "kind": "masked", "drawn_width": 4, "drawn_depth": 1}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty films of as many patients."""
    folder = tmp_path_factory.mktemp("learn") / "films"
    for number in range(40):
        folders.film(folder / f"{number}.png", number)
    named = ("No Finding", "Mass")
    lines = [f"{n}.png,P{n},PA,{named[n % 2]}" for n in range(40)]
    (folder / "labels.csv").write_text("\n".join(["image,patient,view,labels", *lines]) + "\n")
    return folder


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that takes no time."""
    monkeypatch.setattr(module, "KIND", replace(module.KIND, network=SEES))
    monkeypatch.setattr(module, "LEARNING", SMALL)


def _network() -> MaskedNet:
    torch.manual_seed(3)
    found = build(SMALL)
    assert isinstance(found, MaskedNet)
    return found


def test_what_is_hidden_is_drawn_from_the_rest_alone() -> None:
    network, pictures = _network(), torch.randn(2, 1, 128, 128)
    cut = patches(pictures, 32)
    assert torch.equal(cut[1, 6].view(32, 32), pictures[1, 0, 32:64, 64:96])
    order = torch.rand(2, 16).argsort(dim=1)
    drawn = network.drawn(pictures, order, 4)
    other = pictures.clone()
    row, column = divmod(int(order[0, -1]), 4)
    other[0, 0, 32 * row : 32 * row + 32, 32 * column : 32 * column + 32] += 5.0
    assert torch.equal(network.drawn(other, order, 4), drawn)
    row, column = divmod(int(order[0, 0]), 4)
    other[0, 0, 32 * row : 32 * row + 32, 32 * column : 32 * column + 32] += 5.0
    assert not torch.allclose(network.drawn(other, order, 4)[0], drawn[0])
    targets = network.targets(3.0 * pictures + 1.0)
    assert torch.allclose(targets.mean(dim=2), torch.zeros(2, 16), atol=1e-5)
    assert torch.allclose(targets.square().mean(dim=2), torch.ones(2, 16), atol=0.01)


def test_attention_is_what_the_blocks_compute_with() -> None:
    network, pictures = _network(), torch.randn(3, 1, 128, 128)
    told = network.encoder.attentions(pictures)
    assert told.shape == (2, 3, 2, 17, 17)
    assert torch.allclose(told.sum(dim=-1), torch.ones(2, 3, 2, 17), atol=1e-5)
    attention = network.encoder.blocks[0].attention
    tokens = torch.randn(1, 17, 8)
    values = attention.asked(tokens)[..., 16:].view(1, 17, 2, 4).transpose(1, 2)
    made = (attention.weights(tokens) @ values).transpose(1, 2).reshape(1, 17, 8)
    assert torch.allclose(attention.told(made), attention(tokens), atol=1e-5)
    assert network(pictures).shape == (3, 17, 8)


@pytest.mark.usefixtures("at_once")
def test_it_is_trained_judged_and_asked_by_command(
    films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ["train", "vit", "--data", str(films), "--out", str(out), "--epochs", "1"]
    assert main([*words, "--threads", "1", "--licence", "films=CC0", "--json", "-q"]) == 0
    told = json.loads(capsys.readouterr().out)
    model = read_model(out / "model")
    assert (model.task, model.sha256) == ("vit", told["sha256"])
    assert {"score", "memory_megabytes", "best_epoch"} < told.keys()
    assert (model.sources[0].name, model.sources[0].licence) == ("films", "CC0")
    assert 8 <= model.sources[0].films < 40
    assert {"history.csv", "curves.png"} <= {path.name for path in out.iterdir()}
    folder = str(out / "model")
    assert main(["evaluate", "vit", "--data", str(films), "--model", folder, "--card", "-q"]) == 0
    table = capsys.readouterr().out.strip()
    assert "| HOG |" in table
    assert table in (out / "model" / "README.md").read_text("utf-8")
    rows = tmp_path / "rows.npz"
    words = ["features", str(films / "1.png"), "--out", str(rows), "--vit", folder, "-q"]
    assert main(words) == 0
    found = np.load(rows)
    network = vit_network(folder, model.sha256).network
    picture = squashed_film(str(films / "1.png"), model.input)
    given = torch.from_numpy(model.input.normalised(picture))[None, None]
    with torch.no_grad():
        wanted = network(given)[:, 1:].mean(dim=1)
    assert np.allclose(found["vit"], wanted, atol=1e-5)
    assert json.loads(str(found["about"]))["models"]["vit"]["sha256"] == model.sha256


def test_ridge_finds_what_is_linear_and_shrinks_what_is_chance() -> None:
    rng = np.random.default_rng(2)
    rows, other = rng.normal(size=(60, 100)), rng.normal(size=(400, 100))
    sharp = Ridge.fitted(rows[:, :5], rows[:, 0] > 0)
    assert auroc(sharp.scores(other[:, :5]), other[:, 0] > 0)[0] > 0.95
    wide = Ridge.fitted(np.hstack([4 * rows[:, :1], rows]), rows[:, 0] > 0)
    assert auroc(wide.scores(np.hstack([4 * other[:, :1], other])), other[:, 0] > 0)[0] > 0.6
    assert not Ridge.fitted(np.ones((9, 3)), np.arange(9) > 4).scores(np.ones((2, 3))).any()


def test_one_that_is_stopped_goes_on_to_the_same_weights(films: Path, tmp_path: Path) -> None:
    asked = Training(epochs=3, threads=1)
    whole = run(train_vit(films, tmp_path / "whole", asked))
    stopped_at(train_vit(films, tmp_path / "halves", asked), "Training, epoch 3")
    again = run(train_vit(films, tmp_path / "halves", asked))
    one, other = ((path.folder / WEIGHTS).read_bytes() for path in (whole, again))
    assert one == other


def test_films_with_masks_and_copies_of_them_are_not_learned_from() -> None:
    cases = tuple(Case(f"c/{n}", f"c/{n}", (Film(f"{n}", View.FRONTAL),)) for n in range(60))
    marked = tuple(Case(f"m/{n}", f"m/{n}", (Film(f"m{n}", View.FRONTAL),)) for n in range(4))
    chosen = vit_films([Collection("c", "labels", cases), Collection("m", "cases", marked)])
    parts = vit_parts(chosen, 0)
    used = parts.learned | parts.steering
    assert not used[60:].any()
    assert 30 <= int(used.sum()) <= 54
    copied = int(parts.learned.argmax())
    again = vit_parts(chosen, 0, [(copied, 61)])
    assert copied in again.copies
    assert not (again.learned | again.steering)[copied]
    with pytest.raises(UsageError, match="There are 0 films to learn from"):
        vit_parts(chosen, 0, (), range(64))
