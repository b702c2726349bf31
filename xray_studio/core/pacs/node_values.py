"""Nodes as plain values by name, as settings hold them: only what differs from the usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, Final

from xray_studio.core.pacs.node import Kind, Node, Tls, checked

Value = str | int | float | bool
_TLS: Final = "tls"
_TLS_KEPT: Final = tuple(one for one in fields(Tls) if one.name != "passphrase")


def to_values(node: Node) -> dict[str, Value]:
    """Return what is set of a node, without its name."""
    found = dict[str, Value]()
    for one in fields(Node):
        value = getattr(node, one.name)
        if one.name in {"name", _TLS} or (value == one.default and one.name != "kind"):
            continue
        found[one.name] = str(value) if isinstance(value, Kind) else value
    for one in _TLS_KEPT:
        value = getattr(node.tls, one.name)
        if value != one.default:
            found[_key(one.name)] = value
    return found


def from_values(name: str, values: Mapping[str, Any]) -> Node:
    """Return the node of a name; values of a later version of the program are passed over.

    Raises ValueError for a value of a wrong type, and UsageError for one that does not fit.
    """
    own = {one.name: _typed(values[one.name], one.default) for one in fields(Node)
           if one.name in values and one.name not in {"name", _TLS}}  # fmt: skip
    tls = {one.name: _typed(values[_key(one.name)], one.default) for one in _TLS_KEPT
           if _key(one.name) in values}  # fmt: skip
    return checked(Node(name=name, tls=Tls(**tls), **own))


def _key(name: str) -> str:
    return _TLS if name == "on" else f"{_TLS}_{name}"


def _typed(value: Any, usual: Any) -> Any:
    """Return a value as the type of the usual one."""
    assert usual is not MISSING
    if isinstance(usual, Kind):
        return Kind(value)
    if isinstance(usual, float) and type(value) is int:
        return float(value)
    if type(value) is not type(usual):
        raise ValueError(f"{value!r} is no {type(usual).__name__}")
    return value
