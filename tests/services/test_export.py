"""Export: what is written, and what the manifest tells of it."""

from __future__ import annotations

import json
from concurrent.futures import Future
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.services.clips import UID, Frames, cine, moving
from tests.video.probe import ffmpeg_frames, frame_times, needs_ffmpeg, probe
from xray_studio.core.clip import Frame
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import Progress, run
from xray_studio.core.lut import LookupTable
from xray_studio.core.output import Quality
from xray_studio.core.playback import Loop, Timing
from xray_studio.core.presentation import Overlay, Presentation, Window
from xray_studio.core.workers import Priority
from xray_studio.imaging.render import render
from xray_studio.services.export.exporters import EXPORTERS
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export

SHOWN = Presentation(voi=Window(2000.0, 3600.0))
PLAIN = ExportOptions(presentation=SHOWN)


def listing(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def manifest(target: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(target.with_name(f"{target.name}.json").read_text("utf-8"))
    return found


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".avi"])
def test_a_cine_becomes_a_video(tmp_path: Path, suffix: str) -> None:
    clip, target = cine(), tmp_path / f"clip{suffix}"
    result = run(export(clip, target, PLAIN))
    found = probe(target)
    assert (found["nb_read_frames"], found["width"], found["height"]) == ("8", 64, 48)
    assert found["whole"] == pytest.approx(8 / 15, abs=0.001)
    assert result.checked.frames == 8
    shown = ffmpeg_frames(target, (48, 64)).astype(int)
    for index in range(8):
        assert np.abs(shown[index] - render(clip, index, SHOWN)).mean() < 6


def test_the_manifest_tells_what_was_written(tmp_path: Path) -> None:
    target = tmp_path / "clip.mp4"
    run(export(cine(), target, replace(PLAIN, frames=(2, 5))))
    told = manifest(target)
    assert told["files"] == [
        {
            "name": "clip.mp4",
            "bytes": target.stat().st_size,
            "sha256": sha256(target.read_bytes()).hexdigest(),
        }
    ]
    assert (told["frames"]["first"], told["frames"]["last"]) == (3, 6)
    assert (told["frames"]["rate"], told["frames"]["rate_source"]) == (15.0, "Frame Time")
    assert told["display"]["window"]["center"] == 2000.0
    assert told["output"]["quality"] == "medium"
    assert told["check"]["frames"] == 4
    assert told["program"]["name"] == "X-Ray Studio"


@pytest.mark.parametrize("overlay", [*Overlay])
def test_identity_is_in_the_manifest_only_with_identity(tmp_path: Path, overlay: Overlay) -> None:
    target = tmp_path / "clip.mp4"
    run(export(cine(), target, replace(PLAIN, overlay=overlay)))
    told = json.dumps(manifest(target))
    for name in ("Phantom", "Anna", "4711", "1950", "Test Hospital"):
        assert (name in told) == (overlay is Overlay.ALL and name == "4711")
    assert (UID in told) == (overlay is Overlay.ALL)


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    clip, target = cine(), tmp_path / "frames"
    run(export(clip, target, PLAIN))
    names = sorted(path.name for path in target.iterdir())
    assert names == [f"frame_{number:04}.png" for number in range(1, 9)]
    for index, name in enumerate(names):
        shown = np.asarray(Image.open(target / name))
        np.testing.assert_array_equal(shown, render(clip, index, SHOWN))
    assert [file["name"] for file in manifest(target)["files"]] == names


@pytest.mark.parametrize("stills", [".png", ".jpg", ".tiff"])
def test_colours_keep_their_order(tmp_path: Path, stills: str) -> None:
    frames = np.zeros((2, 16, 16, 3), np.uint8)
    frames[..., 0], frames[..., 1] = 200, 90
    options = ExportOptions(stills=stills, presentation=Presentation())
    run(export(cine(frames), tmp_path / "frames", options))
    shown = np.asarray(Image.open(tmp_path / "frames" / f"frame_0002{stills}").convert("RGB"))
    assert np.abs(shown.astype(int) - frames[1]).max() <= 3


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tiff"])
def test_one_frame_is_one_picture(tmp_path: Path, suffix: str) -> None:
    clip, target = cine(), tmp_path / f"frame{suffix}"
    run(export(clip, target, replace(PLAIN, frames=(3, 3))))
    shown = np.asarray(Image.open(target)).astype(int)
    assert np.abs(shown - render(clip, 3, SHOWN)).max() <= (12 if suffix == ".jpg" else 0)


# DICOM objects are made of DICOM objects: tests/dicom/write/test_copy.py.
@pytest.mark.parametrize("suffix", sorted(EXPORTERS.entries().keys() - {".dcm"}))
@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (17, 16), (33, 70)])
def test_every_registered_kind_writes_any_size(
    tmp_path: Path, suffix: str, shape: tuple[int, int]
) -> None:
    frames = np.full((1, *shape), 2500, np.uint16)
    result = run(export(cine(frames), tmp_path / f"out{suffix}", PLAIN))
    assert result.checked.frames == 1
    assert result.target.exists()
    assert result.manifest.is_file()


def test_several_frames_do_not_fit_one_picture(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds one picture and 8 frames"):
        run(export(cine(), tmp_path / "frame.png", PLAIN))


def test_an_earlier_folder_is_replaced_and_any_other_stays(tmp_path: Path) -> None:
    target = tmp_path / "frames"
    target.mkdir()
    run(export(cine(), target, PLAIN))
    run(export(cine(), target, replace(PLAIN, frames=(0, 1))))
    assert len(list(target.iterdir())) == 2
    (target / "mine.txt").write_text("keep")
    before = listing(tmp_path)
    for overwrite in (False, True):
        with pytest.raises(WriteError, match="holds other files"):
            run(export(cine(), target, PLAIN, overwrite=overwrite))
    assert listing(tmp_path) == before


def test_what_no_export_wrote_is_replaced_only_when_told(tmp_path: Path) -> None:
    target = tmp_path / "clip.mp4"
    target.write_bytes(b"mine")
    with pytest.raises(WriteError, match=r"clip\.mp4 exists and would be lost"):
        run(export(cine(), target, PLAIN))
    assert listing(tmp_path) == {"clip.mp4": b"mine"}
    run(export(cine(), target, PLAIN, overwrite=True))
    run(export(cine(), target, PLAIN))  # an earlier export, as its manifest tells
    target.write_bytes(target.read_bytes() + b"edited")
    with pytest.raises(WriteError, match="would be lost"):
        run(export(cine(), target, PLAIN))


def test_an_edited_picture_of_an_earlier_folder_stays(tmp_path: Path) -> None:
    target = tmp_path / "frames"
    target.mkdir()
    run(export(cine(), target, PLAIN))
    (target / "frame_0003.png").write_bytes(b"edited")
    before = listing(tmp_path)
    with pytest.raises(WriteError, match="were changed after their export"):
        run(export(cine(), target, PLAIN))
    assert listing(tmp_path) == before
    run(export(cine(), target, PLAIN, overwrite=True))
    assert listing(tmp_path)["frames/frame_0003.png"] != b"edited"


@pytest.mark.parametrize(
    "files", [None, 5, "name", {}, [1, None, [], {}], [{"name": 3, "sha256": []}]]
)
def test_a_manifest_of_odd_content_tells_of_no_file(tmp_path: Path, files: object) -> None:
    target = tmp_path / "frames"
    target.mkdir()
    (target / "frame_0001.png").write_bytes(b"mine")
    odd = {"program": {"name": "X-Ray Studio"}, "files": files}
    (tmp_path / "frames.json").write_text(json.dumps(odd))
    with pytest.raises(WriteError, match="holds other files"):
        run(export(cine(), target, PLAIN))


@needs_ffmpeg
def test_ping_pong_goes_there_and_back(tmp_path: Path) -> None:
    clip, target = cine(moving(5)), tmp_path / "clip.mkv"
    options = replace(PLAIN, loop=Loop.PING_PONG, quality=Quality.LOSSLESS)
    run(export(clip, target, options))
    shown = ffmpeg_frames(target, (48, 64)).astype(int)
    assert len(shown) == 8
    for place, index in enumerate((0, 1, 2, 3, 4, 3, 2, 1)):
        assert np.abs(shown[place] - render(clip, index, SHOWN)).max() <= 1


@needs_ffmpeg
@pytest.mark.parametrize(
    ("rate", "speed", "wanted"),
    [(None, 1.0, Fraction(15)), (29.97, 1.0, Fraction(30000, 1001)), (None, 0.5, Fraction(15, 2)),
     (12.5, 2.0, Fraction(25)), (23.976, 1.0, Fraction(24000, 1001))],
)  # fmt: skip
def test_rate_and_speed(tmp_path: Path, rate: float | None, speed: float, wanted: Fraction) -> None:
    target = tmp_path / "clip.mp4"
    run(export(cine(), target, replace(PLAIN, rate=rate, speed=speed)))
    assert Fraction(probe(target)["avg_frame_rate"]) == wanted
    told = manifest(target)["frames"]
    assert told["rate_source"] == ("Frame Time" if rate is None else "as asked")


@needs_ffmpeg
def test_real_time_places_frames_at_their_moments(tmp_path: Path) -> None:
    times = (0.0, 0.033, 0.066, 0.2, 0.25, 0.4, 0.433, 0.466)
    clip, target = cine(timing=Timing(15.0, "Frame Time Vector", times)), tmp_path / "clip.mp4"
    run(export(clip, target, replace(PLAIN, real_time=True)))
    assert frame_times(target) == pytest.approx(times, abs=1e-4)
    assert probe(target)["whole"] == pytest.approx(0.466 + 0.033, abs=1e-3)
    part = replace(PLAIN, real_time=True, frames=(3, 5), speed=0.5)
    run(export(clip, target, part))
    assert frame_times(target) == pytest.approx((0.0, 0.1, 0.4), abs=1e-4)


def test_real_time_at_even_distances_is_a_rate(tmp_path: Path) -> None:
    times = tuple(index / 25 for index in range(8))
    clip = cine(timing=Timing(15.0, "Frame Time Vector", times))
    result = run(export(clip, tmp_path / "clip.avi", replace(PLAIN, real_time=True)))
    assert (result.spec.rate, result.spec.starts) == (25, ())


@needs_ffmpeg
@pytest.mark.parametrize(
    ("size", "rows", "columns"), [((100, 100), 100, 100), ((33, 21), 22, 34), (None, 48, 64)]
)
def test_sizes(tmp_path: Path, size: tuple[int, int] | None, rows: int, columns: int) -> None:
    target = tmp_path / "clip.mp4"
    run(export(cine(), target, replace(PLAIN, size=size)))
    found = probe(target)
    assert (found["height"], found["width"]) == (rows, columns)
    assert ("padding" in manifest(target)["output"]) == (size == (33, 21))


@pytest.mark.parametrize(
    ("shape", "rotation", "written"),
    [((2160, 2160), 0, (1080, 1080)), ((100, 3840), 90, (1080, 28)), ((48, 64), 0, (48, 64))],
)
def test_the_size_of_a_screen_keeps_the_shape(
    tmp_path: Path, shape: tuple[int, int], rotation: int, written: tuple[int, int]
) -> None:
    target, how = tmp_path / "one.png", replace(SHOWN, rotation=rotation)
    frames = np.full((1, *shape), 4000, np.uint16)
    run(export(cine(frames), target, replace(PLAIN, size="screen", presentation=how)))
    shown = np.asarray(Image.open(target))
    assert shown.shape == written
    assert shown.min() > 200
    assert manifest(target)["output"]["size"] == "screen: at most 1920 x 1080"


@pytest.mark.parametrize("overlay", [*Overlay])
def test_free_text_of_a_window_is_told_only_with_identity(tmp_path: Path, overlay: Overlay) -> None:
    choices: tuple[Window | int, ...] = (Window(2000.0, 3600.0, explanation="Anna"), 0)
    for number, voi in enumerate(choices):
        table = LookupTable(0, 12, np.arange(4096, dtype="<u2").tobytes(), "Anna")
        clip, target = cine(voi_luts=(table,)), tmp_path / f"{number}.png"
        options = replace(PLAIN, overlay=overlay, presentation=Presentation(voi=voi), frames=(0, 0))
        run(export(clip, target, options))
        told = json.dumps(manifest(target)["display"]["window"])
        assert ("Anna" in told) == (overlay is Overlay.ALL)


def test_the_picture_is_fitted_into_a_size(tmp_path: Path) -> None:
    frames = np.full((1, 40, 80), 4000, np.uint16)
    run(export(cine(frames), tmp_path / "one.png", replace(PLAIN, size=(60, 60))))
    shown = np.asarray(Image.open(tmp_path / "one.png"))
    assert shown.shape == (60, 60)
    assert shown[:15].max() == 0 == shown[45:].max()
    assert shown[15:45].min() > 200


@pytest.mark.parametrize(("aspect", "shape"), [(2.0, (96, 64)), (0.5, (48, 128)), (1.0, (48, 64))])
def test_pixels_become_square(tmp_path: Path, aspect: float, shape: tuple[int, int]) -> None:
    clip = cine(pixel_aspect=aspect)
    run(export(clip, tmp_path / "one.png", replace(PLAIN, frames=(0, 0))))
    assert np.asarray(Image.open(tmp_path / "one.png")).shape == shape


def test_turned_and_flipped_as_seen(tmp_path: Path) -> None:
    clip = cine()
    how = replace(SHOWN, rotation=90, flip_horizontal=True)
    run(export(clip, tmp_path / "one.png", replace(PLAIN, presentation=how, frames=(2, 2))))
    shown = np.asarray(Image.open(tmp_path / "one.png"))
    np.testing.assert_array_equal(shown, np.rot90(render(clip, 2, how), -1)[:, ::-1])


def test_corner_text_is_burnt_in(tmp_path: Path) -> None:
    frames = np.zeros((3, 300, 300), np.uint16)
    for overlay, corner in ((Overlay.ALL, True), (Overlay.ANONYMOUS, False)):
        run(export(cine(frames), tmp_path / "f", replace(PLAIN, overlay=overlay)))
        shown = np.asarray(Image.open(tmp_path / "f" / "frame_0001.png"))
        assert (shown[:40, :150].max() > 150) == corner
        assert shown[-40:, 150:].max() > 150
    plain = render(cine(frames), 0, SHOWN)
    run(export(cine(frames), tmp_path / "f", PLAIN))
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "f" / "frame_0001.png")), plain)


def test_a_trimmed_clip_is_exported_as_trimmed(tmp_path: Path) -> None:
    clip = cine(timing=Timing(15.0, "Frame Time", start=2, stop=5))
    assert run(export(clip, tmp_path / "clip.mkv", PLAIN)).checked.frames == 4
    whole = replace(PLAIN, frames=(0, 7))
    assert run(export(clip, tmp_path / "clip.mkv", whole)).checked.frames == 8


def test_the_manifest_tells_how_colours_are_kept(tmp_path: Path) -> None:
    clip = cine(np.zeros((2, 16, 16, 3), np.uint8))
    run(export(clip, tmp_path / "clip.mp4", ExportOptions(presentation=Presentation())))
    assert "4:2:0" in manifest(tmp_path / "clip.mp4")["output"]["colours"]


def test_progress_counts_frames(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    run(export(cine(), tmp_path / "clip.mp4", PLAIN), lambda p: told.append((p.done, p.total)))
    assert {done for done, total in told if total == 8} == {*range(9)}
    assert max(told) == (8, 8) == told[-1]
    assert told == sorted(told)


class Long(Frames):
    """A few frames, over and over."""

    @property
    def shape(self) -> tuple[int, ...]:
        return (5000, *self.frames.shape[1:])

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        return super().request(index % len(self.frames), priority)


@pytest.mark.soak
def test_memory_stays_flat_over_5000_frames(tmp_path: Path) -> None:
    import resource

    clip = replace(cine(), source=Long(moving(20, 512, 512)))
    found: list[int] = []

    def watch(progress: Progress) -> None:
        if progress.done in {500, 5000}:
            found.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)

    result = run(export(clip, tmp_path / "long.mp4", PLAIN), watch)
    assert result.checked.frames == 5000
    assert found[-1] < 600
    assert found[-1] - found[0] < 60
