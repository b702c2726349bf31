"""Frozen dataclasses as plain values, and back: exactly, and what does not fit is named.

For fields of text, numbers, booleans, times, enumerations, other dataclasses, tuples of these, and
each of them or None.
"""

from __future__ import annotations

import enum
import math
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints


def plain_of(value: Any) -> Any:
    """Return a value as dictionaries, lists, text, numbers, booleans and None, ready for JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain_of(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [plain_of(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} has no plain form")


def value_of(kind: Any, plain: Any, where: str = "") -> Any:
    """Return the value of a type, as `plain_of` gave it.

    Raises ValueError, which names the place and what is wrong with it.
    """
    if get_origin(kind) in {Union, types.UnionType}:
        return _optional(kind, plain, where)
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), plain, where)
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind, plain, where)
    return _simple(kind, plain, where)


def _optional(kind: Any, plain: Any, where: str) -> Any:
    if plain is None:
        return None
    inner, *others = (one for one in get_args(kind) if one is not type(None))
    assert not others
    return value_of(inner, plain, where)


def _tuple(kinds: tuple[Any, ...], plain: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(plain, list):
        raise ValueError(f"{_told(where)} is no list")  # noqa: TRY004 - data, not a mistake of ours
    if kinds[-1] is not Ellipsis and len(plain) != len(kinds):
        raise ValueError(f"{_told(where)} has not {len(kinds)} values")
    each = [kinds[0]] * len(plain) if kinds[-1] is Ellipsis else kinds
    return tuple(
        value_of(kind, one, f"{where}[{number}]")
        for number, (kind, one) in enumerate(zip(each, plain, strict=True), 1)
    )


def _dataclass(kind: type, plain: Any, where: str) -> Any:
    if not isinstance(plain, dict):
        raise ValueError(f"{_told(where)} is none")  # noqa: TRY004 - data, not a mistake of ours
    known, hints = {one.name: one for one in fields(kind)}, _hints(kind)
    strange = next((name for name in plain if name not in known), None)
    if strange is not None:
        raise ValueError(f"{_told(where)} holds {str(strange)[:40]!r}, which is unknown")
    needed = [name for name, one in known.items()
              if one.default is MISSING and one.default_factory is MISSING]  # fmt: skip
    missing = next((name for name in needed if name not in plain), None)
    if missing is not None:
        raise ValueError(f"{_told(where)} lacks {missing}")
    dot = f"{where}." if where else ""
    given = {name: value_of(hints[name], one, f"{dot}{name}") for name, one in plain.items()}
    try:
        return kind(**given)
    except ValueError as error:
        raise ValueError(f"{_told(where)} cannot be: {error}") from None


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _simple(kind: Any, plain: Any, where: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _read(kind, plain, where, "none of its values")
    if kind is datetime:
        return _read(_moment, plain, where, "no time with its zone")
    return _read(_READERS[kind], plain, where, _NAMES[kind])


def _read(reader: Callable[[Any], Any], plain: Any, where: str, wrong: str) -> Any:
    try:
        return reader(plain)
    except (ValueError, TypeError):
        raise ValueError(f"{_told(where)} is {wrong}") from None


def _text(plain: Any) -> str:
    if not isinstance(plain, str):
        raise TypeError
    plain.encode()  # halves of surrogate pairs are no text
    return plain


def _whole(plain: Any) -> int:
    if type(plain) is not int:
        raise TypeError
    return plain


def _number(plain: Any) -> float:
    if type(plain) not in {int, float} or not math.isfinite(plain):
        raise TypeError
    assert isinstance(plain, int | float)
    return plain  # a whole number stays one, so that it is written as it was read


def _truth(plain: Any) -> bool:
    if type(plain) is not bool:
        raise TypeError
    return plain


def _moment(plain: Any) -> datetime:
    found = datetime.fromisoformat(plain)
    if found.tzinfo is None:
        raise ValueError
    return found


def _told(where: str) -> str:
    return where or "it"


_READERS: Final[dict[Any, Callable[[Any], Any]]] = {
    str: _text, int: _whole, float: _number, bool: _truth,
}  # fmt: skip
_NAMES: Final = {
    str: "no text",
    int: "no whole number",
    float: "no number",
    bool: "not true or false",
}
