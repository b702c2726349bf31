"""The steps that every export goes through, whatever it writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress, passed_on
from xray_studio.core.output import Checked, OutputSpec
from xray_studio.services.export.earlier import file_hash
from xray_studio.services.export.options import ExportOptions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is to be exported where; `target` is absolute.

    `overwrite` lets a file of others be replaced, `sources` are files named with the clip, which
    never are.
    """

    clip: Clip
    target: Path
    options: ExportOptions
    overwrite: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was written: the file or folder, its manifest, what was asked and what was found.

    `rows` and `columns` are those in the file, which may need even ones. `notes` are sentences that
    a person should know of the file.
    """

    target: Path
    manifest: Path
    spec: OutputSpec
    checked: Checked
    rows: int
    columns: int
    notes: tuple[str, ...] = ()


def at_the_end(job: Job[T], frames: int) -> Job[T]:
    """Pass on a job that runs when all frames are written."""
    result = yield from passed_on(job, lambda at: Progress(frames, frames, at.message))
    return result


def hashes(path: Path, target: Path, files: Iterable[Path]) -> Job[list[dict[str, Any]]]:
    """Return name, size and SHA-256 of every finished file at or below a temporary path.

    The name is the target's own, or where the file stands in the target's folder.
    """
    found = []
    for file in files:
        digest = yield from file_hash(file, "Checking the file")
        name = target.name if file == path else file.relative_to(path).as_posix()
        found.append({"name": name, "bytes": file.stat().st_size, "sha256": digest})
    return found
