"""How a preset of a rendering is changed: its level, width and opacity, and its points. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xray_studio.core.volume.transfer import PRESETS, Transfer, preset

NARROWEST, WIDEST = 0.1, 10.0  # times the width of the preset
FAINTEST, DENSEST = 0.02, 20.0  # times its opacities


@dataclass(frozen=True, slots=True)
class Toning:
    """A preset by its `name`, and what became of it.

    `base` are the points as chosen or edited; `level` is added to their values, `width` stretches
    them about their middle, `opacity` multiplies their opacities.
    """

    name: str
    base: Transfer
    level: float = 0.0
    width: float = 1.0
    opacity: float = 1.0

    @classmethod
    def named(cls, name: str) -> Toning:
        """Return a preset as it comes. Raises UsageError where there is none."""
        return cls(name, preset(name))

    @property
    def transfer(self) -> Transfer:
        """The transfer function that comes of it."""
        return self.base.spread(self.width).shifted(self.level).fainter(self.opacity)

    @property
    def is_changed(self) -> bool:
        """Tell whether it is another one than the preset."""
        return self != Toning.named(self.name)

    def edited(self, transfer: Transfer) -> Toning:
        """Return it with the points of a transfer function, which then are as they are."""
        return Toning(self.name, transfer)

    def moved(self, level: float) -> Toning:
        """Return it with another level."""
        return replace(self, level=level)

    def stretched(self, width: float) -> Toning:
        """Return it with another width, within what can be told apart."""
        return replace(self, width=max(NARROWEST, min(WIDEST, width)))

    def dimmed(self, opacity: float) -> Toning:
        """Return it with another opacity, within what can be told apart."""
        return replace(self, opacity=max(FAINTEST, min(DENSEST, opacity)))

    def shaded(self, *, on: bool) -> Toning:
        """Return it with surfaces lit, or not."""
        return replace(self, base=replace(self.base, shaded=on))


def fits(name: str, unit: str) -> bool:
    """Tell whether a preset means something for values in a unit."""
    return not PRESETS[name].unit or PRESETS[name].unit == unit
