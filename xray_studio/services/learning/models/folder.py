"""A model as a folder: what it says of itself, its weights, its card; whole or not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xray_studio.core.files import replacing, replacing_folder
from xray_studio.core.learning.model import CARD, FACTS, WEIGHTS, Model

if TYPE_CHECKING:
    from xray_studio.ai.weights import Weights

UNHASHED: Final = "0" * 64  # stands for the hash until the weights are written
_RESULTS: Final = "## Results"
_UNJUDGED: Final = {  # of models that answer nothing by themselves
    "features": "It names nothing, so nothing is judged here: what began with it is.",
    "report": "Its drafts are judged beside others: `xray-studio evaluate report --data DIR"
    " --writer MODEL --card` writes the table here.",
}
_GIVEN: Final = {  # of models that take another input than squashed films
    "denoise": "pictures of any size: values whose noise has a deviation of 1, less their wide mean"
}


def write_model(
    folder: Path, model: Model, weights: Weights, beside: Mapping[str, bytes] | None = None
) -> Model:
    """Write a model and return it with the hash of its weights. Raises WriteError.

    `beside` are files of its folder that are neither weights nor facts nor card, by name.
    """
    from xray_studio.ai.weights import write_weights

    with replacing_folder(folder) as temporary:
        model = replace(model, sha256=write_weights(temporary / WEIGHTS, weights))
        (temporary / FACTS).write_text(model.text(), "utf-8", "replace")
        (temporary / CARD).write_text(card(model, ()), "utf-8", "replace")
        for name, data in (beside or {}).items():
            (temporary / name).write_bytes(data)
    return model


def write_results(folder: Path, model: Model, results: Sequence[str]) -> None:
    """Write the card of a model anew with lines of results. Raises WriteError."""
    with replacing(folder / CARD) as temporary:
        temporary.write_text(card(model, results), "utf-8", "replace")


def card(model: Model, results: Sequence[str]) -> str:
    """Return the card of a model in Markdown; numbers come from `evaluate` alone."""
    command = f"xray-studio evaluate {model.task} --data DIR --model MODEL --card"
    lines = [
        f"# {model.name} {model.version}",
        "",
        model.intended_use,
        "",
        f"- Answers: {', '.join(model.labels)}",
        f"- Input: {_GIVEN.get(model.task) or _given(model)}",
        f"- Network: {_words(model.network)}",
        f"- Training: {_words(model.training)}",
        f"- Licence of the weights: {model.licence}",
        f"- SHA-256 of the weights: `{model.sha256}`",
        "",
        "| learned from | licence | cases | films |",
        "|---|---|---|---|",
        *(f"| {s.name} | {s.licence} | {s.cases:,} | {s.films:,} |" for s in model.sources),
        "",
        _RESULTS,
        "",
        *(
            results
            or [_UNJUDGED.get(model.task) or f"Not judged yet: `{command}` writes them here."]
        ),
    ]
    return "\n".join(lines) + "\n"


def _given(model: Model) -> str:
    given = model.input
    ends = f"percentiles {given.low:g} and {given.high:g} black and white"
    return f"grey, squashed to {given.columns} x {given.rows} pixels, {ends}"


def _words(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in facts.items())
