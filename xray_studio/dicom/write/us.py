"""Writes ultrasound loops (PS3.3 A.7), colour, JPEG Baseline as machines do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import JPEGBaseline8Bit, UltrasoundMultiFrameImageStorage

from xray_studio.dicom.write.objects import Code, coded, new_object, save
from xray_studio.dicom.write.study import (
    SeriesFacts,
    StudyFacts,
    patient_and_study,
    series_and_equipment,
)

US_CLASS = str(UltrasoundMultiFrameImageStorage)
FRAME_TIME_TAG = 0x00181063
HEART: Code = ("80891009", "SCT", "Heart")
QUALITY = 92
TISSUE, TWO_D, CENTIMETRES = 1, 1, 3  # PS3.3 C.8.5.5.1


@dataclass(frozen=True)
class UsLoop:
    """A loop: `frames` (n, rows, columns, 3) RGB of 8 bits, `frame_time` in ms.

    `sector` is the region with tissue (left, top, right, bottom in pixels, the ends outside it),
    `pixel_size` in cm. `view` is View Name. `burnt_in` tells whether frames
    hold text that names the patient.
    """

    frames: NDArray[np.uint8]
    number: int
    description: str
    acquired: datetime
    frame_time: float
    heart_rate: int
    view: str
    sector: tuple[int, int, int, int]
    pixel_size: float
    burnt_in: bool

    @property
    def series(self) -> SeriesFacts:
        """The series that holds this loop and nothing else."""
        return SeriesFacts("US", self.number, self.description, self.acquired, "HEART")


def write_us(path: Path, study: StudyFacts, loop: UsLoop) -> str:
    """Write a loop; the file appears whole or not at all. Gives its SOP Instance UID.

    Raises WriteError where nothing can be written.
    """
    return save(_object(study, loop), path)


def _object(study: StudyFacts, loop: UsLoop) -> FileDataset:
    instance = loop.series.instance_uid(study)
    dataset = new_object(US_CLASS, instance, JPEGBaseline8Bit)
    dataset.update(patient_and_study(study))
    dataset.update(series_and_equipment(study, loop.series))
    for module in (_image, _cine, _region, _pixels):
        dataset.update(module(loop))
    return dataset


def _image(loop: UsLoop) -> Dataset:
    part = Dataset()
    part.ImageType = ["ORIGINAL", "PRIMARY"]
    part.InstanceNumber = loop.number
    part.AcquisitionDate = part.ContentDate = f"{loop.acquired:%Y%m%d}"
    part.AcquisitionTime = part.ContentTime = f"{loop.acquired:%H%M%S}"
    part.PatientOrientation = ""
    part.AnatomicRegionSequence = coded(HEART)
    part.BurnedInAnnotation = "YES" if loop.burnt_in else "NO"
    part.NumberOfStages = part.NumberOfViewsInStage = 1
    part.StageNumber = part.ViewNumber = 1
    part.StageName, part.ViewName = "BASELINE", loop.view
    part.HeartRate = loop.heart_rate
    return part


def _cine(loop: UsLoop) -> Dataset:
    part, rate = Dataset(), round(1000.0 / loop.frame_time)
    part.NumberOfFrames = len(loop.frames)
    part.FrameIncrementPointer = FRAME_TIME_TAG
    part.FrameTime = f"{loop.frame_time:g}"
    part.CineRate = part.RecommendedDisplayFrameRate = rate
    part.StartTrim, part.StopTrim = 1, len(loop.frames)
    part.PreferredPlaybackSequencing = 0
    return part


def _region(loop: UsLoop) -> Dataset:
    """Size of pixels within the sector (PS3.3 C.8.5.5)."""
    left, top, right, bottom = loop.sector
    item, part = Dataset(), Dataset()
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = TWO_D, TISSUE, 0
    item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right - 1, bottom - 1
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = CENTIMETRES
    item.PhysicalDeltaX = item.PhysicalDeltaY = loop.pixel_size
    part.SequenceOfUltrasoundRegions = Sequence([item])
    return part


def _pixels(loop: UsLoop) -> Dataset:
    part = Dataset()
    encoded = _encoded(loop.frames)
    part.SamplesPerPixel, part.PhotometricInterpretation = 3, "YBR_FULL_422"
    part.PlanarConfiguration = 0
    part.Rows, part.Columns = loop.frames.shape[1:3]
    part.BitsAllocated, part.BitsStored, part.HighBit = 8, 8, 7
    part.PixelRepresentation = 0
    part.LossyImageCompression = "01"
    ratio = loop.frames.nbytes / sum(map(len, encoded))
    part.LossyImageCompressionRatio = f"{ratio:.4g}"
    part.LossyImageCompressionMethod = "ISO_10918_1"
    part.PixelData = encapsulate(encoded)
    part["PixelData"].VR = "OB"
    part["PixelData"].is_undefined_length = True
    return part


def _encoded(frames: NDArray[np.uint8]) -> list[bytes]:
    import imagecodecs

    return [
        bytes(
            imagecodecs.jpeg8_encode(
                frame, level=QUALITY, colorspace="RGB", outcolorspace="YCBCR", subsampling="422"
            )
        )
        for frame in frames
    ]
