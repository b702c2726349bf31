"""Judged detectors of the unusual as tables, for cards and for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_COLUMNS: Final = (
    ("image AUROC", "image_auroc", "image_auroc_ci"),
    ("within one view", "image_auroc_within_view", "image_auroc_within_view_ci"),
    ("AUPRC", "image_auprc", ""),
    ("pixel AUROC in lungs", "pixel_auroc", "pixel_auroc_ci"),
    ("AUPRO", "aupro", ""),
    ("Dice, stored threshold", "dice", "dice_ci"),
    ("IoU", "iou", ""),
    ("Dice, best threshold", "dice_best", ""),
    ("peak in box", "peak_in_box", "peak_in_box_ci"),
)
_ABOUT: Final = (
    "Patients from whom nothing was learned; intervals are 95 %, by patient. What a collection"
    " cannot tell is left empty."
)
_SUPERVISED: Final = (
    "What is supervised has learned from labels: each film is judged by the networks of the finding"
    " classifier that have not seen it, and nothing is told of films that all have seen. Marked is"
    " from half of the strongest place on, in lungs or not."
)
_PHANTOMS: Final = "Chests made from physics, half of them with a nodule; nobody's films"


def result_lines(facts: Mapping[str, Any]) -> list[str]:
    """Return an answer as lines of Markdown."""
    lines = [_ABOUT]
    if any(one["supervised"] for one in facts["detectors"].values()):
        lines += ["", _SUPERVISED]
    phantoms = facts["phantoms"]
    made = {_PHANTOMS: phantoms} if phantoms else {}
    for name, one in {**facts["collections"], **made}.items():
        lines += ["", f"{name}, {one['n']:,} frontal films, {one['normal']:,} of them normal:", ""]
        lines += _table({**_marked(one["detectors"]), **_named(one["baselines"])})
    return lines


def _marked(detectors: Mapping[str, Any]) -> dict[str, Any]:
    pairs = detectors.items()
    return {f"{name} (supervised)" if one["supervised"] else name: one for name, one in pairs}


def _named(baselines: Mapping[str, Any]) -> dict[str, Any]:
    return {f"baseline: {name}": one for name, one in baselines.items()}


def _table(rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    told = [
        column for column in _COLUMNS if any(row[column[1]] is not None for row in rows.values())
    ]
    heads = " | ".join(title for title, _, _ in told)
    lines = [f"| scores | {heads} |", "|---" * (len(told) + 1) + "|"]
    for name, row in rows.items():
        cells = " | ".join(_cell(row, value, ends) for _, value, ends in told)
        lines.append(f"| {name} | {cells} |")
    return lines


def _cell(row: Mapping[str, Any], value: str, ends: str) -> str:
    if row[value] is None:
        return ""
    known = row[ends] if ends else None
    interval = f" ({known[0]:.3f} to {known[1]:.3f})" if known else ""
    return f"{row[value]:.3f}{interval}"
