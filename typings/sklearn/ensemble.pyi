from typing import Any, Self

import numpy as np
import numpy.typing as npt

from sklearn.tree import ExtraTreeRegressor

class IsolationForest:
    estimators_: list[ExtraTreeRegressor]
    def __init__(
        self, *, n_estimators: int = ..., max_samples: int = ..., random_state: int = ...
    ) -> None: ...
    def fit(self, X: npt.NDArray[Any]) -> Self: ...
    def score_samples(self, X: npt.NDArray[Any]) -> npt.NDArray[np.float64]: ...
