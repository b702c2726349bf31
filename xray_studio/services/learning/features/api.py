"""Features from Python: `xs.features(clip)`."""

from __future__ import annotations

import os
from typing import Any

import numpy.typing as npt

from xray_studio.core.clip import Clip
from xray_studio.core.job import run
from xray_studio.services.learning.features.export import features_of


def features(clip: Clip, vit: str | os.PathLike[str] = "") -> dict[str, npt.NDArray[Any]]:
    """Return features of every frame of a clip by their key, as in docs/features.md.

    `vit` names a Hugging Face folder of a vision transformer. Raises StudioError with the reason.
    """
    return run(features_of(clip, os.fspath(vit)))
