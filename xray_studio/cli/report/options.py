"""Options that commands on reports share: in which form, and what is in it."""

from __future__ import annotations

from typing import Annotated

import typer

FormName = Annotated[
    str, typer.Option("--format", metavar="FORM", help="text, json, pdf, sr, fhir or hl7.")
]
Heat = Annotated[
    bool, typer.Option("--heat", help="Show in a PDF what speaks for the findings (AI).")
]
Release = Annotated[str, typer.Option("--fhir", metavar="R4|R5", help="Release of FHIR.")]
