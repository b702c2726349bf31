"""What the finding classifier says of studies with reports, kept so that it is asked once."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import calibrations
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.reports.studies import ReportStudies
from xray_studio.services.learning.tasks.known import Known

if TYPE_CHECKING:
    from xray_studio.ai.features import Told

KEPT: Final = "seen.npz"
_FEATURES: Final = "xray_studio.ai.features:of_findings"
_AT_ONCE: Final = 64

Values = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Answers for the first frontal film and all others of each study.

    `parts` tells the fold whose network has not seen a study, `NONE` where none has (then all are
    asked), or `EVERY` where all have. `logits` (studies, labels) are the log-odds that these
    networks give. `features` (networks, studies, channels) are what the last stage of each network
    sees in the first frontal film.
    """

    parts: Numbers
    logits: Values
    features: npt.NDArray[np.float32]
    unreadable: tuple[tuple[str, str], ...] = ()


def seen(
    chosen: ReportStudies, model: Installed, folder: Path | None
) -> Job[tuple[ReportStudies, Seen]]:
    """Return the studies whose films can be read, and what the model says of them.

    With `folder` answers are kept there, and taken from there while films and model are the same.
    Raises StudioError where the model cannot be used or the folder not be written.
    """
    mark = _mark(chosen, model)
    known = _kept(folder / KEPT, mark) if folder else None
    if known is None:
        known = yield from _asked(chosen, model)
        if folder:
            _keep(folder / KEPT, mark, known)
    lost = [int(number) for number in known["lost"]]
    reasons = [str(reason) for reason in known["reasons"]]
    told = zip((chosen.studies.paths[number] for number in lost), reasons, strict=True)
    answers = Seen(known["parts"], known["logits"], known["features"], tuple(told))
    return chosen.without(lost), answers


def _asked(chosen: ReportStudies, model: Installed) -> Job[dict[str, Any]]:
    spec = model.model.input
    with Engine() as engine:
        # A model that cannot be used is told before films are read, which takes minutes.
        blank = np.zeros((1, spec.rows, spec.columns), np.float32)
        first = yield from engine.findings(model, 0, blank, Progress(message="Loading the model"))
        films = np.zeros((len(chosen.studies.paths), spec.rows, spec.columns), np.uint8)
        failed = yield from squash_films(chosen.studies.paths, spec, films)
        read = chosen.without(list(failed))
        parts = _parts(Known.of(model), read, films)
        asking = _Asking(engine, model, films)
        rows = [frontal[0] for frontal, _ in read.studies.cases]
        features = yield from asking.features(rows, len(first.values))
        frontal = yield from asking.outputs(read, parts, 0)
        lateral = yield from asking.outputs(read, parts, 1)
    lines = calibrations(model.model, len(first.values))
    logits = np.zeros((len(read), len(model.model.labels)))
    for row, part in enumerate(parts):
        networks = [int(part)] if part >= 0 else range(len(lines))
        told = [frontal[row], lateral.get(row)]
        each = [
            lines[number].logits(*(None if one is None else one[place] for one in told))
            for place, number in enumerate(networks)
        ]
        logits[row] = np.mean(each, axis=0)
    return {
        "parts": parts, "logits": logits, "features": features,
        "lost": np.array(list(failed), np.int64), "reasons": np.array(list(failed.values()), str),
    }  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Asking:
    """The model in its process, and all films as it takes them."""

    engine: Engine
    model: Installed
    films: Squashed

    def features(self, rows: Sequence[int], networks: int) -> Job[npt.NDArray[np.float32]]:
        """Return (networks, films, channels) of frontal films by their numbers."""
        parts = []
        for first in range(0, len(rows), _AT_ONCE):
            progress = Progress(first, len(rows), "Comparing films")
            given = self.model.model.input.normalised(self.films[rows[first : first + _AT_ONCE]])
            asked = (str(self.model.folder), self.model.model.sha256, (0,) * len(given), given)
            told: Told = yield from self.engine.asked(_FEATURES, asked, progress)
            parts.append(told.rows.reshape(len(given), networks, -1))
        return np.concatenate(parts).swapaxes(0, 1)

    def outputs(self, read: ReportStudies, parts: Numbers, view: int) -> Job[dict[int, Values]]:
        """Return outputs (networks that may judge it, labels) of studies with films of a view."""
        found: dict[int, Values] = {}
        for part in np.unique(parts):
            owners, numbers = _films(read, np.flatnonzero(parts == part), view)
            network, told = (int(part) if part >= 0 else None), []
            for first in range(0, len(numbers), _AT_ONCE):
                progress = Progress(first, len(numbers), "Looking for findings")
                films = self.films[numbers[first : first + _AT_ONCE]]
                given = self.model.model.input.normalised(films)
                answer = yield from self.engine.findings(self.model, view, given, progress, network)
                told.append(answer.values)
            whole = np.concatenate(told, axis=1) if told else np.zeros((1, 0, 1))
            for row in dict.fromkeys(owners):
                own = [place for place, owner in enumerate(owners) if owner == row]
                found[row] = whole[:, own].mean(axis=1)
        return found


def _films(read: ReportStudies, rows: Numbers, view: int) -> tuple[list[int], list[int]]:
    """Return the films of a view of some studies: whose each is, and their numbers."""
    pairs = [(int(row), n) for row in rows for n in read.studies.cases[row][view]]
    return [row for row, _ in pairs], [number for _, number in pairs]


def _parts(known: Known, read: ReportStudies, films: Squashed) -> Numbers:
    found = [
        known.fold(owner, [films[number] for view in case for number in view])
        for owner, case in zip(read.studies.owners, read.studies.cases, strict=True)
    ]
    return np.array(found, np.int64)


def _mark(chosen: ReportStudies, model: Installed) -> str:
    """Return the hash of what answers rest on: weights, calibration, films by size and time."""
    digest = hashlib.sha256(model.model.text().partition("[thresholds]")[0].encode())
    for path, owner in zip(chosen.studies.paths, _owners(chosen), strict=True):
        digest.update(f"{owner}|{_state(path)}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _owners(chosen: ReportStudies) -> list[str]:
    found = [""] * len(chosen.studies.paths)
    for owner, case in zip(chosen.studies.owners, chosen.studies.cases, strict=True):
        for number in (n for view in case for n in view):
            found[number] = owner
    return found


def _state(path: str) -> str:
    try:
        facts = Path(path).stat()
    except OSError:
        return path
    return f"{path}|{facts.st_size}|{facts.st_mtime_ns}"


def _kept(path: Path, mark: str) -> dict[str, Any] | None:
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            known = {name: file[name] for name in file.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return known if str(known.get("mark")) == mark else None


def _keep(path: Path, mark: str, known: dict[str, Any]) -> None:
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, mark=np.array(mark), **known)
