"""`xray-studio validate`: objects against the DICOM standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xray_studio.cli.common import DONE, FAILED, Json, Quiet, run_job, say, say_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xray_studio.core.conformance import Checked


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("validate", epilog="Example: xray-studio validate run.dcm --errors-only")(validate)


def validate(
    src: Annotated[list[str], typer.Argument(metavar="SRC", show_default=False)],
    *,
    errors_only: Annotated[
        bool, typer.Option("--errors-only", help="Leave out warnings and notes.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Check DICOM objects against the tables of the standard.

    Each finding names the attribute, the rule and its section, and never a value. Folders are
    searched; what is no DICOM there is left out. The exit status is 1 where an object has errors.
    """
    from xray_studio.services.validate import validate as check

    checked = run_job(check(src), quiet=quiet)
    if not checked:
        from xray_studio.core.errors import UnreadableError

        raise UnreadableError("There are no DICOM objects here; name other files or folders.")
    shown = [without_minor(one) for one in checked] if errors_only else checked
    if json:
        say_json(as_json(shown))
    else:
        _print(shown)
    return FAILED if any(one.has_errors for one in checked) else DONE


def without_minor(checked: Checked) -> Checked:
    """Return a file with its errors alone."""
    from dataclasses import replace

    from xray_studio.core.conformance import Severity

    errors = (finding for finding in checked.findings if finding.severity is Severity.ERROR)
    return replace(checked, findings=tuple(errors))


def as_json(checked: Sequence[Checked]) -> dict[str, object]:
    """Return the findings as the command prints them."""
    from xray_studio.core.conformance import counts
    from xray_studio.dicom.conformance.tables import edition

    return {
        "edition": edition(),
        "files": [one.facts() for one in checked],
        **{f"{severity.value}s": count for severity, count in counts(checked).items()},
        "unreadable": sum(bool(one.problem) for one in checked),
    }


def _print(checked: Sequence[Checked]) -> None:
    from xray_studio.core.conformance import as_lines

    for line in as_lines(checked):
        say(line)
