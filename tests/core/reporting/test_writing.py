"""From probabilities to sentences, and the points from which findings are told."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from xray_studio.core.learning.findings import FINDINGS, NORMAL, SENSITIVE
from xray_studio.core.reporting.claims import is_unfounded
from xray_studio.core.reporting.finding_f1 import (
    NAMES,
    SCORES,
    each_finding,
    finding_scores,
    told_in,
)
from xray_studio.core.reporting.labels import Told, labels_of
from xray_studio.core.reporting.points import Choice, best_f1, chosen_points, denied_below
from xray_studio.core.reporting.templates import CLEAR, TEMPLATES, TOGETHER, Certainty
from xray_studio.core.reporting.writing import Points, impression, sentences

POINTS = Points(dict.fromkeys(TEMPLATES, 0.2), dict.fromkeys(TEMPLATES, 0.05), 0.5)


def drafted(chances: dict[str, float], points: Points = POINTS) -> tuple[str, str]:
    written = list(sentences(chances, points))
    ends = " ".join(one.text for one in impression(written))
    return " ".join(one.text for one in written), ends


@pytest.mark.parametrize("certainty", Certainty)
@pytest.mark.parametrize("name", TEMPLATES)
def test_the_labeller_reads_each_sentence_as_it_is_meant(name: str, certainty: Certainty) -> None:
    text = TEMPLATES[name].text(certainty)
    sure = Told.PRESENT if certainty is Certainty.SEEN else Told.UNCERTAIN
    told = {n for n, one in labels_of(text).items() if one in (Told.PRESENT, Told.UNCERTAIN)}
    assert told - {NORMAL} == {name}
    assert labels_of(text)[name] is sure
    if TEMPLATES[name].absent:
        denied = labels_of(TEMPLATES[name].absent)
        assert denied[NORMAL] is Told.PRESENT


def test_no_sentence_claims_what_a_probability_is_no_basis_for() -> None:
    texts = [
        text
        for one in TEMPLATES.values()
        for text in (one.seen, one.likely, one.possible, one.absent, one.noun)
    ]
    texts += [*(group.text for group in TOGETHER), CLEAR]
    assert labels_of(CLEAR)[NORMAL] is Told.PRESENT
    assert not [text for text in texts if is_unfounded(text)]


@pytest.mark.parametrize(
    ("text", "unfounded"),
    [
        ("Small left effusion.", True),
        ("The heart is unchanged.", True),
        ("A nodule of 5 mm.", True),
        ("XXXX opacity.", True),
        ("The lungs are clear.", False),
        ("There is no new finding.", True),
        ("A brightly lit film.", False),
    ],
)
def test_claims_without_a_basis_are_known(text: str, unfounded: bool) -> None:
    assert is_unfounded(text) is unfounded


def test_findings_are_told_denied_or_left_open() -> None:
    chances = dict.fromkeys(FINDINGS, 0.01) | {NORMAL: 0.9}
    text, ends = drafted(chances)
    assert "The lungs are clear." in text
    assert "There is no pleural effusion or pneumothorax." in text
    assert ends == CLEAR
    (end,) = impression(list(sentences(chances | {"aorta": 0.04, "oedema": 0.03}, POINTS)))
    assert (end.text, end.finding, end.probability) == (CLEAR, "oedema", 0.03)
    text, ends = drafted(chances | {"effusion": 0.7, "granuloma": 0.25, "cardiomegaly": 0.1})
    assert "There is a pleural effusion." in text
    assert "A granuloma is possible." in text
    assert "heart" not in text, "neither told nor denied"
    assert "The lungs are clear." not in text, "a granuloma is told"
    assert "There is no pneumothorax." in text
    assert ends == "Seen: pleural effusion. Possible: granuloma."
    written = list(sentences(chances | {"effusion": 0.7}, POINTS))
    assert [(one.finding, one.probability) for one in written if one.positive] == [
        ("effusion", 0.7)
    ]


def test_a_draft_tells_something_where_normal_is_unlikely() -> None:
    chances = dict.fromkeys(FINDINGS, 0.01) | {NORMAL: 0.3, "opacity": 0.15}
    assert "Airspace opacity is possible." in drafted(chances)[0]
    assert "opacity" not in drafted(chances | {NORMAL: 0.8})[0]


def test_drafts_say_what_the_labeller_finds_in_them() -> None:
    chance = np.random.default_rng(1)
    for _ in range(60):
        chances = dict(zip(FINDINGS, chance.random(len(FINDINGS)) ** 3, strict=True))
        written = list(sentences(chances, POINTS))
        told = dict(zip(NAMES, told_in(" ".join(drafted(chances))), strict=True))
        assert {n for n, one in told.items() if one} == {o.finding for o in written if o.positive}


def test_findings_without_a_point_are_never_written_of() -> None:
    few = Points({"effusion": 0.2}, {"effusion": 0.1})
    assert drafted(dict.fromkeys(FINDINGS, 0.99), few)[0] == "There is a pleural effusion."
    assert drafted(dict.fromkeys(FINDINGS, 0.01), few)[0] == "There is no pleural effusion."
    assert few.unjudged() == [name for name in NAMES if name != "effusion"]
    assert Points.of(few.facts()) == few
    assert Points.of({"effusion": 0.4, NORMAL: 0.5}).mention == {"effusion": 0.4}


def test_nothing_is_denied_that_the_classifier_does_not_rule_out() -> None:
    own = {"effusion in reports": 0.2, "effusion absent in reports": 0.1}
    assert Points.of(own).absent == {"effusion": 0.1}
    assert Points.of(own | {f"effusion{SENSITIVE}": 0.05}).absent == {"effusion": 0.05}
    assert Points.of(own | {f"effusion{SENSITIVE}": 0.15}).absent == {"effusion": 0.1}


def test_points_are_where_f1_is_best_by_trying_all() -> None:
    chance = np.random.default_rng(2)
    truth = chance.random(300) < 0.2
    scores = np.round(np.clip(truth * 0.2 + chance.random(300) * 0.6, 0, 1), 2)

    def f1(point: float) -> float:
        told = scores >= point
        return 2 * float((told & truth).sum()) / float(told.sum() + truth.sum())

    found = best_f1(scores, truth)
    assert found is not None
    assert f1(found) == pytest.approx(max(f1(point) for point in np.unique(scores)))
    assert best_f1(scores, truth, 1.01) is None
    low = denied_below(scores, truth, 0.05)
    assert truth[scores < low].mean() <= 0.05
    assert truth[scores < np.nextafter(scores[scores >= low].min(), 2)].mean() > 0.05


def test_points_keep_to_what_is_asked() -> None:
    chance = np.random.default_rng(3)
    count = 400
    truth = {name: chance.random(count) < 0.2 for name in NAMES}
    chances = {n: np.clip(one * 0.3 + chance.random(count) * 0.5, 0, 1) for n, one in truth.items()}
    chances["scoliosis"] = chance.random(count)  # no better than chance
    chances[NORMAL] = chance.random(count)
    points = chosen_points(chances, truth, [str(n) for n in range(count)], Choice(unnoticed=0.05))
    assert "scoliosis" not in points.mention
    assert set(points.mention) >= set(NAMES) - {"scoliosis"}
    abnormal = truth["cardiomegaly"] | truth["effusion"] | truth["opacity"] | truth["nodule"]
    silent = [
        not any(one.positive for one in sentences({n: v[k] for n, v in chances.items()}, points))
        for k in range(count)
    ]
    assert np.mean(np.array(silent)[abnormal]) <= 0.05


def test_scores_of_findings_by_hand() -> None:
    references = np.zeros((4, len(NAMES)), bool)
    drafts = references.copy()
    references[:2, 0] = references[3, 1] = True
    drafts[1:3, 0] = True
    found = finding_scores(drafts, references, [0, 1], list("abcd"), 1)
    assert list(found) == [key for name in SCORES for key in (name, f"{name}_ci")]
    assert found["findings_macro_f1"] == pytest.approx((0.5 + 0.0) / 2)
    assert found["findings_micro_f1"] == pytest.approx(2 * 1 / (2 + 3))
    assert found["findings_macro_recall"] == pytest.approx((0.5 + 0.0) / 2)
    each = each_finding(drafts, references)
    assert each[NAMES[0]] == {"reports": 2, "drafts": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert each[NAMES[1]]["precision"] is None
    assert each[NAMES[2]]["f1"] is None
    perfect = finding_scores(references, references, [0, 1], list("abcd"), 1)
    assert perfect["findings_macro_f1"] == perfect["findings_micro_precision"] == 1.0
    assert all(itertools.starmap(lambda a, b: a <= b, [found["findings_micro_f1_ci"]]))
