"""Points of a curve from a file: lines of three numbers, JSON, or a curve of 3D Slicer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from xray_studio.core.errors import UnreadableError
from xray_studio.core.place import Vector
from xray_studio.core.reasons import why_not_opened

_LARGEST: Final = 4 << 20  # bytes
_WRONG: Final = (
    "The file holds no points: give a line of three numbers (mm, LPS) for each, a JSON list of"
    " them, or a curve of 3D Slicer (.mrk.json)."
)


def read_points(path: Path) -> tuple[Vector, ...]:
    """Return the points that a file tells, in mm, LPS. Raises UnreadableError."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableError(f"The points cannot be read: {why_not_opened(error)}.") from error
    except UnicodeDecodeError as error:
        raise UnreadableError(_WRONG) from error
    if len(data) > _LARGEST:
        raise UnreadableError(_WRONG)
    try:
        found = _of_json(json.loads(text)) if text.lstrip()[:1] in {"[", "{"} else _of_lines(text)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise UnreadableError(_WRONG) from error
    if not found:
        raise UnreadableError(_WRONG)
    return found


def _of_lines(text: str) -> tuple[Vector, ...]:
    """Return the points of lines; empty ones, comments and a heading of words say nothing."""
    lines = [line.split("#", 1)[0].strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    if lines and re.search(r"[A-Za-z]{2}|^[A-Za-z]", lines[0]):
        lines = lines[1:]
    return tuple(_point([float(part) for part in re.split(r"[\s,;]+", line)]) for line in lines)


def _of_json(told: Any) -> tuple[Vector, ...]:
    if isinstance(told, list):
        return tuple(_point(one) for one in told)
    if "markups" in told:
        return _of_slicer(told["markups"][0])
    return tuple(_point(one) for one in told["points"])


def _of_slicer(told: dict[str, Any]) -> tuple[Vector, ...]:
    points = [_point(one["position"]) for one in told["controlPoints"]]
    if str(told.get("coordinateSystem", "LPS")) in {"RAS", "0"}:
        return tuple((-x, -y, z) for x, y, z in points)
    return tuple(points)


def _point(numbers: Any) -> Vector:
    x, y, z = (float(number) for number in numbers)
    return x, y, z
