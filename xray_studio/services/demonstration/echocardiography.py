"""An echocardiogram whose text is part of the pictures, as of many machines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from xray_studio.core.job import Job, Progress
from xray_studio.dicom.write.us import UsLoop, write_us
from xray_studio.imaging import echo
from xray_studio.services.demonstration.patient import ECHO, SEED

FOLDER, FILE = "echo", "a4c.dcm"
RATE = 70  # beats a minute
SECTOR = (70, 30, 590, 446)  # left, top, right, bottom


def parts() -> list[tuple[float, Callable[[Path, int], Job[None]]]]:
    """Return how to write the loop, with about the seconds it takes."""
    return [(2.0, write_loop)]


def words() -> tuple[echo.Words, ...]:
    """Return what is burnt into every frame, and where."""
    moment = ECHO.started + timedelta(minutes=4)
    return echo.labels(
        ECHO.patient_name.replace("^", ", ").upper(),
        ECHO.patient_id,
        f"{moment:%Y-%m-%d %H:%M:%S}",
        ECHO.institution.upper(),
    )


def write_loop(folder: Path, size: int) -> Job[None]:
    """Write the loop, whose frames have one size whatever the `size` of the angiograms."""
    yield Progress(0, 2, "Making the echocardiogram")
    made = echo.make_echo(words(), SEED, beats=2 if size >= 256 else 1)
    yield Progress(1, 2, "Making the echocardiogram")
    (folder / FOLDER).mkdir(exist_ok=True)
    loop = UsLoop(
        frames=made.frames,
        number=1,
        description="Apical four chamber",
        acquired=ECHO.started + timedelta(minutes=4),
        frame_time=echo.FRAME_TIME,
        heart_rate=RATE,
        view="A4C",
        sector=SECTOR,
        pixel_size=made.pixel_size,
        burnt_in=True,
    )
    write_us(folder / FOLDER / FILE, ECHO, loop)
