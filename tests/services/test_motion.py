"""Displacement of a region and flow views, against motion that is known."""

from __future__ import annotations

import csv
import io
import json
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pytest

import xray_studio as xs
from tests.services.clips import cine, moving
from xray_studio.cli.main import main
from xray_studio.core.clip import Acquisition
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.region import Region
from xray_studio.imaging.optical_flow import Flow
from xray_studio.imaging.phantom import make_angiogram
from xray_studio.services.processing.flow import FlowView, flow_clip
from xray_studio.services.processing.motion import displacement, write_displacement

COUNT = 20


@lru_cache(maxsize=1)
def loop() -> tuple[np.ndarray, np.ndarray]:
    """Return frames of the phantom moved as a whole by known fractions of pixels, and by which."""
    made = make_angiogram(3, 1, 512, first_time=2600.0)
    still, at = made.noise_free(0), np.arange(COUNT)
    path = np.stack([7.3 * np.sin(at / 3.1), 4.1 * (np.cos(at / 2.3) - 1)], axis=1)
    frames = [
        made.scene.detector.read(np.maximum(shifted(still, x, y), 0), 50 + index)
        for index, (x, y) in enumerate(path)
    ]
    return np.stack(frames), path


def shifted(frame: np.ndarray, x: float, y: float) -> np.ndarray:
    affine = np.array([[1, 0, x], [0, 1, y]], np.float64)
    size = frame.shape[::-1]
    return cv2.warpAffine(
        frame, affine, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


@pytest.mark.parametrize("place", [(230, 200), (260, 260), (300, 330)])
def test_a_region_is_followed_to_a_fifth_of_a_pixel(place: tuple[int, int]) -> None:
    frames, path = loop()
    found = run(displacement(cine(frames), Region(*place, 64, 64)))
    made = np.array([(one.x, one.y) for one in found.samples])
    away = np.hypot(*(made - path).T)
    assert np.sqrt((away**2).mean()) < 0.15
    assert away.max() < 0.3, "single frames have their noise"
    assert found.samples[0].magnitude == 0.0


def test_a_narrowing_is_followed_through_the_beat() -> None:
    made = make_angiogram(1, 16, 512, first_time=2600.0)
    places = np.array([made.scene.narrowing(made.moment(index)) for index in range(16)])
    corner = np.rint(places[0] - 24).astype(int)
    found = run(displacement(cine(np.array(made.frames)), Region(*map(int, corner), 48, 48)))
    path = np.array([(one.x, one.y) for one in found.samples])
    away = np.hypot(*(path - (places - places[0])).T)
    assert np.ptp(places, axis=0).max() > 5.0
    assert np.median(away) < 1.5, "the vessel turns and bends as well as it moves"


def test_the_whole_picture_is_followed_behind_blades_that_stand_still() -> None:
    frames, path = loop()
    blades = np.zeros(frames.shape[1:], bool)
    blades[60:460, 50:470] = True
    blades[:200, :200] &= np.add.outer(np.arange(200), np.arange(200)) > 180
    found = run(displacement(cine(np.where(blades, frames, 40)), None, start=4))
    away = np.hypot(*(np.array([(one.x, one.y) for one in found.samples]) - (path - path[4])).T)
    assert away.max() < 0.3
    assert found.region.x > 50
    assert found.region.right < 470


def test_a_region_of_any_frame_is_followed_both_ways() -> None:
    frames, path = loop()
    found = run(displacement(cine(frames), Region(230, 200, 64, 64), start=11))
    away = np.hypot(*(np.array([(one.x, one.y) for one in found.samples]) - (path - path[11])).T)
    assert [one.frame for one in found.samples] == list(range(COUNT))
    assert np.sqrt((away**2).mean()) < 0.2
    assert found.samples[11].magnitude == 0.0
    assert found.facts()["region_frame"] == 12
    with pytest.raises(UsageError, match="no frame 21"):
        run(displacement(cine(frames), Region(230, 200, 64, 64), start=20))


def test_tables_tell_moments_and_millimetres(tmp_path: Path) -> None:
    frames, _ = loop()
    clip = cine(frames[:4], acquisition=Acquisition(
        modality="XA", pixel_spacing=(0.5, 0.25), spacing_meaning="detector",
    ))  # fmt: skip
    found = run(displacement(clip, Region(230, 200, 64, 64)))
    rows = list(csv.DictReader(io.StringIO(found.csv())))
    assert [row["frame"] for row in rows] == ["1", "2", "3", "4"]
    assert float(rows[2]["time_s"]) == pytest.approx(clip.timing.moment(2), abs=1e-6)
    assert float(rows[2]["x_mm"]) == pytest.approx(0.25 * float(rows[2]["x_px"]), abs=1e-3)
    assert float(rows[2]["y_mm"]) == pytest.approx(0.5 * float(rows[2]["y_px"]), abs=1e-3)
    write_displacement(found, tmp_path / "curve.json")
    told = json.loads((tmp_path / "curve.json").read_text())
    assert told["millimetres_at"] == "detector"
    assert len(told["samples"]) == 4
    bare = run(displacement(cine(frames[:3], acquisition=Acquisition()), Region(9, 9, 30, 30)))
    assert "x_mm" not in bare.csv()
    with pytest.raises(UsageError, match=r"\.csv or \.json"):
        write_displacement(found, tmp_path / "curve.txt")


@pytest.mark.parametrize(
    ("region", "told"),
    [(Region(0, 0, 4, 30), "at least 8"), (Region(40, 0, 30, 30), "reaches beyond the picture")],
)
def test_what_cannot_be_followed_is_refused(region: Region, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        run(displacement(cine(moving(3)), region))


def test_a_still_picture_has_no_motion() -> None:
    for job in (displacement(cine(moving(1)), Region(0, 0, 20, 20)), flow_clip(cine(moving(1)))):
        with pytest.raises(UsageError, match="at least 2 frames"):
            run(job)


@pytest.mark.parametrize("preset", ["fast", "medium"])
def test_flow_between_noisy_frames_is_that_of_the_phantom(preset: str) -> None:
    frames, path = loop()
    values = frames.astype(np.float32)
    flow = Flow(preset, values[0])
    places = np.s_[150:400, 150:400]
    away = []
    for index in range(COUNT - 1):
        right, down = flow.between(values[index], values[index + 1]).field()
        moved = path[index + 1] - path[index]
        away.append(
            np.hypot(np.median(right[places]) - moved[0], np.median(down[places]) - moved[1])
        )
    assert np.median(away) < 0.25, "pixels: half of the frames"


def test_flow_shows_where_things_go() -> None:
    rng = np.random.default_rng(2)
    still = cv2.GaussianBlur(rng.normal(2000, 900, (200, 240)), (0, 0), 3).astype(np.float32)
    frames = np.stack([shifted(still, 2.0 * index, 0.0) for index in range(4)]).astype(np.uint16)
    made = run(flow_clip(cine(frames), FlowView(full=2.0)))
    assert made.source.shape == (4, 200, 240, 3)
    assert "DERIVED" in made.processed
    middle = made[2][60:140, 60:160].astype(float).mean(axis=(0, 1))
    assert middle[0] > middle[1] + 40, "right is red"
    first = made[0][60:140, 60:160]
    assert (first[..., 0] == first[..., 1]).all(), "nothing came from before the first frame"
    arrows = run(flow_clip(cine(frames), FlowView("arrows")))
    assert not np.array_equal(arrows[2], arrows[0])
    with pytest.raises(UsageError, match="colours or arrows"):
        FlowView("stars")


def test_the_command_writes_curve_and_flow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "loop"
    source.mkdir()
    frames, _ = loop()
    for index, frame in enumerate(frames[:4]):
        cv2.imwrite(str(source / f"{index:02}.png"), frame[128:384, 128:384])
    out, clip = tmp_path / "curve.csv", tmp_path / "flow.mp4"
    words = ["motion", str(source), "--region", "90,90,64,64", "--out", str(out)]
    assert main([*words, "--flow", str(clip), "--json", "-q"]) == 0
    assert len(json.loads(capsys.readouterr().out)["samples"]) == 4
    assert out.read_text().startswith("frame,time_s,x_px,y_px,magnitude_px,")
    assert len(xs.open(clip)) == 4 or clip.stat().st_size > 0
    assert main([*words, "-q"]) == 2, "nothing is replaced unasked"
    assert main(["motion", str(source), "-q"]) == 2
    assert "The region 1,2 cannot" in spoken(capsys, ["motion", str(source), "--region", "1,2"])


def spoken(capsys: pytest.CaptureFixture[str], words: list[str]) -> str:
    main(words)
    return capsys.readouterr().err


def test_from_python() -> None:
    frames, path = loop()
    found = xs.motion(cine(frames[:3]), (230, 200, 64, 64))
    assert found.samples[2].x == pytest.approx(path[2, 0], abs=0.2)
    assert xs.flow(cine(frames[:2]), "arrows").is_colour
