"""What an image says about its own dose (PS3.3 C.8.7.2, C.7.6.18, C.8.15.3.9)."""

from __future__ import annotations

from collections.abc import Iterable

from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag

from xray_studio.core.dose import IrradiationEvent
from xray_studio.dicom.attributes.dataset import PIXEL_TAGS, data_stream, lenient_pydicom
from xray_studio.dicom.attributes.values import number, tag_of, text
from xray_studio.dicom.documents.quantities import scaled_number
from xray_studio.dicom.file.opening import open_file
from xray_studio.dicom.file.part10 import HEAD_BYTES, find_start

# Keyword and the factor that leads to the unit of `core.dose`, the better one first.
_KAP = (("ImageAndFluoroscopyAreaDoseProduct", "0.1"),)
_KERMA = (("EntranceDoseInmGy", "1"), ("EntranceDose", "100"))
_CURRENT = (("XRayTubeCurrentInmA", "1"), ("XRayTubeCurrentInuA", "1e-3"), ("XRayTubeCurrent", "1"))
_EXPOSURE = (("ExposureTimeInms", "1"), ("ExposureTimeInuS", "1e-3"), ("ExposureTime", "1"))
_OTHER = (("KVP", "1"), ("AveragePulseWidth", "1"), ("CTDIvol", "1"))
_UIDS = ("IrradiationEventUID", "SpecificCharacterSet")


def read_image_dose(path: str) -> IrradiationEvent | None:
    """Return the dose that an image tells of itself, None when it tells nothing.

    Raises UnreadableError when the file cannot be read. Runs in a worker process.
    """
    pairs = (*_KAP, *_KERMA, *_CURRENT, *_EXPOSURE, *_OTHER)
    tags: list[BaseTag | int] = [tag_of(keyword) for keyword in (*dict(pairs), *_UIDS)]
    with open_file(path) as file, lenient_pydicom():
        start = find_start(file.read(HEAD_BYTES))
        dataset = read_dataset(
            data_stream(file, start),
            start.implicit,
            start.little_endian,
            stop_when=lambda tag, _vr, _length: tag in PIXEL_TAGS,
            specific_tags=tags,
        )
        return image_dose(dataset)


def image_dose(dataset: Dataset) -> IrradiationEvent | None:
    """Return the dose that the attributes of an image tell."""
    event = IrradiationEvent(
        uid=text(dataset, "IrradiationEventUID"),
        kap=_first(dataset, _KAP),
        air_kerma=_first(dataset, _KERMA),
        kvp=_first(dataset, _OTHER[:1]),
        current=_first(dataset, _CURRENT),
        exposure_time=_first(dataset, _EXPOSURE),
        pulse_width=_first(dataset, _OTHER[1:2]),
        ctdi=_first(dataset, _OTHER[2:]),
    )
    return None if event == IrradiationEvent() else event


def _first(dataset: Dataset, choices: Iterable[tuple[str, str]]) -> float | None:
    """Return the first value that is told; 0 stands for none in attributes of this kind."""
    for keyword, factor in choices:
        value = number(dataset, keyword)
        if value:
            return scaled_number(value, factor)
    return None
