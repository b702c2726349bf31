"""What the numbers of a PET volume stand for: as stored, or uptake. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from xray_studio.core.presentation import Presentation, StoredWindow, Window
from xray_studio.core.volume.suv import Uptake
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.windows import UPTAKE_UNIT, UPTAKE_WINDOWS

STORED: Final = ""
NAMES: Final = {
    STORED: "As stored",
    Uptake.WEIGHT.value: "SUV, body weight",
    Uptake.LEAN.value: "SUV, lean mass (James)",
    Uptake.LEAN_JANMAHASATIAN.value: "SUV, lean mass (Janmahasatian)",
    Uptake.SURFACE.value: "SUV, body surface",
}
"""What values may be, by the names of the command line."""

SHORT: Final = {
    STORED: "", Uptake.WEIGHT.value: "SUV bw", Uptake.LEAN.value: "SUV lbm",
    Uptake.LEAN_JANMAHASATIAN.value: "SUV lbm", Uptake.SURFACE.value: "SUV bsa",
}  # fmt: skip
"""What they are called in a picture."""


def key_of(uptake: Uptake | None) -> str:
    """Return the name of a kind of values."""
    return STORED if uptake is None else uptake.value


def valued(stored: Volume, uptake: Uptake | None) -> Volume:
    """Return a volume in other values, which its description then names.

    Raises UsageError, which names what the files do not tell.
    """
    if uptake is None:
        return stored
    from xray_studio.services.volume.uptake import as_uptake

    told = (stored.description, NAMES[uptake.value])
    return replace(
        as_uptake(stored, uptake), description=" \N{MIDDLE DOT} ".join(filter(None, told))
    )


def with_uptake(
    volume: Volume, initial: Presentation, windows: tuple[StoredWindow, ...]
) -> tuple[Presentation, tuple[StoredWindow, ...]]:
    """Return how a volume is shown, and the windows it offers: those of uptake first."""
    if volume.unit != UPTAKE_UNIT:
        return initial, windows
    offered: tuple[Window, ...] = UPTAKE_WINDOWS
    return replace(initial, voi=offered[0]), (*offered, *windows)
