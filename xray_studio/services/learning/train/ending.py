"""How a training ends: its model is written, unless it is there already, and told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xray_studio.core.learning.model import FACTS, Model
from xray_studio.services.learning.models.folder import write_model
from xray_studio.services.learning.models.installed import checked
from xray_studio.services.learning.train.asked import Trained
from xray_studio.services.learning.train.running import memory_facts

if TYPE_CHECKING:
    from xray_studio.ai.training.state import State
    from xray_studio.ai.weights import Weights

FOLDER: Final = "model"
ENDED: Final = "This training had ended before: its model and its card are left as they are"


def ended(
    out: Path,
    model: Model,
    weights: Weights,
    told: Mapping[str, Any],
    needed: int,
    *,
    beside: Mapping[str, bytes] | None = None,
) -> Trained:
    """Write the model of a training in `out`, and return what the training brought.

    `told` are facts of its own, `needed` the bytes of memory that were stated, `beside` other
    files of the model by name. Raises WriteError.
    """
    folder = out / FOLDER
    stands = _stands(folder, model, weights)
    kept = stands or write_model(folder, model, weights, beside)
    facts = {"model": str(folder), "sha256": kept.sha256, **told}
    facts["memory_megabytes"] = memory_facts(needed)
    return Trained(folder, facts, notes=(ENDED,) if stands else ())


def _stands(folder: Path, model: Model, weights: Weights) -> Model | None:
    """Return the model in a folder where it is this one: its card may hold results by now."""
    from xray_studio.ai.weights import sha256_of

    there = checked(folder, verify=True)
    if there.model is None or there.problem:
        return None
    same = replace(model, version=there.model.version, sha256=sha256_of(weights))
    return there.model if (folder / FACTS).read_text("utf-8") == same.text() else None


def best_of(state: State) -> dict[str, Any]:
    """Return the number of epochs, that of the best one, and its measures."""
    best = state.best_epoch
    assert best is not None, "a training has at least one epoch"
    return {"epochs": len(state.history), "best_epoch": best.number, **best.measures}


def left_out(paths: Sequence[str], reasons: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    """Return films by their paths, each with the reason, from reasons by number."""
    return tuple((paths[number], why) for number, why in sorted(reasons.items()))
