from typing import Any

import numpy as np
import numpy.typing as npt

def hog(
    image: npt.NDArray[np.uint8],
    orientations: int = ...,
    pixels_per_cell: tuple[int, int] = ...,
    cells_per_block: tuple[int, int] = ...,
    block_norm: str = ...,
    feature_vector: bool = ...,
) -> npt.NDArray[np.floating[Any]]: ...
