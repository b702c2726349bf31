"""Detectors of frontal films: what every one of them does, and what they refuse."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.services.clips import Frames
from tests.services.learning.conftest import asked_at_once
from xray_studio.core.anomaly.detection import FIXED, NORMALS, Detection, ScoreMap
from xray_studio.core.anomaly.explanation import explains
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress, run
from xray_studio.core.learning.model import FACTS
from xray_studio.imaging.chest.radiograph import take
from xray_studio.imaging.unusual import regions
from xray_studio.services.anomaly import film_detector
from xray_studio.services.anomaly.detectors import DETECTORS, detector_called
from xray_studio.services.anomaly.film_detector import COLOUR, FilmDetector
from xray_studio.services.anomaly.offers import offers
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Lookers
from xray_studio.services.learning.inference.film_scores import FilmScores
from xray_studio.services.learning.inference.mirrored import MIRRORED
from xray_studio.services.learning.models.installed import model_for

FILMS = ("default", "hog-vit-iforest")


def _clip(frames: np.ndarray, modality: str = "DX") -> Clip:
    return Clip(Frames(frames), acquisition=Acquisition(modality=modality))


@pytest.fixture(scope="module", autouse=True)
def at_once() -> Iterator[None]:
    """Engines ask in this process, which has its libraries loaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "asked", asked_at_once)
        yield


@pytest.fixture(scope="module")
def film() -> Clip:
    """A film of the chest made from physics."""
    return _clip(take("PA", 1, 512).now[None])


@pytest.fixture(scope="module", params=FILMS)
def detector(request: pytest.FixtureRequest) -> FilmDetector:
    """Each detector of films, with the model that ships."""
    made = detector_called(request.param)
    assert isinstance(made, FilmDetector)
    return made


@pytest.fixture(scope="module")
def found(detector: FilmDetector, film: Clip) -> tuple[Detection, list[Progress]]:
    """What a detector says of the film, and its progress."""
    told, job = list[Progress](), detector.detect(film)
    while True:
        try:
            told.append(next(job))
        except StopIteration as end:
            return end.value, told


def test_all_detectors_are_known() -> None:
    assert {*FILMS, "classifier-heat", "cine-change"} <= set(DETECTORS.entries())


def test_the_supervised_map_stands_apart(film: Clip) -> None:
    told = run(detector_called("classifier-heat").detect(film))
    (one,) = told.maps
    assert one.values.max() == pytest.approx(1.0)
    assert told.threshold.source == FIXED
    assert "learned from films with labels" in told.notes[0]
    loop = _clip(np.zeros((20, 200, 200), np.uint8))
    assert "single films" in run(detector_called("classifier-heat").detect(loop)).abstained


def test_a_film_gets_a_map_within_its_lungs(
    detector: FilmDetector, film: Clip, found: tuple[Detection, list[Progress]]
) -> None:
    told, progress = found
    assert not told.abstained
    assert told.threshold.source == NORMALS
    assert told.detector.model is not None
    assert isinstance(progress[-1].partial, ScoreMap)
    (one,) = told.maps
    assert one.shape == (film.rows, film.columns)
    assert one.values.dtype == np.float32
    assert 0.0 <= one.values.min() <= one.values.max() <= 1.0
    assert 0.1 < (one.values > 0.0).mean() < 0.6, "lungs alone"
    assert one.fired.max() < len(told.channels)
    assert 0.0 <= one.score <= 1.0
    assert len(one.pixels_sha256) == 64
    assert detector.meaning


def test_its_answers_are_named_by_all_that_decides_them(
    detector: FilmDetector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same weights with another calibration, or beside other lungs, are another detector."""
    one, name = model_for(detector.task), detector.name
    folder = shutil.copytree(one.folder, tmp_path / "model")
    known = detector_called(name).empty().detector
    assert detector_called(name, folder).empty().detector == known
    moved = {**one.model.calibration, "more": 1.0}
    (folder / FACTS).write_text(replace(one.model, calibration=moved).text(), "utf-8")
    other = detector_called(name, folder).empty().detector
    assert other.model == known.model
    assert other.digest != known.digest
    lookers = Lookers.installed()
    other_lungs = replace(lookers.lungs, model=replace(lookers.lungs.model, sha256="ab" * 32))
    monkeypatch.setattr(Lookers, "installed", lambda: replace(lookers, lungs=other_lungs))
    assert detector_called(name).empty().detector.digest != known.digest


def test_a_region_is_explained(
    detector: FilmDetector, film: Clip, found: tuple[Detection, list[Progress]]
) -> None:
    assert explains(detector)
    region = regions(found[0].at(0.05), 0)[0]
    told = run(detector.explain(film, 0, region.box))
    assert told.sentence.endswith(".")
    assert {one.name for one in told.contributions} >= set(found[0].channels)
    assert all(0.0 <= one.values.min() <= one.values.max() <= 1.0 for one in told.sights)
    assert told.unit


def test_that_a_film_seems_to_be_mirrored_is_told_first(
    detector: FilmDetector, film: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*_: object) -> Job[str]:
        yield from ()
        return MIRRORED

    assert MIRRORED not in run(detector.detect(film)).notes
    monkeypatch.setattr(film_detector, "mirror_note", told)
    assert run(detector.detect(film)).notes[0] == MIRRORED


def test_answers_that_are_no_numbers_are_told_and_not_shown(
    detector: FilmDetector, film: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    usable = detector._usable()

    class Broken:
        """A model whose weights have gone."""

        def scores(self, *given: Any) -> Job[list[FilmScores]]:
            (one,) = yield from usable.scores(*given)
            return [replace(one, values=one.values * np.float32(np.nan))]

    monkeypatch.setattr(detector, "_usable", Broken)
    with pytest.raises(UnreadableError, match="no numbers"):
        run(detector.detect(film))


def test_what_it_was_not_made_for_is_refused(detector: FilmDetector) -> None:
    grey = np.full((1, 200, 200), 100, np.uint8)
    cases = {
        "modality CT": _clip(grey, "CT"),
        "a loop of 30 frames": _clip(np.repeat(grey, 30, axis=0)),
        "32 x 32 pixels": _clip(grey[:, :32, :32]),
        "taken for other": _clip(
            np.random.default_rng(0).integers(0, 255, (1, 200, 200), np.uint8)
        ),
    }
    for words, clip in cases.items():
        told = run(detector.detect(clip))
        assert words in told.abstained
        assert told.maps == ()


def test_a_missing_model_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from xray_studio.core import resources

    monkeypatch.setattr(resources, "folder", lambda: tmp_path)
    monkeypatch.setenv("XRAY_STUDIO_DATA", str(tmp_path))
    for name in FILMS:
        assert "is installed" in detector_called(name).unavailable()


def test_the_process_of_networks_ends_with_the_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = list[bool]()
    monkeypatch.setattr(Engine, "close", lambda _self: ended.append(True))
    made = detector_called("default")
    assert isinstance(made, FilmDetector)
    made._running()
    assert not ended
    del made
    assert ended == [True]


def test_colours_are_refused_before_anybody_asks() -> None:
    """In what is offered; a grey film that is kept in colour is looked at."""
    grey = (take("PA", 1, 256).now >> 4).astype(np.uint8)[None, ..., None].repeat(3, axis=3)
    tinted = grey.copy()
    tinted[0, :40, :40, 0] = 255
    for frames, reason in ((tinted, COLOUR), (grey, "")):
        clip = _clip(frames)
        told = {one.name: one.reason for one in run(offers(clip))}
        assert {told[name] for name in (*FILMS, "classifier-heat")} == {reason}
        assert DETECTORS.load("default")(None).refused(clip) == reason
