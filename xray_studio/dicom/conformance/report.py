"""Collects findings while an object is checked."""

from __future__ import annotations

from xray_studio.core.conformance import Finding, Severity


class Report:
    """Findings so far. The same rule on the same attribute counts once."""

    def __init__(self) -> None:
        self.findings: dict[tuple[str, str], Finding] = {}

    def error(self, path: str, rule: str, section: str) -> None:
        """Add what is against the standard."""
        self._add(Severity.ERROR, path, rule, section)

    def warning(self, path: str, rule: str, section: str) -> None:
        """Add what is doubtful."""
        self._add(Severity.WARNING, path, rule, section)

    def note(self, path: str, rule: str, section: str) -> None:
        """Add what is worth knowing."""
        self._add(Severity.NOTE, path, rule, section)

    def _add(self, severity: Severity, path: str, rule: str, section: str) -> None:
        self.findings.setdefault((path, rule), Finding(severity, path, rule, section))
