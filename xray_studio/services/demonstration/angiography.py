"""The coronary angiography: runs of one left coronary artery as a catheter laboratory makes them.

Two runs and a reference image from three directions, a biplane run, a run at twice the
resolution, and fluoroscopy while a guide wire passes the narrowing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xray_studio.core.job import Job
from xray_studio.dicom.write.study import SeriesFacts
from xray_studio.dicom.write.xa import Plane, XaGeometry, XaRun, XaTechnique, write_xa
from xray_studio.imaging import phantom
from xray_studio.imaging.phantom import Angiogram, View
from xray_studio.services.demonstration.patient import ANGIOGRAPHY, SEED

FOLDER = "angiography"
MASK = slice(1, 5)  # of the frames before the contrast: the first still settles
DEPTH = (1.0, 95.0)  # percentiles of the picture that the stored window spans
CINE, LOW_DOSE = XaTechnique(), XaTechnique(82.0, 38, 6.0, "SC")
CINE_PRODUCT, LOW_PRODUCT = 0.29, 0.026  # dGy cm2 a frame
CINE_KERMA, LOW_KERMA = 3.4e-4, 3.1e-5  # Gy a frame at the reference point


@dataclass(frozen=True)
class Recipe:
    """One run; times in ms, `seconds` from the first run.

    `scale` is the size in runs of usual size; a larger one is written compressed.
    `run` is the acquisition where it is not `number`: two planes are one acquisition.
    """

    number: int
    description: str
    view: View
    frames: int
    seconds: int = 0
    first_time: float = 0.0
    frame_time: float = 66.667
    scale: int = 1
    fluoroscopy: bool = False
    plane: str = ""
    partner: int = 0
    run: int = 0
    comment: str = ""

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"run-{self.number}.dcm"

    @property
    def started(self) -> datetime:
        """When its first frame was taken."""
        return ANGIOGRAPHY.started + timedelta(seconds=self.seconds)

    @property
    def technique(self) -> XaTechnique:
        """Exposure and dose."""
        technique = LOW_DOSE if self.fluoroscopy else CINE
        a_frame = LOW_PRODUCT if self.fluoroscopy else CINE_PRODUCT
        return replace(technique, area_product=a_frame * self.frames)

    @property
    def kerma(self) -> float:
        """Air kerma at the reference point in Gy."""
        return (LOW_KERMA if self.fluoroscopy else CINE_KERMA) * self.frames


RECIPES = (
    Recipe(3, "LCA", phantom.RAO_CAUDAL, 96),
    Recipe(4, "LCA", phantom.LAO_CRANIAL, 64, 120),
    Recipe(5, "Reference", phantom.SPIDER, 1, 240, first_time=2600.0),
    Recipe(6, "LCA biplane A", phantom.FRONTAL, 60, 325, plane="A", partner=7, run=6),
    Recipe(7, "LCA biplane B", phantom.LATERAL, 60, 325, plane="B", partner=6, run=6),
    Recipe(8, "LCA zoom", phantom.RAO_CRANIAL, 36, 452, first_time=350.0, scale=2),
    Recipe(
        9, "Wire LAD, fluoro", phantom.RAO_CRANIAL, 60, 1216, frame_time=133.333, fluoroscopy=True,
        comment="Fluoroscopy; the last frame is the last image held.",
    ),
)  # fmt: skip


def parts() -> list[tuple[float, Callable[[Path, int], Job[None]]]]:
    """Return how to write every run, with about the seconds it takes."""
    return [
        (0.6 * recipe.scale**1.5 + 0.018 * recipe.frames * recipe.scale**1.3,
         partial(write_run, recipe))
        for recipe in RECIPES
    ]  # fmt: skip


def write_run(recipe: Recipe, folder: Path, size: int) -> Job[None]:
    """Write one run into a folder; `size` is the rows and columns of the runs of usual size."""
    angiogram = yield from phantom.angiogram_job(
        SEED,
        recipe.frames,
        size * recipe.scale,
        view=recipe.view,
        run_number=recipe.run or recipe.number,
        plane=int(recipe.plane == "B"),
        first_time=recipe.first_time,
        frame_time=recipe.frame_time,
        kind=phantom.Fluoroscopy if recipe.fluoroscopy else phantom.Scene,
    )
    (folder / FOLDER).mkdir(exist_ok=True)
    write_xa(folder / FOLDER / recipe.file, ANGIOGRAPHY, _run(recipe, angiogram))


def _run(recipe: Recipe, angiogram: Angiogram) -> XaRun:
    cine = recipe.frames > 1
    injected = not recipe.fluoroscopy
    return XaRun(
        frames=angiogram.frames,
        number=recipe.number,
        acquisition=recipe.run or recipe.number,
        description=recipe.description,
        acquired=recipe.started,
        geometry=_geometry(angiogram),
        window=_window(angiogram.frames),
        frame_time=recipe.frame_time,
        mask_frames=angiogram.mask_frames[MASK] if cine and injected else (),
        r_waves=angiogram.r_wave_frames if cine else (),
        technique=recipe.technique,
        plane=_plane(recipe) if recipe.plane else None,
        contrast=injected,
        comment=recipe.comment,
        compressed=recipe.scale > 1,
    )


def instance_uid(number: int) -> str:
    """Return the SOP Instance UID of a run."""
    return SeriesFacts("XA", number, "", ANGIOGRAPHY.started).instance_uid(ANGIOGRAPHY)


def _plane(recipe: Recipe) -> Plane:
    return Plane(recipe.plane, instance_uid(recipe.partner))


def _geometry(angiogram: Angiogram) -> XaGeometry:
    beam = angiogram.beam
    right, down = ((float(x), float(y), float(z)) for x, y, z in beam.axes[:2])
    return XaGeometry(
        primary_angle=beam.primary,
        secondary_angle=beam.secondary,
        source_detector=beam.source_detector,
        source_patient=beam.source_patient,
        pixel_spacing=beam.pixel_spacing,
        orientation=(right, down),
        blades=angiogram.blades,
    )


def _window(frames: NDArray[np.uint16]) -> tuple[float, float]:
    """Centre and width, in steps of 50, that show the picture inside the shutter."""
    middle = frames[len(frames) // 2]
    low, high = np.percentile(middle[middle > 0], DEPTH)
    low, high = 50.0 * np.floor(0.5 * low / 50.0), 50.0 * np.ceil(high / 50.0)
    return float(low + high) / 2.0, float(high - low)
