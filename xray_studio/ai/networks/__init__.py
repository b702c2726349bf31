"""Networks, each built from a few numbers that stand in `model.toml`."""

from xray_studio.ai.networks.build import build
from xray_studio.ai.networks.fitted import fitted

__all__ = ["build", "fitted"]
