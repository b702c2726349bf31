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

REVISION = 1
"""Grows whenever the pixels change, so that kept copies are made anew."""

__all__ = [
    "LAO_CRANIAL",
    "RAO_CAUDAL",
    "REVISION",
    "SPIDER",
    "Angiogram",
    "View",
    "angiogram_job",
    "make_angiogram",
]
