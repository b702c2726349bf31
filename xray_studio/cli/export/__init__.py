"""`xray-studio export` and `to-video`: clips as videos, pictures, values, objects and media."""

from xray_studio.cli.export.command import register

__all__ = ["register"]
