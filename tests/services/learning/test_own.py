"""Models that users bring: taken in, asked, chosen, taken out, and refused with the reason."""

from __future__ import annotations

import json
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.services.learning import folders, own_networks, tiny_models
from tests.services.learning.own_networks import SIDE
from xray_studio.__main__ import main
from xray_studio.ai.view import look
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.core.job import Progress, run
from xray_studio.core.learning.guest import NETWORKS
from xray_studio.services import doctor
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Models, Shown, assess
from xray_studio.services.learning.models.installed import model_for
from xray_studio.services.learning.models.own_folders import own
from xray_studio.services.learning.own.guest_facts import Wishes, transformer_parts
from xray_studio.services.learning.own.manage import add
from xray_studio.services.open import open_paths

Grey = NDArray[np.uint8]


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XRAY_STUDIO_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="module")
def vit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_networks.vit(tmp_path_factory.mktemp("hub") / "vit-chest")


@pytest.fixture
def pictures() -> Grey:
    return np.random.default_rng(1).integers(0, 256, (3, SIDE, SIDE)).astype(np.uint8)


def _example(start: str) -> list[str]:
    """Return the words of the first command of the page that begins so."""
    text = own_networks.PAGE.read_text("utf-8")
    line = next(one for one in text.splitlines() if one.startswith(f"xray-studio {start}"))
    return shlex.split(line, comments=True)[1:]


@pytest.mark.usefixtures("at_once")
def test_a_hugging_face_folder_answers_as_it_does_elsewhere(
    vit: Path, pictures: Grey, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(vit.parent)
    assert main(_example("models add vit-chest")) == 0
    assert "vit-chest (view) is added" in capsys.readouterr().out
    model = model_for("view", Path("vit-chest"))
    assert model.model.labels == ("frontal", "lateral", "other")
    given = model.model.input.normalised(pictures)
    seen = look(str(model.folder), model.model.sha256, given)
    assert np.abs(seen.probabilities - _elsewhere(vit, pictures)).max() < 1e-5
    assert (seen.device, seen.note) == ("cpu", "")
    assert {path.name for path in model.folder.iterdir()} == {
        "config.json", "model.safetensors", "model.toml", "README.md",
    }  # fmt: skip


def _elsewhere(vit: Path, pictures: Grey) -> NDArray[np.float64]:
    """Return what the library itself says, as any other program would ask it."""
    import torch
    from transformers import ViTForImageClassification

    network = ViTForImageClassification.from_pretrained(vit, local_files_only=True).eval()
    scaled = torch.from_numpy(np.stack([pictures / 255.0] * 3, 1)).float()
    mean, deviation = (
        torch.tensor(x).reshape(1, 3, 1, 1) for x in ((0.5, 0.4, 0.3), (0.5, 0.6, 0.7))
    )
    with torch.inference_mode():
        told = torch.softmax(network(pixel_values=(scaled - mean) / deviation).logits, 1).double()
    both = told.numpy()
    return np.stack([both[:, 0] + both[:, 1], both[:, 2], both[:, 3]], 1)


@pytest.mark.usefixtures("at_once")
def test_an_onnx_file_finds_what_its_model_toml_says(tmp_path: Path) -> None:
    source = own_networks.onnx(tmp_path / "in" / "chest.onnx")
    (source.parent / "model.toml").write_text(own_networks.blocks("toml")[0], "utf-8")
    made = run(add(source))
    assert made == model_for("classifier", Path("chest-onnx"))
    path = folders.film(tmp_path / "film.png", 1, (SIDE, SIDE))
    models = Models(made, tiny_models.view_model(tmp_path / "view", "frontal"))
    with Engine() as engine:
        told = run(assess(engine, models, [Shown.of(run(open_paths([str(path)])))]))
    import cv2

    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE).astype(np.float64).mean() / 255.0
    channels = (grey - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])
    expected = 1.0 / (1.0 + np.exp(-(channels @ (np.arange(6.0).reshape(3, 2) - 2.0))))
    assert [one.name for one in told.findings] == ["cardiomegaly", "effusion"]
    assert [one.probability for one in told.findings] == pytest.approx(expected, abs=1e-3)


@pytest.mark.usefixtures("at_once")
def test_a_lateral_film_is_not_shown_to_a_classifier_of_frontal_ones(tmp_path: Path) -> None:
    source = own_networks.onnx(tmp_path / "in" / "chest.onnx")
    text = own_networks.blocks("toml")[0].replace('views = ["frontal", "lateral"]', "")
    (source.parent / "model.toml").write_text(text, "utf-8")
    models = Models(run(add(source)), tiny_models.view_model(tmp_path / "view", "lateral"))
    film = folders.film(tmp_path / "film.png", 1)
    with Engine() as engine:
        told = run(assess(engine, models, [Shown.of(run(open_paths([str(film)])))]))
    assert (told.findings, "view: lateral" in told.abstained) == ((), True)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    place = own_networks.plugin(tmp_path / "site")
    monkeypatch.syspath_prepend(str(place))
    NETWORKS.entries.cache_clear()
    yield place
    NETWORKS.entries.cache_clear()


def test_a_plugin_is_listed_unimported_and_answers_in_the_process(
    plugin: Path, pictures: Grey, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    named = tomllib.loads(own_networks.blocks("toml")[1])["project"]["entry-points"]
    assert named["xray_studio.networks"] == {"chest-plugin": "chest_plugin:Network"}
    assert named["xray_studio.models"] == {"chest": "chest_plugin"}
    assert main(["models", "list", "--json"]) == 0
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out)["models"]}
    assert listed["chest"]["origin"] == "brought by a package that is installed"
    assert main(["models", "verify", "chest"]) == 0
    model = model_for("view", Path("chest"))
    with Engine() as engine:
        seen = run(engine.view(model, model.model.input.normalised(pictures), Progress()))
    assert seen.probabilities.sum(1) == pytest.approx(np.ones(3))
    assert "chest_plugin" not in sys.modules
    assert main(["models", "use", "chest"]) == 0
    assert model_for("view").model.name == "chest"
    assert main(["models", "use", "view"]) == 0
    assert model_for("view").model.name == "view"


def test_models_are_chosen_and_taken_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    view = tiny_models.view_model(tmp_path / "mine", "other")
    assert main(["models", "add", str(view.folder)]) == 2
    assert "called view is there already (ships with the program)" in capsys.readouterr().err
    words = ["models", "add", str(view.folder), "--name", "mine", "-q"]
    assert main(words) == 0
    assert main(words) == 2
    assert "take it out first" in capsys.readouterr().err
    assert main(["models", "use", "mine"]) == 0
    assert model_for("view").model.name == "mine"
    capsys.readouterr()
    assert main(["models", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["models"]
    assert [one["name"] for one in listed if one["asked"] and one["task"] == "view"] == ["mine"]
    told = doctor.models()
    assert {one["name"]: one["from"] for one in told["installed"]}["mine"] == "your own"
    assert "classifier" in told["missing"] or len(told["installed"]) > 2
    assert main(["models", "remove", "mine"]) == 0
    assert model_for("view").model.name == "view"
    assert own() == []
    for words in (["remove", "mine"], ["remove", "view"], ["use", "mine"]):
        assert main(["models", *words]) == 2


def _change(folder: Path, name: str, **changes: Any) -> None:
    told = json.loads((folder / name).read_text("utf-8")) | changes
    (folder / name).write_text(json.dumps(told), "utf-8")


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        ("config.json", {"auto_map": {"AutoModel": "x.Y"}}, "names code of its own"),
        ("config.json", {"id2label": {}}, "nobody knows what its outputs are"),
        ("config.json", {"id2label": {"0": "a", "2": "b"}}, "leaves an output without a name"),
        ("config.json", {"id2label": {"0": "AP", "1": "x"}}, "say which with --label"),
        ("config.json", {"num_channels": 5}, "takes 5 channels"),
        ("preprocessor_config.json", {"do_pad": True}, "asks for do_pad"),
        ("preprocessor_config.json", {"size": {"shortest_edge": 64}}, "leaves one side open"),
        ("preprocessor_config.json", {"size": None}, "names no size"),
        ("preprocessor_config.json", {"rescale_factor": 1.0}, "another range than from 0 to 1"),
        ("preprocessor_config.json", {"image_mean": [0.5]}, ""),
        ("preprocessor_config.json", {"image_mean": None}, "not a number for each channel"),
        ("preprocessor_config.json", {"size": {"height": 1 << 30, "width": 1}}, "size or range"),
    ],
)
def test_what_a_folder_asks_and_is_not_done_is_refused(
    tmp_path: Path, vit: Path, name: str, changes: dict[str, Any], reason: str
) -> None:
    from xray_studio.services.learning.own.guest_facts import described

    for file in ("config.json", "preprocessor_config.json"):
        (tmp_path / file).write_bytes((vit / file).read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"")
    _change(tmp_path, name, **changes)
    wishes = Wishes("view", "mine", {"REST": "other"} if name.startswith("p") else {})
    if reason:
        with pytest.raises(StudioError, match=reason):
            described(tmp_path, wishes)
    else:
        assert described(tmp_path, wishes).model.network["mean"] == (0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("config.json", "pytorch_model.bin"), "pytorch_model.bin is a pickle"),
        (("weights.pt",), "weights.pt is a pickle"),
        (("config.json", "modeling_x.py", "model.safetensors"), "holds code .modeling_x.py."),
        (("config.json", "model.safetensors.index.json"), "lie in several files"),
        (("config.json",), "holds no model.safetensors"),
        (("readme.txt",), "holds no model"),
        ((), "neither a folder nor an ONNX file"),
    ],
)
def test_folders_without_safe_weights_are_refused(
    tmp_path: Path, names: tuple[str, ...], reason: str
) -> None:
    folder = tmp_path / "in"
    for name in names:
        folder.mkdir(exist_ok=True)
        (folder / name).write_text("{}")
    with pytest.raises(StudioError, match=reason):
        run(add(folder, Wishes("view")))
    assert own() == []


def test_features_of_a_transformer_are_its_class_token(vit: Path, pictures: Grey) -> None:
    import torch
    from transformers import ViTModel

    from xray_studio.ai.features import of_transformer

    weights, config, taken = transformer_parts(vit)
    ends = (taken.mean, taken.deviation)
    told = of_transformer(str(vit), weights, config, ends, taken.spec.normalised(pictures))
    network = ViTModel.from_pretrained(vit, local_files_only=True, add_pooling_layer=False).eval()
    mean, deviation = (torch.tensor(end).reshape(1, 3, 1, 1) for end in ends)
    scaled = torch.from_numpy(np.stack([pictures / 255.0] * 3, 1)).float()
    with torch.inference_mode():
        last = network(pixel_values=(scaled - mean) / deviation).last_hidden_state
    assert np.abs(told.rows - last[:, 0].numpy()).max() < 1e-5


def test_weights_of_another_network_are_refused(vit: Path) -> None:
    from xray_studio.ai.guests.hugging_face import built
    from xray_studio.ai.weights import read_weights

    config = json.loads((vit / "config.json").read_text("utf-8"))
    weights = read_weights(vit / "model.safetensors")
    with pytest.raises(UnsupportedError, match="has no network of the kind"):
        built(config | {"model_type": "dragon"}, weights)
    with pytest.raises(UnreadableError, match="does not hold the numbers"):
        built(config | {"hidden_size": 32}, weights)
    weights.pop("classifier.bias")
    with pytest.raises(UnreadableError, match="does not hold the numbers"):
        built(config, weights)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"rows = 64": "rows = 32"}, "needed are pictures"),
        ({'"effusion"]': '"effusion", "hernia"]'}, "names 3 outputs"),
        ({'"sigmoid"': '"tanh"'}, "the activation"),
        ({"[network]": '[network]\noutput = "none"'}, "has no output 'none'"),
    ],
)
def test_graphs_that_do_not_fit_are_told_and_leave_nothing(
    tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    text = own_networks.blocks("toml")[0]
    for old, new in change.items():
        text = text.replace(old, new)
    source = own_networks.onnx(tmp_path / "in" / "chest.onnx")
    (source.parent / "model.toml").write_text(text, "utf-8")
    described = _described(source)
    from xray_studio.ai.guests.load import Guest, tried_once

    with pytest.raises(StudioError, match=reason):
        tried_once(Guest(described, _model(described)))
    assert own() == []


def _described(source: Path) -> Path:
    from xray_studio.services.learning.own.guest_facts import described

    found = described(source, Wishes())
    folder = source.parent / "taken"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(source.read_bytes())
    (folder / "model.toml").write_text(found.model.text(), "utf-8")
    return folder


def _model(folder: Path) -> Any:
    from xray_studio.core.learning.model import read_model

    return read_model(folder)


@pytest.mark.usefixtures("at_once")
def test_a_damaged_graph_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "chest.onnx"
    source.write_bytes(b"\x08\x0a" + bytes(500))
    (tmp_path / "model.toml").write_text(own_networks.blocks("toml")[0], "utf-8")
    with pytest.raises(UnreadableError, match=r"model\.onnx is no ONNX file"):
        run(add(source))
    assert own() == []
    source.write_bytes(b"\x80\x04" + bytes(500))
    with pytest.raises(UnsupportedError, match="a pickle"):
        run(add(source))
    (tmp_path / "model.toml").unlink()
    with pytest.raises(StudioError, match=r"write model\.toml beside it"):
        run(add(source))


@pytest.mark.parametrize("shape", [(0, 2), (5, 2), (2,), (), (3, 2, 1)])
def test_an_answer_of_another_shape_is_told(tmp_path: Path, shape: tuple[int, ...]) -> None:
    from xray_studio.ai.findings import GuestFindings

    source = own_networks.onnx(tmp_path / "chest.onnx")
    (tmp_path / "model.toml").write_text(own_networks.blocks("toml")[0], "utf-8")
    guest = GuestFindings(_answering(_described(source), np.zeros(shape)))
    with pytest.raises(UnreadableError, match="one row for each picture"):
        guest.told(np.zeros((3, SIDE, SIDE), np.float32), 0)
    nothing = GuestFindings(_answering(tmp_path / "taken", np.full((3, 2), np.nan)))
    with pytest.raises(UnreadableError, match="its answers are no numbers"):
        nothing.told(np.zeros((3, SIDE, SIDE), np.float32), 0)


def _answering(folder: Path, answer: NDArray[np.float64]) -> Any:
    """Return the guest in a folder with a network that always gives one answer."""
    from xray_studio.ai.guests.load import Guest

    guest = Guest(folder, _model(folder))
    guest.network = SimpleNamespace(outputs=lambda _: answer)
    return guest


def test_damaged_facts_and_choices_are_told_or_left_out(tmp_path: Path) -> None:
    from xray_studio.services.learning.own.guest_facts import described

    source = own_networks.onnx(tmp_path / "in" / "chest.onnx")
    text = own_networks.blocks("toml")[0]
    for wrong in ('network = "x"', "network = [1]", "network = 1979-05-27"):
        (source.parent / "model.toml").write_text(f"{wrong}\n{text.split('[network]')[0]}")
        for named in (source, source.parent):
            with pytest.raises(UnreadableError, match="its network is no table"):
                described(named, Wishes())
    (tmp_path / "data" / "own-models").mkdir(parents=True)
    (tmp_path / "data" / "own-models" / "chosen.json").write_text("[" * 100_000)
    assert model_for("view").model.name == "view"
