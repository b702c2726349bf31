"""What a detector of the unusual marks in an image, as a segmentation beside it (PS3.3 A.51).

An image without a place in the patient has one of its own size, whose frames each refer to the
frame of the image that they were made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import SegmentationStorage

from xray_studio.core.errors import UsageError
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.write.derived import new_uid, rooted
from xray_studio.dicom.write.headers import beside, read_header, several_frames
from xray_studio.dicom.write.objects import MAKER, Code, save
from xray_studio.dicom.write.pictures import tell_loss
from xray_studio.dicom.write.seg import Algorithm, Content, Mask, Subject, add_mask

SERIES_NUMBER: Final = 9004  # behind those of reports
CATEGORY: Final[Code] = ("309825002", "SCT", "Spatial and Relational Concept")
# The standard has no word for what is only unlike other pictures.
UNUSUAL: Final[Code] = ("UNUSUAL", "99XRAYSTUDIO", "Unusual region")
LEARNED: Final[Code] = ("123110", "DCM", "Artificial Intelligence")
MEASURED: Final[Code] = ("123106", "DCM", "Multi-scale/resolution filtering")
LABEL: Final = "Unusual"
OTHER_SIZE: Final = "{} has another size than the frames that were looked at; look at it again."


@dataclass(frozen=True, slots=True)
class Detector:
    """What marked something: `name` and `version`, and what it was asked with, in words.

    `model` is the name and version of the model behind it, `sha256` the hash of all that decides
    its answers; both are "" where nothing was learned.
    """

    name: str
    version: str
    parameters: str
    model: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class MarkedOrder:
    """What is marked in the image at `path`, (frames, rows, columns), and where it is written.

    Boolean `frames` make a binary segmentation, uint8 a fractional one. `numbers` are those frames
    of the image, from 0. `meaning` tells what is marked.
    """

    path: str
    frames: NDArray[np.bool_] | NDArray[np.uint8]
    numbers: tuple[int, ...]
    detector: Detector
    meaning: str
    made: datetime
    target: str
    uid_root: str = ""


def write_marked(order: MarkedOrder) -> str:
    """Write a segmentation for its owner alone, and return its SOP Instance UID.

    Runs in a worker process. Raises UnreadableError, UsageError (another size) or WriteError.
    """
    with lenient_pydicom(), rooted(order.uid_root):
        header = read_header(order.path)
        if (header.get("Rows"), header.get("Columns")) != order.frames.shape[1:]:
            raise UsageError(OTHER_SIZE.format(Path(order.path).name))
        kind = "scores" if order.frames.dtype != np.bool_ else "mask"
        title = f"Unusual ({order.detector.name}), {kind}"[:64]
        made = beside(str(SegmentationStorage), [header], "SEG", SERIES_NUMBER, title)
        made.ManufacturerModelName, made.DeviceSerialNumber = MAKER, "0"
        content = Content("UNUSUAL", title, "", order.made)
        add_mask(made, _mask(order, header), content, new_uid())
        made.PatientOrientation = header.get("PatientOrientation")
        tell_loss(made, header)
        return save(made, Path(order.target), lambda: [(header, "")], private=True)


def _mask(order: MarkedOrder, header: Dataset) -> Mask:
    asked = order.detector
    family = LEARNED if asked.model else MEASURED
    algorithm = Algorithm(asked.name, family, asked.version, asked.parameters)
    return Mask(
        frames=order.frames,
        images=(str(header.SOPInstanceUID),) * len(order.frames),
        sop_class=str(header.SOPClassUID),
        source_series=str(header.SeriesInstanceUID),
        subjects=(Subject(LABEL, UNUSUAL, None, CATEGORY, algorithm, order.meaning),),
        numbers=order.numbers if several_frames(header) else (),
    )
