"""Radiographs computed from a CT: where things are, what the objects say, what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from tests.dicom.write.validator import errors_of
from tests.services.volume.series_objects import write_series
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.volume import Volume
from xray_studio.services.open import open_paths
from xray_studio.services.volume.open import open_volume
from xray_studio.services.volume.radiograph import RadiographOrder, radiograph, turned


@pytest.fixture(scope="module")
def ct(tmp_path_factory: pytest.TempPathFactory) -> Volume:
    """Water with a ball of bone at the patient's left, front and head, as a series of slices."""
    values = np.full((24, 40, 40), -1000, np.int16)
    grid = from_axes(values.shape, (-39.0, -39.0, -46.0), np.eye(3), (2.0, 2.0, 4.0))
    where = grid.points(np.indices(values.shape)[::-1].reshape(3, -1).T)
    flat = values.reshape(-1)
    flat[np.hypot(where[:, 0], where[:, 1]) < 35.0] = 0
    flat[np.linalg.norm(where - (18.0, -14.0, 20.0), axis=1) < 8.0] = 1500
    folder = tmp_path_factory.mktemp("ct")
    write_series(folder, Volume(values, grid, "CT", "HU"))
    return run(open_volume(folder))


@pytest.mark.parametrize(
    ("angles", "right", "down"), [((0, 0), 1, -1), ((180, 0), -1, -1), ((90, 0), -1, -1)]
)
def test_bone_is_where_it_is(
    ct: Volume, tmp_path: Path, angles: tuple[float, float], right: int, down: int
) -> None:
    bone = Volume(np.where(ct.values > 1000, ct.values, -1000), ct.geometry, "CT", "HU")
    order = RadiographOrder(tmp_path / "a.dcm", angles=(angles,), size=128)
    rows, columns = np.nonzero(run(radiograph(bone, order)).frames[0] < 3000)
    found = columns.mean() / 127.0 - 0.5, rows.mean() / 127.0 - 0.5
    assert found[0] * right > 0.05
    assert found[1] * down > 0.05


@pytest.mark.parametrize(
    "order",
    [{"angles": ((-30.0, 15.0),)}, {"kind": "dx", "film": "PA"}, {"kind": "dx", "film": "LL"},
     {"angles": turned((0.0, 10.0), 90.0, 4)}],
)  # fmt: skip
def test_objects_are_valid_and_of_the_same_study(ct: Volume, tmp_path: Path, order: dict) -> None:
    path = tmp_path / "made.dcm"
    made = run(radiograph(ct, RadiographOrder(path, size=64, **order)))
    assert not errors_of(path)
    told, source = dcmread(path), dcmread(ct.paths[0])
    assert told.StudyInstanceUID == source.StudyInstanceUID
    assert told.PatientName == source.PatientName
    assert list(told.ImageType)[:2] == ["DERIVED", "SECONDARY"]
    assert "reconstructed" in told.DerivationDescription
    clip = run(open_paths([str(path)]))
    assert len(clip) == len(made.frames)
    assert np.array_equal(clip.stored(len(clip) - 1), made.frames[-1])


def test_a_turn_tells_the_angle_of_each_frame(ct: Volume, tmp_path: Path) -> None:
    path = tmp_path / "turn.dcm"
    run(radiograph(ct, RadiographOrder(path, angles=turned((-45.0, 0.0), 90.0, 3), size=64)))
    told = dcmread(path)
    assert told.PositionerMotion == "DYNAMIC"
    assert [float(step) for step in told.PositionerPrimaryAngleIncrement] == [0.0, 45.0, 90.0]
    assert float(told.PositionerPrimaryAngle) == -45.0


def test_what_cannot_be_is_refused(ct: Volume, tmp_path: Path) -> None:
    path = tmp_path / "a.dcm"
    with pytest.raises(UsageError, match="Hounsfield"):
        run(radiograph(Volume(ct.values, ct.geometry, "MR"), RadiographOrder(path)))
    with pytest.raises(UsageError, match="farther from the source"):
        run(radiograph(ct, RadiographOrder(path, distances=(700.0, 800.0))))
    with pytest.raises(UsageError, match="source lies within"):
        run(radiograph(ct, RadiographOrder(path, distances=(90.0, 10.0))))
    with pytest.raises(UsageError, match="PA or LL"):
        run(radiograph(ct, RadiographOrder(path, kind="dx")))
    with pytest.raises(UsageError, match="two frames or more"):
        turned((0.0, 0.0), 90.0, 1)
    path.write_bytes(b"kept")
    with pytest.raises(WriteError, match="is there already"):
        run(radiograph(ct, RadiographOrder(path)))
    assert path.read_bytes() == b"kept"
