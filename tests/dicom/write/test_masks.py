"""Masks in DICOM objects: black in every kind of pixel, the rest untouched, and honestly told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset

from tests.dicom.objects import XA, make_object, picture, save, save_frames
from tests.dicom.write.judges import judged
from tests.dicom.write.test_copy import grey, waves
from tests.dicom.write.validator import errors_of
from xray_studio import open as xs_open
from xray_studio.core.job import run
from xray_studio.core.presentation import Presentation, Window
from xray_studio.core.privacy import Marked, Privacy
from xray_studio.core.region import Region
from xray_studio.core.resources import resource
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.encoders import ENCODERS, NAMES, Given, encode
from xray_studio.services.demonstration import angiography
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export

MASKS = (Region(3, 5, 20, 9), Region(40, 30, 99, 99))  # the second one reaches beyond the edge
LOSSLESS = [name for name, uid in NAMES.items() if uid not in ENCODERS or not ENCODERS[uid].lossy]


def masked(source: Path, target: Path, **options: Any) -> Dataset:
    privacy = Privacy(tuple(Marked(region) for region in MASKS))
    run(export(xs_open(source), target, ExportOptions(privacy=privacy, **options)))
    return pydicom.dcmread(target)


def black(frames: np.ndarray, value: Any) -> np.ndarray:
    """Return frames (count, rows, columns[, 3]) with one value under the masks."""
    made = frames.copy()
    for region in MASKS:
        made[:, region.y : region.bottom, region.x : region.right] = value
    return made


@pytest.mark.parametrize("name", ["", *LOSSLESS])
@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, True), (16, False)])
def test_grey_is_lowest_under_masks_and_untouched_beside_them(
    tmp_path: Path, name: str, bits: int, signed: bool
) -> None:
    pixels = grey(tmp_path / "in.dcm", bits, signed)
    after = masked(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=NAMES.get(name, ""))
    low = -(1 << (bits - 1)) if signed else 0
    found = np.stack([frame.values for frame in xs_open(tmp_path / "out.dcm").frames()])
    np.testing.assert_array_equal(found, black(pixels, low))
    if not signed:
        uid = NAMES[name] if name else syntaxes.EXPLICIT_LITTLE
        np.testing.assert_array_equal(judged(tmp_path / "out.dcm", uid), black(pixels, 0))
    before = pydicom.dcmread(tmp_path / "in.dcm")
    assert after.SOPInstanceUID != before.SOPInstanceUID
    assert after.SeriesInstanceUID != before.SeriesInstanceUID
    assert after.ImageType[0] == "DERIVED"
    assert "2 regions of the pictures made black" in after.DerivationDescription
    assert after.SourceImageSequence[0].ReferencedSOPInstanceUID == before.SOPInstanceUID


@pytest.mark.parametrize(
    ("more", "value"),
    [
        ({"PhotometricInterpretation": "MONOCHROME1"}, 4095),
        ({"RescaleSlope": -1, "RescaleIntercept": 100}, 4095),
        (
            {"RescaleSlope": -1, "RescaleIntercept": 0, "PhotometricInterpretation": "MONOCHROME1"},
            0,
        ),
    ],
)
def test_black_is_what_is_shown_darkest(tmp_path: Path, more: dict[str, Any], value: int) -> None:
    pixels = grey(tmp_path / "in.dcm", 12, **more)
    masked(tmp_path / "in.dcm", tmp_path / "out.dcm")
    found = pydicom.dcmread(tmp_path / "out.dcm").pixel_array
    np.testing.assert_array_equal(found, black(pixels, value))
    centre = -2048 if "RescaleSlope" in more else 2048
    shown = xs_open(tmp_path / "out.dcm").render(0, window=(centre, 4096))
    assert shown[MASKS[0].y, MASKS[0].x] < 10


@pytest.mark.parametrize("name", ["", "rle", "jpeg-2000", "jpeg-ls"])
@pytest.mark.parametrize("planar", [0, 1])
def test_colours_are_black_under_masks(tmp_path: Path, name: str, planar: int) -> None:
    pixels = np.stack([picture(0, 255, (37, 53, 3), n) for n in range(2)]).astype(np.uint8)
    dataset = make_object(pixels, PlanarConfiguration=planar)
    if planar:
        dataset.PixelData = np.moveaxis(pixels, -1, 1).tobytes()
    save(dataset, tmp_path / "in.dcm")
    masked(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=NAMES.get(name, ""))
    np.testing.assert_array_equal([*xs_open(tmp_path / "out.dcm")], black(pixels, 0))


@pytest.mark.parametrize("photometric", ["YBR_FULL", "YBR_FULL_422"])
def test_luminance_and_chrominance_are_black(tmp_path: Path, photometric: str) -> None:
    ybr = np.stack([picture(30, 220, (36, 52, 3), n) for n in range(2)]).astype(np.uint8)
    dataset = make_object(ybr, PhotometricInterpretation=photometric)
    if photometric.endswith("422"):
        pairs = np.concatenate([ybr[:, :, 0::2, :1], ybr[:, :, 1::2, :1], ybr[:, :, 0::2, 1:]], -1)
        dataset.PixelData = pairs.tobytes()
    save(dataset, tmp_path / "in.dcm")
    before = np.stack([*xs_open(tmp_path / "in.dcm")])
    after = masked(tmp_path / "in.dcm", tmp_path / "out.dcm")
    assert after.PhotometricInterpretation == "YBR_FULL"
    np.testing.assert_array_equal([*xs_open(tmp_path / "out.dcm")], black(before, 0))


def test_a_palette_gives_its_darkest_entry(tmp_path: Path) -> None:
    pixels = np.stack([picture(0, 255, seed=n) for n in range(2)]).astype(np.uint8)
    dataset = make_object(pixels, PhotometricInterpretation="PALETTE COLOR")
    light = np.roll(np.arange(256, dtype=np.uint16) * 257, 100)  # black is entry 100
    for colour in ("Red", "Green", "Blue"):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", light.tobytes())
    save(dataset, tmp_path / "in.dcm")
    after = masked(tmp_path / "in.dcm", tmp_path / "out.dcm")
    np.testing.assert_array_equal(after.pixel_array, black(pixels, 100))
    assert np.stack([*xs_open(tmp_path / "out.dcm")])[:, 5:14, 3:23].max() == 0


def test_single_bits_and_floating_point_are_masked(tmp_path: Path) -> None:
    bits = (picture(0, 1, (3, 37, 53)) > 0).astype(np.uint8)
    dataset = make_object(bits, BitsAllocated=1, BitsStored=1, HighBit=0)
    packed = np.packbits(bits.reshape(-1), bitorder="little").tobytes()
    dataset.PixelData = packed + b"\0" * (len(packed) % 2)
    save(dataset, tmp_path / "bits.dcm")
    after = masked(tmp_path / "bits.dcm", tmp_path / "bits-out.dcm")
    np.testing.assert_array_equal(after.pixel_array, black(bits, 0))
    values = picture(-500, 900).astype(np.float32)
    whole = make_object(values.astype(np.uint16), BitsAllocated=32)
    for keyword in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
        del whole[keyword]
    whole.FloatPixelData = values.tobytes()
    save(whole, tmp_path / "float.dcm")
    after = masked(tmp_path / "float.dcm", tmp_path / "float-out.dcm")
    np.testing.assert_array_equal(after.pixel_array[None], black(values[None], values.min()))
    assert "HighBit" not in after


def test_what_was_compressed_with_loss_loses_nothing_more(tmp_path: Path) -> None:
    pixels = np.stack([picture(0, 255, (37, 53, 3), n) for n in range(2)]).astype(np.uint8)
    dataset = make_object(pixels, PhotometricInterpretation="YBR_FULL_422")
    frames = [encode(frame, syntaxes.JPEG_BASELINE, Given(8, "RGB")) for frame in pixels]
    save_frames(dataset, tmp_path / "in.dcm", frames, syntaxes.JPEG_BASELINE)
    before = np.stack([*xs_open(tmp_path / "in.dcm")])
    after = masked(tmp_path / "in.dcm", tmp_path / "out.dcm")
    assert after.file_meta.TransferSyntaxUID == syntaxes.EXPLICIT_LITTLE
    assert after.LossyImageCompression == "01"
    np.testing.assert_array_equal([*xs_open(tmp_path / "out.dcm")], black(before, 0))


def test_lossless_compression_stays(tmp_path: Path) -> None:
    pixels = grey(tmp_path / "in.dcm", 12)
    run(export(xs_open(tmp_path / "in.dcm"), tmp_path / "ls.dcm",
               ExportOptions(syntax=syntaxes.JPEG_LS)))  # fmt: skip
    after = masked(tmp_path / "ls.dcm", tmp_path / "out.dcm", frames=(1, 2))
    assert after.file_meta.TransferSyntaxUID == syntaxes.JPEG_LS
    np.testing.assert_array_equal(after.pixel_array, black(pixels[1:], 0))


def test_planes_and_small_copies_under_masks_go_too(tmp_path: Path) -> None:
    dataset = make_object(waves(12, signed=False), BitsStored=12, HighBit=11, SOPClassUID=XA)
    plane = np.ones((10, 10), np.uint8)
    for tag, way, value in (
        (0x0010, "US", 10), (0x0011, "US", 10), (0x0040, "CS", "G"), (0x0050, "SS", [6, 4]),
        (0x0100, "US", 1), (0x0102, "US", 0),
        (0x3000, "OW", np.packbits(plane, bitorder="little").tobytes() + b"\0"),
    ):  # fmt: skip
        dataset.add_new(0x60000000 | tag, way, value)
    icon = Dataset()
    icon.Rows = icon.Columns = 2
    icon.PixelData = b"\1\2\3\4"
    icon["PixelData"].VR = "OB"
    dataset.IconImageSequence = [icon]
    dataset.LargestImagePixelValue = 4095
    save(dataset, tmp_path / "in.dcm")
    after = masked(tmp_path / "in.dcm", tmp_path / "out.dcm")
    wanted = plane.copy()
    wanted[: MASKS[0].bottom - 5] = 0  # the plane lies inside the mask from side to side
    np.testing.assert_array_equal(after.overlay_array(0x6000), wanted)
    assert "IconImageSequence" not in after
    assert "LargestImagePixelValue" not in after


def with_words(path: Path, **more: Any) -> Region:
    """Write a cine that says a name, and return where."""
    random = np.random.default_rng(8)
    frames = (1400 + random.normal(0, 60, (6, 160, 240))).clip(0, 4095).astype(np.uint16)
    image = Image.new("L", (240, 160))
    font = ImageFont.truetype(str(resource("fonts/Inter-Medium.otf")), 15)
    ImageDraw.Draw(image).text((12, 10), "DOE, JANE 1950", fill=255, font=font)
    frames[:, np.asarray(image) > 128] = 4000
    save(make_object(frames, BitsStored=12, HighBit=11, **more), path)
    return Region(8, 6, 160, 26)


@pytest.mark.parametrize("shown", [False, True])
@pytest.mark.parametrize(
    ("stated", "whole", "wanted"),
    [("YES", True, "NO"), ("YES", False, "YES"), ("NO", False, "NO")],
)
def test_burned_in_annotation_is_no_where_no_text_is_left(
    tmp_path: Path, stated: str, whole: bool, wanted: str, shown: bool
) -> None:
    words = with_words(tmp_path / "in.dcm", BurnedInAnnotation=stated)
    region = words if whole else Region(200, 120, 10, 10)
    how = Presentation(voi=Window(2048.0, 4096.0))
    options = ExportOptions(privacy=Privacy((Marked(region),)), shown=shown, presentation=how)
    run(export(xs_open(tmp_path / "in.dcm"), tmp_path / "out.dcm", options))
    assert pydicom.dcmread(tmp_path / "out.dcm").BurnedInAnnotation == wanted


@pytest.mark.parametrize("how", [Presentation(), Presentation(invert=True)])
def test_shown_pictures_are_black_under_masks(tmp_path: Path, how: Presentation) -> None:
    grey(tmp_path / "in.dcm", 12, PhotometricInterpretation="MONOCHROME1")
    how = replace(how, voi=Window(2048.0, 4096.0), rotation=90)
    after = masked(tmp_path / "in.dcm", tmp_path / "out.dcm", shown=True, presentation=how)
    run(export(xs_open(tmp_path / "in.dcm"), tmp_path / "plain.dcm",
               ExportOptions(shown=True, presentation=how)))  # fmt: skip
    plain = pydicom.dcmread(tmp_path / "plain.dcm").pixel_array
    upright = np.rot90(plain, 1, (1, 2))
    np.testing.assert_array_equal(np.rot90(after.pixel_array, 1, (1, 2)), black(upright, 0))
    assert "made black" in after.DerivationDescription


def test_joined_images_are_masked(tmp_path: Path) -> None:
    pixels = waves(12, signed=False)
    dataset = make_object(pixels[0], BitsStored=12, HighBit=11)
    for number, frame in enumerate(pixels):
        dataset.SOPInstanceUID, dataset.InstanceNumber = f"1.2.3.{number}", number + 1
        dataset.PixelData = frame.tobytes()
        save(dataset, tmp_path / f"{number}.dcm")
    source = [tmp_path / f"{number}.dcm" for number in range(len(pixels))]
    privacy = Privacy(tuple(Marked(region) for region in MASKS))
    run(export(xs_open(*source), tmp_path / "out.dcm", ExportOptions(privacy=privacy)))
    found = pydicom.dcmread(tmp_path / "out.dcm").pixel_array
    np.testing.assert_array_equal(found, black(pixels, 0))


def test_a_masked_run_is_valid(tmp_path: Path) -> None:
    (recipe,) = (one for one in angiography.RECIPES if one.number == 3)
    run(angiography.write_run(replace(recipe, frames=8), tmp_path, 64))
    (source,) = tmp_path.rglob("run*.dcm")
    masked(source, tmp_path / "out.dcm")
    assert errors_of(tmp_path / "out.dcm") == errors_of(source)
