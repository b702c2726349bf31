"""The gate of a detector that was trained anew: judged beside the one that ships.

It passes where there are films enough, where it tells abnormal films from normal ones better than
chance, and where no figure falls below that of the model that ships by more than chance may do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.services.learning.evaluate.anomaly import Judging, evaluate_anomaly
from xray_studio.services.learning.evaluate.answer import Answer
from xray_studio.services.learning.models.gates import GATED, Gate, keep
from xray_studio.services.learning.models.installed import Installed, named_model, shipped_for
from xray_studio.services.learning.tasks.anomaly import DETECTOR_OF

LEAST: Final = 20  # normal films, and abnormal ones, of a collection that counts
MARGIN: Final = 0.02  # by which a figure may fall below that of the model that ships
CHANCE: Final = 0.5
FIGURES: Final[Mapping[str, str]] = {
    "image_auroc_within_view": "abnormal films are told from normal ones",
    "pixel_auroc": "what people marked is told from the rest of the lungs",
    "dice": "what it marks agrees with what people marked",
    "peak_in_box": "its highest place lies in what people marked",
}
_FEW: Final = (
    "No collection has {least} normal and {least} abnormal films that are held out; name a folder"
    " with more."
)
_CHANCE: Final = "On no collection does it tell abnormal films from normal ones better than chance."
_WORSE: Final = "{name}: {words} worse than by the model that ships, {own:.3f} against {ships:.3f}."
Told = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Gated:
    """What was found of a model, and whether it may be asked from now on."""

    model: Installed
    answer: Answer
    gate: Gate


def gate_anomaly(data: Path, named: Path | None, asked: Judging) -> Job[Gated]:
    """Judge a model, by folder or name, beside the one that ships, and keep whether it passed.

    `asked` tells which films and how. Raises UsageError where no model is named or it is no such
    detector, else as `evaluate_anomaly`.
    """
    if named is None:
        raise UsageError("Name the model that is to pass the gate with --model.")
    one = named_model(named)
    if one.model.task not in GATED:
        raise UsageError(f"{one.model.name} is no detector of the unusual; it needs no gate.")
    name = DETECTOR_OF[one.model.task]
    seed = int(one.model.training.get("seed", 0))
    how = replace(asked, detectors=(name,), model=one.folder, held_out=seed)
    answer = yield from evaluate_anomaly(data, how)
    own, ships = _of(answer, name), None
    shipped = shipped_for(one.model.task)
    if shipped is not None and shipped.model.digest != one.model.digest:
        beside = replace(how, model=shipped.folder, phantoms=0)
        ships = _of((yield from evaluate_anomaly(data, beside)), name)
    gate = Gate(
        one.model.digest, one.model.task, data.resolve().name, int(answer.facts["n"]),
        datetime.now(UTC).isoformat(timespec="seconds"),
        tuple(_faults(answer, own, ships)), {"own": own, "ships": ships},
    )  # fmt: skip
    keep(gate)
    return Gated(one, answer, gate)


def gate_lines(found: Gated) -> list[str]:
    """Return what came of a gate in words."""
    model, gate = found.model.model, found.gate
    who = f"{model.name} {model.version}"
    if gate.passed:
        return [f"{who} has passed the gate and can be asked."]
    return [f"{who} has not passed the gate and is not asked:", *(f"- {w}" for w in gate.failed)]


def _of(answer: Answer, name: str) -> dict[str, dict[str, Any]]:
    """Return the figures of a detector that count, by collection."""
    wanted = (*FIGURES, "image_auroc_within_view_ci")
    told = answer.facts["collections"]
    return {key: {m: one["detectors"][name][m] for m in wanted} for key, one in told.items()}


def _faults(answer: Answer, own: Told, ships: Told | None) -> Iterator[str]:
    told = answer.facts["collections"]
    enough = [n for n, one in told.items() if min(one["normal"], one["abnormal"]) >= LEAST]
    if not enough:
        yield _FEW.format(least=LEAST)
        return
    ends = [own[name]["image_auroc_within_view_ci"] for name in enough]
    if not any(one is not None and one[0] > CHANCE for one in ends):
        yield _CHANCE
    for name, figures in own.items():
        for metric, words in FIGURES.items():
            mine, theirs = figures[metric], ((ships or {}).get(name) or {}).get(metric)
            if mine is not None and theirs is not None and mine < theirs - MARGIN:
                yield _WORSE.format(name=name, words=words, own=mine, ships=theirs)
