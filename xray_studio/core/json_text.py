"""Answers and results as JSON that every reader takes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any


def json_text(value: Any, *, ascii_only: bool = True) -> str:
    """Return a value as JSON on indented lines.

    Numbers that are none, or infinite, become null: JSON (RFC 8259) knows none of them.
    """
    return json.dumps(_finite(value), indent=2, ensure_ascii=ascii_only, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value
