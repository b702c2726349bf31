from typing import Any

import numpy.typing as npt

class Tree:
    children_left: npt.NDArray[Any]
    children_right: npt.NDArray[Any]
    feature: npt.NDArray[Any]
    threshold: npt.NDArray[Any]
    n_node_samples: npt.NDArray[Any]

class ExtraTreeRegressor:
    tree_: Tree
