"""The privacy gate: what an export tells, what is refused, and what is masked."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.services.clips import WHO, cine
from tests.video.probe import ffmpeg_frames, needs_ffmpeg
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.output import Quality
from xray_studio.core.overlay_plane import OverlayPlane, pack
from xray_studio.core.presentation import Overlay, Presentation, Window
from xray_studio.core.privacy import Marked, Place, Privacy
from xray_studio.core.region import Region
from xray_studio.core.resources import resource
from xray_studio.imaging.render import render
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export
from xray_studio.services.privacy import log as privacy_log
from xray_studio.services.privacy.gate import examine

SHOWN = Presentation(voi=Window(2048.0, 4096.0))
TEXT = Region(12, 10, 150, 18)  # where "DOE, JANE 1950" stands
MASK = Region(3, 5, 20, 9)


def with_text(**changes: Any) -> Clip:
    """Return a clip whose pictures change while a line of text stays."""
    random = np.random.default_rng(8)
    frames = (1400 + random.normal(0, 60, (8, 160, 240))).clip(0, 4095).astype(np.uint16)
    image = Image.new("L", (240, 160))
    font = ImageFont.truetype(str(resource("fonts/Inter-Medium.otf")), 15)
    ImageDraw.Draw(image).text((12, 10), "DOE, JANE 1950", fill=255, font=font)
    frames[:, np.asarray(image) > 128] = 4000
    us = Acquisition(modality="US", sop_class_uid="1.2.840.10008.5.1.4.1.1.3.1")
    return cine(frames, **({"acquisition": us} | changes))


def places(clip: Clip, name: str, options: ExportOptions) -> dict[Place, bool]:
    report = run(examine(clip, Path(name), options))
    return {finding.place: finding.certain for finding in report.findings}


def privacy_of(target: Path) -> dict[str, Any]:
    told = json.loads(target.with_name(f"{target.name}.json").read_text("utf-8"))
    found: dict[str, Any] = told["privacy"]
    return found


def test_nothing_is_found_where_nothing_is_told() -> None:
    assert places(cine(), "run-3.mp4", ExportOptions(presentation=SHOWN)) == {}


def test_every_place_is_told_without_what_it_tells() -> None:
    plane = OverlayPlane(0x6000, 4, 4, packed=(pack(np.ones((4, 4), np.bool_)),))
    clip = with_text(overlays=(plane,))
    options = ExportOptions(presentation=SHOWN, overlay=Overlay.ALL)
    report = run(examine(clip, Path("anna phantom.mp4"), options))
    assert {f.place: f.certain for f in report.findings} == {
        Place.FILE_NAME: True,
        Place.CORNER_TEXT: True,
        Place.MANIFEST: True,
        Place.OVERLAYS: False,
        Place.DEVICE_TEXT: False,
        Place.PIXELS: False,
    }
    text = json.dumps(report.facts())
    for part in (*WHO.patient_name.split("^"), WHO.patient_id, WHO.birth_date, "DOE"):
        assert part not in text
    assert report.facts()["identifying"]


def test_a_dicom_object_keeps_its_tags() -> None:
    assert places(cine(), "run-3.dcm", ExportOptions())[Place.TAGS]


def test_text_is_found_where_it_stands() -> None:
    report = run(examine(with_text(), Path("a.mp4"), ExportOptions(presentation=SHOWN)))
    assert sum(TEXT.shared(region) for region in report.regions) > 0.7 * TEXT.area
    assert all(region.y < 40 for region in report.regions)


@pytest.mark.parametrize("invert", [False, True])
def test_masks_are_black_and_all_else_is_untouched(tmp_path: Path, invert: bool) -> None:
    clip, how = cine(), replace(SHOWN, invert=invert)
    options = ExportOptions(presentation=how, privacy=Privacy((Marked(MASK),)))
    run(export(clip, tmp_path / "frames", options))
    for index in range(len(clip)):
        found = np.asarray(Image.open(tmp_path / "frames" / f"frame_{index + 1:04}.png"))
        wanted = render(clip, index, how).copy()
        wanted[MASK.y : MASK.bottom, MASK.x : MASK.right] = 0
        np.testing.assert_array_equal(found, wanted)


def test_masks_turn_with_the_picture(tmp_path: Path) -> None:
    how = replace(SHOWN, rotation=90, flip_horizontal=True)
    options = ExportOptions(presentation=how, frames=(0, 0), privacy=Privacy((Marked(MASK),)))
    run(export(cine(), tmp_path / "turned.png", options))
    found = np.asarray(Image.open(tmp_path / "turned.png"))
    wanted = render(cine(), 0, SHOWN).copy()
    wanted[MASK.y : MASK.bottom, MASK.x : MASK.right] = 0
    np.testing.assert_array_equal(found, np.rot90(wanted, -1)[:, ::-1])


@needs_ffmpeg
def test_a_lossless_video_keeps_what_lies_outside(tmp_path: Path) -> None:
    target = tmp_path / "a.mkv"
    options = ExportOptions(
        presentation=SHOWN, quality=Quality.LOSSLESS, privacy=Privacy((Marked(MASK),))
    )
    run(export(cine(), target, options))
    shown = ffmpeg_frames(target, (48, 64))
    for index, frame in enumerate(shown):
        wanted = render(cine(), index, SHOWN).copy()
        wanted[MASK.y : MASK.bottom, MASK.x : MASK.right] = 0
        np.testing.assert_array_equal(frame, wanted)


def test_values_are_masked_as_well(tmp_path: Path) -> None:
    options = ExportOptions(privacy=Privacy((Marked(MASK),)))
    run(export(cine(), tmp_path / "a.npz", options))
    with np.load(tmp_path / "a.npz") as found:
        values = next(v for v in found.values() if v.ndim == 3)
    assert values[:, MASK.y : MASK.bottom, MASK.x : MASK.right].max() == 0
    assert privacy_of(tmp_path / "a.npz")["regions"][0]["decision"] == "masked"


def test_deidentifying_masks_what_is_found(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    options = ExportOptions(presentation=SHOWN, frames=(0, 0), privacy=Privacy(deidentify=True))
    result = run(export(with_text(), target, options))
    found = np.asarray(Image.open(target))
    assert found[TEXT.y : TEXT.bottom, TEXT.x : TEXT.right].max() < 200  # of 248 in letters
    told = privacy_of(target)
    assert told["deidentified"]
    assert {(r["decision"], r["origin"]) for r in told["regions"]} == {("masked", "found")}
    assert result.notes == ()


@pytest.mark.parametrize(
    ("name", "overlay", "match"),
    [
        ("phantom.mp4", Overlay.NONE, "name of the file"),
        ("a.mp4", Overlay.ALL, "--overlay anonymous"),
    ],
)
def test_deidentifying_refuses_what_identifies(
    tmp_path: Path, name: str, overlay: Overlay, match: str
) -> None:
    options = ExportOptions(overlay=overlay, privacy=Privacy(deidentify=True))
    with pytest.raises(UsageError, match=match):
        run(export(cine(), tmp_path / name, options))
    assert list(tmp_path.iterdir()) == []


def test_text_that_the_file_tells_of_must_be_found_or_named(tmp_path: Path) -> None:
    clip = cine(acquisition=Acquisition(modality="XA", burned_in="YES"))
    options = ExportOptions(presentation=SHOWN, privacy=Privacy(deidentify=True))
    with pytest.raises(UsageError, match="--mask X,Y,WIDTH,HEIGHT"):
        run(export(clip, tmp_path / "a.mp4", options))
    named = replace(options, privacy=Privacy((Marked(MASK),), deidentify=True))
    assert run(export(clip, tmp_path / "a.mp4", named)).target.exists()


def test_overlay_planes_are_left_out_without_identity(tmp_path: Path) -> None:
    plane = OverlayPlane(0x6000, 48, 64, packed=(pack(np.ones((48, 64), np.bool_)),))
    clip = cine(overlays=(plane,))
    how = ExportOptions(presentation=SHOWN, frames=(0, 0), privacy=Privacy(deidentify=True))
    run(export(clip, tmp_path / "a.png", how))
    found = np.asarray(Image.open(tmp_path / "a.png"))
    np.testing.assert_array_equal(found, render(clip, 0, replace(SHOWN, planes=False)))


def test_a_mask_beside_the_picture_is_refused(tmp_path: Path) -> None:
    options = ExportOptions(privacy=Privacy((Marked(Region(900, 0, 5, 5)),)))
    with pytest.raises(UsageError, match="outside the picture of 64 x 48"):
        run(export(cine(), tmp_path / "a.mp4", options))


def test_what_was_decided_is_logged_for_the_owner_alone(tmp_path: Path) -> None:
    before = len(_lines())
    kept = Marked(Region(1, 2, 3, 4), masked=False)
    options = ExportOptions(privacy=Privacy((Marked(MASK), kept), places=(Place.FILE_NAME,)))
    run(export(cine(), tmp_path / "phantom.mp4", options))
    lines = _lines()
    told = json.loads(lines[-1])
    assert len(lines) == before + 1
    assert [region["decision"] for region in told["regions"]] == ["masked", "kept"]
    assert (told["output"], told["told"]) == (".mp4", ["file name"])
    assert "phantom" not in lines[-1].casefold()
    assert privacy_log.log_file().stat().st_mode & 0o777 == 0o600


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XRAY_STUDIO_LOG", str(tmp_path / "file"))
    with caplog.at_level(logging.WARNING):
        run(export(cine(), tmp_path / "a.png", ExportOptions(frames=(0, 0))))
    assert "privacy log" in caplog.text


def test_a_person_hears_of_names_afterwards(tmp_path: Path) -> None:
    clip = with_text()
    notes = run(export(clip, tmp_path / "phantom.png", ExportOptions(frames=(0, 0)))).notes
    assert len(notes) == 2
    assert "Patient Name" in notes[0]
    assert "Anna" not in " ".join(notes)


def _lines() -> list[str]:
    path = privacy_log.log_file()
    return path.read_text("ascii").splitlines() if path.exists() else []
