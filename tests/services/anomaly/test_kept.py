"""Answers are kept by pixels, detector and model, and belong to nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.services.anomaly.fakes import Telling
from tests.services.clips import cine, moving
from xray_studio.core.anomaly.detection import Detection, ScoreMap
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import run
from xray_studio.services.anomaly import kept
from xray_studio.services.anomaly.kept import kept_folder, looked, still_holds


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep answers where nobody else does."""
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(tmp_path))
    monkeypatch.setattr(Telling, "asked", 0)
    return tmp_path


def test_what_was_looked_at_once_is_not_looked_at_again() -> None:
    """The same pixels give the same answer, from the disk, frame by frame."""
    first, again = run(looked(Telling(), cine())), run(looked(Telling(), cine()))
    assert Telling.asked == 1
    assert (again.threshold, again.channels, again.notes) == (
        first.threshold, first.channels, first.notes,
    )  # fmt: skip
    for one, other in zip(first.maps, again.maps, strict=True):
        assert np.array_equal(one.values, other.values)
        assert np.array_equal(one.fired, other.fired)
        assert (one.score, one.frame, one.pixels_sha256) == (
            other.score, other.frame, other.pixels_sha256,
        )  # fmt: skip
        assert (one.sop_instance_uid, one.number) == (other.sop_instance_uid, other.number)
    (file,) = kept_folder().iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_other_pixels_or_another_model_are_looked_at_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """One pixel is enough, and so is another model behind the same name."""
    run(looked(Telling(), cine()))
    frames = moving()
    frames[3, 0, 0] += 1
    run(looked(Telling(), cine(frames)))
    assert Telling.asked == 2
    found = run(looked(Telling(), cine()))
    assert run(still_holds(Telling(), found, cine()))
    assert not run(still_holds(Telling(), found, cine(frames)))
    assert not run(still_holds(Telling(), found, cine(moving(4))))
    monkeypatch.setattr(Telling, "sha256", "cd" * 32)
    assert not run(still_holds(Telling(), found, cine()))
    run(looked(Telling(), cine()))
    assert Telling.asked == 3


def test_another_calibration_of_the_same_weights_is_looked_at_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What stands beside the weights decides what is said as much as they do."""
    found = run(looked(Telling(), cine()))
    monkeypatch.setattr(Telling, "digest", "cd" * 32)
    assert not run(still_holds(Telling(), found, cine()))
    assert run(looked(Telling(), cine())).detector.digest == "cd" * 32
    assert Telling.asked == 2


def test_the_first_thing_told_is_the_threshold_then_each_frame() -> None:
    """Frames can be shown as they are ready, at the threshold that they are meant for."""
    told = [one.partial for one in looked(Telling(), cine()) if one.partial is not None]
    assert isinstance(told[0], Detection)
    assert told[0].threshold.value == 0.75
    assert [one.frame for one in told[1:] if isinstance(one, ScoreMap)] == list(range(8))


def test_damaged_answers_are_made_again_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a damaged file is shown; what is kept stays within its bounds."""
    run(looked(Telling(), cine()))
    (file,) = kept_folder().iterdir()
    file.write_bytes(file.read_bytes()[:-200])
    assert len(run(looked(Telling(), cine())).maps) == 8
    assert Telling.asked == 2
    monkeypatch.setattr(kept, "MOST", round(1.5 * file.stat().st_size))
    run(looked(Telling(), cine(moving()[::-1].copy())))
    assert [one.name for one in kept_folder().iterdir()] != [file.name]
    assert len(list(kept_folder().iterdir())) == 1


def test_what_cannot_be_read_or_was_not_meant_is_not_kept() -> None:
    """A damaged frame is named; an abstention costs no reading."""
    with pytest.raises(UnreadableError, match="Frame 3 cannot be read"):
        run(looked(Telling(), cine(bad=(2,))))
    colour = run(looked(Telling(), cine(np.zeros((4, 8, 8, 3), np.uint8))))
    assert "in grey" in colour.abstained
    assert not kept_folder().exists()
