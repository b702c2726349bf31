"""Finished GIF files, looked at with another library than the one that wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from xray_studio.core.errors import UnreadableError
from xray_studio.core.output import Picture


def gif_frames(path: Path, *, colour: bool) -> Iterator[tuple[float, Picture | None]]:
    """Decode every frame; yield its seconds, and the picture of the first and the last one.

    Pictures are uint8 (rows, columns), or RGB (rows, columns, 3) with `colour`. Raises
    UnreadableError where it is damaged.
    """
    try:
        with Image.open(path, formats=("GIF",)) as image:
            count = getattr(image, "n_frames", 1)
            for number in range(count):
                image.seek(number)
                image.load()
                ends = number in {0, count - 1}
                shown = np.asarray(image.convert("RGB" if colour else "L")) if ends else None
                yield image.info.get("duration", 0) / 1000, shown
    except (OSError, UnidentifiedImageError, SyntaxError, EOFError, ValueError) as error:
        raise UnreadableError("The GIF file cannot be read again.") from error
