"""Dose of a study as its dose reports tell it, in lines for a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xray_studio.core.document_kinds import noun
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Cancelled, Job
from xray_studio.core.study import Series
from xray_studio.services.documents.reading import open_document

_KIND: Final = "radiation dose report"
_NO_DOSE: Final = "Procedure"


def dose_reports(series: Sequence[Series]) -> tuple[str, ...]:
    """Return the files of the dose reports among the series of a study."""
    instances = [one for each in series if each.is_document for one in each.instances]
    return tuple(one.path for one in instances if noun(one.sop_class_uid) == _KIND)


def dose_lines(paths: Sequence[str]) -> Job[tuple[str, ...]]:
    """Return the totals that dose reports tell, a line each: "Fluoroscopy time: 6.2 min".

    A report that cannot be read tells nothing.
    """
    from xray_studio.dicom.documents.dose_report import headline

    lines = list[str]()
    for path in paths:
        try:
            document = yield from open_document(path)
        except Cancelled:
            raise
        except StudioError:
            continue
        if document.dose is not None:
            told = [(name, value) for name, value in headline(document.dose) if name != _NO_DOSE]
            lines += [f"{name}: {value}" for name, value in told]
    return tuple(dict.fromkeys(lines))
