"""How pixels lie in the frames that encoders take; known without loading the video library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Layout:
    """How pixels lie in a frame: FFmpeg's pixel format, its range of luma, its colour matrix.

    `full_range` keeps 0 to 255; otherwise luma is 16 to 235 (ITU-R BT.709).
    """

    pixel_format: str
    full_range: bool = False
    matrix: str = "bt709"

    @property
    def subsampled(self) -> bool:
        """Tell whether colours have half the resolution of luma, so that sizes must be even."""
        return "420" in self.pixel_format or self.pixel_format == "nv12"


GREY_8: Final = Layout("gray", full_range=True)
GREY_16: Final = Layout("gray16le", full_range=True)


def even(size: int) -> int:
    """Return the size as encoders need it: even, at least 2."""
    return max(2, size + size % 2)
