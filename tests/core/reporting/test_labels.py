"""What a report says of findings: present, absent, uncertain, or nothing."""

from __future__ import annotations

import pytest

from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.reporting.labels import Told, labels_of

P, U, A, N = Told.PRESENT, Told.UNCERTAIN, Told.ABSENT, Told.UNTOLD


@pytest.mark.parametrize(
    ("text", "finding", "told"),
    [
        ("There is a small left pleural effusion.", "effusion", P),
        ("No pneumothorax, pleural effusion, or focal consolidation.", "effusion", A),
        ("No pneumothorax, pleural effusion, or focal consolidation.", "opacity", A),
        ("No pneumothorax but there is a small effusion.", "effusion", P),
        ("No change in the right pleural effusion.", "effusion", P),
        ("Pleural effusion is not seen.", "effusion", A),
        ("The effusions have resolved.", "effusion", A),
        ("A small effusion cannot be excluded.", "effusion", U),
        ("Opacity may represent pneumonia.", "opacity", U),
        ("Lungs are grossly clear. No nodule.", "opacity", A),
        ("The heart is normal in size.", "cardiomegaly", A),
        ("The heart is mildly enlarged.", "cardiomegaly", P),
        ("The heart is not enlarged.", "cardiomegaly", A),
        ("Enlarged cardiac silhouette", "cardiomegaly", P),
        ("Calcified granuloma in the right lung.", "granuloma", P),
        ("Calcified granuloma in the right lung.", "calcinosis", N),
        ("Tortuous and calcified thoracic aorta", "aorta", P),
        ("Tortuous and calcified thoracic aorta", "calcinosis", P),
        ("Flattened hemidiaphragms", "hyperinflation", P),
        ("Flattened diaphragms, consistent with COPD", "hyperinflation", P),
        ("Degenerative changes of the thoracic spine.", "spine degeneration", P),
        ("Degenerative changes in the shoulder.", "spine degeneration", N),
        ("Dextroscoliosis; hiatal hernia", "scoliosis", P),
        ("The PICC has been removed.", "device", A),
        ("1. Old rib fractures. 2. XXXX.", "fracture", P),
        ("", "effusion", N),
    ],
)  # fmt: skip
def test_a_mention_is_denied_doubted_or_meant(text: str, finding: str, told: Told) -> None:
    assert labels_of(text)[finding] is told


def test_what_is_said_most_surely_counts() -> None:
    text = "No effusion on the right. Possible effusion behind the heart. Small left effusion."
    assert labels_of(text)["effusion"] is P
    assert labels_of(text[:61])["effusion"] is U


def test_normal_is_that_nothing_is_told() -> None:
    assert list(labels_of("")) == list(FINDINGS)
    clear = "The heart is normal. Lungs are clear. No acute bony abnormality."
    assert labels_of(clear)["normal"] is P
    assert labels_of(f"{clear} Elevated left hemidiaphragm.")["normal"] is A
    assert labels_of(f"{clear} Possible nodule.")["normal"] is A
