"""ICC profiles: colours as LittleCMS converts them, damaged ones said, in objects and in stills."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

import xray_studio as xs
from tests.dicom.objects import make_object, picture, save
from xray_studio.core.presentation import Presentation
from xray_studio.imaging.colour_profile import BROKEN, OTHER, profile_problem, to_srgb
from xray_studio.imaging.render import render

COLOURS = picture(0, 255, (23, 31, 3)).astype(np.uint8)


def made_profile(*, swapped: bool = False) -> bytes:
    """Return sRGB, or sRGB with the places of red and green exchanged."""
    whole = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    if swapped:
        red, green = whole.index(b"rXYZ"), whole.index(b"gXYZ")
        whole[red : red + 4], whole[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(whole)


def by_littlecms(pixels: np.ndarray, profile: bytes) -> np.ndarray:
    srgb = ImageCms.createProfile("sRGB")
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    done = ImageCms.profileToProfile(Image.fromarray(pixels), source, srgb, 0)
    assert done is not None
    return np.asarray(done)


def test_colours_are_converted() -> None:
    profile = made_profile(swapped=True)
    converted = to_srgb(COLOURS, profile)
    np.testing.assert_array_equal(converted, by_littlecms(COLOURS, profile))
    assert np.abs(converted.astype(int) - COLOURS).max() > 50


def test_srgb_leaves_everything_as_it_is() -> None:
    assert to_srgb(COLOURS, made_profile()) is COLOURS


def test_what_is_wrong_is_said() -> None:
    assert profile_problem(made_profile(swapped=True)) == ""
    assert profile_problem(b"no profile") == BROKEN
    assert profile_problem(made_profile()[:200]) == BROKEN
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert profile_problem(lab) == OTHER


def test_an_object_is_shown_by_its_profile(tmp_path: Path) -> None:
    profile = made_profile(swapped=True)
    clip = xs.open(save(make_object(COLOURS, ICCProfile=profile), tmp_path / "object.dcm"))
    np.testing.assert_array_equal(xs.render(clip), by_littlecms(COLOURS, profile))
    np.testing.assert_array_equal(xs.render(clip, icc=False), COLOURS)
    inverted = 255 - by_littlecms(COLOURS, profile)
    np.testing.assert_array_equal(xs.render(clip, invert=True), inverted)


def test_the_profile_of_an_optical_path_is_used(tmp_path: Path) -> None:
    path = make_object(None, ICCProfile=made_profile(swapped=True))
    clip = xs.open(save(make_object(COLOURS, OpticalPathSequence=[path]), tmp_path / "object.dcm"))
    assert (xs.render(clip) != COLOURS).any()


@pytest.mark.parametrize("damaged", [b"no profile at all ", made_profile(swapped=True)[:300]])
def test_a_damaged_profile_is_said_and_ignored(tmp_path: Path, damaged: bytes) -> None:
    clip = xs.open(save(make_object(COLOURS, ICCProfile=damaged), tmp_path / "object.dcm"))
    assert clip.acquisition.warnings == (BROKEN,)
    np.testing.assert_array_equal(xs.render(clip), COLOURS)


def test_a_colour_space_without_a_profile_is_said(tmp_path: Path) -> None:
    clip = xs.open(save(make_object(COLOURS, ColorSpace="ADOBERGB"), tmp_path / "object.dcm"))
    assert "ADOBERGB" in clip.acquisition.warnings[0]
    clip = xs.open(save(make_object(COLOURS, ColorSpace="SRGB"), tmp_path / "object.dcm"))
    assert clip.acquisition.warnings == ()


@pytest.mark.parametrize(
    ("suffix", "options"),
    [(".png", {}), (".tiff", {}), (".jpg", {"quality": 100}), (".webp", {"lossless": True})],
)
def test_stills_are_shown_by_their_profile(
    tmp_path: Path, suffix: str, options: dict[str, Any]
) -> None:
    path, profile = tmp_path / f"still{suffix}", made_profile(swapped=True)
    Image.fromarray(COLOURS).save(path, icc_profile=profile, **options)
    clip = xs.open(path)
    plain = render(clip, 0, replace(Presentation(), profile=False))
    np.testing.assert_array_equal(xs.render(clip), by_littlecms(plain, profile))
