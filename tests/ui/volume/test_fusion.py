"""A volume over another in the window: planes, colours, badges, values, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSize
from pytestqt.qtbot import QtBot

from tests.services.volume.series_objects import PET, write_series
from tests.ui.conftest import Drive
from tests.ui.volume.volumes import SERIES, session_with, volume
from xray_studio.core.colour_map import colour_table
from xray_studio.core.presentation import VoiFunction, Window
from xray_studio.core.study import Catalog, Instance, Patient, Series, Study
from xray_studio.core.volume.fusion import Blend, FusionLook, Match
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.planes import View as Plane
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.plane_clips import Planes
from xray_studio.ui.frame_worker import FrameAnswer, FrameRequest
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.corner_words import corners_of
from xray_studio.ui.viewer.geometry import Size, place
from xray_studio.ui.viewer.heat_paint import layers_of
from xray_studio.ui.viewer.wipe_handle import WipeHandle
from xray_studio.ui.volume.commands import VolumeCommands
from xray_studio.ui.volume.fused_view import fused_view
from xray_studio.ui.volume.look import left, places_of
from xray_studio.ui.volume.over import Over, candidates, over_source
from xray_studio.ui.volume.over_commands import FusionCommands, can_fuse
from xray_studio.ui.volume.over_layer import over_layer, over_scale, over_text
from xray_studio.ui.volume.over_work import opened_over

RAMP = Window(50.0, 100.0, VoiFunction.LINEAR_EXACT, "To 100")
PT = Series("1.2.9", "PT", instances=tuple(Instance(f"/pt/{n}.dcm") for n in range(4)))


def upper() -> Volume:
    """Return a volume in the lower half of the other, its values mm to the head above its feet."""
    grid = from_axes((6, 5, 4), (-7.5, -9.5, -13.75), np.eye(3), (5.0, 5.0, 5.0))
    values = np.broadcast_to(5.0 * np.arange(6.0)[:, None, None], grid.shape).astype(np.float32)
    return Volume(values, grid, "PT", "g/ml", frame_of_reference="1.2")


_opened: list[Planes] = []


@pytest.fixture
def session() -> Iterator[Session]:
    """A session that shows a volume with another one over it."""
    for session in session_with(volume()):
        lay(session, upper())
        yield session
    while _opened:
        _opened.pop().close()


def lay(session: Session, above: Volume, match: Match = Match.FRAME, **how: Any) -> None:
    """Lay a volume over the one on screen."""
    look = session.state.volume
    assert look is not None
    _opened.append(Planes(above, outside=np.nan))
    over = Over(PT, _opened[-1], match, (RAMP,), RAMP, FusionLook(**how), above)
    session.update(volume=replace(look, over=over))


def shown(session: Session, plane: Plane = Plane.AXIAL) -> tuple[State, FrameAnswer]:
    """Return the state and what is on screen of a plane, as the worker answers."""
    place_of = places_of(session.state)[plane.value]
    state = replace(session.state, active=place_of)
    clip, size = state.view.clip, Size(400, 400)
    assert clip is not None
    source = over_source(state, clip)
    request = FrameRequest(clip, state.view.presentation, state.view.frame, size, over=source)
    over = None if source is None else source.request(request.index).result()
    stored = clip.stored(request.index)
    placement = place(clip, state.view.presentation, size)
    return state, FrameAnswer(request, placement, stored=stored, over=over)


def test_the_upper_volume_is_cut_where_the_plane_lies(session: Session) -> None:
    VolumeCommands(session).aim_at((0.5, 0.5, -6.25))
    _, axial = shown(session)
    assert axial.over is not None
    assert axial.over[0, 0] == pytest.approx(7.5), "7.5 mm above its lowest voxels"
    _, coronal = shown(session, Plane.CORONAL)
    assert coronal.over is not None
    rows = coronal.request.clip.rows
    assert coronal.over[rows - 1, 3] == pytest.approx(0.0), "the feet are below"
    assert coronal.over[rows - 4, 3] == pytest.approx(7.5)


def test_turned_and_thick_planes_cut_both(session: Session) -> None:
    VolumeCommands(session).turn(Plane.SAGITTAL, 25.0)
    VolumeCommands(session).set_thickness(5.0)
    for plane in Plane:
        _, answer = shown(session, plane)
        assert answer.over is not None
        assert answer.over.shape == (answer.request.clip.rows, answer.request.clip.columns)
        assert np.isfinite(answer.over).any()


def test_it_is_seen_in_its_colours(session: Session) -> None:
    state, answer = shown(session)
    layer = over_layer(state, answer)
    assert layer is not None
    assert layer.opacity == 0.5
    image = layer.make()
    assert (image.width(), image.height()) == (
        answer.request.clip.columns,
        answer.request.clip.rows,
    )
    assert layers_of(state, answer)[0].key == layer.key, "below what AI says"
    look = state.volume
    assert look is not None
    assert look.over is not None
    scale = over_scale(look.over)
    assert (scale.lines, scale.low, scale.high) == (("PT", "g/ml"), "0", "100")


def test_what_fades_is_clear_at_the_foot_of_the_window(session: Session) -> None:
    VolumeCommands(session).aim_at((0.5, 0.5, -13.75))
    FusionCommands(session).set_fading(fading=True)
    state, answer = shown(session)
    layer = over_layer(state, answer)
    assert layer is not None
    assert layer.make().pixelColor(2, 2).alpha() == 0
    FusionCommands(session).set_fading(fading=False)
    state, answer = shown(session)
    layer = over_layer(state, answer)
    assert layer is not None
    assert layer.make().pixelColor(2, 2).alpha() == 255


def test_opacity_and_colours_are_chosen(session: Session) -> None:
    commands = FusionCommands(session)
    before = over_layer(*shown(session))
    commands.set_opacity(0.25)
    clear = over_layer(*shown(session))
    assert before is not None
    assert clear is not None
    assert (clear.key, clear.opacity) == (before.key, 0.25), "no picture is made anew"
    commands.set_colours("viridis")
    commands.set_window(Window(5.0, 10.0, VoiFunction.LINEAR_EXACT))
    other = over_layer(*shown(session))
    assert other is not None
    assert other.key != before.key
    assert other.scale is not None
    assert other.scale.high == "10"


def test_squares_show_each_volume_alone(session: Session) -> None:
    FusionCommands(session).set_blend(Blend.CHECKERBOARD)
    state, answer = shown(session)
    layer = over_layer(state, answer)
    assert layer is not None
    image = layer.make()
    alphas = {image.pixelColor(x, y).alpha() for x in range(16) for y in range(20)}
    assert layer.opacity == 1.0
    assert alphas == {0}, "the first square is that of the lower volume"


def test_a_border_parts_both_and_names_them(session: Session) -> None:
    FusionCommands(session).set_blend(Blend.WIPE)
    session.update(active=places_of(session.state)[Plane.AXIAL.value])
    handle = WipeHandle(session, lambda: 200)
    assert handle.shown
    assert handle.names == ("CT", "PT")
    assert handle.press(QPointF(103.0, 20.0))
    handle.move(QPointF(50.0, 20.0))
    assert session.view.wipe == 0.25
    FusionCommands(session).set_blend(Blend.OVER)
    assert not handle.shown


def test_badges_say_what_is_seen(session: Session) -> None:
    state, answer = shown(session)
    assert corners_of(state, answer.request, 1.0, "").text.badges[0] == "FUSED"
    lay(session, upper(), Match.FORCED)
    state, answer = shown(session)
    assert corners_of(state, answer.request, 1.0, "").text.badges[:2] == ("FUSED", "NOT REGISTERED")
    FusionCommands(session).remove()
    state, answer = shown(session)
    assert "FUSED" not in corners_of(state, answer.request, 1.0, "").text.badges
    assert layers_of(state, answer) == ()


def test_the_pointer_tells_both_values(session: Session) -> None:
    VolumeCommands(session).aim_at((0.5, 0.5, -6.25))
    state, answer = shown(session)
    assert over_text(state, answer, 2, 2) == "PT 7.5 g/ml"
    assert over_text(state, replace(answer, over=answer.over * np.nan), 2, 2) == "PT no value"  # type: ignore[operator]


def test_a_plane_is_exported_with_what_lies_over_it(session: Session) -> None:
    lay(session, upper(), Match.FRAME, opacity=1.0, colour_map="viridis")
    session.update(active=places_of(session.state)[Plane.AXIAL.value])
    view = fused_view(session.state, session.view)
    assert view.clip is not None
    assert session.view.clip is not None
    assert view.clip.processed == ("FUSED", "MPR")
    assert (len(view.clip), view.frame) == (len(session.view.clip), session.view.frame)
    picture = view.clip.stored(1)
    assert picture.shape[2] == 3
    covered = colour_table("viridis")[round(255 * 2.5 / 100)]
    assert np.abs(picture[4, 4].astype(int) - covered).max() <= 4
    FusionCommands(session).remove()
    assert fused_view(session.state, session.view) is session.view


def test_only_volumes_of_the_patient_are_offered(session: Session) -> None:
    film = Series("1.2.10", "DX", instances=(Instance("/dx/1.dcm"),))
    other = replace(PT, series_instance_uid="1.2.11")
    mine = Patient("A", studies=(Study("1", series=(SERIES, PT, film)),))
    theirs = Patient("B", studies=(Study("2", series=(other,)),))
    session.update(catalog=Catalog((mine, theirs)))
    assert candidates(session.state) == (PT,)
    assert can_fuse(session.state)
    session.update(**left(session.state))
    assert not can_fuse(session.state)


def write_pair(folder: Path, **attributes: Any) -> None:
    """Write a CT and a PET of one patient."""
    common = {"FrameOfReferenceUID": "1.2.3.4", "StudyInstanceUID": "1.2.3", "PatientID": "P"}
    write_series(folder / "ct", replace(volume(), values=volume().values.astype("i2")), **common)
    pet = replace(upper(), values=upper().values.astype("i2"))
    told = {"SOPClassUID": PET, "Modality": "PT", "Units": "BQML", **common, **attributes}
    write_series(folder / "pt", pet, **told)


def test_the_window_lays_a_series_over_the_planes(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    write_pair(tmp_path)

    def script(window: MainWindow) -> None:
        session = window.session
        qtbot.waitUntil(lambda: session.view.clip is not None and not session.state.scanning)
        listed = {one.modality: one for one in session.state.catalog.all_series()}
        window.controller.choose(listed["CT"])
        qtbot.waitUntil(lambda: session.view.clip is not None)
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(lambda: session.state.volume is not None)
        places = places_of(session.state)
        window.stage.grid.cell(places["axial"]).dropped.emit(listed["PT"])
        qtbot.waitUntil(lambda: session.state.volume.over is not None)  # type: ignore[union-attr]
        viewport = window.stage.grid.cell(places["coronal"]).viewport
        qtbot.waitUntil(lambda: viewport.answer is not None and viewport.answer.over is not None)
        viewport.resize(QSize(400, 400))
        assert "FUSED" in viewport.corners().text.badges
        assert "NOT REGISTERED" not in viewport.corners().text.badges
        assert window.commands["unfuse"].isEnabled()
        assert window.volume_panel.fusion.remove.isEnabled()
        window.commands["unfuse"].trigger()
        qtbot.waitUntil(lambda: viewport.answer is not None and viewport.answer.over is None)
        assert not window.commands["unfuse"].isEnabled()

    drive(script, tmp_path)


def test_another_frame_of_reference_is_marked_and_another_patient_refused(tmp_path: Path) -> None:
    from xray_studio.core.clip import Identity
    from xray_studio.core.errors import UsageError
    from xray_studio.core.job import run
    from xray_studio.services.open import scan

    write_pair(tmp_path, FrameOfReferenceUID="5.6.7")
    catalog = run(scan([tmp_path / "pt"]))
    series = catalog.all_series()[0]
    below = replace(volume(), identity=Identity(patient_id="P"), frame_of_reference="1.2.3.4")
    over, refusal = run(opened_over(below, series))
    over.planes.close()
    assert "weight" in refusal, "activity without a weight stays as stored"
    assert over.volume.unit == "Bq/ml"
    assert over.match is Match.FORCED
    assert over.badges == ("FUSED", "NOT REGISTERED")
    with pytest.raises(UsageError, match="different patients"):
        run(opened_over(replace(below, identity=Identity(patient_id="Q")), series))
