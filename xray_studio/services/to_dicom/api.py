"""Videos into DICOM from Python: `xs.to_dicom("clip.mp4", "clip.dcm", ...)`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.output import Quality
from xray_studio.core.video.classes import Kind
from xray_studio.core.video.identity import Identity, date_of
from xray_studio.core.video.modalities import modality_of
from xray_studio.core.video.plan import Transcode, Wish
from xray_studio.core.video.regions import region_of
from xray_studio.core.video.syntaxes import LARGEST_ITEM
from xray_studio.services.to_dicom.linked import like as like_job
from xray_studio.services.to_dicom.request import Request, Written
from xray_studio.services.to_dicom.syntax import syntax_named
from xray_studio.services.to_dicom.write import to_dicom as to_dicom_job

PathLike = str | os.PathLike[str]


def to_dicom(
    video: PathLike | Sequence[PathLike],
    target: PathLike,
    *,
    patient_id: str = "",
    patient_name: str = "",
    birth_date: str = "",
    sex: str = "",
    study_description: str = "",
    accession: str = "",
    modality: str = "",
    sop_class: str = "auto",
    like: PathLike | None = None,
    region: str = "",
    acquired: datetime | None = None,
    series_description: str = "",
    transcode: str = "auto",
    quality: str = "medium",
    syntax: str = "",
    keep_sound: bool = False,
    keep_metadata: bool = False,
    parts: bool = False,
    item_size: int = LARGEST_ITEM,
    rate: float = 0.0,
    overwrite: bool = False,
) -> Written:
    """Put a video into a DICOM object; the stream is kept bit for bit where DICOM takes it.

    `like` is an object, or a folder with one study, whose patient and study it gets; the rest says
    what differs. `sop_class` is auto, photographic, endoscopic, microscopic or multiframe;
    `transcode` auto, never or always; `quality` low, medium, high, or lossless for single frames.
    `item_size` are the bytes above which a stream lies in several items, or with `parts` in
    several objects. `video` can be files of single pictures, which follow one another at `rate`
    frames per second. Raises StudioError with the reason; nothing is left behind then.
    """
    pictures = () if isinstance(video, str | os.PathLike) else tuple(map(Path, video))
    source = pictures[0] if pictures else Path(os.fspath(_one(video)))
    told = Identity(
        patient_id=patient_id,
        patient_name=patient_name,
        birth_date=date_of(birth_date),
        sex=sex,
        study_description=study_description,
        accession=accession,
        modality=modality_of(modality),
        region=region_of(region) if region else None,
    )
    identity = told if like is None else told.over(run(like_job(Path(like), source)))
    wish = Wish(
        kind=Kind(sop_class),
        modality=told.modality,
        transcode=Transcode(transcode),
        quality=Quality(quality),
        syntax=syntax_named(syntax) if syntax else "",
        keep_sound=keep_sound,
        keep_metadata=keep_metadata,
        parts=parts,
        largest_item=item_size,
    )
    request = Request(
        source, Path(target), identity, wish, acquired, series_description,
        pictures=pictures, rate=Fraction(rate).limit_denominator(10_000), overwrite=overwrite,
    )  # fmt: skip
    return run(to_dicom_job(request))


def _one(video: PathLike | Sequence[PathLike]) -> PathLike:
    """Return the one file that is named. Raises UsageError where there is none."""
    if not isinstance(video, str | os.PathLike):
        raise UsageError("No picture is named; name at least one.")
    return video
