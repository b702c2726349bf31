"""Words of each source as findings."""

from __future__ import annotations

import pytest

from xray_studio.core.learning.findings import (
    FINDINGS,
    INDIANA,
    NIH,
    indiana_labels,
    nih_labels,
)


def test_the_list_is_fixed() -> None:
    assert len(FINDINGS) == len(set(FINDINGS)) == 18
    assert tuple(INDIANA) == FINDINGS
    assert set(NIH.values()) <= set(FINDINGS)


@pytest.mark.parametrize(
    ("mesh", "problems", "labels"),
    [
        ("normal", "normal", {"normal"}),
        ("Cardiomegaly/mild;Pulmonary Artery/enlarged", "Cardiomegaly;Pulmonary Artery",
         {"cardiomegaly"}),
        ("Cardiac Shadow/enlarged/borderline", "Cardiac Shadow", {"cardiomegaly"}),
        ("Cardiac Shadow/irregular", "Cardiac Shadow", set()),
        ("Calcinosis/aorta", "Calcinosis", {"calcinosis", "aorta"}),
        ("Aorta, Thoracic/tortuous/mild", "Aorta, Thoracic", {"aorta"}),
        ("Aorta/obscured", "Aorta", set()),
        ("Thoracic Vertebrae/degenerative/mild", "Thoracic Vertebrae", {"spine degeneration"}),
        ("Lung/hypoinflation", "Lung", set()),
        ("Lung/bilateral/hyperdistention", "Lung", {"hyperinflation"}),
        ("Diaphragm/left/elevated", "Diaphragm", set()),
        ("Density/lung/lingula;Thickening/pleura/left", "", {"opacity", "scar"}),
        ("", "Opacity; Pulmonary  Atelectasis", {"opacity", "atelectasis"}),
        ("", "Lung;Aorta", set()),
        ("Hydropneumothorax", "", {"effusion", "pneumothorax"}),
        ("Normal;Hernia, Hiatal", "", {"hernia"}),
        ("Technical Quality of Image Unsatisfactory ;Nodule/lung", "", {"nodule"}),
    ],
)  # fmt: skip
def test_headings_with_places_and_qualities(mesh: str, problems: str, labels: set[str]) -> None:
    assert indiana_labels(mesh, problems) == labels


@pytest.mark.parametrize("mesh", ["", "No Indexing", "Technical Quality of Image Unsatisfactory "])
def test_what_nobody_labelled_is_not_normal(mesh: str) -> None:
    assert indiana_labels(mesh) is None


def test_names_of_the_nih() -> None:
    assert nih_labels("No Finding") == {"normal"}
    assert nih_labels("Hernia|Infiltration|Pneumonia") == {"hernia", "opacity"}
    assert nih_labels("Pleural_Thickening") == {"scar"}
    assert nih_labels("") is None
    assert nih_labels("Effusion|Dragon") is None
