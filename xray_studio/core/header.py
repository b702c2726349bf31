"""What pictures of one stack, or a document, tell of themselves.

Worker processes import this and little else.
"""

from __future__ import annotations

from typing import NamedTuple


class Header(NamedTuple):
    """Attributes by DICOM keyword, as read from headers; `kind` is that of `Instance`.

    `view` is View Name, else View Position. `title` is that of a document; `format` and number of
    `moments` are those of a volume of a research format.
    """

    patient_id: str = ""
    patient_name: str = ""
    issuer: str = ""
    birth_date: str = ""
    sex: str = ""
    study_instance_uid: str = ""
    study_date: str = ""
    study_time: str = ""
    study_description: str = ""
    accession_number: str = ""
    series_instance_uid: str = ""
    modality: str = ""
    series_description: str = ""
    series_number: int | None = None
    body_part_examined: str = ""
    protocol_name: str = ""
    stage_name: str = ""
    view: str = ""
    view_number: int | None = None
    sop_class_uid: str = ""
    image_type: str = ""
    rows: int = 0
    columns: int = 0
    samples: int = 1
    bits_allocated: int = 0
    echo: str = ""
    acquisition_number: int | None = None
    image_orientation: tuple[float, ...] | None = None
    frame_rate: float | None = None
    angles: tuple[float, float] | None = None
    kind: str = "dicom"
    title: str = ""
    format: str = ""
    moments: int = 1
