"""JSON that every reader takes."""

from __future__ import annotations

import json
import math

import pytest

from xray_studio.core.json_text import json_text


def test_what_is_no_number_is_null() -> None:
    told = json_text({"a": [1.5, math.nan, {"b": (math.inf, -math.inf, 2)}], "c": True, "d": "é"})
    assert json.loads(told, parse_constant=pytest.fail) == {
        "a": [1.5, None, {"b": [None, None, 2]}], "c": True, "d": "é",
    }  # fmt: skip
    assert told.isascii()
