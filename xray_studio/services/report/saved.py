"""Reports in files of their own: reviewed, signed, amended, sent on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.report import edit, signing
from xray_studio.core.report.fhir import Release
from xray_studio.core.report.report import SUMMARY, Report, Where
from xray_studio.core.report.stored import to_json
from xray_studio.services.file_answers import pictures_below
from xray_studio.services.open import open_paths
from xray_studio.services.report.files import SUFFIXES, Form
from xray_studio.services.report.store import keep


def reviewed(
    report: Report,
    accepted: Sequence[Where],
    changed: Sequence[tuple[Where, str]],
    removed: Sequence[Where],
) -> Report:
    """Return a report with sentences accepted, changed and removed, each by its place now."""
    for where in accepted:
        report = edit.accept(report, where)
    for where, words in changed:
        report = edit.change(report, where, words)
    for where in sorted(set(removed), key=lambda one: (one == SUMMARY, *one), reverse=True):
        report = edit.remove(report, where)
    return report


def check_unsigned(report: Report) -> None:
    """Raise UnsupportedError for a report that is signed: nothing of it can be reviewed."""
    if report.is_signed:
        raise UnsupportedError(edit.SIGNED)


def signed(report: Report, name: str, organisation: str = "") -> Report:
    """Return a report signed now, and keep it with the others of this program.

    Raises UsageError while an AI sentence is neither accepted nor changed.
    """
    made = signing.sign(report, name, datetime.now().astimezone(), organisation)
    keep(made)
    return made


def new_version(report: Report) -> Report:
    """Return a new version of a signed report, begun now."""
    return signing.amended(report, datetime.now().astimezone())


def save(report: Report, target: Path) -> None:
    """Write a report as JSON, readable by its owner alone."""
    with replacing(target, private=True) as temporary:  # words of a person may name a patient
        temporary.write_text(to_json(report), "utf-8")


def films_of(paths: Sequence[str]) -> Job[list[Clip]]:
    """Return the films below paths, each a clip of its own."""
    if not paths:
        return []
    below = yield from pictures_below(paths)
    clips = []
    for number, path in enumerate(below.files):
        yield Progress(number, len(below.files), "Opening films")
        clips.append((yield from open_paths([path])))
    return clips


def form_of(name: str) -> Form:
    """Return a form by its name. Raises UsageError."""
    if name not in list(Form):
        raise UsageError(f"There is no form {name[:20]!r}; choose one of {', '.join(Form)}.")
    return Form(name)


def release_of(name: str) -> Release:
    """Return a release of FHIR by its name. Raises UsageError."""
    if name not in list(Release):
        raise UsageError(f"There is no release {name[:20]!r} of FHIR here; choose R4 or R5.")
    return Release(name)


def check_heat(form: Form, *, heat: bool) -> None:
    """Raise UsageError where heat maps are asked for, and the form has no pictures."""
    if heat and form is not Form.PDF:
        raise UsageError("Heat maps stand in a PDF alone; add --format pdf.")


def target_of(file: Path, form: Form) -> Path:
    """Return the usual name of a form, beside the report's own file."""
    stem = file.name.removesuffix(".json").removesuffix(".report")
    return file.with_name(f"{stem}.report{SUFFIXES[form]}")
