"""One volume over another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests.services.volume.series_objects import write_series
from tests.volume.phantom import affine
from xray_studio.core.clip import Identity
from xray_studio.core.colour_map import colour_table
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.presentation import VoiFunction, Window
from xray_studio.core.volume.fusion import Blend, FusionLook, Match
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.planes import View, view
from xray_studio.core.volume.volume import Volume
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export
from xray_studio.services.volume.fusion import Fusion, fused_clip
from xray_studio.services.volume.open import open_volume

FRAME = "1.2.3"
RAMP = Window(50.0, 100.0, VoiFunction.LINEAR_EXACT)


def lower() -> Volume:
    """Return a volume whose values are millimetres to the left, 1 mm voxels."""
    grid = VolumeGeometry((20, 40, 60), np.eye(4))
    values = np.broadcast_to(np.arange(60, dtype=np.int16), grid.shape)
    return Volume(values, grid, "CT", "HU", frame_of_reference=FRAME)


def upper() -> Volume:
    """Return one of larger, turned voxels in the same place, its values mm to the back."""
    made = np.eye(4)
    made[:3, :3] = affine()[:3, :3] * 2.0
    made[:3, 3] = (12.0, -6.0, -10.0)
    grid = VolumeGeometry((12, 14, 18), made)
    planes, rows, columns = np.indices(grid.shape)
    at = grid.points(np.stack([columns, rows, planes], -1).reshape(-1, 3))
    values = at[:, 1].reshape(grid.shape).astype(np.float32)
    return Volume(values, grid, "PT", "g/ml", frame_of_reference=FRAME)


def test_both_are_cut_where_they_lie() -> None:
    fusion = Fusion(lower(), upper())
    layers = fusion.cut(view(fusion.below.geometry, View.AXIAL))
    rows, columns = np.indices(layers.below.shape)
    np.testing.assert_allclose(layers.below, columns, atol=1e-3)
    points = np.stack([columns, rows, np.full_like(rows, 9.5, float)], -1).reshape(-1, 3)
    at = fusion.above.geometry.indices(points)
    within = ((at >= 0) & (at <= np.array([17, 13, 11]))).all(1).reshape(rows.shape)
    assert 200 < within.sum() < within.size
    np.testing.assert_allclose(layers.above[within], rows[within], atol=1e-3)
    assert np.isnan(layers.above[0, 59])
    assert fusion.values_at(layers, 0, 0)[0] == pytest.approx(0.0)


def test_opacity_colours_and_what_is_not_reached() -> None:
    fusion = Fusion(lower(), upper())
    fusion.windows = (RAMP, Window(20.0, 40.0, VoiFunction.LINEAR_EXACT))
    layers = fusion.cut(view(fusion.below.geometry, View.AXIAL))
    there = np.isfinite(layers.above)
    grey = np.rint(255.0 * layers.below / 100.0)
    picture = fusion.picture(layers, FusionLook(opacity=0.25, colour_map="viridis"))
    levels = np.rint(255.0 * np.clip(np.where(there, layers.above, 0.0) / 40.0, 0, 1)).astype(int)
    wanted = 0.75 * grey[..., None] + 0.25 * colour_table("viridis")[levels]
    np.testing.assert_allclose(picture[there], wanted[there], atol=2.0)
    np.testing.assert_allclose(picture[~there], np.repeat(grey[~there][:, None], 3, 1), atol=1.0)
    fading = fusion.picture(layers, FusionLook(opacity=1.0, fading=True))
    foot = there & (levels == 0)
    np.testing.assert_allclose(fading[foot], np.repeat(grey[foot][:, None], 3, 1), atol=1.01)


def test_squares_and_a_wipe_show_each_alone() -> None:
    fusion = Fusion(lower(), upper())
    layers = fusion.cut(view(fusion.below.geometry, View.AXIAL))
    alone = fusion.picture(layers, FusionLook(opacity=0.0))
    over = fusion.picture(layers, FusionLook(Blend.WIPE, wipe=0.0, colour_map="pet"))
    wiped = fusion.picture(layers, FusionLook(Blend.WIPE, wipe=0.5, colour_map="pet"))
    np.testing.assert_array_equal(wiped[:, :30], alone[:, :30])
    np.testing.assert_array_equal(wiped[:, 30:], over[:, 30:])
    squares = fusion.picture(layers, FusionLook(Blend.CHECKERBOARD, square=10.0, colour_map="pet"))
    np.testing.assert_array_equal(squares[:10, :10], alone[:10, :10])
    np.testing.assert_array_equal(squares[:10, 10:20], over[:10, 10:20])
    np.testing.assert_array_equal(squares[10:20, 10:20], alone[10:20, 10:20])


def test_what_nothing_lays_on_one_another_is_refused_or_told() -> None:
    below, above = lower(), upper()
    elsewhere = replace(above, frame_of_reference="9.9")
    with pytest.raises(UsageError, match="register them first"):
        Fusion(below, elsewhere)
    with pytest.raises(UsageError, match="register them first"):
        Fusion(below, replace(above, frame_of_reference=""))
    forced = Fusion(below, elsewhere, forced=True)
    assert (forced.match, forced.badges) == (Match.FORCED, ("FUSED", "NOT REGISTERED"))
    registered = replace(below, frame_of_reference="")
    assert Fusion(below, registered).match is Match.GRID
    assert Fusion(below, above).match is Match.FRAME
    one, other = Identity(patient_id="1"), Identity(patient_id="2")
    pair = replace(below, identity=one), replace(above, identity=other)
    with pytest.raises(UsageError, match="different patients"):
        Fusion(*pair)
    clip = fused_clip(Fusion(*pair, forced=True), [view(below.geometry, View.AXIAL)], FusionLook())
    assert clip.identity == Identity()
    with pytest.raises(UsageError, match="0 and 1"):
        FusionLook(opacity=2.0)
    with pytest.raises(UsageError, match="colour map"):
        FusionLook(colour_map="rainbow")


def test_uptake_begins_with_its_usual_window_and_legends_tell_the_ends() -> None:
    fusion = Fusion(lower(), upper())
    low, high = fusion.legends(FusionLook(colour_map="pet"))
    assert (high.foot, high.top, high.unit, high.colour_map) == ("0", "7", "g/ml", "pet")
    assert low.unit == "HU"
    facts = fusion.facts(FusionLook())
    assert facts["match"] == "same frame of reference"
    assert facts["above"]["opacity"] == 0.5


def test_a_fusion_is_written_as_a_capture_of_the_lower_study(tmp_path: Path) -> None:
    write_series(tmp_path / "ct", replace(lower(), values=lower().values.copy()))
    below = run(open_volume(tmp_path / "ct"))
    fusion = Fusion(below, replace(upper(), frame_of_reference=below.frame_of_reference))
    plane = view(below.geometry, View.CORONAL)
    clip = fused_clip(fusion, [plane, plane.moved(2.0)], FusionLook())
    run(export(clip, tmp_path / "a.dcm", ExportOptions(shown=True)))
    made = pydicom.dcmread(tmp_path / "a.dcm")
    first = pydicom.dcmread(tmp_path / "ct" / "000.dcm")
    assert made.StudyInstanceUID == first.StudyInstanceUID
    assert (made.PatientID, made.PatientName) == (first.PatientID, first.PatientName)
    assert made.ImageType[:2] == ["DERIVED", "SECONDARY"]
    assert made.NumberOfFrames == 2
    assert "FUSED" in made.DerivationDescription


def test_files_show_what_colours_stand_for_and_the_patients_sides() -> None:
    fusion = Fusion(lower(), upper())
    plane = view(fusion.below.geometry, View.AXIAL)
    bare, told = (
        fused_clip(fusion, [plane], FusionLook(colour_map="pet"), legend=legend)
        for legend in (False, True)
    )
    differs = (bare.source.read(0) != told.source.read(0)).any(axis=2)
    assert differs[:, : differs.shape[1] // 2].sum() == 0
    assert differs.sum() > 100
    assert (told.orientation.right, told.orientation.bottom) == ("L", "P")
    assert told.places[0].frame_of_reference == FRAME
