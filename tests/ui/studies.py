"""Small DICOM studies made on the spot for window tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

XA = "1.2.840.10008.5.1.4.1.1.12.1"
CT = "1.2.840.10008.5.1.4.1.1.2"


def write_study(folder: Path) -> Path:
    """Write two patients: Phantom^Coronary with two runs, Phantom^Thorax with five slices."""
    coronary = {"PatientName": "Phantom^Coronary", "PatientID": "DEMO-0001"}
    thorax = {"PatientName": "Phantom^Thorax", "PatientID": "DEMO-0002"}
    study = {"StudyInstanceUID": generate_uid(entropy_srcs=["a"])}
    study |= {"StudyDescription": "Coronary angiography", "StudyDate": "20261120"}
    for number, name in ((1, "LCA"), (2, "RCA")):
        write_cine(folder / f"run{number}.dcm", number, name, coronary | study)
    study = {"StudyInstanceUID": generate_uid(entropy_srcs=["b"])}
    study |= {"StudyDescription": "Thorax", "StudyDate": "20261121"}
    for slice_number in range(5):
        write_slice(folder / f"slice{slice_number}", slice_number, thorax | study)
    (folder / "notes.txt").write_text("These are notes.", "utf-8")
    (folder / "broken.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\x02\0\0\0UL")
    return folder


def write_cine(path: Path, number: int, name: str, about: dict[str, str], frames: int = 12) -> None:
    """Write an XA object of `frames` frames of 48 x 64 at 15 per second."""
    dataset = _object(XA, "XA", about, f"series{number}")
    dataset.SeriesNumber, dataset.SeriesDescription = number, name
    dataset.InstanceNumber, dataset.NumberOfFrames = 1, frames
    dataset.CineRate, dataset.FrameTime = 15, 1000 / 15
    dataset.FrameIncrementPointer = 0x00181063
    dataset.PositionerPrimaryAngle, dataset.PositionerSecondaryAngle = -30, -20
    dataset.WindowCenter, dataset.WindowWidth = [2000, 1500], [3000, 1000]
    moving = [np.roll(_ramp(48, 64, 4095), 3 * frame, axis=1) for frame in range(frames)]
    _save(dataset, np.stack(moving), path, bits=12)


def write_slice(path: Path, number: int, about: dict[str, str]) -> None:
    """Write a CT slice of 32 x 32."""
    dataset = _object(CT, "CT", about, "slices")
    dataset.SeriesNumber, dataset.SeriesDescription = 7, "Lung"
    dataset.InstanceNumber = number + 1
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=["slice", str(number)])
    dataset.ImagePositionPatient = [0, 0, 5 * number]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.RescaleIntercept, dataset.RescaleSlope = -1024, 1
    dataset.WindowCenter, dataset.WindowWidth = 40, 400
    _save(dataset, np.roll(_ramp(32, 32, 2000), number, axis=0), path, bits=12)


def _object(sop_class: str, modality: str, about: dict[str, str], series: str) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.Modality = sop_class, modality
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=[series, about["PatientID"]])
    dataset.SeriesInstanceUID = generate_uid(entropy_srcs=["of", series, about["PatientID"]])
    dataset.PatientBirthDate, dataset.PatientSex = "19610412", "F"
    for keyword, value in about.items():
        setattr(dataset, keyword, value)
    return dataset


def _ramp(rows: int, columns: int, top: int) -> np.ndarray:
    return np.linspace(0, top, rows * columns).reshape(rows, columns).astype(np.uint16)


def _save(dataset: Dataset, pixels: np.ndarray, path: Path, bits: int) -> None:
    dataset.Rows, dataset.Columns = pixels.shape[-2:]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, bits, bits - 1
    dataset.PixelRepresentation = 0
    dataset.PixelData = pixels.astype("<u2").tobytes()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(path, enforce_file_format=True)
