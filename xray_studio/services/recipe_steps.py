"""The steps of a pipeline as TOML: tables `[[step]]` of its name, whether it is on, its values."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from xray_studio.core.errors import UsageError
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.services.processing.steps import step_from

KEY: Final = "step"
_KNOWN: Final = ("name", "on", "values")


def steps_text(pipeline: Pipeline) -> str:
    """Return the steps as TOML tables, "" for none."""
    return "".join(f"\n{line}" for stage in pipeline.stages for line in _lines(stage))


def _lines(stage: Stage) -> Iterator[str]:
    yield from ("", f"[[{KEY}]]", f"name = {json.dumps(stage.step.name)}")
    if not stage.on:
        yield "on = false"
    values = stage.step.values()
    if values:
        told = ", ".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
        yield f"values = {{ {told} }}"


def steps_read(text: str) -> Pipeline:
    """Return the pipeline of a text that `steps_text` wrote. Raises UsageError for another one."""
    try:
        return steps_from(tomllib.loads(text).get(KEY, []))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The steps cannot be read: {error}.") from error


def steps_from(found: Any) -> Pipeline:
    """Return the pipeline that tables of a TOML file tell. Raises UsageError."""
    if not isinstance(found, list):
        raise UsageError("Steps are tables; write [[step]] and below it name = ...")
    return Pipeline(tuple(_stage(table) for table in found))


def _stage(table: Any) -> Stage:
    if not isinstance(table, dict) or not isinstance(table.get("name"), str):
        raise UsageError('Every [[step]] has a name, as in name = "gaussian".')
    for key in table:
        if key not in _KNOWN:
            raise UsageError(f"A [[step]] has no {key}; it has {', '.join(_KNOWN)}.")
    on, values = table.get("on", True), table.get("values", {})
    if not isinstance(on, bool) or not isinstance(values, dict):
        raise UsageError("In a [[step]], on is true or false, and values are a table.")
    return Stage(step_from(table["name"], values), on)
