"""Options that commands on reports share: in which form, and what is in it."""

from __future__ import annotations

from typing import Annotated

import typer

EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="findings, encoder-decoder, structured, blip, or another one.",
    ),
]
Indication = Annotated[
    str, typer.Option("--indication", metavar="TEXT", help="Why the films were made.")
]
Anonymous = Annotated[
    bool, typer.Option("--anonymous", help="Leave out who the patient is (no DICOM).")
]
FormName = Annotated[
    str, typer.Option("--format", metavar="FORM", help="text, json, pdf, sr, fhir or hl7.")
]
Heat = Annotated[
    bool, typer.Option("--heat", help="Show in a PDF what speaks for the findings (AI).")
]
PatientId = Annotated[
    str, typer.Option("--patient-id", metavar="ID", help="Of pictures that tell no patient.")
]
PatientName = Annotated[
    str, typer.Option("--patient-name", metavar="NAME", help="As DICOM has it: Doe^Jane.")
]
BirthDate = Annotated[str, typer.Option("--birth-date", metavar="DATE", help="1970-12-31.")]
Sex = Annotated[str, typer.Option("--sex", metavar="F|M|O", help="Of the patient.")]
Accession = Annotated[str, typer.Option("--accession", metavar="NUMBER", help="Of the request.")]
Release = Annotated[str, typer.Option("--fhir", metavar="R4|R5", help="Release of FHIR.")]
