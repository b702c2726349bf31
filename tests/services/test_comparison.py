"""Comparisons as clips: their pictures, their clock, and what their export tells."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.services.clips import UID, WHO, cine, moving
from tests.video.probe import frame_times, needs_ffmpeg, probe
from xray_studio.core.clip import Clip
from xray_studio.core.comparison import GAP, Arrangement, Ending
from xray_studio.core.drawn_source import Lettering, drawn
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.job import run
from xray_studio.core.overlay_plane import OverlayPlane, pack
from xray_studio.core.playback import Timing
from xray_studio.core.presentation import Overlay, Presentation, Window
from xray_studio.core.privacy import Marked, Place, Privacy
from xray_studio.core.region import Region
from xray_studio.core.workers import Priority
from xray_studio.imaging.mosaic import strip_height
from xray_studio.imaging.render import render
from xray_studio.services.comparison import ComparisonOptions, Part, comparison
from xray_studio.services.export.frame_picture import displayed
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export
from xray_studio.services.presets import initial_presentation
from xray_studio.services.privacy.gate import at_first_sight
from xray_studio.services.processing.process import process
from xray_studio.services.processing.steps import pipeline_of

SHOWN = Presentation(voi=Window(2048.0, 4096.0))
STRIP = strip_height(48)


def part(clip: Clip | None = None, caption: str = "") -> Part:
    return Part(clip or cine(), SHOWN, caption)


def pair(**changes: object) -> Clip:
    return comparison([part(), part()], ComparisonOptions(**changes))  # type: ignore[arg-type]


def test_pictures_stand_side_by_side_pixel_for_pixel() -> None:
    made = pair()
    assert made.source.shape == (8, 48 + STRIP, 64 + GAP + 64)
    wanted = render(cine(), 3, SHOWN)
    for x in (0, 64 + GAP):
        np.testing.assert_array_equal(made.stored(3)[STRIP:, x : x + 64], wanted)
    assert made.stored(3)[:, 64 : 64 + GAP].max() == 0
    shown = render(made, 3, initial_presentation(made))
    np.testing.assert_array_equal(shown, made.stored(3))


def test_pictures_are_as_high_as_the_highest() -> None:
    small = cine(moving(8, 24, 40))
    made = comparison([part(), part(small)])
    assert made.source.shape[1:] == (48 + STRIP, 64 + GAP + 80)
    turned = Part(small, replace(SHOWN, rotation=90))
    assert comparison([part(), turned]).source.shape[1:] == (48 + STRIP, 64 + GAP + 29)


def test_colours_beside_greys() -> None:
    colours = np.zeros((8, 48, 64, 3), np.uint8)
    colours[..., 0] = 200
    made = comparison([part(), part(cine(colours))])
    assert made.is_colour
    assert tuple(made.stored(0)[STRIP + 5, 64 + GAP + 5]) == (200, 0, 0)
    grey = made.stored(0)[STRIP:, :64]
    np.testing.assert_array_equal(grey[..., 0], render(cine(), 0, SHOWN))
    np.testing.assert_array_equal(grey[..., 0], grey[..., 2])


@needs_ffmpeg
def test_each_clip_keeps_its_clock_in_the_file(tmp_path: Path) -> None:
    slow = cine(moving(4), timing=Timing(10.0, "x"))
    made = comparison([part(), part(slow)], ComparisonOptions(ending=Ending.HOLD))
    run(export(made, tmp_path / "a.mp4", ExportOptions()))
    assert probe(tmp_path / "a.mp4")["whole"] == pytest.approx(8 / 15, abs=0.002)
    wanted = sorted({round(n / 15, 5) for n in range(8)} | {round(n / 10, 5) for n in range(4)})
    assert frame_times(tmp_path / "a.mp4") == pytest.approx(wanted, abs=0.001)


def test_speed_applies_and_a_rate_does_not(tmp_path: Path) -> None:
    result = run(export(pair(), tmp_path / "a.mp4", ExportOptions(speed=0.5)))
    assert float(result.spec.duration) == pytest.approx(16 / 15)
    with pytest.raises(UsageError, match="choose a speed"):
        run(export(pair(), tmp_path / "b.mp4", ExportOptions(rate=10.0)))


@pytest.mark.parametrize("overlay", [*Overlay])
def test_badges_of_processed_pictures_stay(overlay: Overlay) -> None:
    frames = np.full((2, 200, 300), 100, np.uint16)
    plain, processed = cine(frames), cine(frames, processed=("AI DENOISED",))
    made = drawn(comparison([part(plain), part(processed)]), Lettering(overlay))
    strip = strip_height(200)
    left, right = made.stored(0)[strip:, :300], made.stored(0)[strip:, 300 + GAP :]
    assert np.unique(right).size > 3
    if overlay is Overlay.NONE:
        assert np.unique(left).size == 1


@pytest.mark.parametrize("processed", [(), ("DENOISED",)])
def test_badges_stay_in_every_export(tmp_path: Path, processed: tuple[str, ...]) -> None:
    clip = cine(np.full((1, 200, 300), 100, np.uint16), processed=processed)
    run(export(clip, tmp_path / "a.png", ExportOptions(presentation=SHOWN)))
    found = np.asarray(Image.open(tmp_path / "a.png"))
    assert (np.unique(found).size > 1) == bool(processed)


def badge(picture: np.ndarray, ground: int = 100) -> np.ndarray:
    """Return the columns in which something stands that is not the ground."""
    return np.flatnonzero((np.abs(picture.astype(int) - ground) > 12).any(axis=0))


def test_no_mask_and_no_size_takes_a_badge_away(tmp_path: Path) -> None:
    frames = np.full((1, 200, 300), 1600, np.uint16)  # grey level 100
    one = cine(frames, processed=("DENOISED",))
    made = comparison([part(cine(frames)), part(one)])
    strip = strip_height(200)
    whole = Region(0, 0, made.columns, made.rows)
    options = ExportOptions(privacy=Privacy((Marked(whole),)))
    run(export(made, tmp_path / "a.png", options))
    found = np.asarray(Image.open(tmp_path / "a.png"))
    assert found[strip:, :300].max() == 0
    assert badge(found[strip:, 300 + GAP :], 0).size > 40
    run(export(made, tmp_path / "b.png", ExportOptions(size=(304, 0))))
    small = np.asarray(Image.open(tmp_path / "b.png"))[strip:]
    assert badge(small[:, 156:300]).size > 40  # letters of 7 pixels, though half as large
    for clip in (one, made):
        with pytest.raises(UsageError, match="no room for the badges"):
            run(export(clip, tmp_path / "c.png", ExportOptions(size=(40, 0))))
    assert not (tmp_path / "c.png").exists()
    assert np.unique(displayed(one, 0, SHOWN, Overlay.NONE)).size > 3
    assert np.unique(displayed(made, 0, initial_presentation(made), Overlay.NONE)).size > 3


def test_a_processed_clip_beside_its_original(tmp_path: Path) -> None:
    frames = np.random.default_rng(1).integers(1400, 1800, (2, 200, 300)).astype(np.uint16)
    before = cine(frames)
    after = process(before, pipeline_of(["gaussian:sigma=2"]))
    made = comparison([part(before, "Original"), part(after, "Processed")])
    run(export(made, tmp_path / "both", ExportOptions(overlay=Overlay.NONE)))
    found = np.asarray(Image.open(sorted((tmp_path / "both").glob("*.png"))[1]))[
        strip_height(200) :
    ]
    np.testing.assert_array_equal(found[:, :300], render(before, 1, SHOWN))
    wanted, shown = render(after, 1, SHOWN), found[:, 300 + GAP :]
    np.testing.assert_array_equal(shown[:120], wanted[:120])
    assert badge((shown != wanted) * 255, 0).size > 40  # PROCESSED, low in its own picture
    told = json.loads((tmp_path / "both.json").read_text("utf-8"))["source"]
    assert [one["processed"] for one in told["comparison"]["clips"]] == [[], ["DENOISED"]]


def test_planes_of_a_clip_are_told_and_left_out_where_nothing_may_identify() -> None:
    plane = OverlayPlane(0x6000, 48, 64, packed=(pack(np.ones((48, 64), np.bool_)),))
    made = comparison([part(), part(cine(overlays=(plane,)))])
    places = [f.place for f in at_first_sight(made, Path("a.mp4"), ExportOptions())]
    assert Place.OVERLAYS in places
    plain = drawn(made, Lettering(planes=False)).stored(0)
    np.testing.assert_array_equal(plain[..., 0], pair().stored(0))
    assert (made.stored(0) != plain).any()


def test_captions_are_drawn_and_are_no_text_of_the_device() -> None:
    made = comparison([part(caption="Before"), part(caption="After")])
    assert made.stored(0)[:STRIP].max() == 0  # what is looked at for text
    assert drawn(made, Lettering(Overlay.NONE)).stored(0)[:STRIP].max() > 150


def test_different_patients_are_refused_or_nobody_is_named(tmp_path: Path) -> None:
    other = cine(identity=replace(WHO, patient_name="Other^Person", patient_id="4712"))
    with pytest.raises(UsageError, match="--different-patients"):
        comparison([part(), part(other)])
    made = comparison([part(), part(other)], ComparisonOptions(different_patients=True))
    with pytest.raises(UsageError, match="nobody is named"):
        run(export(made, tmp_path / "a.mp4", ExportOptions(overlay=Overlay.ALL)))
    run(export(made, tmp_path / "a.mp4", ExportOptions(overlay=Overlay.ANONYMOUS)))
    told = (tmp_path / "a.mp4.json").read_text("utf-8")
    assert not any(word in told for word in ("Other", "Phantom", "4711", "4712", UID))
    told_of = [f.sentence for f in at_first_sight(made, tmp_path / "other.mp4", ExportOptions())]
    assert any("Patient Name" in sentence for sentence in told_of)


def test_a_caption_that_names_the_patient_is_found(tmp_path: Path) -> None:
    made = comparison([part(caption="Anna before"), part()])
    options = ExportOptions(privacy=Privacy(deidentify=True))
    with pytest.raises(UsageError, match="caption"):
        run(export(made, tmp_path / "a.mp4", options))


def test_masks_cover_places_of_the_whole(tmp_path: Path) -> None:
    mask = Region(60, 20, 20, 10)
    options = ExportOptions(frames=(0, 0), privacy=Privacy((Marked(mask),)))
    run(export(pair(), tmp_path / "a.png", options))
    found = np.asarray(Image.open(tmp_path / "a.png"))
    assert found[20:30, 60:80].max() == 0
    np.testing.assert_array_equal(found[STRIP:20, :60], pair().stored(0)[STRIP:20, :60])


def test_the_manifest_tells_of_each_clip(tmp_path: Path) -> None:
    made = comparison(
        [part(), Part(cine(), SHOWN, "After", (2, 5))],
        ComparisonOptions(Arrangement.GRID, Ending.STOP),
    )
    run(export(made, tmp_path / "a.mp4"))
    told = json.loads((tmp_path / "a.mp4.json").read_text("utf-8"))["source"]["comparison"]
    assert (told["arrangement"], told["ending"]) == ("grid", "stop")
    assert [(one["first"], one["last"]) for one in told["clips"]] == [(1, 8), (3, 6)]
    assert len(told["clips"][0]["sop_instance_uid_sha256"]) == 64


def test_values_of_a_comparison_do_not_exist(tmp_path: Path) -> None:
    for name in ("a.npz", "a.dcm"):
        with pytest.raises(UsageError, match="made of pictures"):
            run(export(pair(), tmp_path / name))


def test_what_cannot_be_compared() -> None:
    with pytest.raises(UsageError, match="2 to 16 clips"):
        comparison([part()])
    wide = cine(np.zeros((1, 20, 9000), np.uint16))
    with pytest.raises(UsageError, match="choose a grid"):
        comparison([part(wide), part(wide)])


def test_a_damaged_frame_is_told() -> None:
    made = comparison([part(), part(cine(bad=(2,)))])
    assert made.source.request(1, Priority.BATCH).result().ndim == 2
    with pytest.raises(UnreadableError):
        made.source.request(2, Priority.BATCH).result()


def test_stills_make_one_picture(tmp_path: Path) -> None:
    still = cine(moving(1))
    made = comparison([part(still), part(still), part(still)], ComparisonOptions(Arrangement.GRID))
    assert made.source.shape == (1, 2 * (48 + STRIP) + GAP, 2 * 64 + GAP)
    assert run(export(made, tmp_path / "a.png")).checked.frames == 1
