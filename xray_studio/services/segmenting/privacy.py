"""What a file of segments would tell of the patient, and saving it after somebody agreed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xray_studio.core.identity_in_names import told_by_name
from xray_studio.core.job import Job, Progress
from xray_studio.core.labels.label_map import LabelMap, LabelSegment
from xray_studio.core.privacy import Finding, Place, Privacy, PrivacyReport
from xray_studio.core.volume.volume import Volume
from xray_studio.services.privacy.gate import TAGS, name_sentence
from xray_studio.services.privacy.log import note_paths
from xray_studio.services.segmenting.saving import Form, Saving, save_segments

OBJECTS: Final = frozenset((Form.SEG, Form.RTSTRUCT))


def examine_segments(
    volume: Volume, segments: tuple[LabelSegment, ...], wanted: Saving
) -> PrivacyReport:
    """Return what a file of segments would tell."""
    return PrivacyReport(tuple(_findings(volume, segments, wanted)), (), None)


def _findings(
    volume: Volume, segments: tuple[LabelSegment, ...], wanted: Saving
) -> Iterator[Finding]:
    told = told_by_name(wanted.target.name, volume.identity)
    if told:
        yield Finding(Place.FILE_NAME, certain=True, sentence=name_sentence(told))
    if wanted.form in OBJECTS:
        yield Finding(Place.TAGS, certain=True, sentence=TAGS)
    names = " ".join(one.name for one in segments)
    if told := told_by_name(names, volume.identity):
        words = f"The names of segments, which the file holds, tell: {', '.join(told)}."
        yield Finding(Place.CAPTIONS, certain=True, sentence=words)


def save_agreed(
    volume: Volume, labels: LabelMap, wanted: Saving, decision: Privacy
) -> Job[tuple[Path, ...]]:
    """Save segments as `save_segments` does, and note in the log what was agreed to."""
    paths = yield from save_segments(volume, labels, wanted)
    yield Progress(message="Noting what was agreed to")
    note_paths(f"segments as {wanted.form.value}", decision, paths)
    return paths
