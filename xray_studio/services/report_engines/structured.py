"""An engine without AI: a template by modality and part of the body, filled with what is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.assessment import Assessment
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.reasons import losses
from xray_studio.core.report.engine import Asked, Draft
from xray_studio.core.report.report import BLANK, FINDINGS, IMPRESSION, INDICATION, TECHNIQUE
from xray_studio.core.report.sentence import Sentence, Source
from xray_studio.services.report_engines.refusals import check_asked

NAME: Final = "structured"
DOSE: Final = "Dose"
MEASUREMENTS: Final = "Measurements"
_SOURCE: Final = Source(NAME)
_MODALITIES: Final = {
    "CR": "Radiograph", "DX": "Radiograph", "RG": "Radiograph", "MG": "Mammogram",
    "XA": "Angiography", "RF": "Fluoroscopy", "US": "Ultrasound", "CT": "CT", "MR": "MRI",
    "NM": "Nuclear medicine", "PT": "PET", "IVUS": "Intravascular ultrasound",
}  # fmt: skip
# Words of series and study descriptions by which a part of the body is known, English and Latin.
_PARTS: Final = {
    "chest": ("chest", "thorax", "lung", "pa and lat"),
    "heart": ("coronar", "cardia", "heart", "ventric", "echo", "lca", "rca"),
    "abdomen": ("abdom", "pelvis", "liver", "renal", "kidney"),
    "head": ("head", "skull", "brain", "cerebr", "carotid"),
    "spine": ("spine", "lumbar", "cervical", "vertebra"),
    "limb": ("hand", "wrist", "knee", "ankle", "foot", "elbow", "shoulder", "hip", "femur"),
}
_ITEMS: Final = {
    "chest": ("Heart and mediastinum", "Lungs", "Pleura", "Bones and soft tissues", "Devices"),
    "heart": ("Vessels", "Left ventricle", "Valves", "Devices"),
    "abdomen": ("Organs", "Bowel", "Vessels", "Bones and soft tissues"),
    "head": ("Brain", "Vessels", "Skull and sinuses"),
    "spine": ("Alignment", "Vertebral bodies", "Discs", "Soft tissues"),
    "limb": ("Bones", "Joints", "Soft tissues"),
}
_ANY: Final = ("Observations",)


class StructuredEngine:
    """Lays out what a report on these pictures has to say, and fills in what was measured."""

    name = NAME
    title = "Template without AI"

    def __init__(self, _model: Path | None = None) -> None:
        """Take no model, since there is none to take."""

    def unavailable(self) -> str:
        """Return "": it works everywhere."""
        return ""

    def draft(self, asked: Asked) -> Job[Draft]:
        """Write the template. Raises UsageError for films of several studies."""
        check_asked(asked)
        lost = [one for clip, _ in asked.films for one in losses(clip.acquisition.warnings)]
        draft = Draft(_SOURCE, notes=tuple(dict.fromkeys(lost)))
        for heading, sentence in _sentences(asked):
            draft = draft.with_sentence(heading, sentence)
            yield Progress(message="Writing the draft", partial=draft)
        return replace(draft, summary=Sentence(f"{_what(asked)}.", _SOURCE))


def _sentences(asked: Asked) -> Iterator[tuple[str, Sentence]]:
    yield INDICATION, Sentence(asked.indication or BLANK, _SOURCE)
    yield TECHNIQUE, Sentence(f"{_what(asked)}.", _SOURCE)
    part = part_of(asked.films[0][0])
    for item in _ITEMS.get(part, _ANY):
        yield FINDINGS, Sentence(f"{item}: {BLANK}.", _SOURCE)
    if asked.assessment is not None:
        for sentence in _told(asked.assessment):
            yield FINDINGS, sentence
    for one in asked.measurements:
        yield MEASUREMENTS, Sentence(f"{one.name}: {one.words}", _SOURCE)
    for line in asked.dose:
        yield DOSE, Sentence(line, _SOURCE)
    yield IMPRESSION, Sentence(BLANK, _SOURCE)


def _told(assessment: Assessment) -> Iterator[Sentence]:
    """Yield the findings of the session that reach their point, with model and probability."""
    source = Source(NAME, assessment.model)
    for score in assessment.findings:
        if score.positive and score.name != NORMAL:
            text = f"The finding classifier tells {score.name}: {100.0 * score.probability:.0f} %."
            yield Sentence(text, source, score.probability, score.name)


def part_of(clip: Clip) -> str:
    """Return the part of the body that the file or its descriptions name, "" where none does."""
    acquired = clip.acquisition
    said = (
        acquired.body_part_examined,
        clip.identity.study_description,
        acquired.series_description,
    )
    told = " ".join(said).casefold()
    found = (part for part, words in _PARTS.items() if any(word in told for word in words))
    return next(found, "")


def _what(asked: Asked) -> str:
    """Return modality, part of the body and extent: "Angiography of the heart, 2 series".

    A picture that tells no modality is only counted: "2 pictures".
    """
    clip = asked.films[0][0]
    kind, part = clip.acquisition.modality, part_of(clip)
    words = f"{_MODALITIES.get(kind, kind)}{f' of the {part}' * bool(part)}"
    extent = _extent([len(one) for one, _ in asked.films])
    return f"{words}, {extent}" if words.strip() else extent


def _extent(counts: Sequence[int]) -> str:
    """Return how many pictures there are, or series and frames where any has several."""
    if max(counts) == 1:
        return f"{len(counts)} picture{'s' * (len(counts) > 1)}"
    return f"{len(counts)} series, {sum(counts)} frames"
