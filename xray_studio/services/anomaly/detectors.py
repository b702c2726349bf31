"""Detectors of the unusual by name: one registry, to which installed packages can add."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from xray_studio.core.anomaly.detector import AnomalyDetector
from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UnsupportedError
from xray_studio.core.learning.model import Model
from xray_studio.core.registry import Entry, Registry
from xray_studio.services.learning.models.installed import waiting_for
from xray_studio.services.learning.tasks.anomaly import DETECTOR_OF

GROUP: Final = "xray_studio.anomaly_detectors"
_HERE: Final = "xray_studio.services.anomaly"
# An entry is called with the folder of a model, or None for the one that is installed.
DETECTORS: Final = Registry(
    GROUP,
    (
        Entry("default", f"{_HERE}.normal_films:NormalFilms"),
        Entry("hog-vit-iforest", f"{_HERE}.hog_vit:HogVitForest"),
        Entry("classifier-heat", f"{_HERE}.classifier_heat:ClassifierHeat"),
        Entry("cine-change", f"{_HERE}.cine_change:CineChange"),
    ),
)

_OF_FILMS: Final = "default"
_OF_LOOPS: Final = "cine-change"


def detector_called(name: str, model: Path | None = None) -> AnomalyDetector:
    """Return the detector called `name`, also one of a model that waits for its gate.

    Raises UnsupportedError where there is none.
    """
    if model is None and name not in DETECTORS.entries():
        own = next((one for one in own_detectors() if one.name == name), None)
        if own is not None:
            return detector_called(own.detector, own.folder)
    made: AnomalyDetector = DETECTORS.load(name)(model)
    return made


@dataclass(frozen=True, slots=True)
class OwnDetector:
    """A detector with a model that was installed for it and waits for its gate."""

    detector: str
    model: Model
    folder: Path

    @property
    def name(self) -> str:
        """The name of the detector and the beginning of the digest of the model."""
        return f"{self.detector}:{self.model.digest[:8]}"

    @property
    def title(self) -> str:
        """What a person calls it."""
        return f"{self.model.name} {self.model.version}, {self.model.digest[:8]}"


def own_detectors() -> tuple[OwnDetector, ...]:
    """Return the models of detectors that may not be asked yet; others are asked by themselves."""
    return tuple(
        OwnDetector(detector, one.model, one.folder)
        for task, detector in DETECTOR_OF.items()
        for one in waiting_for(task)
    )


def usable(name: str, model: Path | None = None) -> AnomalyDetector:
    """Return a detector that can be used here. Raises UnsupportedError with the reason."""
    detector = detector_called(name, model)
    reason = detector.unavailable()
    if reason:
        raise UnsupportedError(reason)
    return detector


@dataclass
class Chosen:
    """Detectors for clips of all kinds: always the one called `name`, else the one made for each.

    What was loaded stays loaded. Raises UnsupportedError where the one that is named cannot be
    used.
    """

    name: str = ""
    made: dict[str, AnomalyDetector] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be used before files are opened."""
        if self.name:
            self._one(self.name)

    def of(self, clip: Clip) -> AnomalyDetector:
        """Return the detector for a clip: of films, or of loops.

        Raises UnsupportedError where it cannot be used.
        """
        return self._one(self.name or (_OF_LOOPS if len(clip) > 1 else _OF_FILMS))

    def _one(self, name: str) -> AnomalyDetector:
        if name not in self.made:
            self.made[name] = usable(name)
        return self.made[name]


def detectors_known() -> list[dict[str, Any]]:
    """Return every detector: name, title, meaning, and why it cannot be used here, "" if it can."""
    found = []
    for name in DETECTORS.entries():
        try:
            one = detector_called(name)
            told = {"title": one.title, "meaning": one.meaning, "unavailable": one.unavailable()}
        except StudioError as error:
            told = {"title": name, "meaning": "", "unavailable": str(error)}
        found.append({"name": name, **told})
    return [*found, *map(_own_facts, own_detectors())]


def _own_facts(own: OwnDetector) -> dict[str, Any]:
    one = detector_called(own.name)
    return {
        "name": own.name, "title": own.title, "meaning": one.meaning,
        "unavailable": one.unavailable(),
    }  # fmt: skip
