"""Networks by the name of their kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from torch import nn

from xray_studio.ai.networks.atypical import AtypicalNet
from xray_studio.ai.networks.lite import LiteNet
from xray_studio.ai.networks.masked import MaskedNet
from xray_studio.ai.networks.noise_net import NoiseNet
from xray_studio.ai.networks.report_net import ReportNet
from xray_studio.ai.networks.residual import ResidualNet
from xray_studio.ai.networks.views import ViewsNet
from xray_studio.ai.networks.vit import Vit
from xray_studio.core.errors import UnsupportedError

KINDS: Final[Mapping[str, Callable[..., nn.Module]]] = {
    "atypical": AtypicalNet,
    "lite": LiteNet,
    "masked": MaskedNet,
    "noise": NoiseNet,
    "report": ReportNet,
    "residual": ResidualNet,
    "views": ViewsNet,
    "vit": Vit,
}


def build(network: Mapping[str, Any]) -> nn.Module:
    """Return an untrained network: `kind`, and the numbers that its kind takes.

    Raises UnsupportedError for what is not known.
    """
    options = dict(network)
    kind = options.pop("kind", None)
    if kind not in KINDS:
        raise UnsupportedError(f"There is no network of the kind {kind!r}; update the program.")
    try:
        return KINDS[kind](**options)
    except (TypeError, ValueError) as error:
        raise UnsupportedError(f"A {kind} network cannot be built from these numbers.") from error
