"""What a model is asked when one of its answers is to be explained."""

from __future__ import annotations

from dataclasses import dataclass

from xray_studio.core.learning.heat import Method


@dataclass(frozen=True, slots=True)
class Wish:
    """Which finding is to be explained, by its name, and by which method."""

    label: str
    method: Method


@dataclass(frozen=True, slots=True)
class Question:
    """Which finding of which model, by which method, on a film of which view.

    `folder` and `sha256` are those of the model and its weights; `view` is 0 for frontal and 1 for
    lateral films, `label` the number of the finding. `shares` are what each network's output counts
    in the log-odds of the study. For the check of methods the first `thrown_away` steps of the
    weights are drawn by chance from `seed`.
    """

    folder: str
    sha256: str
    view: int
    label: int
    method: Method
    shares: tuple[float, ...]
    thrown_away: int = 0
    seed: int = 0
