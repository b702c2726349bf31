"""DICOM objects made for tests: any pixels, any transfer syntax, any attributes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

XA = "1.2.840.10008.5.1.4.1.1.12.1"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
NATIVE_BIG = "1.2.840.10008.1.2.2"


def make_object(pixels: np.ndarray | None = None, **attributes: Any) -> Dataset:
    """Return an image object; `pixels` is (frames, rows, columns[, 3]) or (rows, columns)."""
    dataset = Dataset()
    dataset.SOPClassUID = SECONDARY_CAPTURE
    dataset.SOPInstanceUID = generate_uid()
    dataset.StudyInstanceUID = generate_uid()
    dataset.SeriesInstanceUID = generate_uid()
    dataset.Modality = "OT"
    dataset.PatientName = "Test^Object"
    dataset.PatientID = "T1"
    if pixels is not None:
        _set_pixels(dataset, pixels)
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def _set_pixels(dataset: Dataset, pixels: np.ndarray) -> None:
    single = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[-1] == 3)
    stack = pixels[None] if single else pixels
    colour = stack.ndim == 4
    bits = pixels.dtype.itemsize * 8
    dataset.Rows, dataset.Columns = stack.shape[1:3]
    if stack.shape[0] > 1:
        dataset.NumberOfFrames = stack.shape[0]
    dataset.SamplesPerPixel = 3 if colour else 1
    dataset.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    data = pixels.tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OW" if bits > 8 else "OB"


def save(dataset: Dataset, path: Path, syntax: str = ExplicitVRLittleEndian) -> str:
    """Write an object and return its path as text."""
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(path, enforce_file_format=True)
    return str(path)


def save_frames(
    dataset: Dataset, path: Path, frames: Sequence[bytes], syntax: str, **options: Any
) -> str:
    """Write an object whose frames are compressed already; `options` go to `encapsulate`."""
    dataset.PixelData = encapsulate(list(frames), **options)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    if len(frames) > 1:
        dataset.NumberOfFrames = len(frames)
    return save(dataset, path, syntax)


def picture(low: int, high: int, shape: tuple[int, ...] = (37, 53), seed: int = 1) -> np.ndarray:
    """Return smooth waves with noise between `low` and `high`, both reached; int64."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    waves = (np.sin(x / 7) + np.cos(y / 5) + 2) / 4
    if len(shape) == 3:
        waves = np.stack([np.roll(waves, 9 * i, axis=1) for i in range(shape[2])], axis=2)
    noise = np.random.default_rng(seed).normal(0, 0.02, shape)
    grey = np.clip(np.round(low + (waves + noise) * (high - low)), low, high).astype(np.int64)
    grey.flat[0], grey.flat[1] = low, high
    return grey
