"""A coronary angiogram made from physics, with known truth: the demonstration cine."""

from xray_studio.imaging.phantom.angiogram import (
    LAO_CRANIAL,
    RAO_CAUDAL,
    SPIDER,
    Angiogram,
    View,
    angiogram_job,
    make_angiogram,
)

__all__ = [
    "LAO_CRANIAL",
    "RAO_CAUDAL",
    "SPIDER",
    "Angiogram",
    "View",
    "angiogram_job",
    "make_angiogram",
]
