"""Report engines by name: one registry, to which installed packages can add."""

from __future__ import annotations

from typing import Any, Final

from xray_studio.core.errors import StudioError
from xray_studio.core.registry import Entry, Registry
from xray_studio.core.report.engine import ReportEngine

GROUP: Final = "xray_studio.report_engines"
_BUILT_IN: Final[tuple[Entry, ...]] = ()
ENGINES: Final = Registry(GROUP, _BUILT_IN)


def engine_called(name: str) -> ReportEngine:
    """Return an engine, not yet loaded. Raises UnsupportedError where there is none."""
    made: ReportEngine = ENGINES.load(name)(None)
    return made


def engines_known() -> list[dict[str, Any]]:
    """Return every engine: name, title, and why it cannot be used here ("" where it can)."""
    found = []
    for name in ENGINES.entries():
        try:
            engine = engine_called(name)
            found.append({"name": name, "title": engine.title, "unavailable": engine.unavailable()})
        except StudioError as error:
            found.append({"name": name, "title": name, "unavailable": str(error)})
    return found
