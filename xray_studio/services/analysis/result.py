"""What the pipeline finds in the films of one study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xray_studio.core.anomaly.detection import Detection
from xray_studio.core.clip import Clip
from xray_studio.core.learning.assessment import Assessment
from xray_studio.core.learning.heat import Heat
from xray_studio.core.learning.model import Model
from xray_studio.core.output import Picture
from xray_studio.core.report.report import Report
from xray_studio.services.anomaly.files import told as detected


@dataclass(frozen=True, slots=True, eq=False)
class FilmAnalysis:
    """One film: frame `frame` (from 0) of a clip, by the `name` of its results.

    `picture` is the film as it opens and as the networks are shown it, `enhanced` as it is made
    for the eye by `steps`, None where they cannot be applied; both uint8 (rows, columns) or RGB.
    `view` is what the view classifier says, "" where it was not asked. `heats` are the maps of the
    leading findings, the likeliest first, `unusual` what a detector of the unusual says, None
    where it was not asked.
    """

    name: str
    path: str
    clip: Clip
    frame: int
    picture: Picture
    enhanced: Picture | None = None
    steps: tuple[str, ...] = ()
    view: str = ""
    heats: tuple[Heat, ...] = ()
    unusual: Detection | None = None

    @property
    def is_mapped(self) -> bool:
        """Tell whether there is a map of what is unusual."""
        return self.unusual is not None and bool(self.unusual.maps)

    @property
    def sop_instance_uid(self) -> str:
        """The object that it is a frame of, "" for none."""
        return self.clip.origin(self.frame)[0] or self.clip.acquisition.sop_instance_uid


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """All that was found in the films of one study.

    `assessment` is what the finding classifier says, None where it could not be asked; `silent` is
    the sentence that tells why there are no findings, "" where there are some. `report` is a draft
    by `engine`; `stood_in` tells why that is not the engine that was asked for. `models` have had
    a part in it. `files` are what was written, by what they are.
    """

    films: tuple[FilmAnalysis, ...]
    report: Report
    engine: str
    assessment: Assessment | None = None
    silent: str = ""
    stood_in: str = ""
    models: tuple[Model, ...] = ()
    notes: tuple[str, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the results: that of the first film."""
        return self.films[0].name

    @property
    def anomaly(self) -> dict[str, Any] | None:
        """What a detector of the unusual says of films by name; None where there is none."""
        told = {film.name: detected(film.unusual) for film in self.films if film.unusual}
        return {"films": told} if told else None

    def facts(self) -> dict[str, Any]:
        """Return all of it by name, for JSON. Frames count from 1."""
        told = {} if self.assessment is None else self.assessment.facts()
        summary = self.report.summary
        return {
            "name": self.name,
            "films": [self._film(film) for film in self.films],
            "findings": told.get("findings", []),
            "abstained": self.silent or None,
            "model": told.get("model"),
            "anomaly": self.anomaly,
            "report": {
                "engine": self.engine,
                "stood_in": self.stood_in or None,
                "summary": None if summary is None else summary.text,
            },
            "files": {name: str(path) for name, path in self._own()},
            "notes": list(self.notes),
        }

    def _film(self, film: FilmAnalysis) -> dict[str, Any]:
        lead = f"{film.name}/"
        return {
            "path": film.path,
            "sop_instance_uid": film.sop_instance_uid or None,
            "frame": film.frame + 1,
            "view": film.view or None,
            "enhancement": list(film.steps),
            "heat_maps": [heat.label for heat in film.heats],
            "files": {
                name.removeprefix(lead): str(path)
                for name, path in self.files.items()
                if name.startswith(lead)
            },
        }

    def _own(self) -> list[tuple[str, Path]]:
        """Return the files of the study, without those of its films."""
        return [(name, path) for name, path in self.files.items() if "/" not in name]
