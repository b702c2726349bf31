"""The demonstration study: made on the first call, kept in the user's cache folder.

No patient's picture ships with the program: all of it is computed. Two acquisitions of one
coronary artery from two directions and a single image from a third.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from xray_studio.core.files import temporary_beside, write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.version import VERSION

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from xray_studio.dicom.write.study import StudyFacts
    from xray_studio.dicom.write.xa import XaGeometry, XaRun
    from xray_studio.imaging.phantom import Angiogram, View

STARTED = datetime(2026, 11, 20, 9, 41, 7, tzinfo=UTC)
SEED = 5
REVISION = 2  # grows whenever the phantom's pixels change, so that kept copies are made anew
MASK = slice(1, 5)  # of the frames before the contrast: the first still settles
DEPTH = (1.0, 95.0)  # percentiles of the picture that the stored window spans


@dataclass(frozen=True)
class Recipe:
    """One object of the study; `view` names a view of the phantom, `first_time` is in ms."""

    file: str
    number: int
    description: str
    view: str
    frames: int
    first_time: float = 0.0
    minutes: int = 0


RECIPES = (
    Recipe("run-3.dcm", 3, "LCA", "RAO_CAUDAL", 96),
    Recipe("run-4.dcm", 4, "LCA", "LAO_CRANIAL", 64, minutes=2),
    Recipe("reference.dcm", 5, "Reference", "SPIDER", 1, first_time=2600.0, minutes=4),
)


def demonstration(size: int = 512) -> Job[Path]:
    """Give the folder of the demonstration study, making it when it is not there yet.

    `size` is the rows and columns of its images. The folder is complete or not there at all, also
    when two programs make it at the same time. Raises WriteError where it cannot be written.
    """
    folder = cache_folder() / f"demonstration-{_version(size)}"
    if not folder.is_dir():
        yield from _make(folder, size)
    return folder


def cache_folder() -> Path:
    """Return where made files are kept: XRAY_STUDIO_CACHE names the folder when it is set."""
    folder = os.environ.get("XRAY_STUDIO_CACHE")
    return Path(folder or platformdirs.user_cache_dir("xray-studio", appauthor=False))


def _version(size: int) -> str:
    recipe = f"{VERSION} {REVISION} {size} {STARTED} {SEED} {RECIPES}"
    return hashlib.sha256(recipe.encode()).hexdigest()[:12]


def _make(folder: Path, size: int) -> Job[None]:
    temporary = temporary_beside(folder)
    try:
        temporary.mkdir(parents=True)
        yield from _write_all(temporary, size)
        _put_in_place(temporary, folder)
    except OSError as error:
        raise write_failure(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put_in_place(temporary: Path, folder: Path) -> None:
    try:
        temporary.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another program was faster: its study is the same
            raise


def _write_all(folder: Path, size: int) -> Job[None]:
    from xray_studio.dicom.write.xa import write_xa
    from xray_studio.imaging import phantom

    study, total = _study(), sum(recipe.frames for recipe in RECIPES)
    done = 0
    for recipe in RECIPES:
        view: View = getattr(phantom, recipe.view)
        making = phantom.angiogram_job(
            SEED,
            recipe.frames,
            size,
            view=view,
            run_number=recipe.number,
            first_time=recipe.first_time,
        )
        angiogram = yield from _counted(making, done, total)
        done += recipe.frames
        write_xa(folder / recipe.file, study, _run(recipe, angiogram))
        yield Progress(done, total, "Making the demonstration")


def _counted(making: Job[Angiogram], before: int, total: int) -> Job[Angiogram]:
    """Pass a job on, its progress counted in frames of the whole study."""
    try:
        while True:
            try:
                progress = next(making)
            except StopIteration as stop:
                angiogram: Angiogram = stop.value
                return angiogram
            yield Progress(before + progress.done, total, "Making the demonstration")
    finally:
        making.close()


def _study() -> StudyFacts:
    from xray_studio.dicom.write.objects import uid_from
    from xray_studio.dicom.write.study import StudyFacts

    return StudyFacts(
        uid=uid_from("demonstration/study"),
        patient_name="Phantom^Coronary",
        patient_id="DEMO-0001",
        birth_date=date(1961, 4, 12),
        sex="F",
        institution="Demonstration Hospital",
        description="Coronary angiography",
        started=STARTED,
        comment="Computed phantom: no patient.",
    )


def _run(recipe: Recipe, angiogram: Angiogram) -> XaRun:
    from xray_studio.dicom.write.xa import XaRun

    cine = recipe.frames > 1
    return XaRun(
        frames=angiogram.frames,
        number=recipe.number,
        description=recipe.description,
        acquired=STARTED + timedelta(minutes=recipe.minutes),
        geometry=_geometry(angiogram),
        window=_window(angiogram.frames),
        mask_frames=angiogram.mask_frames[MASK] if cine else (),
        r_waves=angiogram.r_wave_frames if cine else (),
    )


def _geometry(angiogram: Angiogram) -> XaGeometry:
    from xray_studio.dicom.write.xa import XaGeometry

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
    import numpy as np

    middle = frames[len(frames) // 2]
    low, high = np.percentile(middle[middle > 0], DEPTH)
    low, high = 50.0 * np.floor(0.5 * low / 50.0), 50.0 * np.ceil(high / 50.0)
    return float(low + high) / 2.0, float(high - low)
