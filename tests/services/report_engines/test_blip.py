"""A BLIP that a user supplies: read safely, asked, kept to what has a basis, or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.services.learning import tiny_models
from tests.services.learning.conftest import at_once as at_once  # noqa: PLC0414 - a fixture
from tests.services.report_engines.test_engines import film
from xray_studio.__main__ import main
from xray_studio.ai.guests.blip import text_of
from xray_studio.services.report_engines import blip
from xray_studio.services.report_engines.blip import BlipEngine

WORDS = ["[PAD]", "[UNK]", "[SEP]", "the", "lungs", "are", "clear", ".", "heart", "##s", "large"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BLIP of a few hundred numbers drawn by chance."""
    import torch
    from safetensors.torch import save_file
    from transformers import BlipConfig, BlipForConditionalGeneration

    words = {
        "vocab_size": 12, "hidden_size": 8, "encoder_hidden_size": 8, "num_hidden_layers": 1,
        "num_attention_heads": 2, "intermediate_size": 8, "max_position_embeddings": 128,
        "bos_token_id": 11, "eos_token_id": 2, "sep_token_id": 2, "pad_token_id": 0,
    }  # fmt: skip
    sight = {
        "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1,
        "num_attention_heads": 2, "image_size": 32, "patch_size": 16,
    }  # fmt: skip
    config = {"model_type": "blip", "text_config": words, "vision_config": sight}
    torch.manual_seed(1)
    network = BlipForConditionalGeneration(BlipConfig.from_dict(dict(config)))
    made = tmp_path_factory.mktemp("blip")
    tensors = {n: t.clone().contiguous() for n, t in network.state_dict().items()}
    save_file(tensors, made / "model.safetensors")
    (made / "config.json").write_text(json.dumps(config), "utf-8")
    prepared = {"size": {"height": 32, "width": 32}, "image_mean": [0.5] * 3}
    prepared |= {"image_std": [0.25] * 3}
    (made / "preprocessor_config.json").write_text(json.dumps(prepared), "utf-8")
    (made / "vocab.txt").write_text("\n".join(WORDS) + "\n", "utf-8")
    return made


def test_tokens_become_text() -> None:
    assert text_of([11, 3, 8, 9, 5, 10, 7, 2, 0], tuple(WORDS)) == "the hearts are large."


@pytest.mark.usefixtures("at_once")
def test_a_network_writes_from_the_command_line(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    view = tiny_models.view_model(tmp_path / "view", "frontal")
    monkeypatch.setattr(blip, "model_for", lambda _task: view)
    written: list[str] = []
    whole = blip._sentences

    def said(text: str) -> list[str]:
        written.append(text)
        return list(whole("the lungs are clear. the heart is large. left effusion."))

    monkeypatch.setattr(blip, "_sentences", said)
    asked = ["report", str(film(tmp_path)), "--engine", "blip", "--model", str(folder)]
    assert main([*asked, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    texts = [one["text"] for section in told["sections"] for one in section["sentences"]]
    assert texts == ["Film of the chest, frontal.", "The lungs are clear."]
    assert any("2 sentences are left out" in note for note in told["provenance"]["notes"])
    assert set(written[0].replace(".", "").split()) <= {word.strip("#") for word in WORDS}
    out = tmp_path / "draft.txt"
    assert main([*asked, "--out", str(out)]) == 0
    assert "[AI] The lungs are clear." in out.read_text("utf-8")
    assert main([*asked, "--out", str(out)]) != 0, "a file that is there is kept"
    monkeypatch.setattr(
        blip, "model_for", lambda _task: tiny_models.view_model(tmp_path / "other", "other")
    )
    assert main(asked) == 1
    assert "no frontal film of the chest" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ("vocab.txt", "no vocab.txt and no tokenizer.json"),
        ("model.safetensors", "safetensors"),
        ("config.json", "config.json"),
    ],
)
def test_what_is_missing_is_named(folder: Path, tmp_path: Path, gone: str, words: str) -> None:
    for path in folder.iterdir():
        if path.name != gone:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    assert words in BlipEngine(tmp_path).unavailable()
    (tmp_path / "code.py").write_text("print('never run')", "utf-8")
    assert "code" in BlipEngine(tmp_path).unavailable()
    assert "place config.json" in BlipEngine(tmp_path / "none").unavailable()
