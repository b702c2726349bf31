"""Words that a network writes: with a cache and without, by the rules, from any encoder."""

from __future__ import annotations

import itertools
import json
import math
from typing import Any, cast

import pytest
import torch

from xray_studio.ai.networks.report_net import DECODERS, GRID, ReportNet
from xray_studio.ai.networks.word_nets import Memory
from xray_studio.ai.reports.encoder import Encoder
from xray_studio.ai.reports.search import Found, Rules, beams, drawn, followed, likeliest
from xray_studio.core.reporting.vocabulary import BEGIN, END, MARKS, Vocabulary

WORDS = Vocabulary((*MARKS, ".", ",", "the", "lungs", "heart", "are", "clear", "left", "xxxx"))


def net(decoder: str) -> ReportNet:
    torch.manual_seed(3)
    made = ReportNet(decoder, 5, len(WORDS), 4, width=16, layers=2, heads=2).eval()
    writes = cast("Any", made.decoder)
    torch.nn.init.normal_(writes.words.weight, std=0.3)
    with torch.no_grad():
        writes.shift[[END, WORDS.stop]] = 4.0  # texts come to an end
    return made


def memory(made: ReportNet, count: int = 1) -> Memory:
    chance = torch.Generator().manual_seed(1)
    grids = torch.randn(count, 2, 5, GRID, GRID, generator=chance)
    there = torch.ones(count, 2, dtype=torch.bool)
    there[0, 1] = False
    with torch.inference_mode():
        return made.memory(
            grids, there, torch.randn(count, 4, generator=chance), torch.full((count,), 20)
        )


@pytest.mark.parametrize("decoder", DECODERS)
def test_words_with_what_earlier_ones_left_are_those_without(decoder: str) -> None:
    made = net(decoder)
    known = memory(made, 3)
    words = torch.randint(4, len(WORDS), (3, 9), generator=torch.Generator().manual_seed(2))
    words[:, 0] = BEGIN
    with torch.inference_mode():
        whole, past = made.words(words, known), made.words.begin(known, 3)
        for place in range(9):
            told = made.words.next_word(words[:, place], place, known, past)
            assert torch.allclose(told.words, whole[:, place], atol=1e-5)
            assert torch.allclose(told.look.sum(1), torch.ones(3), atol=1e-5)
            assert not told.look[0, GRID * GRID : 2 * GRID * GRID].any(), "there is no such film"
            past = told.past


def _plain(made: ReportNet, known: Memory, rules: Rules, width: int) -> list[Found]:
    """A beam that reads every text anew."""
    open_ones: list[tuple[tuple[int, ...], float]] = [((), 0.0)]
    ended = list[Found]()
    for _ in range(rules.longest):
        more = list[tuple[tuple[int, ...], float]]()
        for text, score in open_ones:
            told = made.words(torch.tensor([[BEGIN, *text]]), known)[0, -1]
            likely = torch.log_softmax(told, 0) + rules.allowed(text)
            more += [((*text, n), score + one) for n, one in enumerate(likely.tolist())]
        best = sorted(more, key=lambda one: -one[1])[: 2 * width]
        best = [one for one in best if math.isfinite(one[1])]
        ended += [Found(text[:-1], score) for text, score in best if text[-1] == END]
        open_ones = [one for one in best if one[0][-1] != END][:width]
        if len(ended) >= width:
            break
    return ended


@pytest.mark.parametrize("decoder", DECODERS)
def test_a_search_with_a_cache_finds_what_one_without_finds(decoder: str) -> None:
    made, rules = net(decoder), Rules(WORDS, 14)
    known = memory(made)
    with torch.inference_mode():
        found, wanted = beams(made.words, known, rules, 3), _plain(made, known, rules, 3)
    assert wanted, "some text came to its end"
    assert [one.words for one in found[: len(wanted)]] == [one.words for one in wanted]
    for one, other in zip(found, wanted, strict=False):
        assert one.likelihood == pytest.approx(other.likelihood, abs=1e-4)
        assert one.coverage <= 0.0


@pytest.mark.parametrize("decoder", DECODERS)
def test_no_sentence_stands_twice_and_no_word_that_claims_too_much(decoder: str) -> None:
    made, rules = net(decoder), Rules(WORDS, 30)
    known = memory(made, 4)
    with torch.inference_mode():
        found = beams(made.words, memory(made), rules, 4)
        found += followed(made.words, known, rules, likeliest)
        one, same = (
            followed(made.words, known, rules, drawn(torch.Generator().manual_seed(5), 2.0))
            for _ in range(2)
        )
        many = followed(made.words, memory(made), rules, likeliest, 3)
        alone = followed(made.words, memory(made), rules, likeliest)
    assert one == same, "the same chance draws the same"
    assert [text.words for text in many] == [alone[0].words] * 3
    for text in (*found, *one):
        words = WORDS.said(text.words)
        sentences = [part.split() for part in " ".join(words).split(" .") if part.strip()]
        assert len({" ".join(part) for part in sentences}) == len(sentences)
        assert all(len(part) >= 2 and part[0] != "," for part in sentences)
        assert all(one != next_one for one, next_one in itertools.pairwise(words))
        assert not {"left", "xxxx", *MARKS} & set(words)
        assert not words or words[-1] == "."


def test_a_vision_transformer_and_clip_can_see() -> None:
    from transformers import CLIPConfig, CLIPModel, ViTConfig, ViTModel

    torch.manual_seed(1)
    small: dict[str, Any] = {
        "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 32,
        "intermediate_size": 8, "patch_size": 8,
    }  # fmt: skip
    words = {key: small[key] for key in list(small)[:3]} | {"vocab_size": 5}
    ends = {"kind": "hugging_face", "mean": [0.5] * 3, "deviation": [0.5] * 3}
    pictures = torch.randn(2, 1, 32, 32)
    clip = CLIPConfig(text_config=words, vision_config=small, projection_dim=4)
    for network in (ViTModel(ViTConfig(**small)), CLIPModel(clip)):
        config = json.loads(network.config.to_json_string())
        encoder = Encoder(ends, dict(network.state_dict()), config)
        with torch.inference_mode():
            assert encoder.grids(pictures).shape == (2, 8, GRID, GRID)
