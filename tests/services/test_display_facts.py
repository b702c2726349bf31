"""What `info --json` tells of overlays, shutter, tables, profile, orientation and spacing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import xray_studio as xs
from tests.dicom.objects import make_object, picture, save
from tests.dicom.over import put_plane
from tests.dicom.test_clip_greys import groups, item
from tests.dicom.test_shutters import CIRCLE, RECTANGLE
from xray_studio.core.per_frame import PerFrame
from xray_studio.services.facts import clip_facts
from xray_studio.video.read import open_video

ROWS, COLUMNS = 48, 64


def study(folder: Path) -> str:
    """Return an enhanced object of three frames with everything that can lie over them."""
    stack = np.stack([picture(0, 4000, (ROWS, COLUMNS), s) for s in range(3)]).astype(np.uint16)
    macros = [
        groups(FrameVOILUT=item(WindowCenter=1000 + 500 * i, WindowWidth=900)) for i in (0, 1, 2)
    ]
    made = make_object(
        stack,
        Modality="XA",
        ImagerPixelSpacing=[0.3, 0.3],
        EstimatedRadiographicMagnificationFactor="1.5",
        PatientOrientation=["L", "F"],
        PixelIntensityRelationship="LIN",
        PerFrameFunctionalGroupsSequence=macros,
        **(RECTANGLE | CIRCLE | {"ShutterShape": ["RECTANGULAR", "CIRCULAR"]}),
    )
    mask = np.zeros((ROWS, COLUMNS), bool)
    mask[5:20, 5:20] = True
    put_plane(made, mask, label="MARK", frames=1, first=2)
    return save(made, folder / "study.dcm")


def test_facts(tmp_path: Path) -> None:
    facts = clip_facts(xs.open(study(tmp_path)))
    (overlay,) = facts["overlays"]
    assert (overlay["group"], overlay["label"], overlay["frames"]) == ("6000", "MARK", [2, 2])
    assert facts["shutter"]["rectangle"] == {"left": 3, "right": 20, "upper": 2, "lower": 15}
    assert facts["shutter"]["circle"] == {"row": 10, "column": 12, "radius": 6}
    assert facts["presentation_lut"] == {"shape": "IDENTITY", "entries": 0, "bits": 0}
    assert facts["icc"] == {"profile_bytes": 0, "color_space": ""}
    assert facts["orientation"] == {"left": "R", "right": "L", "top": "H", "bottom": "F"}
    assert facts["pixel_spacing"] == pytest.approx([0.2, 0.2])
    assert facts["pixel_spacing_meaning"] == "magnification"
    assert facts["pixel_intensity_relationship"] == "LIN"
    assert facts["windows"][0]["per_frame"] == [[1000, 900], [1500, 900], [2000, 900]]
    assert json.loads(json.dumps(facts)) == facts


def test_a_choice_of_the_file_follows_the_frames_and_that_of_the_user_holds(tmp_path: Path) -> None:
    clip = xs.open(study(tmp_path))
    assert isinstance(clip.windows[0], PerFrame)
    for index, center in enumerate((1000, 1500, 2000)):
        stored = xs.render(clip, index, shutter=False)
        same, other = (
            xs.render(clip, index, window=(level, 900), shutter=False) for level in (center, 1200)
        )
        np.testing.assert_array_equal(stored, same)
        assert not np.array_equal(stored, other)


def run(*arguments: str) -> str:
    from xray_studio.cli.main import app

    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_info_tells_what_lies_over_the_picture(tmp_path: Path) -> None:
    text = run("info", study(tmp_path), "--quiet")
    for line in (
        "6000 64 x 48 MARK",
        "rectangle and circle",
        "left R, right L",
        "0.2 x 0.2 mm (mag",
    ):
        assert line in text


def test_planes_and_shutter_are_switched_on_the_command_line(tmp_path: Path) -> None:
    path, out = study(tmp_path), str(tmp_path / "out.png")
    shown = {}
    for planes in ("on", "off"):
        for shutter in ("on", "off"):
            switches = ("--planes", planes, "--shutter", shutter, "--overwrite", "--quiet")
            run("render", path, out, "--frame", "2", *switches)
            with Image.open(out) as image:
                shown[planes, shutter] = np.array(image.convert("RGB"))
    hidden = shown["off", "on"][30, 50]
    assert not hidden.any()
    assert shown["off", "off"][30, 50].any()
    coloured = {key: bool((np.ptp(picture, axis=2) > 30).any()) for key, picture in shown.items()}
    assert coloured == {("on", "on"): True, ("on", "off"): True, ("off", "on"): False,
                        ("off", "off"): False}  # fmt: skip


def test_an_exported_clip_is_in_colour_as_long_as_planes_are_shown(tmp_path: Path) -> None:
    path = study(tmp_path)
    for planes, colour in (("on", True), ("off", False)):
        target = str(tmp_path / f"{planes}.mkv")
        run("export", path, target, "--planes", planes, "--quality", "lossless", "--quiet")
        clip = open_video(target)
        assert clip.is_colour == colour
        assert len(clip) == 3
        manifest = json.loads(Path(f"{target}.json").read_text())
        assert manifest["display"]["overlay_planes"] == colour
        assert manifest["display"]["window_follows_frames"]
