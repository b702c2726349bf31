"""Detectors of the unusual by name: one registry, to which installed packages can add."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from xray_studio.core.anomaly.detector import AnomalyDetector
from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UnsupportedError
from xray_studio.core.registry import Entry, Registry

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
    """Return the detector called `name`. Raises UnsupportedError where there is none."""
    made: AnomalyDetector = DETECTORS.load(name)(model)
    return made


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
    return found
