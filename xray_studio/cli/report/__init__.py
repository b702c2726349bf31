"""`xray-studio report`: drafts of reports, and what becomes of them."""

from xray_studio.cli.report.group import register

__all__ = ["register"]
