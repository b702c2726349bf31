"""`xray-studio export DOC.dcm OUT.pdf`: the document inside a DICOM object as its own file."""

from __future__ import annotations

from pathlib import Path

from xray_studio.cli.common import DONE, run_job, say, say_json
from xray_studio.core.errors import UsageError


def is_document_name(target: str) -> bool:
    """Tell whether a file name is that of a document, by its suffix."""
    from xray_studio.services.document_export import ALL_SUFFIXES

    return Path(target).suffix.lower() in ALL_SUFFIXES


def export_document(
    sources: list[str], target: str, *, overwrite: bool, json: bool, quiet: bool
) -> int:
    """Save the document inside the one source. Raises UsageError for several, or for pictures."""
    from xray_studio.services.document_export import save_inside
    from xray_studio.services.documents import open_document
    from xray_studio.services.open import nothing_opens, only_document, scan

    catalog = run_job(scan(sources), quiet=quiet)
    if not catalog.all_series():
        raise nothing_opens(catalog)
    path = only_document(catalog)
    if path is None:
        suffix = Path(target).suffix.lower()
        raise UsageError(f"A {suffix} file is made from one document; name that one alone.")
    document = run_job(open_document(path), quiet=quiet)
    size = run_job(save_inside(document, Path(target), overwrite=overwrite), quiet=quiet)
    if json:
        say_json({"file": target, "media_type": document.media_type, "bytes": size})
    else:
        say(f"{target}: {size:,} bytes, as they were inside")
    return DONE
