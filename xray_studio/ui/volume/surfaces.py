"""Surfaces over the planes of a volume, and how the next one is to be made. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from xray_studio.core.segments import COLOURS
from xray_studio.core.volume.surface import Surface

Colour = tuple[int, int, int]

HOUNSFIELD_LEVEL: Final = 200.0  # bone, and vessels with contrast
SHARE: Final = 0.35  # of the way from the lowest to the highest value, where there is no unit


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A surface in a colour."""

    surface: Surface
    name: str
    colour: Colour
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Making:
    """How a surface is made, see `SurfaceWish`; `level` None is one that suits the volume."""

    level: float | None = None
    smooth: int = 20
    keep: float = 0.5
    largest: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Surfaces:
    """All surfaces, the number (from 0) of the chosen one, how the next one is made."""

    every: tuple[Shown, ...] = ()
    chosen: int = 0
    making: Making = Making()

    @property
    def current(self) -> Shown | None:
        """The chosen one."""
        return self.every[self.chosen] if self.chosen < len(self.every) else None

    def with_more(self, surface: Surface) -> Surfaces:
        """Return them with another one, chosen, in a colour that is not in use."""
        used = {one.colour for one in self.every}
        free = [colour for colour in COLOURS if colour not in used] or list(COLOURS)
        fresh = Shown(surface, surface.name, free[0])
        return replace(self, every=(*self.every, fresh), chosen=len(self.every))

    def changed(self, number: int, **parts: object) -> Surfaces:
        """Return them with parts of one replaced."""
        every = list(self.every)
        every[number] = replace(every[number], **parts)  # type: ignore[arg-type]  # by name
        return replace(self, every=tuple(every))

    def planned(self, **parts: object) -> Surfaces:
        """Return them with the next one made otherwise."""
        making = replace(self.making, **parts)  # type: ignore[arg-type]  # by name
        return replace(self, making=making)

    def without(self, number: int) -> Surfaces:
        """Return them without one."""
        every = (*self.every[:number], *self.every[number + 1 :])
        return replace(self, every=every, chosen=max(0, min(self.chosen, len(every) - 1)))
