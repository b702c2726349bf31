"""`xray-studio volume`: volumes read, converted and cut by planes."""

from xray_studio.cli.volume.group import register

__all__ = ["register"]
