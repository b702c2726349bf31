"""What an evaluation of report engines found, as lines of Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

_READING: Final = {
    "bleu1": "BLEU-1", "bleu2": "BLEU-2", "bleu3": "BLEU-3", "bleu4": "BLEU-4",
    "meteor": "METEOR (exact, stem)", "rouge_l": "ROUGE-L", "cider": "CIDEr",
}  # fmt: skip
_CLINICAL: Final = {
    "findings_macro_f1": "findings F1, macro", "findings_micro_f1": "micro",
    "findings_macro_precision": "precision", "findings_macro_recall": "recall",
    "findings_every_f1": "F1 over all 17", "distinct": "different drafts among 300",
    "normal_on_abnormal": "normal drafts on abnormal films",
}  # fmt: skip


def result_lines(facts: dict[str, Any]) -> list[str]:
    """Return an answer as lines of Markdown, for a page and for people."""
    rows = {**facts["engines"], **{f"baseline: {n}": one for n, one in facts["baselines"].items()}}
    labeller = facts["labeller"]
    what = (
        f"{facts['n']:,} studies of {facts['dataset']}, split {facts['split']};"
        f" {facts['protocol']}. Each study is judged by a network that has not seen it. Intervals"
        " are 95 %, by study."
    )
    lines = [
        what,
        "",
        f"| drafts | {' | '.join(_READING.values())} |",
        f"|{'---|' * (1 + len(_READING))}",
        *(_row(name, one, _READING) for name, one in rows.items()),
        "",
        f"| drafts | {' | '.join(_CLINICAL.values())} | seconds |",
        f"|{'---|' * (2 + len(_CLINICAL))}",
        *(_row(name, one, _CLINICAL, seconds=True) for name, one in rows.items()),
        "",
        f"Macro: {', '.join(facts['macro_over']) or 'no finding'}.",
        "",
        *(f"{name} is left out: {why}\n" for name, why in facts.get("left_out", {}).items()),
    ]
    for name, one in facts["engines"].items():
        lines += [f"{name}, finding by finding:", ""]
        lines += [
            "| finding | reports | drafts | precision | recall | F1 |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_finding(each, told, "reports", "drafts") for each, told in one["labels"].items()]
    words = f"The labeller against what was indexed, {labeller['n']:,} reports that no rule was"
    lines += ["", f"{words} written for: F1 {_number(labeller['macro_f1'])} (macro).", ""]
    lines += ["| finding | indexed | told | precision | recall | F1 |", "|---|---|---|---|---|---|"]
    return lines + [
        _finding(name, one, "indexed", "told") for name, one in labeller["labels"].items()
    ]


def _row(name: str, one: dict[str, Any], keys: Iterable[str], *, seconds: bool = False) -> str:
    cells = [name, *(_interval(one.get(key), one.get(f"{key}_ci")) for key in keys)]
    cells += [_number(one.get("seconds_per_report"))] if seconds else []
    return f"| {' | '.join(cells)} |"


def _finding(name: str, one: dict[str, Any], wanted: str, told: str) -> str:
    cells = [name, f"{one[wanted]:,}", f"{one[told]:,}"]
    cells += [_number(one[key]) for key in ("precision", "recall", "f1")]
    return f"| {' | '.join(cells)} |"


def _interval(value: float | None, ends: list[float] | None) -> str:
    told = f" ({ends[0]:.3f} to {ends[1]:.3f})" if ends else ""
    return f"{_number(value)}{told}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
