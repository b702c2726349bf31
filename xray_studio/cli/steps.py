"""`xray-studio steps`: the steps that frames can be processed with, and their parameters."""

from __future__ import annotations

from typing import Any

import typer

from xray_studio.cli.common import DONE, Json, say, say_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: xray-studio steps --json"
    app.command("steps", epilog=example)(steps)


def steps(*, json: Json = False) -> int:
    """List the steps that --step takes, with their parameters and what these can be."""
    from xray_studio.services.processing.catalogue import steps_known
    from xray_studio.services.processing.steps import step_facts

    told = [step_facts(step) for step in steps_known()]
    if json:
        say_json({"steps": told})
        return DONE
    for step in told:
        _say(step)
    return DONE


def _say(step: dict[str, Any]) -> None:
    needs = f" Needs {step['frames']} frames." if step["frames"] > 1 else ""
    say(f"{step['name']:<20} {step['title']}. {step['about']}{needs}")
    for parameter in step["parameters"]:
        usual = _word(parameter["default"])
        say(f"    {parameter['name']:<16} {parameter['title']}: {_range(parameter)} ({usual})")


def _range(parameter: dict[str, Any]) -> str:
    if "choices" in parameter:
        return ", ".join(one["value"] for one in parameter["choices"])
    if "low" not in parameter:
        return "on or off"
    ends = " to ".join(
        "any" if (end := parameter[key]) is None else f"{end:g}" for key in ("low", "high")
    )
    return " ".join(filter(None, (ends, parameter["unit"], "odd" if parameter["odd"] else "")))


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)
