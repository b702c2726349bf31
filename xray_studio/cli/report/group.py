"""`xray-studio report`: a first argument that is none of its commands is a film to report on."""

from __future__ import annotations

from typing import Final

import typer

from xray_studio.cli.report import saved
from xray_studio.cli.report.draft import draft
from xray_studio.cli.report.feedback import feedback
from xray_studio.cli.report.nearest import index, nearest
from xray_studio.cli.usual_command import group_with

DRAFT: Final = "draft"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        cls=group_with(DRAFT),
        help="Reports: drafted, reviewed, signed, amended and sent on.",
        epilog="Example: xray-studio report sign report.json --name 'Doe^Jane'",
        no_args_is_help=True,
    )
    group.command(DRAFT, epilog="Example: xray-studio report frontal.dcm lateral.dcm")(draft)
    group.command("review", epilog="Example: xray-studio report review report.json --accept 1,3")(
        saved.review
    )
    group.command("sign", epilog="Example: xray-studio report sign report.json --name 'Doe^Jane'")(
        saved.sign
    )
    group.command("amend", epilog="Example: xray-studio report amend signed.json --out new.json")(
        saved.amend
    )
    group.command(
        "send", epilog="Example: xray-studio report send signed.json film.dcm --format sr"
    )(saved.send)
    group.command("feedback", epilog="Example: xray-studio report feedback --out drafts.jsonl")(
        feedback
    )
    group.command("index", epilog="Example: xray-studio report index ~/teaching-films")(index)
    group.command(
        "nearest", epilog="Example: xray-studio report nearest film.dcm --library ~/teaching-films"
    )(nearest)
    app.add_typer(group, name="report")
