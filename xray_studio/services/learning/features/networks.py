"""The networks whose sight becomes features: which are there, and why one is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.guest import is_guest
from xray_studio.core.learning.hugging_face import Given
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.core.learning.model import FACTS, read_model
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import VIEWS
from xray_studio.services.learning.models.installed import Installed, installed_for, lacking
from xray_studio.services.learning.own.guest_facts import transformer_parts

if TYPE_CHECKING:
    from xray_studio.ai.features import Told

CNN: Final = "cnn"
CNN_FINDINGS: Final = "cnn_findings"
VIT: Final = "vit"
NO_VIT: Final = (
    "no vision transformer is installed; name a Hugging Face folder, or one that xray-studio train"
    " vit has made, with --vit"
)
_HERE: Final = "xray_studio.ai.features"
Rows = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What networks see of pictures, by kind, and the view of each."""

    rows: Mapping[str, Rows]
    views: list[str]
    notes: set[str]


@dataclass(frozen=True, slots=True)
class Transformer:
    """A network in a Hugging Face folder: hashes of its weights and its config, what it takes."""

    folder: Path
    sha256: str
    config_sha256: str
    given: Given


@dataclass(frozen=True, slots=True)
class FeatureNetworks:
    """The networks that are there; `missing` tells by kind of feature why one is not."""

    engine: Engine
    view: Installed | None
    findings: Installed | None
    transformer: Transformer | None
    vit: Installed | None = None
    missing: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def found(cls, engine: Engine, vit: str) -> FeatureNetworks:
        """Return those that ship or are installed, of vision transformers that in `vit`.

        `vit` is the folder of one, of this program or of Hugging Face, or "" for the installed one.
        Raises StudioError where that folder cannot be used.
        """
        view, findings = (_network(task) for task in ("view", "classifier"))
        own = _vit(Path(vit)) if vit else _network(VIT)
        other = Path(vit) if vit and own is None else None
        transformer = Transformer(other.resolve(), *transformer_parts(other)) if other else None
        why = lacking()
        absent = {
            CNN: None if view else why.get("view", "no view classifier of this program is there"),
            CNN_FINDINGS: None
            if findings and view
            else why.get("classifier", "no finding classifier of this program is there"),
            VIT: None if transformer or own else NO_VIT,
        }
        missing = {kind: reason for kind, reason in absent.items() if reason}
        return cls(engine, view, findings if view else None, transformer, own, missing)

    @property
    def specs(self) -> tuple[InputSpec, ...]:
        """What pictures are squashed to."""
        known = (self.view, self.findings, self.vit)
        own = [one.model.input for one in known if one is not None]
        return tuple({*own, *([self.transformer.given.spec] if self.transformer else [])})

    @property
    def models(self) -> dict[str, Any]:
        """Name and hash of each network by its kind of feature."""
        named = {CNN: self.view, CNN_FINDINGS: self.findings, VIT: self.vit}
        told = {
            kind: {"name": one.model.name, "version": one.model.version, "sha256": one.model.sha256}
            for kind, one in named.items()
            if one is not None
        }
        if self.transformer:
            told[VIT] = {"name": self.transformer.folder.name, "sha256": self.transformer.sha256}
        return told

    def told(self, squashed: Mapping[InputSpec, Squashed], progress: Progress) -> Job[Seen]:
        """Return what all networks see of some frames. Raises StudioError."""
        rows, views, notes = dict[str, Rows](), list[str](), set[str]()
        if self.view is not None:
            given = self.view.model.input.normalised(squashed[self.view.model.input])
            seen = yield from self.engine.view(self.view, given, progress)
            views = seen.answers()
            told = yield from self._asked("of_view", _known(self.view), given, progress=progress)
            rows[CNN] = told.rows
            notes |= {seen.note, told.note} - {""}
        if self.findings is not None:
            spec = self.findings.model.input
            numbers = tuple(VIEWS.index(view) if view in VIEWS else -1 for view in views)
            told = yield from self._asked(
                "of_findings", _known(self.findings), numbers,
                spec.normalised(squashed[spec]), progress=progress,
            )  # fmt: skip
            rows[CNN_FINDINGS] = told.rows
        if self.vit is not None:
            given = self.vit.model.input.normalised(squashed[self.vit.model.input])
            told = yield from self._asked("of_vit", _known(self.vit), given, progress=progress)
            rows[VIT] = told.rows
            notes |= {told.note} - {""}
        if self.transformer is not None:
            told = yield from self._transformed(self.transformer, squashed, progress)
            rows[VIT] = told.rows
            notes |= {told.note} - {""}
        return Seen(rows, views, notes)

    def _transformed(
        self, asked: Transformer, squashed: Mapping[InputSpec, Squashed], progress: Progress
    ) -> Job[Told]:
        spec = asked.given.spec
        known = (str(asked.folder), asked.sha256, asked.config_sha256)
        ends = (asked.given.mean, asked.given.deviation)
        told = yield from self._asked(
            "of_transformer", known, ends, spec.normalised(squashed[spec]), progress=progress
        )
        return told

    def _asked(
        self, name: str, known: tuple[str, ...], *more: Any, progress: Progress
    ) -> Job[Told]:
        told: Told = yield from self.engine.asked(
            f"{_HERE}:{name}", (*known, *more), progress, seconds=_SECONDS
        )
        return told


_SECONDS: Final = 240.0  # libraries included


def _known(model: Installed) -> tuple[str, str]:
    return str(model.folder), model.model.sha256


def _vit(folder: Path) -> Installed | None:
    """Return the vision transformer of this program in a folder; None for other folders."""
    if not (folder / FACTS).is_file() or read_model(folder).task != VIT:
        return None
    return Installed(folder, read_model(folder))


def _network(task: str) -> Installed | None:
    """Return the first model for a task whose network is of this program."""
    return next((one for one in installed_for(task) if not is_guest(one.model)), None)
