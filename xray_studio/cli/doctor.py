"""`xray-studio doctor`: what works on this machine, and how good its display is."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from xray_studio.cli.common import DONE, Json, Quiet, run_job, say, say_json
from xray_studio.cli.display_check import check_display, write_patterns
from xray_studio.core.errors import UsageError

Check = Annotated[
    str | None,
    typer.Option(
        "--display-check",
        metavar="MEASURED.csv",
        help="Judge 18 luminances in cd/m² measured at the levels 0, 15, 30 to 255.",
    ),
]
Ambient = Annotated[
    float | None,
    typer.Option("--ambient", metavar="CD", help="Light of the room on the screen, cd/m²."),
]
Patterns = Annotated[
    str | None,
    typer.Option("--patterns", metavar="FOLDER", help="Write the test patterns as PNG files."),
]
Size = Annotated[
    str | None, typer.Option("--size", metavar="WIDTHxHEIGHT", help="Pixels of the patterns.")
]
SIZE = "1920x1080"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", epilog="Example: xray-studio doctor --json")(doctor)


def doctor(
    *,
    display_check: Check = None,
    ambient: Ambient = None,
    patterns: Patterns = None,
    size: Size = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Show what works on this machine and what is missing, or check a display."""
    _check_together(display_check, ambient, patterns, size)
    if display_check is not None:
        return check_display(display_check, ambient, json=json)
    if patterns is not None:
        return write_patterns(patterns, size or SIZE, json=json, quiet=quiet)
    from xray_studio.services.doctor import examine

    report = run_job(examine(), quiet=quiet)
    if json:
        say_json(report)
    else:
        _print(report)
    return DONE


def _check_together(
    check: str | None, ambient: float | None, patterns: str | None, size: str | None
) -> None:
    """Raise UsageError for options that do not go together."""
    if check is not None and patterns is not None:
        raise UsageError("--display-check and --patterns are two things; ask for one at a time.")
    if ambient is not None and check is None:
        raise UsageError("--ambient goes with --display-check; name the measured luminances.")
    if size is not None and patterns is None:
        raise UsageError("--size goes with --patterns; name the folder to write them to.")


def _print(report: dict[str, Any]) -> None:
    system, display = report["system"], report["display"]
    say(f"X-Ray Studio {report['program']['version']}")
    say(f"Python {system['python']} on {system['platform']}")
    free, total = system["free_memory_megabytes"], system["memory_megabytes"]
    say(f"{system['processors']} processors, {free:,} of {total:,} MB of memory free")
    say()
    for name, version in report["packages"].items():
        say(f"{name:<28} {version or 'missing'}")
    say()
    for syntax in report["decoders"]:
        say(f"{syntax['name'] or syntax['transfer_syntax']}: {syntax['missing'] or 'decodes'}")
    say()
    for name, missing in report["hardware_encoders"].items():
        say(f"Encoder {name}: {missing or 'works'}")
    say()
    say(f"Display: {'yes' if display['available'] else 'none'}")
    say(f"Graphics processor: {', '.join(report['gpu']) or 'none, none is needed'}")
    compute = report["compute"]
    say(f"Networks run on: {compute['device']}, {compute['threads']} threads, {compute['number']}")
    for model in report["models"]["installed"]:
        say(f"Model {model['name']} ({model['task']}): {model['from']}; {model['licence']}")
    for task, why in report["models"]["missing"].items():
        say(f"Model for {task}: {why}")
    say()
    for problem in report["problems"]:
        say(problem)
    if not report["problems"]:
        say("Everything is in order.")
