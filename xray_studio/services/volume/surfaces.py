"""Surfaces of volumes into files, checked after writing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xray_studio.core.errors import WriteError
from xray_studio.core.files import check_place
from xray_studio.core.job import Job, Progress
from xray_studio.core.version import VERSION
from xray_studio.core.volume.surface import Surface
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.noted import noted
from xray_studio.volume.surface import SurfaceWish, make_surface
from xray_studio.volume.surface_files import check_suffix, read_surface, write_surface


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
