"""What a presentation state makes of a window's greys: P-values, or colours."""

from __future__ import annotations

from dataclasses import dataclass

from xray_studio.core.lut import LookupTable


@dataclass(frozen=True, slots=True)
class Tones:
    """From the values of the window to those on screen; takes the place of what the image says.

    `palette` is RGB of 8 bits, (n, 3) as bytes: the whole range of the window runs through it.
    """

    inverted: bool = False
    presentation_lut: LookupTable | None = None
    palette: bytes = b""
