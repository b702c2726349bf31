"""Surfaces of volumes into files, checked after writing; and out of files.

VTK holds all threads of a process up, so what the window waits for happens in a process apart,
which ends when the job is stopped.
"""

from __future__ import annotations

from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xray_studio.core.clip import Identity
from xray_studio.core.errors import UnsupportedError, WriteError
from xray_studio.core.files import check_place
from xray_studio.core.identity_in_names import told_by_name
from xray_studio.core.job import Job, Progress
from xray_studio.core.privacy import Finding, Place, Privacy, PrivacyReport
from xray_studio.core.version import VERSION
from xray_studio.core.volume.surface import Surface, cleaned
from xray_studio.core.volume.volume import Volume
from xray_studio.core.workers import WorkerLostError, WorkerPool
from xray_studio.services.privacy.log import note_file
from xray_studio.services.volume.noted import noted
from xray_studio.volume.surface import SurfaceWish, make_surface
from xray_studio.volume.surface_files import check_suffix, read_surface, write_surface

_MAKE: Final = "xray_studio.volume.surface:surface_made"
_READ: Final = "xray_studio.volume.surface_files:read_surface"
_WRITE: Final = "xray_studio.volume.surface_files:write_surface"
_MEMORY: Final = 3 << 30  # bytes beside what is worked on
_TIMES: Final = 12  # what is worked on takes there
_SECONDS: Final = 900.0
_LOOK: Final = 0.1  # seconds between two looks at whether it is done
_LOST: Final = (
    "The surface could not be worked on: memory gave out, or the file is damaged. Close other"
    " programs, choose another value, or open another file."
)


@dataclass(frozen=True, slots=True)
class SurfaceOrder:
    """A surface and the file that it goes into; what is there is kept without `overwrite`."""

    wish: SurfaceWish
    target: Path
    overwrite: bool = False

    def check(self) -> None:
        """Raise UnsupportedError for other suffixes, WriteError for a place that must be kept."""
        check_suffix(self.target)
        check_place(self.target)
        if self.target.exists() and not self.overwrite:
            raise WriteError(f"{self.target.name} is there already; --overwrite replaces it.")


def write_surface_of(volume: Volume, order: SurfaceOrder) -> Job[Surface]:
    """Write the surface of a volume of one moment and return it.

    The name of the file says nothing of the patient, and neither does its content. Raises
    StudioError with the reason, and then leaves nothing behind.
    """
    order.check()
    made = yield from make_surface(
        volume.at(0), volume.geometry.affine, order.wish, order.target.stem
    )
    yield Progress(message="Writing the surface")
    write_surface(order.target, made, f"X-Ray Studio {VERSION}")
    yield Progress(message="Reading it again")
    if len(read_surface(order.target).triangles) != len(made.triangles):
        order.target.unlink(missing_ok=True)
        raise WriteError("The surface did not come back whole from its file; write it again.")
    noted(order.target, volume.identity, named=False)
    return made


def surface_of(volume: Volume, moment: int, wish: SurfaceWish, name: str) -> Job[Surface]:
    """Return a surface of one moment of a volume. Raises UnsupportedError where there is none."""
    values = volume.at(moment)
    memory = _MEMORY + _TIMES * values.nbytes
    given = (values, volume.geometry.affine, wish, name)
    made: Surface = yield from _apart(_MAKE, given, memory, "Finding the surface")
    return made


def surface_in(path: Path) -> Job[Surface]:
    """Return the surface of a file. Raises UnsupportedError and UnreadableError with the reason."""
    check_suffix(path)
    memory = _MEMORY + (_TIMES * path.stat().st_size if path.is_file() else 0)
    read: Surface = yield from _apart(_READ, (path,), memory, "Reading the surface")
    return read


def save_surface(surface: Surface, target: Path, decision: Privacy) -> Job[Path]:
    """Write a surface, in the format of the suffix, in place of what is there; return the path.

    `decision` is noted. Raises StudioError with the reason.
    """
    check_suffix(target)
    check_place(target)
    surface = cleaned(surface)
    memory = _MEMORY + _TIMES * (surface.vertices.nbytes + surface.triangles.nbytes)
    given = (target, surface, f"X-Ray Studio {VERSION}")
    yield from _apart(_WRITE, given, memory, "Writing the surface")
    again: Surface = yield from _apart(_READ, (target,), memory, "Reading it again")
    if len(again.triangles) != len(surface.triangles):
        target.unlink(missing_ok=True)
        raise WriteError("The surface did not come back whole from its file; write it again.")
    note_file(target.suffix.lower(), decision, target.read_bytes())
    return target


def examine_surface(target: Path, who: Identity) -> PrivacyReport:
    """Return what the file of a surface would tell of a patient: its name alone can."""
    told = told_by_name(target.name, who)
    sentence = f"The name of the file tells {' and '.join(told)}."
    found = (Finding(Place.FILE_NAME, certain=True, sentence=sentence),) if told else ()
    return PrivacyReport(found, (), None)


def _apart(function: str, given: tuple[Any, ...], memory: int, words: str) -> Job[Any]:
    """Run a function in a process of its own, which ends with the job."""
    with WorkerPool(1, memory, _SECONDS) as pool:
        asked: Future[Any] = pool.submit(function, *given)
        while not asked.done():
            yield Progress(message=words)
            wait([asked], _LOOK)
        try:
            return asked.result()
        except WorkerLostError as error:
            raise UnsupportedError(_LOST) from error
