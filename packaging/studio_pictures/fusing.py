"""A synthetic PET over the CT of the demonstration study, whose patient does not exist either."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio_pictures.photographer import Photographer

PET = "1.2.840.10008.5.1.4.1.1.128"
APART = 4.0  # mm from voxel to voxel
NODULE, NODE = (-78.0, -14.0, 74.0), (-12.0, 2.0, 62.0)  # mm: hot spots
INJECTED = 350e6  # Bq, an hour before the scan
WEIGHT, HEIGHT, HALF_LIFE = 68.0, 1.66, 6586.2  # kg, m; seconds, of fluorine-18
AIM = (-74.0, -12.0, 74.0)

if TYPE_CHECKING:
    from xray_studio.core.study import Series

Array = NDArray[np.float64]


def fusion_window(at: Photographer) -> None:
    """Keep PET over CT in three planes, as uptake."""
    from xray_studio.ui.volume.commands import VolumeCommands
    from xray_studio.ui.volume.look import RENDERING, places_of

    session, commands = at.window.session, at.window.commands
    at.choose("CT")
    folder = at.scratch / "pet"
    if not folder.exists():
        folder.mkdir()
        assert session.view.series is not None
        write_pet(session.view.series.paths, folder)
        at.window.open([*session.state.opened, str(folder)])
        at.wait_for(lambda: not session.state.scanning and bool(_pet(at)))
        at.choose("CT")
    commands["show_volume"].trigger()
    at.wait_for(lambda: session.state.volume is not None)
    VolumeCommands(session).aim_at(AIM)
    at.window.volumes.over.lay(_pet(at)[0])
    at.wait_for(lambda: session.state.volume is not None and session.state.volume.over is not None)
    commands["show_volume_panel"].trigger()
    drawn = at.window.stage.grid.cell(places_of(session.state)[RENDERING]).viewport
    at.wait_for(lambda: drawn.answer is not None)
    at.pause(2.0)
    at.keep("fusion-window")
    commands["show_volume"].trigger()


def _pet(at: Photographer) -> list[Series]:
    listed = at.window.session.state.catalog.all_series()
    return [one for one in listed if one.modality == "PT"]


def write_pet(paths: tuple[str, ...], folder: Path) -> None:
    """Write the uptake that a tracer might have in a CT, slice by slice, in Bq/ml."""
    from pydicom import dcmread
    from pydicom.uid import generate_uid

    values, corner = uptake(paths)
    values *= INJECTED * 2.0 ** (-3600.0 / HALF_LIFE) / (1000.0 * WEIGHT)
    slope, series = float(values.max()) / 65535.0, generate_uid()
    for number, plane in enumerate(values):
        made = dcmread(paths[0])
        _describe(made, plane.shape, slope)
        made.SeriesInstanceUID, made.SOPInstanceUID = series, generate_uid()
        made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
        made.InstanceNumber = number + 1
        made.ImagePositionPatient = [*corner[:2], corner[2] + APART * number]
        made.PixelData = np.rint(plane / slope).astype("<u2").tobytes()
        made.save_as(folder / f"{number:03}.dcm")


def uptake(paths: tuple[str, ...]) -> tuple[Array, list[float]]:
    """Return uptake by weight (planes, rows, columns), from the feet up, and where it begins."""
    import cv2

    from xray_studio.core.job import run
    from xray_studio.core.volume.planes import Plane
    from xray_studio.services.volume.open import open_volume
    from xray_studio.services.volume.planes import Cutter

    volume = run(open_volume(paths))
    low, high = volume.geometry.corners().min(axis=0), volume.geometry.corners().max(axis=0)
    columns, rows, planes = (int(side) for side in (high - low) // APART)
    cutter, found = Cutter(volume), []
    for number in range(planes):
        corner = (float(low[0]), float(low[1]), float(low[2]) + APART * number)
        plane = Plane(corner, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (APART, APART), (rows, columns))
        there = np.nan_to_num(cutter.cut(plane).astype(float), nan=-1000.0)
        x, y = np.meshgrid(low[0] + APART * np.arange(columns), low[1] + APART * np.arange(rows))
        found.append(cv2.GaussianBlur(_tissue(there) + _spots(x, y, corner[2]), (0, 0), 1.2))
    return np.array(found), [float(one) for one in low]


def _tissue(units: Array) -> Array:
    """Return the uptake of tissue by its Hounsfield units: air, lung, fat, soft tissue, blood."""
    return np.interp(units, (-950, -850, -100, 0, 60, 200, 500), (0, 0.4, 0.3, 0.9, 1.1, 1.9, 1.4))


def _spots(x: Array, y: Array, z: float) -> Array:
    """Return the uptake of what takes up more on a plane at a height."""
    found = np.zeros_like(x)
    for at, size, most in ((NODULE, 11.0, 8.5), (NODE, 7.0, 6.0)):
        away = (x - at[0]) ** 2 + (y - at[1]) ** 2 + (z - at[2]) ** 2
        found += most * np.exp(-away / (2.0 * size**2))
    return found


def _describe(made: object, shape: tuple[int, ...], slope: float) -> None:
    """Turn the headers of a slice of CT into those of PET."""
    from pydicom.dataset import Dataset
    from pydicom.uid import UID

    assert isinstance(made, Dataset)
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = UID(PET)
    made.Modality, made.SeriesDescription, made.SeriesNumber = "PT", "FDG, attenuation corrected", 3
    made.Rows, made.Columns = shape
    made.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    made.PixelSpacing, made.SliceThickness = [APART, APART], APART
    made.RescaleSlope, made.RescaleIntercept, made.PixelRepresentation = f"{slope:.8g}", 0, 0
    made.BitsStored, made.HighBit = 16, 15
    made.Units, made.DecayCorrection = "BQML", "START"
    made.CorrectedImage = ["NORM", "DTIM", "ATTN", "SCAT", "DECY"]
    made.PatientWeight, made.PatientSize = WEIGHT, HEIGHT
    made.SeriesDate = made.AcquisitionDate = made.StudyDate
    made.SeriesTime = made.AcquisitionTime = "150000"
    given = Dataset()
    given.RadiopharmaceuticalStartTime, given.RadionuclideTotalDose = "140000", INJECTED
    given.RadionuclideHalfLife = HALF_LIFE
    made.RadiopharmaceuticalInformationSequence = [given]
    for gone in ("GantryDetectorTilt", "RescaleType", "WindowCenter", "WindowWidth", "KVP"):
        if gone in made:
            del made[gone]
