"""docs/processing.md names every step and every parameter as the registry has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from xray_studio.core.parameter import Parameter, parameters_of
from xray_studio.core.step import Step
from xray_studio.services.processing.steps import STEPS, step_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "processing.md"


def bounds(parameter: Parameter) -> str:
    if parameter.choices:
        return ", ".join(name for name, _ in parameter.choices)
    if isinstance(parameter.default, bool):
        return "on, off"
    odd = ", odd" if parameter.odd else ""
    unit = f" {parameter.unit}" if parameter.unit else ""
    return f"{parameter.low:g} to {parameter.high:g}{unit}{odd}"


def rows(step: Step) -> list[str]:
    """Return the rows of a step in the table of parameters."""
    return [
        f"| `{step.name}` | {one.title} | `{one.name}` | {one.word(one.default)} "
        f"| {bounds(one)} | {one.about} |"
        for one in parameters_of(step)
    ]


@pytest.mark.parametrize("name", sorted(STEPS.entries()))
def test_the_page_tells_of_every_step_and_parameter(name: str) -> None:
    page, step = PAGE.read_text("utf-8"), step_of(name)
    assert f"| {step.title} | `{step.name}` | {step.about} |" in page
    for row in rows(step):
        assert row in page
