"""Directions in the patient as DICOM names them."""

from __future__ import annotations

Vector = tuple[float, float, float]


def letters(axis: Vector) -> str:
    """Direction in the patient as letters (PS3.3 C.7.6.1.1.1), the strongest first."""
    named = zip(("LR", "PA", "HF"), axis, strict=True)
    strong = sorted(((abs(x), pair[x < 0.0]) for pair, x in named if abs(x) > 0.2), reverse=True)
    return "".join(letter for _, letter in strong)
