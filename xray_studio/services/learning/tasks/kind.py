"""What all models of one kind have in common, whatever they were trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import Model, Source
from xray_studio.core.version import VERSION
from xray_studio.services.learning.models.folder import UNHASHED

_UNSTATED: Final = "not stated"  # the licence of a collection that nobody told


@dataclass(frozen=True, slots=True)
class Kind:
    """Its name, the task it can be asked, its answers, network and input, as in `model.toml`."""

    name: str
    task: str
    labels: tuple[str, ...]
    network: Mapping[str, Any]
    input: InputSpec
    intended_use: str
    licence: str = "research and education, as the films it learned from"

    def model(self, learnt: Learnt) -> Model:
        """Return what a model of this kind says of itself; its weights are not written yet."""
        return Model(
            name=self.name,
            version=VERSION,
            task=self.task,
            labels=self.labels,
            network=self.network,
            input=self.input,
            sha256=UNHASHED,
            licence=self.licence,
            intended_use=self.intended_use,
            sources=tuple(learnt.sources),
            calibration=learnt.calibration,
            thresholds=learnt.thresholds,
            training=learnt.training,
        )


@dataclass(frozen=True, slots=True)
class Learnt:
    """What one training adds: what it learned from, how it went, and what fits its outputs."""

    sources: Sequence[Source]
    training: Mapping[str, Any]
    calibration: Mapping[str, Any] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)


def source(name: str, licences: Mapping[str, str], cases: int, films: int) -> Source:
    """Return a collection that is learned from, with its licence where `licences` tell it."""
    return Source(name, licences.get(name, _UNSTATED), cases, films)
