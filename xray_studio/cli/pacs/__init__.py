"""`xray-studio pacs`: archives are asked, sent to and searched."""

from xray_studio.cli.pacs.group import register

__all__ = ["register"]
