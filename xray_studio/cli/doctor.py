"""`xray-studio doctor`: what works on this machine."""

from __future__ import annotations

from typing import Any

import typer

from xray_studio.cli.common import DONE, Json, Quiet, run_job, say, say_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", epilog="Example: xray-studio doctor --json")(doctor)


def doctor(*, json: Json = False, quiet: Quiet = False) -> int:
    """Show what works on this machine and what is missing."""
    from xray_studio.services.doctor import examine

    report = run_job(examine(), quiet=quiet)
    if json:
        say_json(report)
    else:
        _print(report)
    return DONE


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
    say(f"Models: {', '.join(report['models']['installed']) or 'none installed'}")
    say()
    for problem in report["problems"]:
        say(problem)
    if not report["problems"]:
        say("Everything is in order.")
