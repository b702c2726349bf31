"""What is known to be true of the demonstration: for tests and for scoring what finds it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xray_studio.dicom.masks import read_masks
from xray_studio.imaging.echo import Words
from xray_studio.services.demonstration import documents, echocardiography

MASK_FILES = {
    "pa": "radiographs/pa-nodule.dcm",
    "lateral": "radiographs/lateral-nodule.dcm",
    "ct": "ct/nodule.dcm",
}


def mask_file(folder: Path, name: str) -> Path:
    """Return the segmentation of the nodule: `name` is pa, lateral or ct."""
    return folder / MASK_FILES[name]


def nodule(folder: Path, name: str) -> dict[str, NDArray[np.bool_]]:
    """Return where the nodule is (rows, columns), by SOP Instance UID of the image it is on."""
    return read_masks(mask_file(folder, name))


def burnt_in() -> tuple[Words, ...]:
    """Return the text in the echocardiogram, each with its box and whether it names somebody."""
    return echocardiography.words()


def narrowing(size: int = 512) -> tuple[float, float]:
    """Return column and row, from 0, of the narrowing in frame 47 of run 3."""
    return documents.lesion(size)
