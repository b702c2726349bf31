from typing import Any

import numpy as np
import numpy.typing as npt

def denoise_tv_chambolle(
    image: npt.NDArray[np.float32], weight: float = ..., eps: float = ..., max_num_iter: int = ...
) -> npt.NDArray[np.floating[Any]]: ...
def denoise_wavelet(
    image: npt.NDArray[np.float32],
    sigma: float = ...,
    wavelet: str = ...,
    mode: str = ...,
    wavelet_levels: int = ...,
    *,
    method: str = ...,
    rescale_sigma: bool = ...,
) -> npt.NDArray[np.floating[Any]]: ...
