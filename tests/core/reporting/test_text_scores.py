"""Scores of drafts: as libraries and plain definitions give them."""

from __future__ import annotations

import itertools
import math
import random
from functools import cache

import numpy as np
import pytest
import snowballstemmer

from xray_studio.core.reporting.bleu import bleu
from xray_studio.core.reporting.bleu import counts as bleu_counts
from xray_studio.core.reporting.cider import Cider
from xray_studio.core.reporting.meteor import Weights, meteor
from xray_studio.core.reporting.meteor import counts as meteor_counts
from xray_studio.core.reporting.rouge import BETA, common, rouge_l
from xray_studio.core.reporting.text_scores import NAMES, References, text_scores
from xray_studio.core.reporting.words import words_of

stem = cache(snowballstemmer.stemmer("english").stemWord)
WORDS = (
    "heart",
    "lungs",
    "is",
    "are",
    "clear",
    "no",
    "effusion",
    "effusions",
    "opacity",
    "opacities",
    ".",
)


def said(text: str) -> list[str]:
    return text.split()


def some(seed: int, longest: int = 20) -> list[str]:
    chance = random.Random(seed)
    return [chance.choice(WORDS) for _ in range(chance.randint(4, longest))]


def test_words_are_those_of_the_published_protocol() -> None:
    text = "1. The  Heart is normal-sized (1.5 cm).. 2. No effusion, or\npneumothorax"
    assert words_of(text) == (
        "the", "heart", "is", "normalsized", "15", "cm", ".",
        "no", "effusion", "or", "pneumothorax", ".",
    )  # fmt: skip
    assert words_of("XXXX.") == ("xxxx", ".")
    assert words_of(" . ") == ()
    assert len(words_of("a b. " * 40)) == 60


def test_bleu_is_that_of_nltk_over_a_collection() -> None:
    from nltk.translate.bleu_score import corpus_bleu

    references = [some(n) for n in range(30)]
    drafts = [[*one[:6], *some(n + 100)] for n, one in enumerate(references)]
    sums = np.sum([bleu_counts(d, r) for d, r in zip(drafts, references, strict=True)], axis=0)
    wanted = [
        corpus_bleu([[one] for one in references], drafts, weights=[1 / n] * n) for n in range(1, 5)
    ]
    assert bleu(sums) == pytest.approx(wanted, abs=1e-6)
    short = bleu_counts(["heart"], ["heart", "is"])
    assert bleu(short)[0] == pytest.approx(math.exp(-1.0))
    assert bleu(bleu_counts([], ["heart"]))[0] == pytest.approx(0.0, abs=1e-9)


def test_meteor_is_that_of_nltk_where_alignments_are_plain() -> None:
    from nltk.translate.meteor_score import single_meteor_score

    class Stemmer:
        def stem(self, word: str) -> str:
            return stem(word)

    class NoSynonyms:
        def synsets(self, _word: str) -> list[object]:
            return []

    words = [f"word{n}" for n in range(15)] + ["opacities", "effusions", "nodules"]
    others = [f"word{n}" for n in range(15)] + ["opacity", "effusion", "nodule"]
    for seed in range(25):
        chance = random.Random(seed)
        draft, reference = chance.sample(words, 9), chance.sample(others, 11)
        ours = meteor(meteor_counts(draft, reference, stem), Weights(0.9, 3.0, 0.5, 1.0))
        wanted = single_meteor_score(
            reference,
            draft,
            stemmer=Stemmer(),
            wordnet=NoSynonyms(),  # type: ignore[arg-type]  # what is asked of them is there
        )
        assert float(ours) == pytest.approx(wanted)


def test_meteor_finds_the_alignment_with_fewest_pieces() -> None:
    draft, reference = said("the a the b"), said("the b the a")
    assert meteor_counts(draft, reference, stem).tolist() == [4, 4, 4, 0, 2]
    same = meteor_counts(reference, reference, stem)
    assert float(meteor(same)) == pytest.approx(1.0)
    assert float(meteor(meteor_counts(["x"], ["y"], stem))) == 0.0
    stems = meteor(meteor_counts(["opacities"], ["opacity"], stem))
    assert float(stems) == pytest.approx(0.6 * (1.0 - 0.6))


def test_rouge_is_the_longest_common_subsequence() -> None:
    def longest(one: list[str], other: list[str]) -> int:
        table = np.zeros((len(one) + 1, len(other) + 1), int)
        for i, j in itertools.product(range(len(one)), range(len(other))):
            table[i + 1, j + 1] = (
                table[i, j] + 1 if one[i] == other[j] else max(table[i, j + 1], table[i + 1, j])
            )
        return int(table[-1, -1])

    for seed in range(40):
        draft, reference = some(seed), some(seed + 500)
        assert common(draft, reference) == longest(draft, reference)
    # Lin, "ROUGE", 2004, section 3.1: three of four words in order, here with recall above.
    assert rouge_l(said("police killed the gunman"), said("police kill the gunman")) == 0.75
    precision, recall = 1.0, 0.5
    found = (1 + BETA**2) * precision * recall / (recall + BETA**2 * precision)
    assert rouge_l(["a"], ["a", "b"]) == pytest.approx(found)
    assert rouge_l([], ["a"]) == rouge_l(["b"], ["a"]) == 0.0


def test_cider_by_hand() -> None:
    references = [["a", "b"], ["a", "c"], ["d"]]
    found = Cider(references).scores([["a", "b"], ["a", "b"], ["a"]])
    assert found[0] == pytest.approx(10.0 * 2 / 4), "alike in runs of one and of two words"
    one, two = math.log(3 / 2), math.log(3)
    alike = one * one / math.sqrt((one**2 + two**2) * (one**2 + two**2))
    assert found[1] == pytest.approx(10.0 * alike / 4)
    assert found[2] == 0.0
    longer = Cider(references).scores([["a", "b", "e", "e"], ["a", "c"], ["d"]])
    assert longer[0] < found[0]


def test_all_scores_come_with_intervals_by_owner() -> None:
    references = [some(n) for n in range(12)]
    drafts = [some(n + 30) if n % 2 else references[n] for n in range(12)]
    counts = References(references, stem).counts(drafts)
    facts = text_scores(counts, [str(n) for n in range(12)], 1)
    assert list(facts) == [key for name in NAMES for key in (name, f"{name}_ci")]
    for name in NAMES:
        low, high = facts[f"{name}_ci"]
        assert low < facts[name] < high
    perfect = text_scores(References(references, stem).counts(references), ["a"] * 12, 1)
    assert perfect["bleu4"] == pytest.approx(1.0)
    assert perfect["meteor"] == pytest.approx(1.0)
    assert perfect["rouge_l"] == pytest.approx(1.0)
    assert perfect["bleu1_ci"] is None
