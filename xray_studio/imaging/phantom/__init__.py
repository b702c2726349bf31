"""A coronary angiogram made from physics, with known truth: the demonstration cine."""

from xray_studio.imaging.phantom.angiogram import LESION, Angiogram, angiogram_job, make_angiogram
from xray_studio.imaging.phantom.fluoroscopy import Fluoroscopy
from xray_studio.imaging.phantom.scene import Scene
from xray_studio.imaging.phantom.views import (
    FRONTAL,
    LAO_CRANIAL,
    LATERAL,
    RAO_CAUDAL,
    RAO_CRANIAL,
    SPIDER,
    View,
)

__all__ = [
    "FRONTAL",
    "LAO_CRANIAL",
    "LATERAL",
    "LESION",
    "RAO_CAUDAL",
    "RAO_CRANIAL",
    "SPIDER",
    "Angiogram",
    "Fluoroscopy",
    "Scene",
    "View",
    "angiogram_job",
    "make_angiogram",
]
