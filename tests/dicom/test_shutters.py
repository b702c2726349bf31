"""Shutters of objects: shapes, frames, colours, and those that would hide everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.dicom.objects import make_object, picture, save
from tests.dicom.over import put_plane
from tests.dicom.test_clip_greys import groups, item
from xray_studio.core.clip import Clip
from xray_studio.core.per_frame import PerFrame
from xray_studio.core.presentation import Presentation
from xray_studio.core.shutter import Shutter
from xray_studio.dicom.attributes.shutters import read_shutter
from xray_studio.dicom.describe import describe
from xray_studio.imaging.render import render

RECTANGLE = {
    "ShutterShape": "RECTANGULAR",
    "ShutterLeftVerticalEdge": 3,
    "ShutterRightVerticalEdge": 20,
    "ShutterUpperHorizontalEdge": 2,
    "ShutterLowerHorizontalEdge": 15,
}
CIRCLE = {
    "ShutterShape": "CIRCULAR",
    "CenterOfCircularShutter": [10, 12],
    "RadiusOfCircularShutter": 6,
}

pytestmark = pytest.mark.usefixtures("inside")


def opened(folder: Path, pixels: np.ndarray | None = None, **attributes: Any) -> Clip:
    pixels = picture(500, 4095, (24, 32)).astype(np.uint16) if pixels is None else pixels
    return describe(save(make_object(pixels, **attributes), folder / "object.dcm"))


def test_a_shutter_hides_what_lies_outside_with_its_value(tmp_path: Path) -> None:
    clip = opened(tmp_path, **RECTANGLE, ShutterPresentationValue=0x4321)
    assert clip.shutter == Shutter(rectangle=(3, 20, 2, 15), value=0x4321)
    shown = render(clip, 0, Presentation())
    plain = render(clip, 0, Presentation(shutter=False))
    np.testing.assert_array_equal(shown[1:15, 2:20], plain[1:15, 2:20])
    shown[1:15, 2:20] = 0x43
    assert (shown == 0x43).all()


def test_shapes_are_combined(tmp_path: Path) -> None:
    both = RECTANGLE | CIRCLE | {"ShutterShape": ["CIRCULAR", "RECTANGULAR"]}
    clip = opened(tmp_path, **both)
    assert clip.shutter == Shutter(rectangle=(3, 20, 2, 15), circle=(10, 12, 6))


def test_polygons_are_pairs_of_row_and_column(tmp_path: Path) -> None:
    vertices = [2, 2, 2, 20, 18, 10]
    clip = opened(tmp_path, ShutterShape="POLYGONAL", VerticesOfThePolygonalShutter=vertices)
    assert clip.shutter == Shutter(polygon=((2, 2), (2, 20), (18, 10)))


@pytest.mark.parametrize(
    "changes",
    [
        {"ShutterRightVerticalEdge": 1},
        {"ShutterLowerHorizontalEdge": None},
        CIRCLE | {"RadiusOfCircularShutter": 0},
        CIRCLE | {"CenterOfCircularShutter": [10]},
        CIRCLE | {"CenterOfCircularShutter": [500, 500]},
        {"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [1, 1, 5, 5]},
        {"ShutterShape": "OVAL"},
        {"ShutterLeftVerticalEdge": 200, "ShutterRightVerticalEdge": 300},
        {"ShutterShape": "BITMAP"},
    ],
)
def test_a_shutter_never_hides_everything(tmp_path: Path, changes: dict[str, Any]) -> None:
    clip = opened(tmp_path, **(RECTANGLE | changes))
    assert clip.shutter is None
    assert "not applied" in clip.acquisition.warnings[0]


def test_a_shutter_as_large_as_the_picture_is_none(tmp_path: Path) -> None:
    whole = {"ShutterRightVerticalEdge": 32, "ShutterLeftVerticalEdge": 1}
    rows = {"ShutterUpperHorizontalEdge": 1, "ShutterLowerHorizontalEdge": 24}
    clip = opened(tmp_path, **(RECTANGLE | whole | rows))
    assert clip.shutter is None
    assert clip.acquisition.warnings == ()


def test_shutters_of_frames(tmp_path: Path) -> None:
    stack = np.stack([picture(500, 4095, (24, 32), s) for s in range(3)]).astype(np.uint16)
    macros = [groups(FrameDisplayShutter=item(**RECTANGLE)), groups(), groups()]
    macros[2].FrameDisplayShutterSequence = [item(**CIRCLE)]
    clip = opened(tmp_path, stack, PerFrameFunctionalGroupsSequence=macros)
    circle, rectangle = Shutter(circle=(10, 12, 6)), Shutter(rectangle=(3, 20, 2, 15))
    assert clip.shutter == PerFrame((rectangle, None, circle))
    hidden = [render(clip, i, Presentation())[0, 0] == 0 for i in range(3)]
    assert hidden == [True, False, True]


def test_in_colour_the_shutter_has_a_colour(tmp_path: Path) -> None:
    red = [35579, 53664, 50858]  # CIELab of sRGB red for a white of D50
    pixels = picture(0, 255, (24, 32, 3)).astype(np.uint8)
    clip = opened(tmp_path, pixels, **RECTANGLE, ShutterPresentationColorCIELabValue=red)
    np.testing.assert_allclose(render(clip, 0, Presentation())[0, 0], [255, 0, 0], atol=1)


def test_a_bitmap_shutter_names_a_plane() -> None:
    made = make_object(np.zeros((4, 6), np.uint16), ShutterShape="BITMAP", ShutterOverlayGroup=1)
    put_plane(made, np.zeros((4, 6), bool))
    warnings: list[str] = []
    assert read_shutter(made, (4, 6), warnings) is None
    assert warnings == ["The bitmap display shutter is broken; it is not applied."]


def test_a_real_shutter(shared_data: Path) -> None:
    clip = describe(str(shared_data / "dicom" / "dbdicom__0015.DCM"))
    assert clip.shutter == Shutter(rectangle=(10, 950, 10, 950), circle=(480, 480, 470))
