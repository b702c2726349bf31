"""What an evaluation of denoisers found, as tables in Markdown."""

from __future__ import annotations

from typing import Any, Final

_COLUMNS: Final = (
    ("psnr", "PSNR, dB", "{:.2f}"), ("psnr_ci", "95 %", "{0[0]:.2f} to {0[1]:.2f}"),
    ("ssim", "SSIM", "{:.3f}"), ("edge_rise", "edge rise, px", "{:.2f}"),
    ("residual_whiteness", "whiteness", "{:.2f}"), ("seconds", "s a frame", "{:.3f}"),
    ("lag_frames", "lag, frames", "{:.2f}"), ("fps", "frames a s", "{:.0f}"),
)  # fmt: skip


def result_lines(facts: dict[str, Any]) -> list[str]:
    """Return an answer as lines of Markdown, for people and for a card."""
    lines = []
    for dose, methods in facts["doses"].items():
        films = f"{facts['n']} film{'' if facts['n'] == 1 else 's'}"
        lines += _table(f"{films} of {facts['dataset']} at {dose} dose", methods)
    if facts["cine"]:
        lines += _table("Loops of the phantom at 1/8 dose", facts["cine"])
    return lines


def _table(title: str, methods: dict[str, dict[str, Any]]) -> list[str]:
    columns = [one for one in _COLUMNS if one[0] in next(iter(methods.values()))]
    head = [f"{title}:", "", f"| method | {' | '.join(name for _, name, _ in columns)} |"]
    rows = [
        f"| {method} | {' | '.join(_told(found[key], form) for key, _, form in columns)} |"
        for method, found in methods.items()
    ]
    return [*head, f"|---|{'---|' * len(columns)}", *rows, ""]


def _told(value: Any, form: str) -> str:
    if value is None:
        return ""
    words = form.format(value)
    return words.removeprefix("-") if words.strip("-0.") == "" else words
