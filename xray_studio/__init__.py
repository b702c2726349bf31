"""X-Ray Studio from Python: `scan`, `open`, `process`, `export`, as the window does it.

Attributes are imported when first used, so that importing a sub-module stays cheap.
"""

from __future__ import annotations

from xray_studio.core import version

TYPE_CHECKING = False  # as in typing, which is not imported here: the program shall start at once
if TYPE_CHECKING:
    from typing import Any

__version__ = version.VERSION

_LAZY = {
    "scan": "xray_studio.services.api",
    "open": "xray_studio.services.api",
    "read_document": "xray_studio.services.api",
    "analyze": "xray_studio.services.analysis.api",
    "beside": "xray_studio.services.api",
    "deidentify": "xray_studio.services.deidentify.api",
    "export": "xray_studio.services.api",
    "export_dataset": "xray_studio.services.api",
    "export_media": "xray_studio.services.api",
    "process": "xray_studio.services.api",
    "validate": "xray_studio.services.api",
    "features": "xray_studio.services.learning.features.api",
    "flow": "xray_studio.services.api",
    "findings": "xray_studio.services.api",
    "measure": "xray_studio.services.segmenting.api",
    "motion": "xray_studio.services.api",
    "open_volume": "xray_studio.services.volume.api",
    "render": "xray_studio.services.api",
    "report": "xray_studio.services.report_engines.api",
    "save_segments": "xray_studio.services.segmenting.api",
    "segment": "xray_studio.services.segmenting.api",
    "steps": "xray_studio.services.api",
    "to_dicom": "xray_studio.services.to_dicom.api",
    "Clip": "xray_studio.core.clip",
    "DatasetOptions": "xray_studio.services.dataset.samples",
    "Presentation": "xray_studio.core.presentation",
    "Window": "xray_studio.core.presentation",
}

__all__ = ["__version__", *sorted(_LAZY)]  # noqa: PLE0604 - lazy names are strings


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    import importlib

    if name not in _LAZY:
        raise AttributeError(f"module 'xray_studio' has no attribute {name!r}")
    return getattr(importlib.import_module(_LAZY[name]), name)
