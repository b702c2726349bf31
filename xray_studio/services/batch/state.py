"""The state of a batch: a file in its folder that tells, line by line, what is finished.

After a program or machine that was stopped, whatever stands there with the hash that it was written
with is not done again. Lines are added and never changed, so that one cut short harms none before.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any, Final, Protocol

from xray_studio.core.files import stamp, write_failure
from xray_studio.core.job import Job
from xray_studio.core.version import VERSION
from xray_studio.services.batch.tasks import Outcome, Task, Written
from xray_studio.services.export.earlier import file_hash
from xray_studio.services.recipe_file import recipe_text

NAME: Final = ".xray-studio-batch.jsonl"
_LARGEST_LINE: Final = 1 << 22  # characters


class Numbered(Protocol):
    """A task of a batch, known by its number."""

    @property
    def number(self) -> int:
        """Counts from 1."""


def key_of(task: Task) -> str:
    """Return what a task is known by: its recipe, this version, and its files as they are now."""
    told = hashlib.sha256(f"{VERSION}\n{task.target.name}\n{recipe_text(task.recipe)}".encode())
    for path in task.series.paths:
        told.update(f"\n{path}\n{stamp(path)}".encode("utf-8", "surrogateescape"))
    return told.hexdigest()


class State:
    """What a batch in a folder has finished so far."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / NAME
        self._file: IO[str] | None = None
        self._done: dict[str, Outcome] = {}
        self._ours: set[str] = set()

    def load(self) -> None:
        """Read what is there; lines that cannot be read are passed over."""
        try:
            text = self._path.read_text("utf-8", "replace")
        except OSError:
            return
        for line in text.splitlines():
            if len(line) <= _LARGEST_LINE:
                self._take(line)

    def _take(self, line: str) -> None:
        try:
            told = json.loads(line)
            self._ours.update(str(name) for name in told.get("targets", ()))
            if "key" in told:
                self._done[str(told["key"])] = _outcome(told["outcome"])
        except (ValueError, TypeError, KeyError, AttributeError):
            return

    @property
    def names(self) -> frozenset[str]:
        """What earlier batches in this folder were to write: names of files and folders in it."""
        return frozenset(self._ours)

    def is_ours(self, target: Path) -> bool:
        """Tell whether an earlier batch in this folder was to write a target."""
        return target.name in self._ours

    def begin(self, targets: Iterable[str], *, anew: bool) -> None:
        """Open the file, empty where a batch begins anew. Raises WriteError."""
        try:
            # Lives as long as the batch, which closes it.
            self._file = self._path.open("w" if anew else "a", encoding="utf-8")
            self._file.write("" if anew else "\n")  # the last line may be cut short
            self._write({"program": VERSION, "targets": sorted(self._ours.union(targets))})
        except OSError as error:
            raise write_failure(self._path, error) from error

    def add(self, key: str, outcome: Outcome) -> None:
        """Note a task that went well. Raises WriteError."""
        try:
            self._write({"key": key, "outcome": _told(outcome)})
        except OSError as error:
            raise write_failure(self._path, error) from error

    def _write(self, line: dict[str, Any]) -> None:
        assert self._file is not None
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def finished(self, task: Numbered, key: str) -> Job[Outcome | None]:
        """Return what came of a task before, None unless all its files stand there as written."""
        outcome = self._done.get(key)
        if outcome is None or not outcome.files:
            return None
        for file in outcome.files:
            path = self._folder / file.name
            try:
                digest = yield from file_hash(path, "Checking what is finished")
            except OSError:
                return None
            if digest != file.sha256:
                return None
        return replace(outcome, number=task.number)


def _told(outcome: Outcome) -> dict[str, Any]:
    return asdict(outcome) | {"thumbnail": base64.b64encode(outcome.thumbnail).decode()}


def _outcome(told: dict[str, Any]) -> Outcome:
    lists = {name: tuple(told[name]) for name in ("notes", "badges")}
    files = tuple(Written(**file) for file in told["files"])
    return Outcome(
        **(told | lists | {"files": files, "thumbnail": base64.b64decode(told["thumbnail"])})
    )
