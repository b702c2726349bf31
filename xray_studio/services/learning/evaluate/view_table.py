"""What an evaluation of the view classifier found, as lines of Markdown."""

from __future__ import annotations

from typing import Any

from xray_studio.core.learning.cases import View


def result_lines(facts: dict[str, Any]) -> list[str]:
    """Return an answer as lines of Markdown, for a card and for people."""
    rows = [(_asked(label), one) for label, one in facts["views"].items()]
    rows += [("frontal or lateral", facts["frontal_or_lateral"])]
    rows += [(f"baseline: {name}", one) for name, one in facts["baselines"].items()]
    what = f"{facts['n']:,} pictures of {facts['dataset']} that nothing was learned from"
    lines = [f"{what}; intervals are 95 %, by patient.", ""]
    lines += ["| asked | n | right | 95 % | AUROC | 95 % |", "|---|---|---|---|---|---|"]
    lines += [_line(name, one) for name, one in rows]
    if facts["ece"] is not None:
        low, high = facts["ece_band"]
        band = f"a calibrated model of this size has {low:.4f} to {high:.4f} (90 %)"
        lines += ["", f"Calibration error {facts['ece']:.4f}; {band}."]
    return lines + [f"Note: {note}." for note in facts["notes"]]


def _asked(label: str) -> str:
    return "other picture, refused" if label == View.OTHER else f"{label} film"


def _line(name: str, one: dict[str, Any]) -> str:
    cells = [name, f"{one['n']:,}" if "n" in one else ""]
    for key in ("right", "auroc"):
        value, known = one.get(key), one.get(f"{key}_ci")
        cells.append("" if value is None else f"{value:.4f}")
        cells.append("" if known is None else f"{known[0]:.4f} to {known[1]:.4f}")
    return f"| {' | '.join(cells)} |"
