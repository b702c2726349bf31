"""What the learned denoiser is: its network, what it learns from, and the folder it lies in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from xray_studio.core import resources
from xray_studio.core.errors import UsageError
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import read_model
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.tasks.kind import Kind

TASK: Final = "denoise"
LEARNED: Final = "learned"  # word of the step
SHIPPED: Final = "models/denoiser"
LABELS: Final = ("noise",)
SPEC: Final = InputSpec(rows=256, columns=256, low=0.1, high=99.9)  # of films to learn from
NETWORK: Final[Mapping[str, Any]] = {
    "kind": "noise", "widths": [16, 32, 64], "depths": [1, 2, 3],
}  # fmt: skip
USE: Final = (
    "Finds the noise in X-ray pictures, stabilised so that its deviation is 1, at any dose. What it"
    " takes for noise may be fine detail: compare with the original. For research and education,"
    " not for diagnosis."
)
KIND: Final = Kind(
    "denoiser", TASK, LABELS, NETWORK, SPEC, USE,
    "as the films that it learned from; for research and education, not for diagnosis",
)  # fmt: skip


def denoiser_model(named: Path | None = None) -> Installed:
    """Return the denoiser in a folder, or the one that is shipped. Raises StudioError."""
    folder = named or resources.folder() / SHIPPED
    model = read_model(folder)
    if model.task != TASK:
        raise UsageError(f"{folder.name} is a model for {model.task!r}, not for {TASK!r}.")
    return Installed(folder, model)
