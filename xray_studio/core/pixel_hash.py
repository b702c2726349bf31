"""By what pixels are known again: the hash of the stored values of a frame."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt


def stored_sha256(stored: npt.NDArray[Any]) -> str:
    """Return the SHA-256 of the stored values of a frame, row by row."""
    return hashlib.sha256(np.ascontiguousarray(stored).data).hexdigest()
