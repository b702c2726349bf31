"""Gates: which models were judged before they may be asked, and what came of it.

One file for each model in the user's data folder, named by the digest of the model: what was
trained or calibrated anew is another one. It holds figures and the name of the folder of films, no
patient.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from xray_studio.core.files import replacing
from xray_studio.core.json_text import json_text
from xray_studio.core.learning.model import Model
from xray_studio.services.learning.models.own_folders import make
from xray_studio.services.places import data_folder

GATED: Final = frozenset({"anomaly", "anomaly-forest"})
"""Tasks whose models are asked by themselves, so that nobody takes a worse one unawares."""
_UNJUDGED: Final = (
    "{name} {version} has not been judged yet: xray-studio evaluate anomaly --gate --model {name}"
    " --data DIR"
)
_FAILED: Final = "{name} {version} did not pass the gate on {dataset}: {why}"


@dataclass(frozen=True, slots=True)
class Gate:
    """What came of judging a model on `films` films of a folder: `failed` says why it did not pass.

    `digest` is that of the model: of another calibration it tells nothing.

    `figures` are those that counted, its own and those of the model that ships, by collection.
    """

    digest: str
    task: str
    dataset: str
    films: int
    time: str
    failed: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether the model may be asked."""
        return not self.failed

    def facts(self) -> dict[str, Any]:
        """Return it by name, for JSON."""
        return {"passed": self.passed, **asdict(self)}


def keep(gate: Gate) -> Path:
    """Keep what came of a gate in place of what came of it before. Raises WriteError."""
    path = _file(gate.digest)
    make(path.parent)
    with replacing(path, private=True) as temporary:
        temporary.write_text(json_text(gate.facts()) + "\n", "utf-8")
    return path


def gate_of(digest: str) -> Gate | None:
    """Return what came of judging the model of a digest, None where nobody has, or damaged."""
    try:
        told = json.loads(_file(digest).read_text("utf-8"))
        gate = Gate(
            str(told["digest"]), str(told["task"]), str(told["dataset"]), int(told["films"]),
            str(told["time"]), tuple(map(str, told["failed"])), dict(told["figures"]),
        )  # fmt: skip
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return gate if gate.digest == digest else None


def waiting(model: Model) -> str:
    """Return why a model that does not ship may not be asked yet, "" where it may."""
    if model.task not in GATED:
        return ""
    gate, who = gate_of(model.digest), {"name": model.name, "version": model.version}
    if gate is None or gate.task != model.task:
        return _UNJUDGED.format(**who)
    if gate.passed:
        return ""
    return _FAILED.format(**who, dataset=gate.dataset, why=" ".join(gate.failed))


def _file(digest: str) -> Path:
    return data_folder() / "gates" / f"{digest}.json"
