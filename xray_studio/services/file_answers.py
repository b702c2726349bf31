"""Pictures in files that are asked one by one: which there are, what comes of each, which fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UsageError, WriteError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.reasons import losses, none_opened
from xray_studio.services.export.many import make_folder
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.open import open_paths, scan

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Below:
    """Files with pictures below some paths, each once, and those that fail with reasons.

    Whoever asks the files adds to `failed`.
    """

    files: tuple[str, ...]
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileAnswers:
    """Answers by file, where they were written, and files that fail with reasons."""

    answers: Mapping[str, dict[str, Any]]
    written: tuple[Path, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()

    def facts(self) -> dict[str, Any]:
        """Return all of it by name, for JSON."""
        told = [{"path": path, **one} for path, one in self.answers.items()]
        return {"files": told, **written_and_failed(self.written, self.failed)}


def written_and_failed(
    written: Sequence[Path], failed: Sequence[tuple[str, str]]
) -> dict[str, list[Any]]:
    """Return files that were written and that fail by name, for JSON."""
    return {
        "written": [str(path) for path in written],
        "failed": [{"path": path, "reason": why} for path, why in failed],
    }


def pictures_below(paths: Sequence[str]) -> Job[Below]:
    """Return the files with pictures that are named or lie below folders.

    Raises UsageError with the first reason where there are none.
    """
    catalog = yield from scan(list(paths))
    failed = {skipped.path: skipped.told for skipped in catalog.skipped}
    found = (one.path for series in catalog.pictures() for one in series.instances)
    files = tuple(dict.fromkeys(found))
    if not files:
        raise none_opened(failed)
    return Below(files, failed)


def asked_each(
    below: Below, asked: Callable[[str, Clip], Job[T]], message: str
) -> Job[dict[str, T]]:
    """Open files one by one, ask something of each, and return the answers by file.

    A file that cannot be opened or fails is told and ends nothing; one that is cut short is told
    too. Raises WriteError where an answer cannot be written.
    """
    answers = dict[str, T]()
    for number, path in enumerate(below.files):
        yield Progress(number, len(below.files), message)
        try:
            clip = yield from open_paths([path])
            answers[path] = yield from asked(path, clip)
        except (Cancelled, WriteError):
            raise
        except StudioError as error:
            below.failed[path] = str(error)
            continue
        lost = losses(clip.acquisition.warnings)
        below.failed.update({path: lost[0]} if lost else {})
    return answers


def places(
    out: Path | None, groups: Sequence[Sequence[str]], suffixes: Sequence[str], *, overwrite: bool
) -> list[tuple[Path, ...]]:
    """Return where answers about groups of files are written, named like the first file of each.

    Without `out` nowhere; a folder that is missing is made. Raises UsageError where two are of one
    name, and WriteError where there can be no such folder or files would be lost.
    """
    if out is None:
        return [()] * len(groups)
    make_folder(out)
    targets = [
        tuple(out / f"{Path(group[0]).stem}{suffix}" for suffix in suffixes) for group in groups
    ]
    if len(set(targets)) < len(targets):
        raise UsageError("Files of one name in several folders; name them one by one.")
    sources = [path for group in groups for path in group]
    for target in (one for several in targets for one in several):
        check_file_place(target, sources, overwrite=overwrite)
    return targets
