"""What presentation states say, and to which frames of a clip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.dicom.objects import make_object, save
from tests.dicom.over import state_for
from tests.dicom.states.made import referring
from tests.dicom.test_clip_greys import item
from xray_studio.core.clip import Clip
from xray_studio.core.drawing import Ground, Label, Shape, outline
from xray_studio.core.errors import UsageError
from xray_studio.core.per_frame import PerFrame
from xray_studio.core.presentation import Presentation, Window
from xray_studio.core.state_applied import Applied
from xray_studio.dicom.clip import open_clip
from xray_studio.dicom.describe import describe
from xray_studio.dicom.states.read import read_state
from xray_studio.imaging.drawings import draw_drawings
from xray_studio.imaging.render import render
from xray_studio.services.states import with_state

pytestmark = pytest.mark.usefixtures("inside")

OWN = Window(10, 20)


def image(frames: int = 1, **attributes: Any) -> Dataset:
    values = np.arange(frames * 12 * 16, dtype=np.uint16).reshape(frames, 12, 16)
    given = values if frames > 1 else values[0]
    return make_object(given, BitsStored=12, HighBit=11, **attributes)


def opened(tmp_path: Path, pictures: list[Dataset]) -> Clip:
    paths = [save(one, tmp_path / f"{n}.dcm") for n, one in enumerate(pictures)]
    return open_clip([str(path) for path in paths])


def under(tmp_path: Path, pictures: list[Dataset], state: Dataset) -> Applied:
    path = save(state, tmp_path / "state.dcm")
    return with_state(opened(tmp_path, pictures), read_state(path), Presentation(voi=OWN))


def test_only_the_frames_that_are_named_are_shown_so(tmp_path: Path) -> None:
    loop = image(4, RescaleSlope=2, RescaleIntercept=1)
    state = state_for(loop, SoftcopyVOILUTSequence=[item(WindowCenter=300, WindowWidth=50)])
    state.PresentationLUTShape = "INVERSE"
    state.ReferencedSeriesSequence[0].ReferencedImageSequence = [referring(loop, 2, 3)]
    shown = under(tmp_path, [loop], state)
    plain = describe(shown.clip.paths[0])
    assert shown.frame == 1
    assert shown.presentation.voi == PerFrame((OWN, Window(300, 50), Window(300, 50), OWN))
    for frame in (0, 3):
        ours = render(shown.clip, frame, shown.presentation)
        assert np.array_equal(ours, render(plain, frame, Presentation(voi=OWN)))
    assert not np.array_equal(
        render(shown.clip, 1, shown.presentation), render(plain, 1, Presentation(voi=OWN))
    )
    assert [shown.clip.modality_at(n).slope for n in range(4)] == [2, 1, 1, 2]  # type: ignore[union-attr]


def test_each_image_of_a_series_can_have_a_window_of_its_own(tmp_path: Path) -> None:
    pictures = [image(InstanceNumber=n) for n in range(3)]
    for one in pictures[1:]:
        one.SeriesInstanceUID = pictures[0].SeriesInstanceUID
    state = state_for(pictures[0])
    first, last = item(WindowCenter=5, WindowWidth=6), item(WindowCenter=7, WindowWidth=8)
    first.ReferencedImageSequence = [referring(pictures[0])]
    last.ReferencedImageSequence = [referring(pictures[2])]
    state.SoftcopyVOILUTSequence = [first, last]
    state.ReferencedSeriesSequence[0].ReferencedImageSequence = [referring(one) for one in pictures]
    shown = under(tmp_path, pictures, state)
    # The second image has no window under the state: everything is shown, not what the image says.
    assert shown.presentation.voi == 0
    assert shown.clip.voi_luts == (PerFrame((Window(5, 6), None, Window(7, 8))),)
    full = render(shown.clip, 1, shown.presentation)
    assert np.array_equal(full, render(shown.clip, 1, Presentation(voi=None)))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"PatientID": "SOMEBODY ELSE"}, "of another patient"),
        ({"SOPInstanceUID": "1.2.3.4"}, "refers to other images"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.11.4"}, "of a kind that cannot be applied"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.11.2"}, "for colour images"),
    ],
)
def test_a_state_of_other_images_is_refused(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    picture = image(PatientID="ONE")
    state = state_for(picture, PatientID="ONE")
    for keyword, value in changes.items():
        on = picture if keyword == "SOPInstanceUID" else state
        setattr(on, keyword, value)
    with pytest.raises(UsageError, match=reason):
        under(tmp_path, [picture], state)


def test_pseudo_colour_runs_through_the_whole_palette(tmp_path: Path) -> None:
    ramp = make_object(np.tile(np.arange(256, dtype=np.uint8), (4, 1)))
    state = state_for(ramp, SOPClassUID="1.2.840.10008.5.1.4.1.1.11.3")
    del state.PresentationLUTShape
    palette = {"Red": np.arange(256), "Green": np.arange(255, -1, -1), "Blue": np.full(256, 7)}
    for name, entries in palette.items():
        setattr(state, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 8])
        data = entries.astype(np.uint8).tobytes()
        setattr(state, f"{name}PaletteColorLookupTableData", data)
    shown = under(tmp_path, [ramp], state)
    picture = render(shown.clip, 0, shown.presentation)
    assert np.array_equal(picture[0], np.stack([palette[c] for c in palette], axis=1))


def test_graphics_layers_and_colours(tmp_path: Path) -> None:
    picture = image()
    state = state_for(picture)
    state.GraphicLayerSequence = [layer("OVER", 2, [34885, 53485, 50171]), layer("UNDER", 1)]
    state.GraphicAnnotationSequence = [annotation("OVER", "CIRCLE", [4, 5, 6, 5])]
    state.GraphicAnnotationSequence += [annotation("UNDER", "POLYLINE", [0, 0, 16, 12])]
    shown = under(tmp_path, [picture], state)
    under_layer, over = shown.clip.drawings
    assert [under_layer.layer, over.layer] == ["UNDER", "OVER"]
    assert np.abs(np.subtract(over.colour, (255, 0, 0))).max() <= 6
    assert over.shapes == (Shape("CIRCLE", ((4.0, 5.0), (6.0, 5.0))),)
    grey = render(shown.clip, 0, shown.presentation)
    drawn = draw_drawings(grey, shown.clip, 0, shown.presentation)
    assert drawn.shape == (12, 16, 3)
    assert not np.array_equal(drawn[..., 0], grey)


def layer(name: str, order: int, colour: list[int] | None = None) -> Dataset:
    made = Dataset()
    made.GraphicLayer, made.GraphicLayerOrder = name, order
    if colour:
        made.GraphicLayerRecommendedDisplayCIELabValue = colour
    return made


def annotation(name: str, kind: str, points: list[float]) -> Dataset:
    made, shape = Dataset(), Dataset()
    made.GraphicLayer = name
    shape.GraphicAnnotationUnits, shape.GraphicDimensions = "PIXEL", 2
    shape.NumberOfGraphicPoints, shape.GraphicData = len(points) // 2, points
    shape.GraphicType, shape.GraphicFilled = kind, "N"
    made.GraphicObjectSequence = [shape]
    return made


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("flip", [False, True])
def test_what_is_drawn_turns_with_the_picture(rotation: int, flip: bool) -> None:
    """The one bright pixel of a picture and a point in its middle stay together."""
    from xray_studio.imaging.render import oriented

    greys = np.zeros((20, 30), np.uint8)
    greys[4, 9] = 255
    how = Presentation(rotation=rotation, flip_horizontal=flip)
    turned = oriented(greys, how)
    box = (0.0, 0.0, float(turned.shape[1]), float(turned.shape[0]))
    place = Ground(box, greys.shape, how).places(((9.5, 4.5),), of_display=False)[0]
    row, column = np.argwhere(turned == 255)[0]
    assert np.allclose(place, (column + 0.5, row + 0.5))


def test_fractions_of_the_displayed_area() -> None:
    how = Presentation(area=(10.0, 5.0, 20.0, 15.0))
    ground = Ground((100.0, 0.0, 60.0, 40.0), (20, 30), how)
    places = ground.places(((0.0, 0.0), (1.0, 1.0)), of_display=True)
    assert np.allclose(places, ((120.0, 10.0), (140.0, 30.0)))
    whole = replace(ground, presentation=Presentation())
    assert np.allclose(whole.places(((1.0, 0.5),), of_display=True), ((160.0, 20.0),))


def test_outlines_go_through_the_points_that_are_told() -> None:
    circle, closed = outline(Shape("CIRCLE", ((5.0, 5.0), (8.0, 9.0))))
    assert closed
    assert np.allclose(np.hypot(*(np.array(circle) - 5.0).T), 5.0)
    ellipse, _ = outline(Shape("ELLIPSE", ((0.0, 5.0), (10.0, 5.0), (5.0, 3.0), (5.0, 7.0))))
    across = np.array(ellipse) - 5.0
    assert np.allclose((across[:, 0] / 5) ** 2 + (across[:, 1] / 2) ** 2, 1.0)
    given = ((0.0, 0.0), (4.0, 3.0), (8.0, 0.0), (12.0, 5.0))
    curve = np.array(outline(Shape("INTERPOLATED", given))[0])
    assert all(np.hypot(*(curve - point).T).min() < 1e-9 for point in given)


def test_a_text_stays_inside_the_picture(tmp_path: Path) -> None:
    picture = make_object(np.zeros((200, 300), np.uint8))
    clip = describe(save(picture, tmp_path / "image.dcm"))
    from xray_studio.core.drawing import Drawing

    label = Label("Far right", anchor=(299.0, 1.0))
    shown = replace(clip, drawings=(Drawing("L", labels=(label,)),))
    drawn = draw_drawings(np.zeros((200, 300), np.uint8), shown, 0, Presentation())
    columns = np.flatnonzero(drawn.any(axis=(0, 2)))
    assert columns.size
    assert columns.max() < 299
