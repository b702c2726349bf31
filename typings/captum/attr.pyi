from collections.abc import Callable

from torch import Tensor

_Answers = Callable[[Tensor], Tensor]

class GradientShap:
    def __init__(self, forward_func: _Answers) -> None: ...
    def attribute(
        self,
        inputs: Tensor,
        baselines: Tensor,
        n_samples: int = ...,
        stdevs: float = ...,
        target: int = ...,
    ) -> Tensor: ...

class Occlusion:
    def __init__(self, forward_func: _Answers) -> None: ...
    def attribute(
        self,
        inputs: Tensor,
        sliding_window_shapes: tuple[int, ...],
        strides: tuple[int, ...],
        baselines: float,
        target: int,
        *,
        perturbations_per_eval: int = ...,
    ) -> Tensor: ...
