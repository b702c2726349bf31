"""Report engines by name: one registry, to which installed packages can add."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from xray_studio.core.errors import StudioError, UnsupportedError
from xray_studio.core.registry import Entry, Registry
from xray_studio.core.report.engine import ReportEngine

GROUP: Final = "xray_studio.report_engines"
DEFAULT: Final = "findings"
_HERE = "xray_studio.services.report_engines"
# An entry is called with the folder of a model, or None for the one that is installed.
_BUILT_IN: Final = (
    Entry(DEFAULT, f"{_HERE}.findings:FindingsEngine"),
    Entry("encoder-decoder", f"{_HERE}.encoder_decoder:EncoderDecoderEngine"),
    Entry("structured", f"{_HERE}.structured:StructuredEngine"),
    Entry("blip", f"{_HERE}.blip:BlipEngine"),
)
ENGINES: Final = Registry(GROUP, _BUILT_IN)


def engine_called(name: str = "", model: Path | None = None) -> ReportEngine:
    """Return an engine, the default one without a name, not yet loaded.

    `model` names the folder of its model. Raises UnsupportedError where there is none.
    """
    made: ReportEngine = ENGINES.load(name or DEFAULT)(model)
    return made


def usable(name: str = "", model: Path | None = None) -> ReportEngine:
    """Return an engine that can be used here. Raises UnsupportedError with the reason."""
    engine = engine_called(name, model)
    reason = engine.unavailable()
    if reason:
        raise UnsupportedError(reason)
    return engine


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
