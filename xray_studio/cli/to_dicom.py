"""`xray-studio to-dicom VIDEO... OUT`: videos become DICOM objects of a patient and a study."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from xray_studio.cli import to_dicom_words as words
from xray_studio.cli.common import (
    DONE,
    FAILED,
    Json,
    Overwrite,
    Quiet,
    complain,
    complain_line,
    ended,
    run_job,
    say,
    say_json,
)
from xray_studio.cli.to_dicom_told import confirm, plan_lines, tell, whose
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.core.video.identity import Identity
    from xray_studio.core.video.plan import Wish
    from xray_studio.services.to_dicom.request import Request


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: xray-studio to-dicom clip.mp4 clip.dcm --like image.dcm --modality ES"
    app.command("to-dicom", epilog=example)(to_dicom)


def to_dicom(
    src: words.Sources,
    *,
    patient_id: words.PatientId = "",
    patient_name: words.PatientName = "",
    birth_date: words.BirthDate = "",
    sex: words.Sex = "",
    study_description: words.Study = "",
    accession: words.Accession = "",
    modality: words.Modality = "",
    sop_class: words.SopClass = "auto",
    like: words.Like = None,
    from_worklist: words.FromWorklist = "",
    node: words.Node = "",
    identities: words.Identities = None,
    region: words.Region = "",
    acquired: words.Acquired = "",
    series_description: words.Series = "",
    transcode: words.When = "auto",
    quality: words.HowWell = "medium",
    syntax: words.Syntax = "",
    keep_sound: words.KeepSound = False,
    keep_metadata: words.KeepMetadata = False,
    large: words.Large = "fragments",
    item_size: words.ItemSize = None,
    fps: words.Fps = 0.0,
    jobs: words.Jobs = 1,
    yes: words.Yes = False,
    plan: words.PlanOnly = False,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Put videos into DICOM objects that archives take.

    OUT is a .dcm for one video, or for pictures that follow one another, and a folder for several
    videos. The stream is kept bit for bit where a transfer syntax takes it, else encoded anew.
    Sound and what the container tells stay behind.
    """
    from xray_studio.core.video.identity import Identity, date_of
    from xray_studio.core.video.modalities import modality_of
    from xray_studio.core.video.regions import region_of

    videos, out = _places(src)
    told = Identity(
        patient_id=patient_id,
        patient_name=patient_name,
        birth_date=date_of(birth_date),
        sex=sex,
        study_description=study_description,
        accession=accession,
        modality=modality_of(modality),
        region=region_of(region) if region else None,
    )
    wish = _wish(_Asked(sop_class, transcode, quality, syntax, large, item_size))
    wish = replace(wish, modality=told.modality, keep_sound=keep_sound, keep_metadata=keep_metadata)
    how = _How(yes, plan, overwrite, json, quiet, jobs)
    if from_worklist:
        told = told.over(_planned(from_worklist, node, how))
    if out.suffix.lower() != ".dcm":
        from xray_studio.services.to_dicom.many import requests_for

        if acquired:
            raise UsageError("Several videos were not recorded at once; leave out --acquired.")
        whose = _whose_each(videos, identities, _identified(told, like, None, how))
        return _many(requests_for(whose, out, wish, overwrite=overwrite), out, how)
    from xray_studio.services.to_dicom.request import Request
    from xray_studio.services.to_dicom.sources import one_source

    video, pictures = one_source([Path(one) for one in videos])
    if identities is not None:
        raise UsageError("--identities is for several videos; name a folder as OUT.")
    identity = _identified(told, like, video, how)
    return _one(
        Request(
            video,
            out,
            identity,
            wish,
            _moment(acquired),
            series_description,
            pictures=pictures,
            rate=Fraction(fps).limit_denominator(10_000),
            overwrite=overwrite,
        ),
        how,
    )


@dataclass(frozen=True)
class _How:
    """How the command goes about it."""

    yes: bool
    plan: bool
    overwrite: bool
    json: bool
    quiet: bool
    jobs: int


@dataclass(frozen=True)
class _Asked:
    """What was typed of the stream, before it is understood."""

    sop_class: str
    transcode: str
    quality: str
    syntax: str
    large: str
    item_size: int | None


def _places(src: list[str]) -> tuple[list[str], Path]:
    if len(src) < 2:
        raise UsageError("Name the video and, last, what to write: VIDEO... OUT.")
    return src[:-1], Path(src[-1])


def _wish(asked: _Asked) -> Wish:
    from xray_studio.core.output import Quality
    from xray_studio.core.video.classes import Kind
    from xray_studio.core.video.plan import Transcode, Wish
    from xray_studio.core.video.syntaxes import LARGEST_ITEM
    from xray_studio.services.to_dicom.syntax import syntax_named

    return Wish(
        kind=Kind(asked.sop_class),
        transcode=Transcode(asked.transcode),
        quality=Quality(asked.quality),
        syntax=syntax_named(asked.syntax) if asked.syntax else "",
        parts=asked.large == "parts",
        largest_item=min(asked.item_size or LARGEST_ITEM, LARGEST_ITEM),
    )


def _moment(told: str) -> datetime | None:
    if not told:
        return None
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        raise UsageError(f"{told} is no date and time; write it as 2026-11-22T14:30.") from None


def _planned(query: str, node: str, how: _How) -> Identity:
    """Return whose video it is, by the worklist; several entries are listed, and none is taken."""
    from xray_studio.cli.pacs.asking import entry_words
    from xray_studio.services.pacs.nodes import node_named
    from xray_studio.services.to_dicom.planned import entries_like, only_entry

    entries = run_job(entries_like(node_named(node), query), quiet=how.quiet)
    for entry in entries if len(entries) > 1 else ():
        complain_line(entry_words(entry))
    return only_entry(entries)


def _identified(told: Identity, like: Path | None, video: Path | None, how: _How) -> Identity:
    """Return whose video it is, by what was typed over what an object tells."""
    if like is None:
        return told
    from xray_studio.services.to_dicom.linked import like as job

    return told.over(run_job(job(like, video), quiet=how.quiet))


def _one(request: Request, how: _How) -> int:
    from xray_studio.services.to_dicom.look import preview
    from xray_studio.services.to_dicom.told import preview_facts, written_facts
    from xray_studio.services.to_dicom.write import write

    seen = run_job(preview(request), quiet=how.quiet)
    if how.plan:
        if how.json:
            say_json(preview_facts(seen))
        else:
            for line in plan_lines(seen):
                say(line)
        return DONE
    if _asks(how):
        confirm([*plan_lines(seen), *whose(seen.identity)])
    written = run_job(write(seen), quiet=how.quiet)
    if how.json:
        say_json(written_facts(written))
    else:
        tell(written)
    return DONE


def _whose_each(
    videos: list[str], identities: Path | None, common: Identity
) -> list[tuple[Path, Identity]]:
    """Return the videos named and those in folders, and whose each of them is."""
    from xray_studio.services.to_dicom.sources import videos_below
    from xray_studio.services.to_dicom.table import identities_for, read_table

    table = {} if identities is None else read_table(identities)
    return identities_for(videos_below([Path(one) for one in videos]), table, common)


def _many(requests: list[Request], folder: Path, how: _How) -> int:
    from xray_studio.services.to_dicom.many import to_dicom_all
    from xray_studio.services.to_dicom.told import written_facts

    if how.plan:
        raise UsageError("--plan tells of one video; name OUT.dcm.")
    if _asks(how):
        patients = len({one.identity.patient_id for one in requests})
        several = "s" if patients > 1 else ""
        confirm([f"{len(requests):,} videos of {patients:,} patient{several} into {folder}"])
    result = run_job(to_dicom_all(requests, folder, jobs=how.jobs), quiet=how.quiet)
    if how.json:
        failed = [{"path": path, "reason": reason} for path, reason in result.failed]
        say_json({"written": [written_facts(one) for one in result.written], "failed": failed})
    else:
        for one in result.written:
            tell(one)
    if not result.written and len(result.failed) == 1:
        complain(result.failed[0][1])
        return FAILED
    return ended(result.written, result.failed)


def _asks(how: _How) -> bool:
    """Tell whether somebody sits there who can be asked."""
    return not (how.yes or how.json) and sys.stdin.isatty() and sys.stderr.isatty()
