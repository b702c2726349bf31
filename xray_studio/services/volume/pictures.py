"""Stacks of pictures as volumes: pages of a TIFF, OME-TIFF, or several files in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnsupportedError
from xray_studio.core.job import Job, Progress
from xray_studio.core.place import Vector
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.volume import Along, Volume
from xray_studio.core.workers import run_apart
from xray_studio.imaging.tiff_stack import TiffStack, read_tiff_stack
from xray_studio.services.decoding import awaited
from xray_studio.services.open import open_paths
from xray_studio.services.volume.filling import filled
from xray_studio.services.volume.parts import Part
from xray_studio.services.volume.tiff_clip import NO_PLACE, page_order

_NO_SPACING: Final = (
    "The pictures do not tell how far they lie apart: {mm} are taken, and --spacing says otherwise."
)


def picture_parts(
    paths: Sequence[str], spacing: Vector | None, *, tiff: bool = False
) -> Job[list[Part]]:
    """Return the volume that pictures make, one after the other.

    Raises UnsupportedError for pictures in colour or a single one, and as `open_paths`.
    """
    clip = yield from open_paths(paths)
    if clip.is_colour:
        raise UnsupportedError("A volume holds grey values, and these pictures are in colour.")
    stack = TiffStack()
    if tiff:
        future = run_apart(read_tiff_stack, clip.paths[0])
        stack = yield from awaited(future, Progress(0, 0, "Reading the header"))
    if int(np.prod(stack.sizes)) != len(clip):
        stack = TiffStack("Z", (len(clip),), stack.spacing)
    if len(clip) < 2:
        raise UnsupportedError("One picture makes no volume; name a stack or a folder of them.")
    opener = _Opener(clip, stack, spacing)
    return [Part("", opener.format, opener.shape, opener, clip.paths)]


@dataclass(frozen=True, slots=True)
class _Opener:
    """Opens a stack of pictures; `spacing` is what a person says of it."""

    clip: Clip
    stack: TiffStack
    spacing: Vector | None

    @property
    def format(self) -> str:
        """What kind of pictures they are."""
        if self.stack.source:
            return self.stack.format
        return self.clip.acquisition.transfer_syntax or "Pictures"

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the values."""
        planes = self.stack.size("Z")
        moments = len(self.clip) // planes
        shape = (planes, self.clip.rows, self.clip.columns)
        return (moments, *shape) if moments > 1 else shape

    def __call__(self) -> Job[Volume]:
        count = len(self.clip)  # of which planes stand in order already
        order = list(range(count)) if self.clip.planes else page_order(self.stack, count)
        values = yield from filled(self.clip, order)
        spacing, warnings = self._spacing()
        planes, rows, columns = self.shape[-3:]
        return Volume(
            values=values.reshape(self.shape),
            geometry=from_axes((planes, rows, columns), (0.0, 0.0, 0.0), np.eye(3), spacing),
            unit=self.clip.unit,
            along=self._along(),
            placed=False,
            spaced=not warnings,
            format=self.format,
            paths=self.clip.paths,
            warnings=(*warnings, *dict.fromkeys((NO_PLACE, *self.clip.acquisition.warnings))),
        )

    def _spacing(self) -> tuple[Vector, tuple[str, ...]]:
        if self.spacing is not None:
            return self.spacing, ()
        x, y, z = self.stack.spacing
        if min(x, y, z) > 0.0:
            return (x, y, z), ()
        x, y = (x, y) if min(x, y) > 0.0 else (1.0, 1.0)
        z = z or 1.0
        return (x, y, z), (_NO_SPACING.format(mm=f"{x:g} x {y:g} x {z:g} mm"),)

    def _along(self) -> Along | None:
        moments = self.shape[0] if len(self.shape) == 4 else 1
        if moments == 1:
            return None
        if self.stack.size("T") == moments and self.stack.interval > 0.0:
            return Along("time", tuple(n * self.stack.interval for n in range(moments)), "s")
        return Along("number", tuple(float(n + 1) for n in range(moments)))
