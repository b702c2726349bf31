"""Leaves out stand-ins that nothing asks for any more, and refuses what would not be valid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from pydicom.dataset import Dataset

from xray_studio.core.deidentify.changes import Change
from xray_studio.dicom.attributes.values import items, tag_of
from xray_studio.dicom.conformance.attributes import NOT_MET
from xray_studio.dicom.conformance.before_write import Sources, refuse_errors
from xray_studio.dicom.conformance.check import check_dataset

_ITEM: Final = re.compile(r"(\w+)\[(\d+)\]")


def settle(
    dataset: Dataset,
    syntax: str,
    changes: Iterable[Change],
    sources: Callable[[], Sources],
    *,
    whole: bool,
) -> None:
    """Make an object fit the standard again, as far as its source did.

    An attribute that was replaced or emptied goes where its condition named another one, which was
    removed. Raises WriteError where the object has other errors that its source does not have.
    """
    replaced = {one.path.rpartition(".")[2] for one in changes if one.action in {"D", "Z"}}
    for finding in check_dataset(dataset, syntax, whole=whole):
        if finding.rule == NOT_MET and finding.path.rpartition(".")[2] in replaced:
            _remove(dataset, finding.path)
    refuse_errors(dataset, syntax, sources, whole=whole)


def _remove(dataset: Dataset, path: str) -> None:
    """Remove the attribute at a path of keywords, items counted from 1."""
    *outer, name = path.split(".")
    for part in outer:
        found = _ITEM.fullmatch(part)
        if found is None:
            return
        inside = items(dataset, found[1])
        if len(inside) < int(found[2]):
            return
        dataset = inside[int(found[2]) - 1]
    dataset.pop(tag_of(name), None)
