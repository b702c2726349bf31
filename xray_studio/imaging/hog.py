"""Histograms of oriented gradients: where edges lie and how they run.

Dalal and Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005: 9 directions
without sign, cells of 16 x 16 pixels, blocks of 2 x 2 cells that overlap by one, each normalised by
its length and clipped at 0.2 (L2-Hys).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.input_spec import InputSpec, Squashed

SPEC: Final = InputSpec(rows=128, columns=128)
CELL: Final = 16  # pixels a side
BLOCK: Final = 2  # cells a side
DIRECTIONS: Final = 9
CELLS: Final = SPEC.rows // CELL  # a side
LENGTH: Final = (SPEC.rows // CELL - BLOCK + 1) ** 2 * BLOCK**2 * DIRECTIONS


def gradients(picture: Squashed) -> npt.NDArray[np.float32]:
    """Return LENGTH numbers, 0 to 1, of a picture squashed to SPEC, uint8 (128, 128)."""
    from skimage.feature import hog

    found = hog(
        picture,
        orientations=DIRECTIONS,
        pixels_per_cell=(CELL, CELL),
        cells_per_block=(BLOCK, BLOCK),
        block_norm="L2-Hys",
    )
    return np.asarray(found, np.float32)


def cells(picture: Squashed) -> npt.NDArray[np.float32]:
    """Return how edges run in each cell, (CELLS, CELLS, DIRECTIONS), of a picture squashed to SPEC.

    Each cell is normalised by itself: how strong its edges are does not count.
    """
    from skimage.feature import hog

    found = hog(
        picture,
        orientations=DIRECTIONS,
        pixels_per_cell=(CELL, CELL),
        cells_per_block=(1, 1),
        block_norm="L2-Hys",
        feature_vector=False,
    )
    return np.asarray(found.reshape(CELLS, CELLS, DIRECTIONS), np.float32)
