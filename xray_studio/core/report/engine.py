"""What every report engine does: it says whether it was made for films, and writes a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import uuid4

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job
from xray_studio.core.learning.assessment import Assessment
from xray_studio.core.report.report import Film, Measured, Provenance, Report, Section, State
from xray_studio.core.report.sentence import Sentence, Source
from xray_studio.core.version import VERSION

PROGRAM = f"X-Ray Studio {VERSION}"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a report is to be written of.

    `films` are clips with the frame of each (from 0) that is looked at, all of one study.
    `assessment` is what a finding classifier has said of them already, None where nobody asked.
    `measurements` are those of the session, `dose` lines that tell the dose, `indication` the
    question of whoever asked for the films ("" where nobody tells).
    """

    films: tuple[tuple[Clip, int], ...]
    assessment: Assessment | None = None
    measurements: tuple[Measured, ...] = ()
    dose: tuple[str, ...] = ()
    indication: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an engine has written so far, and at last.

    `abstained` is the sentence that tells why it writes nothing, "" where it does. `notes` belong
    to every reading of the draft.
    """

    source: Source
    sections: tuple[Section, ...] = ()
    summary: Sentence | None = None
    notes: tuple[str, ...] = ()
    abstained: str = ""

    def with_sentence(self, heading: str, sentence: Sentence) -> Draft:
        """Return it with one sentence more below a heading, which is begun where it is new."""
        each = list(self.sections)
        known = [section.heading for section in each]
        if heading not in known:
            return replace(self, sections=(*each, Section(heading, (sentence,))))
        number = known.index(heading)
        told = (*each[number].sentences, sentence)
        each[number] = replace(each[number], sentences=told)
        return replace(self, sections=tuple(each))


class ReportEngine(Protocol):
    """Writes drafts. A registry names each engine; one may load its model when it is first asked.

    A draft is a job: every progress of it whose `partial` is a Draft shows what is written so far,
    sentence after sentence, the summary last; its result is the whole. It can be stopped at each.
    """

    @property
    def name(self) -> str:
        """Its name in the registry."""

    @property
    def title(self) -> str:
        """What a person calls it, in a few words."""

    def unavailable(self) -> str:
        """Return in a sentence why it cannot be used here and what to do, "" where it can."""

    def draft(self, asked: Asked) -> Job[Draft]:
        """Write a draft, or abstain on what it was not made for.

        Raises StudioError where a film cannot be read or a model cannot be used.
        """


def begun(draft: Draft, study_instance_uid: str, films: Sequence[Film], time: datetime) -> Report:
    """Return the report that begins with a draft, at a time that tells its zone."""
    made = Provenance(
        PROGRAM, draft.source, time, draft.notes, draft.sections,
        draft.summary.text if draft.summary else "",
    )  # fmt: skip
    return Report(
        uuid4().hex, study_instance_uid, tuple(films), time, draft.sections, draft.summary,
        State.DRAFT, provenance=made,
    )  # fmt: skip


def begun_by_hand(
    study_instance_uid: str, films: Sequence[Film], headings: Sequence[str], time: datetime
) -> Report:
    """Return a report of empty sections that a person writes alone."""
    sections = tuple(Section(heading) for heading in headings)
    return Report(uuid4().hex, study_instance_uid, tuple(films), time, sections, state=State.EDITED)
