"""What a check of DICOM objects against the standard finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How bad a finding is: against the standard, doubtful, or worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


ORDER = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that an object breaks.

    `path` names the attribute by keywords, items counted from 1
    ("SharedFunctionalGroupsSequence[1].PixelMeasuresSequence"), "" for the object as a whole;
    `rule` is one sentence without any value of the object; `section` is where the standard says so.
    """

    severity: Severity
    path: str
    rule: str
    section: str

    def facts(self) -> dict[str, str]:
        """Return the finding as it is printed in JSON."""
        return {
            "severity": self.severity.value,
            "path": self.path,
            "rule": self.rule,
            "section": self.section,
        }

    def words(self) -> str:
        """Return the finding in one line."""
        place = f"{self.path}: " if self.path else ""
        return f"{self.severity.value}: {place}{self.rule} ({self.section})"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and its findings, the worst first.

    `kind` names the information object definition, "" where it is unknown. `problem` says why a
    file could not be read; then there are no findings. `is_dicom` is False where it is some other
    kind of file.
    """

    path: str
    kind: str = ""
    sop_class_uid: str = ""
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    is_dicom: bool = True

    def count(self, severity: Severity) -> int:
        """Return how many findings are as bad as this."""
        return sum(finding.severity is severity for finding in self.findings)

    def facts(self) -> dict[str, Any]:
        """Return the file and its findings as they are printed in JSON."""
        return {
            "path": self.path,
            "kind": self.kind,
            "sop_class_uid": self.sop_class_uid,
            "problem": self.problem,
            **{f"{severity.value}s": self.count(severity) for severity in Severity},
            "findings": [finding.facts() for finding in self.findings],
        }

    @property
    def has_errors(self) -> bool:
        """Whether something is against the standard, or the file cannot be read at all."""
        return bool(self.problem) or self.count(Severity.ERROR) > 0


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by severity, each once, else in their order."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: ORDER.index(finding.severity)))


def counts(checked: Iterable[Checked]) -> dict[Severity, int]:
    """Return how many findings of each severity files have together."""
    found = Counter(finding.severity for one in checked for finding in one.findings)
    return {severity: found[severity] for severity in Severity}


def as_lines(checked: Sequence[Checked]) -> list[str]:
    """Return findings as lines of plain text: each file, what was found in it, and the sum."""
    lines = []
    for one in checked:
        kind = f" ({one.kind})" if one.kind else ""
        lines.append(f"{one.path}{kind}: {one.problem or how_many([one])}")
        lines += [f"  {finding.words()}" for finding in one.findings]
    if len(checked) > 1:
        lines.append(f"{len(checked):,} files: {how_many(checked)}")
    return lines


def how_many(checked: Sequence[Checked]) -> str:
    """Return the number of findings in words, as "2 errors, 1 warning"."""
    found = counts(checked)
    told = [_number(count, severity.value) for severity, count in found.items() if count]
    unread = sum(bool(one.problem) for one in checked)
    if unread:
        told.append(f"{_number(unread, 'file')} not readable")
    return ", ".join(told) if told else "nothing found"


def _number(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"
