"""Radiographs of the CT on screen: a small one in the panel, a whole one as a DICOM object."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage

from xray_studio.core.job import Job
from xray_studio.core.volume.volume import Volume
from xray_studio.ui.volume.files import VolumeFiles

if TYPE_CHECKING:  # heavy libraries, which the window does not wait for
    from xray_studio.services.volume.radiograph import RadiographOrder

LANE: Final = "radiograph"
SMALL: Final = 256  # pixels a side
OBJECT: Final = "DICOM objects (*.dcm)"


@dataclass(frozen=True, slots=True)
class Beam:
    """What a radiograph is of: `film` is PA, LL or "" for a C-arm.

    That stands at `start` (LAO and CRAN positive) and goes through `turn` degrees in `frames`.
    """

    film: str = ""
    start: tuple[float, float] = (0.0, 0.0)
    turn: float = 0.0
    frames: int = 60

    def order(self, target: Path, size: int = 1024) -> RadiographOrder:
        """Return what a service computes; not on the thread of the window."""
        from xray_studio.services.volume.radiograph import DX, XA, RadiographOrder, turned

        angles = turned(self.start, self.turn, self.frames) if self.turn else (self.start,)
        if self.film:
            return RadiographOrder(target, DX, film=self.film, size=size, overwrite=True)
        return RadiographOrder(target, XA, angles, size=size, overwrite=True)


class Radiographs(VolumeFiles):
    """Computes them; `made` tells a small one, `refused` why there is none."""

    made = Signal(QImage)
    refused = Signal(str)

    def show(self, beam: Beam) -> None:
        """Make the small picture of a beam, in place of one that is being made."""
        look = self._session.state.volume
        if look is not None:
            self._runner.start(
                _small(look.volume.alone(look.moment), beam),
                title="Computing a radiograph",
                lane=LANE,
                visible=False,
                replace=True,
                on_result=self.made.emit,
                on_error=lambda error: self.refused.emit(str(error)),
            )

    def ask(self, beam: Beam) -> None:
        """Ask where the whole one goes."""
        look = self._session.state.volume
        if look is not None:
            volume = look.volume.alone(look.moment)
            name = f"radiograph-{(beam.film or 'xa').lower()}.dcm"
            then = partial(self.write_named, lambda target: written(volume, beam, target))
            self._desk.save_as("Save the radiograph", name, OBJECT, then)


def _small(volume: Volume, beam: Beam) -> Job[QImage]:
    import numpy as np

    from xray_studio.core.lut import apply_window
    from xray_studio.core.presentation import Window
    from xray_studio.services.volume.radiograph import projected
    from xray_studio.ui.frame_worker import to_qimage

    single = replace(beam, turn=0.0)
    found = yield from projected(volume, single.order(Path(), SMALL))
    frame = found.frames[0].astype(np.float64)
    levels = apply_window(frame, Window(*found.window))
    return to_qimage(np.rint(255.0 * levels).astype(np.uint8))


def written(volume: Volume, beam: Beam, target: Path) -> Job[Path]:
    """Write the radiograph of a beam and return where it is."""
    from xray_studio.services.volume.radiograph import radiograph

    yield from radiograph(volume, beam.order(target))
    return target
