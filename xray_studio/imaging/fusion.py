"""Two pictures of one plane in one: the upper in colours over the lower, in squares, or beside it.

Where the upper volume does not reach there is nothing of it: the lower one is seen as it is, and in
squares of a checkerboard there is black.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.colour_map import GREY, colour_table
from xray_studio.core.lut import apply_window
from xray_studio.core.presentation import Window
from xray_studio.core.volume.fusion import Blend, FusionLook

Values: TypeAlias = npt.NDArray[np.float32]
Levels: TypeAlias = npt.NDArray[np.uint8]


def levels_of(values: Values, window: Window) -> tuple[Levels, npt.NDArray[np.bool_]]:
    """Return grey levels of values (rows, columns), and where there are any; 0 where not."""
    there = np.isfinite(values)
    shown = apply_window(np.where(there, values, window.center), window)
    levels = np.rint(255.0 * shown).astype(np.uint8)
    levels[~there] = 0
    return levels, there


def coloured(levels: Levels, colour_map: str) -> Levels:
    """Return grey levels in colours, RGB (rows, columns, 3)."""
    if colour_map == GREY:
        return np.asarray(cv2.cvtColor(levels, cv2.COLOR_GRAY2RGB))
    return np.asarray(colour_table(colour_map)[levels])


def fused(
    below: Values,
    above: Values,
    windows: tuple[Window, Window],
    look: FusionLook,
    spacing: tuple[float, float],
) -> Levels:
    """Return two cuts of one plane as one picture, RGB uint8 (rows, columns, 3).

    `windows` are those of the lower and the upper one, `spacing` (row, column) in mm.
    """
    grey, _ = levels_of(below, windows[0])
    levels, there = levels_of(above, windows[1])
    under, over = coloured(grey, GREY), coloured(levels, look.colour_map)
    if look.blend is Blend.OVER and look.fading:
        cover = levels[..., None] * np.float32(look.opacity / 255.0)
        return np.asarray(np.rint(under * (np.float32(1.0) - cover) + over * cover), np.uint8)
    if look.blend is Blend.OVER:
        mixed: Any = cv2.addWeighted(under, 1.0 - look.opacity, over, look.opacity, 0.0)
        return np.asarray(np.where(there[..., None], mixed, under))
    over[~there] = 0
    return np.asarray(np.where(_shares(grey.shape, look, spacing)[..., None], over, under))


def covering(
    above: Values, window: Window, look: FusionLook, spacing: tuple[float, float]
) -> Levels:
    """Return the upper picture alone, RGBA (rows, columns, 4), as clear as all of it is shown.

    Whoever lays it over the lower one gives it the opacity, and cuts it at a wipe.
    """
    levels, there = levels_of(above, window)
    colours = coloured(levels, look.colour_map)
    if look.blend is Blend.OVER:
        cover = levels if look.fading else np.where(there, np.uint8(255), np.uint8(0))
    else:
        colours[~there] = 0
        squares = _shares(levels.shape, look, spacing)
        whole = look.blend is Blend.WIPE
        cover = np.where(whole | squares, np.uint8(255), np.uint8(0))
    return np.dstack((colours, cover))


def _shares(
    shape: tuple[int, ...], look: FusionLook, spacing: tuple[float, float]
) -> npt.NDArray[np.bool_]:
    """Return which pixels are those of the upper picture."""
    rows, columns = (np.arange(count) for count in shape[:2])
    if look.blend is Blend.WIPE:
        right = columns >= round(look.wipe * shape[1])
        return np.broadcast_to(right, shape[:2])
    down = np.floor(rows * spacing[0] / look.square)
    across = np.floor(columns * spacing[1] / look.square)
    return np.asarray((down[:, None] + across[None]) % 2 == 1)
