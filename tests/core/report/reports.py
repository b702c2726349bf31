"""Reports that tests begin with."""

from dataclasses import replace
from datetime import UTC, datetime

from xray_studio.core.learning.assessment import ModelMark
from xray_studio.core.report.engine import Draft, begun
from xray_studio.core.report.report import FINDINGS, IMPRESSION, Film, Report
from xray_studio.core.report.sentence import Sentence, Source

MODEL = ModelMark("findings", "1.2", "ab" * 32)
SOURCE = Source("findings", MODEL)
NOW = datetime(2026, 11, 21, 14, 5, 6, tzinfo=UTC)
FILM = Film("1.2.3", 0, "cd" * 32, "frontal")


def ai(text: str, probability: float | None = None, finding: str = "") -> Sentence:
    return Sentence(text, SOURCE, probability, finding)


def drafted() -> Report:
    draft = (
        Draft(SOURCE, notes=("For research and education, not for diagnosis.",))
        .with_sentence(FINDINGS, ai("The heart is enlarged.", 0.81, "cardiomegaly"))
        .with_sentence(FINDINGS, ai("No pleural effusion is seen."))
        .with_sentence(IMPRESSION, ai("Cardiomegaly.", 0.81, "cardiomegaly"))
    )
    summary = ai("Chest X-ray, frontal: cardiomegaly.")
    report = begun(draft, "1.2", (FILM,), NOW)
    return replace(report, summary=summary, identifier="0123456789abcdef" * 2)
