"""The detectors of frontal films of the chest: `default`, and `hog-vit-iforest` as published."""

from __future__ import annotations
