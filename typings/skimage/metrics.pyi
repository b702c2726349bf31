import numpy as np
import numpy.typing as npt

def structural_similarity(
    im1: npt.NDArray[np.float64],
    im2: npt.NDArray[np.float64],
    *,
    data_range: float,
    gaussian_weights: bool = ...,
    sigma: float = ...,
    use_sample_covariance: bool = ...,
) -> float: ...
