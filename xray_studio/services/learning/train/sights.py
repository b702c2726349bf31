"""The encoders that a report network can see with: shipped, residual, or in a folder of a user."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.learning.hugging_face import CONFIG
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import WEIGHTS
from xray_studio.services.learning.models.installed import Installed, model_for
from xray_studio.services.learning.own.guest_facts import transformer_parts
from xray_studio.services.learning.tasks.report import LITE, RESNET, SPEC

if TYPE_CHECKING:
    from xray_studio.ai.reports.encoder import Encoder
    from xray_studio.ai.training.report_sight import Sight

_FOLDER: Final = "hugging_face"


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """An encoder, what it is given, the hash of its weights, and files to keep beside them."""

    encoder: Encoder
    spec: InputSpec
    sha256: str
    beside: dict[str, bytes] = field(default_factory=dict)

    def sight(self, device: str) -> Sight:
        """Return what it sees films with, on a device."""
        from xray_studio.ai.training.report_sight import Sight

        return Sight(self.encoder, self.sha256, device)


def encoder_called(name: str) -> Chosen:
    """Return an encoder: `lite0`, `resnet`, or that of a Hugging Face folder.

    `lite0` is the network that ships and has learned from photographs, `resnet` the view
    classifier, which has learned from films. Raises StudioError where it cannot be used.
    """
    if name == LITE:
        return _of_model(model_for("features", Path(LITE)), LITE)
    if name == RESNET:
        return _of_model(model_for("view"), RESNET)
    if not Path(name).is_dir():
        raise UsageError(
            f"There is no encoder {name!r}: choose {LITE} or {RESNET}, or name the folder of a"
            " network such as CLIP or ViT."
        )
    return _of_folder(Path(name))


def _of_model(model: Installed, name: str) -> Chosen:
    from xray_studio.ai.reports.encoder import Encoder
    from xray_studio.ai.weights import read_weights

    facts = dict(model.model.network)
    weights = read_weights(model.folder / WEIGHTS, model.model.sha256)
    wanted = ("stem", "blocks", "stages", "head")  # what else stands there belongs to the task
    own = {n: one.float() for n, one in weights.items() if n.startswith(wanted)}
    try:
        return Chosen(Encoder(facts, own), SPEC, model.model.sha256)
    except ValueError as error:
        raise UnreadableError(
            f"The weights of {model.model.name} are not those that {name} stands for."
        ) from error


def _of_folder(folder: Path) -> Chosen:
    from xray_studio.ai.reports.encoder import Encoder
    from xray_studio.ai.reports.writer import CONFIG_SHA256
    from xray_studio.ai.weights import read_weights, verified

    sha256, config_sha256, given = transformer_parts(folder)
    facts: dict[str, Any] = {
        "kind": _FOLDER, "mean": given.mean, "deviation": given.deviation,
        CONFIG_SHA256: config_sha256,
    }  # fmt: skip
    weights = read_weights(folder / WEIGHTS, sha256)
    data = verified(folder / CONFIG, config_sha256)
    encoder = Encoder(facts, weights, json.loads(data))
    return Chosen(encoder, given.spec, sha256, {CONFIG: data})
