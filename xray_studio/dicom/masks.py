"""Reads binary segmentations: which pixels of which image are marked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread

Mask = NDArray[np.bool_]


def read_masks(path: Path) -> dict[str, Mask]:
    """Return the marked pixels (rows, columns) of every image, by its SOP Instance UID.

    Several segments on one image are joined. Frames that name no image are left out.
    """
    dataset = dcmread(path)
    count, shape = int(dataset.NumberOfFrames), (int(dataset.Rows), int(dataset.Columns))
    bits = np.unpackbits(np.frombuffer(dataset.PixelData, np.uint8), bitorder="little")
    frames = bits[: count * shape[0] * shape[1]].reshape(count, *shape).astype(bool)
    masks: dict[str, Mask] = {}
    for frame, groups in zip(frames, dataset.PerFrameFunctionalGroupsSequence, strict=True):
        for derivation in groups.get("DerivationImageSequence", ()):
            for source in derivation.get("SourceImageSequence", ()):
                uid = str(source.ReferencedSOPInstanceUID)
                masks[uid] = masks.get(uid, np.zeros(shape, bool)) | frame
    return masks
