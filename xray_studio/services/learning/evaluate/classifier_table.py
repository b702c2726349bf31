"""What an evaluation of the finding classifier found, as lines of Markdown."""

from __future__ import annotations

from typing import Any

from xray_studio.core.learning.finding_scores import POSITIVES


def result_lines(facts: dict[str, Any]) -> list[str]:
    """Return an answer as lines of Markdown, for a card and for people."""
    own, all_of_them = facts["judged_by"].values()
    what = (
        f"{facts['n']:,} studies of {facts['dataset']} that no network which judges them has seen:"
        f" {own:,} by the network of their fold, {all_of_them:,} by all networks together."
        " Intervals are 95 %, by study."
    )
    lines = [
        what,
        "",
        "| finding | positives | AUROC | 95 % | AUPRC | sensitivity | specificity |",
        "|---|---|---|---|---|---|---|",
        *(_line(name, one) for name, one in facts["labels"].items()),
        "",
        "| method | macro AUROC | 95 % | normal or not | 95 % |",
        "|---|---|---|---|---|",
        _method("this model", facts),
        *(_method(f"baseline: {name}", one) for name, one in facts["baselines"].items()),
        "",
        f"Macro: labels with {POSITIVES} positives or more in every part ({_list(facts)}).",
    ]
    if facts["all_auroc"] is not None:
        lines += [f"Mean over every label that is present: {facts['all_auroc']:.3f}."]
    lines += ["Sensitivity and specificity are those at the operating point of the model."]
    if facts["ece"] is not None:
        low, high = facts["ece_band"]
        band = f"a calibrated model of this size has {low:.4f} to {high:.4f} (90 %)"
        lines += ["", f"Calibration error {facts['ece']:.4f}; {band}."]
    return lines + [f"Note: {note}." for note in facts["notes"]]


def _list(facts: dict[str, Any]) -> str:
    return ", ".join(facts["macro_over"]) or "none"


def _line(name: str, one: dict[str, Any]) -> str:
    point = one["operating_points"][0] if one["operating_points"] else {}
    cells = [name, f"{one['positives']:,}", _number(one["auroc"]), _ends(one["auroc_ci"])]
    cells += [_number(one["auprc"])]
    cells += [_number(point.get("sensitivity")), _number(point.get("specificity"))]
    return f"| {' | '.join(cells)} |"


def _method(name: str, one: dict[str, Any]) -> str:
    cells = [name]
    for key in ("macro_auroc", "normal_auroc"):
        cells += [_number(one[key]), _ends(one[f"{key}_ci"])]
    return f"| {' | '.join(cells)} |"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _ends(known: list[float] | None) -> str:
    return "" if known is None else f"{known[0]:.3f} to {known[1]:.3f}"
