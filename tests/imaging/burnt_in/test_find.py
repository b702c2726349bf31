"""Text that is part of a picture: found where it stands, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from xray_studio.core.region import Region
from xray_studio.core.resources import resource
from xray_studio.imaging.burnt_in.features import NAMES
from xray_studio.imaging.burnt_in.find import find_text
from xray_studio.imaging.burnt_in.score import WEIGHTS
from xray_studio.imaging.burnt_in.still import still_of
from xray_studio.services.api import open as open_clip
from xray_studio.services.api import render

ROWS, COLUMNS = 240, 320


def ground(frames: int = 1, seed: int = 3) -> np.ndarray:
    """Return soft noise that differs from frame to frame."""
    random = np.random.default_rng(seed)
    slope = np.linspace(60, 140, COLUMNS)[None, None]
    made = slope + random.normal(0, 5, (frames, ROWS, COLUMNS))
    return np.clip(made, 0, 255).astype(np.uint8)


def write(frame: np.ndarray, text: str, place: tuple[int, int], size: int, grey: int) -> np.ndarray:
    """Return a frame with a line of text at (x, y)."""
    image = Image.fromarray(frame)
    font = ImageFont.truetype(str(resource("fonts/Inter-Medium.otf")), size)
    ink = grey if frame.ndim == 2 else (grey, 0, 0)
    ImageDraw.Draw(image).text(place, text, fill=ink, font=font)
    return np.array(image)


def held(regions: tuple[Region, ...], plain: np.ndarray, text: np.ndarray) -> float:
    """Return the part of the changed pixels that regions hold."""
    changed = plain != text
    while changed.ndim > 2:
        changed = changed.any(axis=-1)
    mask = np.zeros(changed.shape, np.bool_)
    for region in regions:
        mask[region.y : region.bottom, region.x : region.right] = True
    return float(mask[changed].mean())


@pytest.mark.parametrize("size", [10, 14, 22, 28])
@pytest.mark.parametrize("grey", [255, 0])
def test_a_line_of_a_still_is_found_whole(size: int, grey: int) -> None:
    plain = ground()[0]
    text = write(plain, "DOE, Jane 12.03.1950", (10, 60), size, grey)
    regions = find_text(text)
    assert held(regions, plain, text) > 0.99
    assert sum(region.area for region in regions) < 12 * np.count_nonzero(plain != text)


def test_nothing_is_found_where_nothing_is_written() -> None:
    assert find_text(ground()[0]) == ()
    assert find_text(*still_of(ground(8))) == ()
    assert find_text(np.zeros((1, 1), np.uint8)) == ()
    assert find_text(np.full((60, 3), 255, np.uint8)) == ()


def test_turned_text_is_found() -> None:
    plain = ground()[0]
    text = write(plain, "ID 4711 0815", (20, 30), 16, 255)
    for turns in (1, 3):
        assert (
            held(find_text(np.rot90(text, turns)), np.rot90(plain, turns), np.rot90(text, turns))
            > 0.95
        )


def test_coloured_text_is_found() -> None:
    plain = np.repeat(ground()[0][..., None], 3, axis=2)
    text = write(plain, "Jane DOE 1950", (30, 40), 16, 255)
    assert held(find_text(text), plain, text) > 0.95


def test_text_that_stays_is_found_while_the_picture_changes() -> None:
    plain = ground(8)
    text = np.stack([write(frame, "DOE^JANE 815", (200, 8), 12, 230) for frame in plain])
    regions = find_text(*still_of(text))
    assert held(regions, plain[0], text[0]) > 0.99
    assert all(region.y < 40 for region in regions)


def test_stripes_that_move_are_no_text() -> None:
    plain = ground(8)
    bars = plain.copy()
    for number, frame in enumerate(bars):
        for bar in range(12):
            left = 60 + 12 * bar + 3 * number
            frame[100:112, left : left + 2] = 250
    assert find_text(*still_of(bars)) == ()


def test_every_feature_has_a_weight() -> None:
    assert tuple(WEIGHTS) == NAMES


def test_text_of_a_real_device_is_found(shared_data: Path) -> None:
    clip = open_clip(shared_data / "dicom" / "pydicom_data__US1_J2KR.dcm")
    regions = find_text(render(clip, 0))
    # The block of the upper left corner names the hospital and numbers.
    corner = Region(8, 15, 130, 70)
    assert any(region.shared(corner) > 0.5 * region.area for region in regions)
    assert sum(region.area for region in regions) < 0.3 * clip.rows * clip.columns
