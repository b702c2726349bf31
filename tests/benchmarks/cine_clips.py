"""Cine clips for benchmarks: 1024 x 1024, 12 bit stored in 16, noise and moving vessels."""

from __future__ import annotations

from pathlib import Path

import imagecodecs
import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    ExplicitVRLittleEndian,
    JPEGLosslessSV1,
    RLELossless,
    XRayAngiographicImageStorage,
    generate_uid,
)

SIDE = 1024
RATE = 30.0
Frames = npt.NDArray[np.uint16]


def frames(count: int, side: int = SIDE) -> Frames:
    """Return frames of (count, side, side), 0 to 4095, with noise as an angiogram has it."""
    random = np.random.default_rng(7)
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float32) / side
    ground = 1500.0 + 1400.0 * np.exp(-((rows - 0.5) ** 2 + (columns - 0.5) ** 2) * 6.0)
    noise = random.normal(0.0, 1.0, (side + 64, side + 64)).astype(np.float32)
    made = np.empty((count, side, side), np.uint16)
    for index in range(count):
        down, right = random.integers(0, 64, 2)
        wave = 0.5 + 0.2 * np.sin(6.0 * rows + 6.28 * index / 30.0)
        vessel = 700.0 * np.exp(-(((columns - wave) / 0.01) ** 2))
        grain = noise[down : down + side, right : right + side]
        made[index] = np.clip(ground - vessel + grain * 25.0, 0, 4095)
    return made


def write_clips(folder: Path, count: int = 90) -> dict[str, Path]:
    """Write the same frames uncompressed, as RLE and as JPEG lossless; return them by name."""
    pictures = frames(count)
    write_uncompressed(folder, pictures)
    rle, lossless = (_dataset(pictures, uid) for uid in (RLELossless, JPEGLosslessSV1))
    rle.PixelData = pictures.tobytes()
    rle.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    rle.compress(RLELossless, generate_instance_uid=False)
    rle.save_as(folder / "rle.dcm", enforce_file_format=True)
    packed = [
        imagecodecs.jpeg8_encode(frame, lossless=True, bitspersample=12) for frame in pictures
    ]
    lossless.PixelData = encapsulate(packed)
    lossless["PixelData"].is_undefined_length = True
    lossless.save_as(folder / "lossless.dcm", enforce_file_format=True)
    names = {"uncompressed": "native", "RLE": "rle", "JPEG lossless": "lossless"}
    return {name: folder / f"{stem}.dcm" for name, stem in names.items()}


def write_uncompressed(folder: Path, pictures: Frames) -> Path:
    """Write frames as one object without compression and return its path."""
    made = _dataset(pictures, ExplicitVRLittleEndian)
    made.PixelData = pictures.tobytes()
    made.save_as(folder / "native.dcm", enforce_file_format=True)
    return folder / "native.dcm"


def _dataset(pictures: Frames, syntax: str) -> Dataset:
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax
    made.file_meta.MediaStorageSOPClassUID = XRayAngiographicImageStorage
    made.SOPClassUID = XRayAngiographicImageStorage
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    made.StudyInstanceUID, made.SeriesInstanceUID = generate_uid(), generate_uid()
    made.PatientName, made.PatientID, made.Modality = "Benchmark^Cine", "BENCH", "XA"
    made.SeriesNumber = 1
    made.NumberOfFrames, made.Rows, made.Columns = pictures.shape
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 12, 11, 0
    made.FrameTime, made.FrameIncrementPointer = 1000.0 / RATE, 0x00181063
    made.WindowCenter, made.WindowWidth = 2048, 3000
    return made
