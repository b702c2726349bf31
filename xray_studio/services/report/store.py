"""Kept reports: every version of every report, drafts among them, until they are opened again.

A folder for each study in the user's data folder, readable by its owner alone, its name the SHA-256
of the Study Instance UID (of the pixels, for pictures without one); in it a file for each version.
A file is replaced whole, so that a program that is killed leaves the version before. One that is
signed is never replaced by another one. What is damaged is set aside, and told.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError, UnreadableError, WriteError
from xray_studio.core.files import replacing, write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.reasons import why_not_opened
from xray_studio.core.report.report import Film, Report, Sent
from xray_studio.core.report.signing import content_sha256
from xray_studio.core.report.stored import LARGEST, from_json, to_json
from xray_studio.services.places import data_folder

DAMAGED: Final = ".damaged"
_FILE: Final = re.compile(r"([0-9a-f]{64})\.v([1-9][0-9]{0,5})\.json")
_STANDS: Final = "This version is signed and stays as it is; amend it to make a new one."


@dataclass(frozen=True, slots=True)
class Kept:
    """Reports that are kept, each in its latest version, and how many files were set aside."""

    reports: tuple[Report, ...] = ()
    damaged: int = 0

    @property
    def told(self) -> str:
        """In a sentence what was set aside, "" for nothing."""
        if not self.damaged:
            return ""
        files = "One kept report is" if self.damaged == 1 else f"{self.damaged} kept reports are"
        return f"{files} damaged and was set aside, with the name ending in {DAMAGED}."


def store_folder() -> Path:
    """Return where reports are kept."""
    return data_folder() / "reports"


def keep(report: Report) -> Path:
    """Keep a version of a report in place of what was kept of it before, and return its file.

    Raises WriteError where it cannot be kept, or where another one is signed as this version.
    """
    path = path_of(report)
    _check_signed(report, path)
    _make_folder(path.parent)
    with replacing(path, private=True) as temporary:  # words of a person may name a patient
        temporary.write_text(to_json(report), "utf-8")
    return path


def keeping(report: Report) -> Job[None]:
    """Keep a report as a job."""
    yield Progress(message="Keeping the report")
    keep(report)


def kept(study_instance_uid: str, films: tuple[Film, ...] = ()) -> Job[Kept]:
    """Return the reports of a study, the latest version of each, the oldest report first.

    Pictures that name no study are known by `films`, as the report names them.
    """
    yield Progress(message="Looking for reports")
    return _latest(_folder(study_instance_uid, films))


def versions(report: Report) -> list[Report]:
    """Return every version that is kept of a report, the first one first."""
    found, _ = _read_all(path_of(report).parent)
    mine = [one for one in found if one.identifier == report.identifier]
    return sorted(mine, key=lambda one: one.version)


def every_kept() -> Job[Kept]:
    """Return every version of every report that is kept."""
    folders = list(_folders())
    found, damaged = list[Report](), 0
    for number, folder in enumerate(folders):
        yield Progress(number, len(folders), "Reading kept reports")
        reports, broken = _read_all(folder)
        found += reports
        damaged += broken
    return Kept(tuple(sorted(found, key=lambda one: (one.created, one.version))), damaged)


def forget(report: Report) -> None:
    """Remove every version of a report."""
    digest = _digest(report.identifier)
    with contextlib.suppress(OSError):
        for path in path_of(report).parent.glob(f"{digest}.v*"):
            path.unlink(missing_ok=True)


def with_object(report: Report, sent: Sent) -> Report:
    """Return a report that knows an object that was written of it."""
    return replace(report, objects=(*report.objects, sent))


def path_of(report: Report) -> Path:
    """Return the file of a version of a report."""
    folder = _folder(report.study_instance_uid, report.films)
    return folder / f"{_digest(report.identifier)}.v{report.version}.json"


def read_report(path: Path) -> Report:
    """Return the report in a file. Raises UnreadableError with what is damaged."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {why_not_opened(error)}.") from error
    return from_json(data, path.name)


def _check_signed(report: Report, path: Path) -> None:
    """Refuse to replace a version that is signed by one that says something else."""
    if not path.exists():
        return
    try:
        before = read_report(path)
    except StudioError:
        _set_aside(path)
        return
    if before.is_signed and (
        before.signature != report.signature or content_sha256(before) != content_sha256(report)
    ):
        raise WriteError(_STANDS)


def _latest(folder: Path) -> Kept:
    found, damaged = _read_all(folder)
    latest = dict[str, Report]()
    for one in sorted(found, key=lambda one: one.version):
        latest[one.identifier] = one
    return Kept(tuple(sorted(latest.values(), key=lambda one: one.created)), damaged)


def _read_all(folder: Path) -> tuple[list[Report], int]:
    found, damaged = list[Report](), 0
    for path in _files(folder):
        try:
            one = read_report(path)
        except UnreadableError:
            damaged += 1
            _set_aside(path)
            continue
        except StudioError:
            continue  # of a later version of the program, which reads it again
        if path_of(one).name == path.name:
            found.append(one)
    return found, damaged


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(one for one in folder.iterdir() if _FILE.fullmatch(one.name))
    except OSError:
        return []


def _folders() -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from sorted(one for one in store_folder().iterdir() if one.is_dir())


def _set_aside(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.replace(path.with_name(path.name + DAMAGED))


def _folder(study_instance_uid: str, films: tuple[Film, ...]) -> Path:
    key = study_instance_uid or " ".join(sorted(film.pixels_sha256 for film in films))
    return store_folder() / _digest(key)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _make_folder(folder: Path) -> None:
    try:
        for one in (folder.parent, folder):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(folder, error) from error
