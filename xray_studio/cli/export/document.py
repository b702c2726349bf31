"""`xray-studio export DOC.dcm OUT.pdf`: the document inside a DICOM object as its own file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xray_studio.cli.common import DONE, complain, run_job, say, say_json
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.core.document import Document


def is_document_name(target: str) -> bool:
    """Tell whether a file name is that of a document, by its suffix."""
    from xray_studio.services.documents.export import ALL_SUFFIXES

    return Path(target).suffix.lower() in ALL_SUFFIXES


def export_document(
    sources: list[str],
    target: str,
    *,
    deidentify: bool,
    overwrite: bool,
    json: bool,
    quiet: bool,
) -> int:
    """Save the document inside the one source. Raises UsageError for several, or for pictures.

    With `deidentify` what it tells is refused, since nothing in it is ever changed.
    """
    from xray_studio.services.documents.export import save_inside
    from xray_studio.services.documents.privacy import decided, examine_document, refuse

    document = _opened(sources, target, quiet=quiet)
    report = run_job(examine_document(document, Path(target)), quiet=quiet)
    if deidentify:
        refuse(report)
    job = save_inside(document, Path(target), overwrite=overwrite, privacy=decided(report))
    size = run_job(job, quiet=quiet)
    for finding in report.findings:
        if finding.certain:
            complain(finding.sentence)
    if json:
        say_json({"file": target, "media_type": document.media_type, "bytes": size})
    else:
        say(f"{target}: {size:,} bytes, as they were inside")
    return DONE


def report_document(sources: list[str], target: str, *, quiet: bool) -> int:
    """Print what the document inside the one source would tell of the patient."""
    from xray_studio.services.documents.privacy import examine_document

    document = _opened(sources, target, quiet=quiet)
    say_json(run_job(examine_document(document, Path(target)), quiet=quiet).facts())
    return DONE


def _opened(sources: list[str], target: str, *, quiet: bool) -> Document:
    from xray_studio.services.documents.export import check_inside
    from xray_studio.services.documents.reading import open_document
    from xray_studio.services.open import nothing_opens, only_document, scan

    catalog = run_job(scan(sources), quiet=quiet)
    if not catalog.all_series():
        raise nothing_opens(catalog)
    path = only_document(catalog)
    if path is None:
        suffix = Path(target).suffix.lower()
        raise UsageError(f"A {suffix} file is made from one document; name that one alone.")
    document = run_job(open_document(path), quiet=quiet)
    check_inside(document, Path(target))
    return document
