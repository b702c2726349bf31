"""Networks, each built from a few numbers that stand in `model.toml`."""

from xray_studio.ai.networks.build import build

__all__ = ["build"]
