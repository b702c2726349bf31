"""Probabilities as people read them."""

from __future__ import annotations


def per_cent(part: float) -> str:
    """Return a probability (0 to 1) in whole per cent, and never 0 or 100 for what may be.

    A calibrated model is never sure.
    """
    if part < 0.005:
        return "<1 %"
    return ">99 %" if part > 0.995 else f"{100.0 * part:.0f} %"
