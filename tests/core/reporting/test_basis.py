"""Of what a network writes that stands which a classifier is a basis for."""

from __future__ import annotations

import pytest

from xray_studio.core.reporting.basis import Said, founded
from xray_studio.core.reporting.labels import Told, denied_elsewhere, labels_of
from xray_studio.core.reporting.writing import Points

POINTS = Points(
    {"cardiomegaly": 0.2, "effusion": 0.2, "opacity": 0.2, "spine degeneration": 0.2},
    {"cardiomegaly": 0.1, "effusion": 0.1, "opacity": 0.1},
)
CHANCES = {
    "cardiomegaly": 0.05, "effusion": 0.02, "opacity": 0.24, "pneumothorax": 0.01, "nodule": 0.5,
    "spine degeneration": 0.4,
}  # fmt: skip


def said(text: str) -> Said:
    labels = labels_of(text)
    told = {n: p for n, p in CHANCES.items() if labels[n] is Told.PRESENT}
    return Said(text, told, {n: p for n, p in CHANCES.items() if labels[n] is Told.ABSENT})


@pytest.mark.parametrize(
    ("written", "stands"),
    [
        ("The heart is normal in size.", "The heart is normal in size."),
        ("The lungs are free of focal airspace disease.", ""),  # not rare enough
        ("There is no pneumothorax.", ""),  # the classifier cannot tell it
        ("There is a nodule.", ""),
        ("No acute bony abnormality.", ""),  # no finding at all
        ("The mediastinal contours are normal.", ""),
        ("No pleural effusion or pneumothorax is seen.", "There is no pleural effusion."),
        ("Heart size and mediastinal contours are normal.", "The heart is normal in size."),
        (
            "Degenerative changes of the spine without acute bony abnormality.",
            "Degenerative changes of the thoracic spine are likely.",
        ),
        ("There are degenerative changes of the spine.",) * 2,
        ("There is a pleural effusion at the base.", "A pleural effusion is possible."),
    ],
)
def test_a_sentence_stands_as_far_as_it_has_a_basis(written: str, stands: str) -> None:
    assert " ".join(one.text for one in founded([said(written)], POINTS)) == stands


def test_nothing_is_said_twice_in_the_words_of_the_program() -> None:
    each = [said("There is no pleural effusion."), said("No effusion or pneumothorax.")]
    assert founded(each, POINTS) == (each[0],)
    assert [one.finding for one in founded(each[1:], POINTS)] == ["effusion"]


def test_without_points_nothing_is_denied() -> None:
    assert founded([said("The heart is normal in size.")], Points({"cardiomegaly": 0.2})) == ()


def test_a_disease_that_is_a_finding_is_not_denied_elsewhere() -> None:
    assert denied_elsewhere("No acute bony abnormality.")
    assert not denied_elsewhere("No focal airspace disease.")
    assert not denied_elsewhere("There is a bony abnormality.")
