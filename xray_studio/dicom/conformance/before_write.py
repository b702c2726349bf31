"""Looks at an object before it is written: nothing new against the standard may leave.

What its source already breaks is passed on as it is, since a copy changes no more than asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from pydicom.dataset import Dataset

from xray_studio.core.conformance import Finding, Severity
from xray_studio.core.errors import WriteError
from xray_studio.dicom.conformance.check import check_dataset

# Data sets that an object is made of, each with its transfer syntax.
Sources: TypeAlias = Iterable[tuple[Dataset, str]]


def no_sources() -> Sources:
    """Return nothing: the object is made of no other."""
    return ()


def refuse_errors(
    dataset: Dataset,
    syntax: str,
    sources: Callable[[], Sources] = no_sources,
    *,
    whole: bool = True,
) -> None:
    """Raise WriteError where an object has errors that none of its sources has.

    `sources` is called only where there are errors. Without `whole` the pixel data comes later.
    """
    errors = _errors(dataset, syntax, whole=whole)
    if not errors:
        return
    known = {_key(error) for source, own in sources() for error in _errors(source, own)}
    new = [error for error in errors if _key(error) not in known]
    if new:
        raise WriteError(_words(new))


def _errors(dataset: Dataset, syntax: str, *, whole: bool = False) -> list[Finding]:
    found = check_dataset(dataset, syntax, whole=whole)
    return [finding for finding in found if finding.severity is Severity.ERROR]


def _key(finding: Finding) -> tuple[str, str]:
    """Return what an error is about, wherever in the object the attribute stands.

    A UID of the source that is wrong is no other error where the object refers to the source.
    """
    name = re.sub(r"\[\d+\]", "", finding.path).rpartition(".")[2]
    return name.removeprefix("Referenced"), finding.rule


def _words(new: list[Finding]) -> str:
    first = new[0]
    place = f"{first.path}: " if first.path else ""
    more = f" and {len(new) - 1:,} more" if len(new) > 1 else ""
    return (
        "The object would break the DICOM standard and was not written; export pictures or values"
        f" instead. {place}{first.rule} ({first.section}){more}"
    )
