"""What tests of the whole pipeline share: tiny models that answer at once, and a film."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.services.learning import tiny_models
from tests.services.learning.conftest import at_once
from xray_studio.core.anomaly.detection import (
    NORMALS,
    Detection,
    DetectorMark,
    ScoreMap,
    Threshold,
)
from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.dicom.write.dx import Radiograph, write_dx
from xray_studio.dicom.write.objects import uid_from
from xray_studio.dicom.write.study import StudyFacts
from xray_studio.services.analysis import study
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Models

__all__ = ["at_once"]

TIME = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
STUDY = StudyFacts(
    uid_from("test/analysis"), "Phantom^Chest", "DEMO-1", date(1961, 4, 12), "F", "Hospital",
    "Chest", TIME,
)  # fmt: skip


@pytest.fixture(scope="session")
def frontal_models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return tiny_models.models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def tiny(frontal_models: Models, at_once: None, monkeypatch: pytest.MonkeyPatch) -> Models:
    """The models that are installed: they take every picture for a frontal film."""
    del at_once

    def installed(_cls: type[Models], _named: Path | None = None) -> Models:
        return frontal_models

    monkeypatch.setattr(Models, "installed", classmethod(installed))
    monkeypatch.setattr(study, "NormalFilms", Seeing)
    return frontal_models


class Seeing:
    """A detector of the unusual that marks the upper left of every film."""

    def on(self, _engine: Engine) -> Seeing:
        return self

    def unavailable(self) -> str:
        return ""

    def detect(self, clip: Clip) -> Job[Detection]:
        yield Progress(message="Looking at the film")
        values = np.zeros((128, 128), np.float32)
        values[:32, :32] = 0.98
        fired = np.zeros(values.shape, np.uint8)
        shape = (clip.rows, clip.columns)
        seen = ScoreMap(0, values, fired, 0.9, shape, "0" * 64)
        return Detection(
            DetectorMark("default", "1"), Threshold(0.95, NORMALS), (seen,), {"form": "a form"}
        )


def dicom_film(path: Path) -> Path:
    small = np.random.default_rng(3).normal(1800.0, 500.0, (9, 8))
    pixels = np.clip(cv2.resize(small, (240, 256)), 0, 4000).astype(np.uint16)
    made = Radiograph(pixels, 1, "PA", TIME, "PA", 0.18, 1800.0, 3000.0, (900.0, 1800.0))
    write_dx(path, STUDY, made)
    return path
