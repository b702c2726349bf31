"""What of a report is learned, which words there are, and text made of them."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.reporting.claims import is_unfounded
from xray_studio.core.reporting.consensus import (
    Candidate,
    Candidates,
    Writing,
    contradicts_itself,
    likenesses,
)
from xray_studio.core.reporting.finding_f1 import NAMES
from xray_studio.core.reporting.learnable import LONGEST, flat, learnable
from xray_studio.core.reporting.vocabulary import MARKS, UNKNOWN, Vocabulary, written

REPORT = (
    "1. Mild left basilar atelectasis. The XXXX are clear. Stable cardiomegaly. No large, right or"
    " left effusion. Nodule of 5 mm. Opacity on the left, right greater than left. A mild elevation"
    " of the diaphragm; spondylosis. The lungs are clear"
)


def test_nothing_is_learned_that_a_film_is_no_basis_for() -> None:
    told = [" ".join(sentence) for sentence in learnable(REPORT)]
    assert told[0] == "basilar atelectasis"
    assert told[-2:] == ["an elevation of the diaphragm , spondylosis", "the lungs are clear"]
    assert not any(is_unfounded(sentence) or "xxxx" in sentence for sentence in told)
    assert not any(word in " ".join(told) for word in ("cardiomegaly", "nodule", "left", "right"))
    many = tuple(("the", "lungs", "are", f"clear{n}") for n in range(20))
    assert len([word for word in flat(many) if word != ","]) <= LONGEST
    assert flat(many)[-1] == "."


def test_words_that_claim_too_much_are_never_written() -> None:
    reports = [flat(learnable("The lungs are clear.")), ("left", "xxxx", ".")] * 4
    known = Vocabulary.of(reports)
    assert {"left", "xxxx"} <= {known.words[number] for number in known.unsaid}
    assert known.numbers(("the", "heart")) == [known.words.index("the"), UNKNOWN, 2]
    assert Vocabulary.read(known.text()).words == known.words
    assert known.said(range(len(known)))[: len(MARKS)] == list(known.words[4:8])
    for text in ("", "the\nlungs\n", ".\ntwo words\n", ".\nthe\nthe\n"):
        with pytest.raises(ValueError, match=r"marks|words"):
            Vocabulary.read(text)


def test_words_become_text_for_people() -> None:
    words = "no effusion , or pneumothorax , . . a effusion is there . the lungs"
    assert written(words.split()) == ["No effusion, or pneumothorax.", "An effusion is there."]


def test_the_text_that_is_most_like_the_others_is_taken() -> None:
    texts = ["the lungs are clear .", "the lungs are clear .", "there is an effusion ."]
    chances = np.zeros(len(NAMES))
    many = [Candidate(tuple(text.split()), -10.0 + n) for n, text in enumerate(texts)]
    pool = Candidates(many, chances)
    likeliest, alike = pool.chosen(Writing()), pool.chosen(Writing(alike=50.0))
    assert likeliest is not None
    assert likeliest.words == many[2].words
    assert alike is not None
    assert alike.words == many[0].words
    chances[NAMES.index("effusion")] = 0.9
    sure = Candidates(many, chances).chosen(Writing(alike=50.0, findings=90.0))
    assert sure is not None
    assert sure.words == many[2].words
    assert np.allclose(np.diag(likenesses([("a", "b"), ("c",)])), 1.0)
    assert Candidates([], chances).chosen(Writing()) is None
    assert contradicts_itself(("no", "effusion", ".", "pleural", "effusion", "."))
    assert not contradicts_itself(("no", "effusion", ".", "a", "granuloma", "."))
    for wrong in ({"beams": 0}, {"heat": 0.0}, {"beams": 2.5}, {"length": float("nan")}):
        with pytest.raises(ValueError, match=r"beams|weights"):
            Writing.of(wrong)
