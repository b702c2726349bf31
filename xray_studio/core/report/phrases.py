"""Phrases that stand in many reports, written for this program; a person adds others."""

from __future__ import annotations

from typing import Final

PHRASES: Final = (
    ("Normal heart", "The heart is normal in size and shape."),
    ("Clear lungs", "The lungs are clear, without consolidation."),
    ("No effusion", "There is no pleural effusion."),
    ("No pneumothorax", "There is no pneumothorax."),
    ("Normal mediastinum", "The mediastinum is not widened."),
    ("Normal bones", "The bones that are shown are unremarkable."),
    ("Normal chest", "There is no acute finding in the chest."),
    ("No earlier pictures", "There are no earlier pictures to compare with."),
    ("Follow-up", "A follow-up film is recommended."),
    ("Clinical correlation", "Please correlate with the clinical findings."),
)
