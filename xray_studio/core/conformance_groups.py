"""Findings of many files put together: the same rule on the same attribute once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xray_studio.core.conformance import ORDER, Checked, Finding, Severity


@dataclass(frozen=True, slots=True)
class Group:
    """A finding, without the numbers of items, and the paths of the files that have it."""

    finding: Finding
    paths: tuple[str, ...]


def grouped(checked: Sequence[Checked]) -> tuple[Group, ...]:
    """Return findings by severity, then by how many files have them; what is unreadable first."""
    groups: dict[Finding, dict[str, None]] = {}
    for one in checked:
        for finding in _all(one):
            groups.setdefault(finding, {})[one.path] = None
    made = (Group(finding, tuple(paths)) for finding, paths in groups.items())
    return tuple(sorted(made, key=_place))


def _all(checked: Checked) -> Iterable[Finding]:
    if checked.problem:
        yield Finding(Severity.ERROR, "", checked.problem, "")
    for finding in checked.findings:
        path = re.sub(r"\[\d+\]", "", finding.path)
        yield Finding(finding.severity, path, finding.rule, finding.section)


def _place(group: Group) -> tuple[bool, int, int]:
    unreadable = not group.finding.section
    return not unreadable, ORDER.index(group.finding.severity), -len(group.paths)
