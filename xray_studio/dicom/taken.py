"""Where the frames of DICOM objects were taken and what tells them apart, for volumes.

Runs in worker processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from pydicom.dataset import Dataset

from xray_studio.core.errors import StudioError
from xray_studio.core.volume.stack import Taken
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.attributes.dataset import data_stream, lenient_pydicom
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.timing import moment_of
from xray_studio.dicom.attributes.values import integer, items, number, text
from xray_studio.dicom.file.opening import open_file, reading_time
from xray_studio.dicom.file.part10 import HEAD_BYTES, find_start
from xray_studio.dicom.places import place_of

BATCH = 16


def request_taken(paths: Sequence[str]) -> list[Future[list[tuple[Taken, ...]]]]:
    """Return the frames of each object, in batches, as futures; none of one that is damaged."""
    batches = [tuple(paths[i : i + BATCH]) for i in range(0, len(paths), BATCH)]
    return [
        run_apart(read_taken, batch, priority=Priority.BATCH, time_limit=reading_time(batch))
        for batch in batches
    ]


def read_taken(paths: tuple[str, ...]) -> list[tuple[Taken, ...]]:
    """Return the frames of each object. Runs in a worker process."""
    return [_of_object(path) for path in paths]


def _of_object(path: str) -> tuple[Taken, ...]:
    try:
        groups = _groups(path)
    except StudioError:
        return ()
    with lenient_pydicom():
        count = int(number(groups.dataset, "NumberOfFrames") or 1)
        frames = max(1, len(groups.per_frame) or count)
        return tuple(_taken(groups, frame) for frame in range(frames))


def _groups(path: str) -> Groups:
    """Return the groups of an object with every attribute before its pixels."""
    from pydicom.filereader import read_dataset

    from xray_studio.dicom.attributes.dataset import PIXEL_TAGS

    with open_file(path) as file, lenient_pydicom():
        start = find_start(file.read(HEAD_BYTES))
        stream = data_stream(file, start)
        dataset = read_dataset(
            stream,
            start.implicit,
            start.little_endian,
            stop_when=lambda tag, _vr, _length: tag in PIXEL_TAGS,
        )
    return Groups.of(dataset)


def _taken(groups: Groups, frame: int) -> Taken:
    dataset = groups.dataset
    diffusion = groups.macro("MRDiffusionSequence", frame)
    heart = groups.macro("CardiacSynchronizationSequence", frame)
    echo = groups.macro("MREchoSequence", frame)
    kinds = ("MRImageFrameTypeSequence", "CTImageFrameTypeSequence", "PETFrameTypeSequence")
    own = [groups.macro(keyword, frame) for keyword in kinds]
    kind = next((text(one, "FrameType") for one in own if text(one, "FrameType")), "")
    content = groups.macro("FrameContentSequence", frame)
    return Taken(
        place=place_of(groups, frame),
        b_value=number(diffusion, "DiffusionBValue"),
        phase=_first(
            number(heart, "NominalCardiacTriggerDelayTime"), number(dataset, "TriggerTime")
        ),
        echo=_first(number(echo, "EffectiveEchoTime"), number(dataset, "EchoTime")),
        position=_first(
            number(content, "TemporalPositionIndex"), number(dataset, "TemporalPositionIdentifier")
        ),
        kind=kind or text(dataset, "ImageType"),
        number=integer(dataset, "InstanceNumber") if not groups.per_frame else frame,
    )


def _first(*found: float | None) -> float | None:
    return next((value for value in found if value is not None), None)


def read_pet(path: str) -> dict[str, float | str | None]:
    """Return what a PET object tells that uptake values need, as the fields of `PetFacts`.

    Runs in a worker process. Raises UnreadableError.
    """
    with lenient_pydicom():
        dataset = _groups(path).dataset
        dose = items(dataset, "RadiopharmaceuticalInformationSequence")
        given = dose[0] if dose else dataset
        started = _started(dataset)
        return {
            "units": text(dataset, "Units").upper(),
            "corrected": text(dataset, "DecayCorrection").upper(),
            "weight": number(dataset, "PatientWeight"),
            "height": number(dataset, "PatientSize"),
            "sex": text(dataset, "PatientSex").upper(),
            "dose": number(given, "RadionuclideTotalDose"),
            "half_life": number(given, "RadionuclideHalfLife"),
            "injected": _injected(text(given, "RadiopharmaceuticalStartDateTime"),
                                  text(given, "RadiopharmaceuticalStartTime"), dataset),
            "started": started,
            "activity_scale": number(dataset, 0x70531009),
            "uptake_scale": number(dataset, 0x70531000),
        }  # fmt: skip


def _started(dataset: Dataset) -> float | None:
    """Return the moment that values are corrected to: the start of the series.

    Series that were made later from others begin after their acquisition: there the acquisition's
    counts (QIBA's rule).
    """
    series = _moment(dataset, "Series")
    acquired = _moment(dataset, "Acquisition")
    if series is None or acquired is None:
        return series if acquired is None else acquired
    return min(series, acquired)


def _moment(dataset: Dataset, what: str) -> float | None:
    return moment_of(text(dataset, f"{what}Date") + text(dataset, f"{what}Time"))


def _injected(exact: str, clock: str, dataset: Dataset) -> float | None:
    """Return when the tracer was injected; a time without a date is that of the series' day."""
    if exact and (found := moment_of(exact)) is not None:
        return found
    at = moment_of(text(dataset, "SeriesDate") + clock) if clock else None
    started = _started(dataset)
    if at is not None and started is not None and at > started:
        return at - 86_400.0  # before midnight
    return at
