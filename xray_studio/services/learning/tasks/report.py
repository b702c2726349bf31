"""What a report network is: its task, its input, its network, and what its folder holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.services.learning.tasks.kind import Kind

TASK: Final = "report"
LABELS: Final = ("findings section",)
SPEC: Final = InputSpec(rows=224, columns=224)
DECODERS: Final = ("transformer", "lstm")
LITE, RESNET = "lite0", "resnet"
# The layers of each decoder: both have about as many numbers to learn.
NETWORK: Final[Mapping[str, Mapping[str, Any]]] = {
    "transformer": {"width": 192, "layers": 3, "heads": 4, "left_out": 0.2},
    "lstm": {"width": 256, "layers": 2, "heads": 4, "left_out": 0.3},
}
USE: Final = (
    "Drafts the findings section of reports on films of the chest of adults, in words that it has"
    " learned from reports. It writes what such reports mostly say: every sentence is to be read"
    " against the film. For research and education, not for diagnosis."
)


def report_kind(decoder: str) -> Kind:
    """Return what all report networks with a decoder have in common."""
    network = {
        "kind": "report", "decoder": decoder, "findings": len(FINDINGS), **NETWORK[decoder],
    }  # fmt: skip
    return Kind("report", TASK, LABELS, network, SPEC, USE)
