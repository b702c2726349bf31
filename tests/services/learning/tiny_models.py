"""Models that were never trained: a view classifier with one answer, and a finding classifier."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from xray_studio.ai.familiar import Familiar
from xray_studio.ai.findings import packed_networks
from xray_studio.ai.networks import build
from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.learning.fusion import SEEN, Calibration
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import Model
from xray_studio.services.learning.inference.findings import SENSITIVE, Models, calibration_facts
from xray_studio.services.learning.models.folder import UNHASHED, write_model
from xray_studio.services.learning.models.installed import Installed

SPEC = InputSpec(rows=32, columns=32)
VIEWS = ("frontal", "lateral", "other")


def view_model(folder: Path, answer: str) -> Installed:
    """Write a view classifier that takes every picture for the same."""
    network = {"kind": "residual", "outputs": 3, "width": 2, "pooled": True}
    weights = build(network).state_dict()
    weights["head.weight"].zero_()
    weights["head.bias"].copy_(6.0 * torch.eye(3)[VIEWS.index(answer)])
    known = Familiar(torch.zeros(2, 16), torch.eye(16), torch.tensor(1e9))
    model = _model("view", "view", VIEWS, network, {"temperature": 1.0})
    return Installed(folder, write_model(folder, model, {**weights, **known.weights()}))


def finding_model(folder: Path, networks: int = 2) -> Installed:
    """Write a finding classifier of networks drawn by chance, with operating points at 0.3, 0.1."""
    network = {"kind": "views", "outputs": len(FINDINGS), "size": 32, "kept": 8}
    torch.manual_seed(1)
    made = [build(network) for _ in range(networks)]
    trunk = made[0].trunk.state_dict()
    weights = packed_networks(trunk, [one.end.state_dict() for one in made])
    count = len(FINDINGS)
    slopes = {seen: np.full((count, len(views)), 1.0 / len(views)) for seen, views in SEEN.items()}
    same = Calibration(slopes, dict.fromkeys(SEEN, np.full(count, -1.0)))
    model = _model(
        "findings", "classifier", FINDINGS, network, calibration_facts([same] * networks)
    )
    points = dict.fromkeys(FINDINGS, 0.3)
    points |= {f"{label}{SENSITIVE}": 0.1 for label in FINDINGS}
    model = Model(**{**_fields(model), "thresholds": points})
    return Installed(folder, write_model(folder, model, weights))


def models(folder: Path, answer: str = "frontal", networks: int = 2) -> Models:
    """Write both models into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    view = view_model(folder / f"view-{answer}", answer)
    return Models(finding_model(folder / "findings", networks), view)


def _model(
    name: str,
    task: str,
    labels: Sequence[str],
    network: dict[str, Any],
    calibration: dict[str, Any],
) -> Model:
    return Model(
        name=name, version="0", task=task, labels=tuple(labels), network=network, input=SPEC,
        sha256=UNHASHED, licence="none", intended_use="For tests.", calibration=calibration,
    )  # fmt: skip


def _fields(model: Model) -> dict[str, Any]:
    return {name: getattr(model, name) for name in model.__slots__}
