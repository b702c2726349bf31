"""The registry: built-ins, entries that cannot be used, names that do not exist."""

from __future__ import annotations

import pytest

from xray_studio.core.errors import UnsupportedError
from xray_studio.core.registry import Entry, Registry

REGISTRY = Registry(
    "xray_studio.tests",
    (
        Entry("square root", "math:sqrt"),
        Entry("absent", "nowhere:thing", requires=("a_module_that_is_not_there",)),
    ),
)


def test_an_entry_is_imported_when_used() -> None:
    assert REGISTRY.load("square root")(9.0) == 3.0


def test_an_unavailable_entry_says_why() -> None:
    assert "a_module_that_is_not_there" in (REGISTRY.entries()["absent"].missing() or "")
    with pytest.raises(UnsupportedError, match="not installed"):
        REGISTRY.load("absent")


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnsupportedError, match="square root"):
        REGISTRY.load("cube root")
