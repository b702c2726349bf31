"""The detector of loops: known changes are found, what always happens is not, films are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.services.clips import Frames
from tests.services.learning import folders
from xray_studio.__main__ import main
from xray_studio.core.anomaly.detection import Detection, ScoreMap
from xray_studio.core.anomaly.timeline import peaks
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.job import run
from xray_studio.core.learning.scores import auroc, dice
from xray_studio.imaging.loop_brightness import levelled
from xray_studio.imaging.loop_change import Background
from xray_studio.imaging.phantom.angiogram import make_angiogram
from xray_studio.imaging.unusual import at_pixels, marked, regions
from xray_studio.services.anomaly.cine_change import CineChange
from xray_studio.services.anomaly.detectors import detector_called, detectors_known

ROWS, COLUMNS, FRAMES = 96, 128, 40
SHOWN = range(22, 27)  # frames in which something is there


def _loop(seed: int = 0) -> np.ndarray:
    """A loop with a texture, noise, and a square that beats in every frame."""
    rng = np.random.default_rng(seed)
    still = cv2.GaussianBlur(rng.normal(0, 1, (ROWS, COLUMNS)), (0, 0), 4) * 900 + 1000
    loop = np.repeat(still[None], FRAMES, axis=0) + rng.normal(0, 8, (FRAMES, ROWS, COLUMNS))
    for number, frame in enumerate(loop):
        place = 20 + round(6 * np.sin(number * 0.9))
        frame[place : place + 24, 10:40] += 90
    return loop


def _disc() -> np.ndarray:
    rows, columns = np.mgrid[:ROWS, :COLUMNS]
    return np.hypot(rows - 62, columns - 92) < 9


def _clip(loop: np.ndarray, modality: str = "XA") -> Clip:
    stored = np.clip(np.rint(loop), 0, 4095).astype(np.uint16)
    return Clip(Frames(stored), acquisition=Acquisition(modality=modality))


def _found(loop: np.ndarray) -> Detection:
    return run(CineChange().detect(_clip(loop)))


@pytest.mark.parametrize("sign", [-1, 1], ids=["darker", "brighter"])
def test_what_comes_and_goes_is_marked_where_and_when_it_is_there(sign: int) -> None:
    loop, disc = _loop(), _disc()
    loop[list(SHOWN)] += sign * 60 * disc
    found = _found(loop)
    others = [n for n in range(FRAMES) if n not in SHOWN]
    assert found.scores[list(SHOWN)].min() > 2 * found.scores[others].max()
    assert set(peaks(list(found.scores), 0.5)) <= set(SHOWN)
    assert not any(regions(found, number, 20) for number in others)
    for number in SHOWN:
        (one,) = regions(found, number, 20)
        assert disc[one.peak]
        assert one.box.x <= 92 < one.box.right
        assert one.box.y <= 62 < one.box.bottom
        assert one.channels[0][0].endswith("darker" if sign < 0 else "brighter")
        mask = marked(found.maps[number], 0.5, 20)
        assert int(mask.sum()) == one.area
        assert dice(mask, disc) > 0.7
    assert found.maps[3].shape == (ROWS, COLUMNS)
    assert not regions(found.at(1.0), 0)


def test_brightness_of_whole_frames_is_not_marked_and_their_movement_is_named() -> None:
    plain = _loop()
    known = _found(plain).scores
    flickers = plain.copy()
    flickers[::5] += 50
    assert np.abs(_found(flickers).scores - known).max() < 0.1
    moved = plain.copy()
    moved[30] = np.roll(moved[30], (2, 3), axis=(0, 1))
    found = _found(moved)
    assert found.scores.argmax() == 30
    fired = found.maps[30].fired[found.maps[30].values > 0.5]
    assert (fired == list(found.channels).index("moved")).mean() > 0.5


def _shaded() -> np.ndarray:
    """A loop that is bright at one side and dark at the other, as a film of lung and spine is."""
    return _loop() + np.linspace(-700, 700, COLUMNS)


def _settling(loop: np.ndarray) -> np.ndarray:
    """The loop with a dose that settles: its first frames are brighter by a gain."""
    gains = np.ones(FRAMES)
    gains[:4] = 1.25, 1.28, 1.2, 1.1
    return loop * gains[:, None, None]


DRIFTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "a dose that settles": _settling,
    "a dose that settles, inverted": lambda loop: 4095 - _settling(loop),
    "a gain that drifts": lambda loop: loop * np.linspace(1.2, 0.9, FRAMES)[:, None, None],
    "an offset that drifts": lambda loop: loop + np.linspace(200, -200, FRAMES)[:, None, None],
    "both": lambda loop: _settling(loop) + np.linspace(200, -200, FRAMES)[:, None, None],
}


@pytest.mark.parametrize("drift", DRIFTS.values(), ids=DRIFTS)
def test_gain_and_offset_of_whole_frames_are_not_marked(
    drift: Callable[[np.ndarray], np.ndarray],
) -> None:
    """What is there while they change is found all the same, however they change."""
    assert _found(drift(_shaded())).scores.max() < 0.5
    early, disc = range(1, 4), _disc()
    loop = _shaded()
    loop[list(early)] *= 1 - 0.08 * disc
    found = _found(drift(loop))
    assert set(peaks(list(found.scores), 0.5)) <= set(early)
    for number in early:
        assert dice(marked(found.maps[number], 0.5, 20), disc) > 0.6


def test_a_heart_that_beats_is_no_gain_of_the_whole_frame() -> None:
    """A gain that fits most places of a frame, and leaves more over on the whole, is none."""
    known = make_angiogram(2, 48, 128, frame_time=66.667)
    found = run(CineChange().detect(Clip(Frames(known.frames))))
    marks = [float((found.maps[number].values >= 0.5).mean()) for number in known.mask_frames]
    assert len(marks) > 2
    assert max(marks) < 0.03


def test_a_whole_frame_is_levelled_by_the_gain_and_offset_that_it_has() -> None:
    usual = _shaded()[0].astype(np.float32)
    everywhere = np.ones(usual.shape, np.bool_)
    for gain, offset in ((1.0, 80.0), (1.25, 0.0), (0.9, -60.0), (0.8, 300.0)):
        frame = np.float32(gain) * usual + np.float32(offset)
        assert np.abs(levelled(frame, usual, everywhere) - usual).max() < 0.1


def test_a_wide_blush_is_not_taken_for_a_gain() -> None:
    """Contrast takes a share of what is there, as a gain does, in a quarter of the places."""
    loop, blush = _shaded(), np.zeros((ROWS, COLUMNS), np.bool_)
    blush[40:, 60:110] = True
    loop[list(SHOWN)] *= 1 - 0.15 * blush
    found = _found(loop)
    others = [n for n in range(FRAMES) if n not in SHOWN]
    assert found.scores[others].max() < 0.5
    for number in SHOWN:
        assert dice(marked(found.maps[number], 0.5, 20), blush) > 0.8


def test_a_device_that_moves_while_the_dose_settles_is_marked() -> None:
    loop = _shaded()
    for number in SHOWN:
        loop[number, 20:80, 50 + 3 * (number - SHOWN[0])] *= 0.8
    found = _found(_settling(loop))
    assert set(peaks(list(found.scores), 0.5)) <= set(SHOWN)
    for number in SHOWN:
        column = 50 + 3 * (number - SHOWN[0])
        assert (found.maps[number].values[25:75, column] >= 0.5).mean() > 0.9


def test_contrast_is_found_in_a_phantom_whose_dose_settles() -> None:
    """The frames in which the dose settles are as quiet as they are without that."""
    frames = make_angiogram(5, 24, 128, frame_time=250.0).frames.astype(np.float64)
    known = run(CineChange().detect(Clip(Frames(frames.astype(np.uint16)))))
    frames[:2] *= np.array([1.25, 1.12])[:, None, None]
    found = run(CineChange().detect(Clip(Frames(frames.astype(np.uint16)))))
    assert found.scores[:2].max() < 0.5
    assert np.abs(found.scores[2:] - known.scores[2:]).max() < 0.1


@pytest.mark.parametrize("value", [0, 4095], ids=["dark", "inverted"])
def test_what_is_never_lit_is_not_marked_however_bright_a_frame_is(value: int) -> None:
    """Behind a collimator nothing changes, even where the rest of a frame is brighter."""
    loop = _loop()
    loop[:3] += 200
    loop[:, :, :20] = loop[:, :, -14:] = value
    found = _found(loop)
    maps = np.stack([one.values for one in found.maps])
    assert not maps[:, :, :20].any()
    assert not maps[:, :, -14:].any()
    assert found.scores.max() < 0.5


def test_loops_without_change_or_noise_are_not_marked() -> None:
    assert not _found(np.zeros((20, 64, 64))).scores.any()
    still = np.repeat(_loop()[:1], 20, axis=0)
    assert not _found(still).scores.any()
    still[7, 40:50, 40:50] += 200
    assert _found(still).scores.argmax() == 7
    noise = np.random.default_rng(1).normal(1000, 20, (40, 96, 96))
    assert _found(noise).scores.max() < 0.5


def test_contrast_that_arrives_in_the_phantom_is_marked() -> None:
    known = make_angiogram(5, 24, 128, frame_time=250.0)
    found = run(CineChange().detect(Clip(Frames(known.frames))))
    filled = [n for n in range(24) if known.vessel_mask(n).mean() > 0.07]
    empty = [n for n in range(24) if known.vessel_mask(n).mean() < 0.001]
    assert len(filled) > 8, "contrast is there in much of the loop"
    assert found.scores[filled].min() > found.scores[empty].max() + 0.2
    inside = known.scene.shutter > 0.5
    areas = [
        auroc(at_pixels(found.maps[n])[inside].astype(float), known.vessel_mask(n)[inside])[0]
        for n in filled
    ]
    assert np.mean(areas) > 0.65


def test_what_it_was_not_made_for_is_refused() -> None:
    loop = _loop()
    for clip, words in (
        (_clip(loop[:5]), "at least 12 frames; this has 5"),
        (_clip(loop, "US"), "this is of modality US"),
        (_clip(loop[:, :40, :40]), "48 x 48"),
        (Clip(Frames(np.zeros((20, 64, 64, 3), np.uint8))), "in colour"),
    ):
        found = run(CineChange().detect(clip))
        assert words in found.abstained
        assert found.maps == ()
    with pytest.raises(UsageError, match="has no model"):
        detector_called("cine-change", Path("somewhere"))
    with pytest.raises(UnsupportedError, match="choose one of"):
        detector_called("nothing")
    assert {"name", "title", "meaning", "unavailable"} == set(detectors_known()[0])


def test_frames_are_told_as_they_are_ready_and_it_stops_at_once() -> None:
    job = CineChange().detect(_clip(_loop()))
    ready = []
    for progress in job:
        if isinstance(progress.partial, ScoreMap):
            ready.append(progress.partial.frame)
        if len(ready) == 3:
            break
    job.close()
    assert ready == [0, 1, 2]


def test_scores_do_not_depend_on_polarity_or_range() -> None:
    loop = _loop().astype(np.float32)
    loop[20:24] -= 60 * _disc()
    one, other = Background.of(loop), Background.of(5000 - 3 * loop)
    for number in (3, 21):
        values, fired = one.change(loop[number])
        turned, mirrored = other.change(5000 - 3 * loop[number])
        assert np.allclose(values, turned, atol=1e-3)
        clear = values > 0.3
        assert clear.any() == (number == 21)
        assert (fired[clear] == 1 ^ mirrored[clear]).all()


def test_files_are_asked_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loop = _loop()
    loop[list(SHOWN)] -= 60 * _disc()
    pages = [Image.fromarray(np.clip(one / 8, 0, 255).astype(np.uint8)) for one in loop]
    (tmp_path / "in").mkdir()
    pages[0].save(tmp_path / "in" / "cine.tiff", save_all=True, append_images=pages[1:])
    folders.film(tmp_path / "in" / "film.png", 1)
    (tmp_path / "in" / "no.dcm").write_bytes(b"nothing")
    out = tmp_path / "out"
    out.mkdir()
    words = [
        "anomalies",
        str(tmp_path / "in"),
        "--out",
        str(out),
        "-q",
        "--detector",
        "cine-change",
    ]
    assert main([*words, "--json"]) == 3
    files = {Path(one["path"]).name: one for one in json.loads(capsys.readouterr().out)["files"]}
    assert "loops of at least" in files["film.png"]["abstained"]
    cine = files["cine.tiff"]
    assert set(cine["peaks"]) <= {n + 1 for n in SHOWN}
    assert {one["frame"] for one in cine["regions"]} == {n + 1 for n in SHOWN}
    written = {"cine.anomalies.json", "cine.anomalies.npz", "cine.anomalies.png"}
    assert {path.name for path in out.iterdir()} == {*written, "film.anomalies.json"}
    maps = np.load(out / "cine.anomalies.npz")
    assert maps["maps"].shape == (FRAMES, ROWS, COLUMNS)
    assert maps["scores"].argmax() in SHOWN
    assert main(words) == 1, "what is there stays"
    assert main(["anomalies", str(tmp_path / "in" / "cine.tiff"), "--threshold", "2", "-q"]) == 2
    capsys.readouterr()
    assert main(["anomalies", str(tmp_path / "in" / "cine.tiff"), "-q"]) == 0
    assert "area darker" in capsys.readouterr().out
