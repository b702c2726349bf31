"""Options that commands on archives share."""

from __future__ import annotations

from typing import Annotated

import typer

NodeName = Annotated[
    str,
    typer.Option(
        "--node",
        metavar="NAME|HOST:PORT/AET|URL",
        help="Which archive; without it the only one that is known.",
        show_default=False,
    ),
]
PatientName = Annotated[
    str, typer.Option("--patient-name", metavar="NAME", help="With * and ?: 'Doe*'.")
]
PatientId = Annotated[str, typer.Option("--patient-id", metavar="ID", help="Of the patient.")]
Accession = Annotated[str, typer.Option("--accession", metavar="NUMBER", help="Of the request.")]
Modality = Annotated[str, typer.Option("--modality", metavar="CODE", help="XA, US, ES, ...")]
Date = Annotated[
    str, typer.Option("--date", metavar="DATE", help="20261122, or 20261101-20261122.")
]


def objects(count: int) -> str:
    """Return "1 object" or "1,200 objects"."""
    return f"{count:,} object{'s' * (count != 1)}"


def entries(count: int) -> str:
    """Return "1 entry" or "1,200 entries"."""
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


def checked_date(date: str) -> str:
    """Return a date or range as DICOM has it. Raises UsageError for anything else."""
    import re

    from xray_studio.core.errors import UsageError

    if date and not re.fullmatch(r"\d{8}(-(\d{8})?)?|-\d{8}", plain := _plain(date)):
        raise UsageError(f"{date} is no date; give one as 20261122, or 20261101-20261122.")
    return plain if date else ""


def _plain(date: str) -> str:
    """Return a date without the hyphens of 2026-11-22."""
    import re

    return re.sub(r"(\d{4})-(\d{2})-(\d{2})", r"\1\2\3", date)
