"""Finding and opening what a user names: folders, files, DICOMDIR, pictures and videos."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from xray_studio.core.document_kinds import noun, with_article
from xray_studio.core.errors import NoPixelsError, StudioError, UnreadableError, UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.kinds import DICOM, VIDEO, VOLUME
from xray_studio.core.reasons import as_reason, is_damage, is_folder, losses
from xray_studio.core.stacks import number_order
from xray_studio.core.study import Catalog, Instance, Patient, Series
from xray_studio.dicom.scan.headers import read_headers
from xray_studio.services.profiles import with_usable_profile
from xray_studio.services.reading import Reading

if TYPE_CHECKING:  # numpy is not needed to scan
    from xray_studio.core.clip import Clip

SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66."  # Segmentation and Label Map Segmentation Storage

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


def scan(paths: Paths, *, fresh: bool = False) -> Job[Catalog]:
    """Return what lies below one or more files and folders.

    `progress.partial` is the catalogue so far, at growing intervals. Nothing that is found raises:
    what cannot be opened is listed in `skipped` with its reason. Files that have not changed since
    they were read last are not read again, unless `fresh`.
    """
    return Reading(_listed(paths), fresh=fresh).run()


def is_directory(path: str) -> bool:
    """Tell by its content whether a file is a DICOMDIR, which names other files."""
    return read_headers([path]).others == [(0, "directory")]


def open_series(series: Series) -> Job[Clip]:
    """Return the pictures of a series as one clip, in the order of the series.

    Raises UnreadableError, NoPixelsError (a document) or UnsupportedError.
    """
    if series.is_document:
        raise _document(series)
    return _open(series.instances)


def open_paths(paths: Paths) -> Job[Clip]:
    """Return one file as its clip, or several files or a folder as one sequence in time order.

    Raises UsageError when the pictures belong to several patients, or differ in kind or size, and
    UnreadableError, NoPixelsError or UnsupportedError with the reason when nothing can be opened.
    """
    catalog = yield from scan(paths)
    clip = yield from open_catalog(catalog)
    return clip


def open_whole(path: str) -> Job[Clip]:
    """Return one file as its clip, for what is learned from.

    Raises UnreadableError where a part of it is missing, and what `open_paths` raises.
    """
    clip = yield from open_paths([path])
    lost = losses(clip.acquisition.warnings)
    if lost:
        raise UnreadableError(lost[0])
    return clip


def open_catalog(catalog: Catalog) -> Job[Clip]:
    """Return all that a scan found as one sequence, as `open_paths` does."""
    images, masks = _apart(catalog)
    if not images:
        raise nothing_opens(catalog)
    _check_one_sequence(catalog, images)
    clip = yield from _open(sorted(images, key=_time_order))
    damaged = sum(is_damage(skipped.reason) for skipped in catalog.skipped)
    if masks:
        clip = _with_warning(clip, "Segmentations beside the images are not part of the sequence.")
    joined = _series_of(catalog, images)
    if joined > 1:
        clip = _with_warning(clip, f"{joined} series stand in one sequence, in time order.")
    return _with_warning(clip, _left_out(damaged)) if damaged else clip


def _apart(catalog: Catalog) -> tuple[list[Instance], list[Instance]]:
    """Return the images, and segmentations that lie beside them: masks are no part of a stack."""
    found = [instance for series in catalog.pictures() for instance in series.instances]
    masks = [one for one in found if one.sop_class_uid.startswith(SEGMENTATION)]
    images = [one for one in found if one not in masks]
    return (images, masks) if images else (masks, [])


def _series_of(catalog: Catalog, images: Sequence[Instance]) -> int:
    """Return how many DICOM series images are of; single objects of one series count once."""
    wanted = {id(image) for image in images}
    found = [
        (series.owner, series.series_instance_uid)
        for series in catalog.pictures()
        if series.kind == DICOM and any(id(one) in wanted for one in series.instances)
    ]
    return len(set(found))


def only_document(catalog: Catalog) -> str | None:
    """Return the path of the document that is all a scan found, None when it found other things."""
    found = catalog.all_series()
    return found[0].paths[0] if len(found) == 1 and found[0].is_document else None


def _listed(paths: Paths) -> list[str]:
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    return [os.fspath(path) for path in paths]


def nothing_opens(catalog: Catalog) -> StudioError:
    """Return why nothing could be opened."""
    documents = catalog.all_series()
    if documents:
        return _document(documents[0])
    if not catalog.skipped:
        return UnreadableError("There are no pictures here; choose another folder.")
    reason = as_reason(catalog.skipped[0].reason)
    kind = NoPixelsError if reason.startswith("no pixel data") else UnreadableError
    if len(catalog.skipped) == 1 and is_folder(reason):
        return kind(f"{reason.capitalize()}.")
    if len(catalog.skipped) == 1:
        return kind(f"This file cannot be opened: {reason}.")
    return kind(f"None of {len(catalog.skipped)} files can be opened; the first one: {reason}.")


def _document(series: Series) -> StudioError:
    what = with_article(noun(series.instances[0].sop_class_uid))
    return NoPixelsError(
        f"This is {what}, not a picture; read it with info, or in Python with"
        " xs.read_document(path)."
    )


def _check_one_sequence(catalog: Catalog, instances: Sequence[Instance]) -> None:
    """Raise UsageError unless the pictures can stand in one sequence."""
    if all(instance.kind == VOLUME for instance in instances):
        return  # one opens alone
    if len({instance.kind for instance in instances}) > 1:
        raise UsageError(
            "DICOM objects, pictures, videos and volumes do not mix in one sequence; choose one"
            " kind."
        )
    _check_one_patient(catalog, instances)
    sizes = sorted({(instance.columns, instance.rows) for instance in instances})
    if len(sizes) > 1:
        (a, b), (c, d) = sizes[0], sizes[-1]
        raise UsageError(
            f"The pictures differ in size, from {a} x {b} to {c} x {d}; choose one series."
        )


def _check_one_patient(catalog: Catalog, instances: Sequence[Instance]) -> None:
    unknown = [one for one in catalog.patients if not (one.patient_id.strip() or one.loose)]
    several = len(catalog.patients) > 1
    if unknown and len(instances) > 1 and (several or _may_be_several(unknown[0])):
        raise UsageError(
            "The files have no Patient ID and are not of one study, so they may show different"
            " people; choose those of one study only."
        )
    if several:
        raise UsageError(
            "The pictures belong to different patients; choose those of one patient only."
        )


def _may_be_several(patient: Patient) -> bool:
    """Tell whether files of one study that name nobody are held together by no UID either."""
    if patient.patient_name.strip("^= "):
        return False
    (study,) = patient.studies
    bonds = {series.series_instance_uid for series in study.series}
    return not study.study_instance_uid and (len(bonds) > 1 or bonds == {""})


def _time_order(instance: Instance) -> tuple[object, ...]:
    return not instance.acquisition, instance.acquisition, *number_order(instance)


def _open(instances: Sequence[Instance]) -> Job[Clip]:
    paths = [instance.path for instance in instances]
    if instances[0].kind == DICOM:
        opened = yield from _open_objects(paths)
        return with_usable_profile(opened)
    if instances[0].kind == VOLUME:
        from xray_studio.services.volume.clip import only_volume, open_research_volume

        return (yield from open_research_volume(only_volume(paths)))
    clip = yield from _open_files(paths, _opener(instances[0].kind))
    return with_usable_profile(clip)


def _open_objects(paths: Sequence[str]) -> Job[Clip]:
    from xray_studio.core.clip import Clip
    from xray_studio.dicom.clip import as_one, describe_each
    from xray_studio.dicom.pixels.video_stream import VideoStream

    yield Progress(0, len(paths), "Opening")
    answers = describe_each(paths)
    if any(isinstance(one, Clip) and isinstance(one.source, VideoStream) for one in answers):
        from xray_studio.services.streams import each_playable

        answers = yield from each_playable(answers)
    return as_one(paths, answers)


def _opener(kind: str) -> Callable[[str], Clip]:
    if kind == VIDEO:
        from xray_studio.video.read import open_video

        return open_video
    from xray_studio.imaging.stills import open_still

    return open_still


def _open_files(paths: Sequence[str], opened: Callable[[str], Clip]) -> Job[Clip]:
    """Open pictures or videos; a damaged one of several is one frame that tells its reason."""
    answers: list[Clip | StudioError] = []
    for path in paths:
        yield Progress(len(answers), len(paths), "Opening")
        try:
            answers.append(opened(path))
        except StudioError as error:
            if len(paths) == 1:
                raise
            answers.append(error)
    if len(answers) == 1 and not isinstance(answers[0], StudioError):
        return answers[0]
    _check_one_colouring([answer for answer in answers if not isinstance(answer, StudioError)])
    from xray_studio.dicom.series import join

    return join(paths, answers)


def _check_one_colouring(clips: Sequence[Clip]) -> None:
    if len({clip.is_colour for clip in clips}) > 1:
        raise UsageError(
            "Some of the pictures are in colour and some are grey; choose those of one kind."
        )


def _with_warning(clip: Clip, warning: str) -> Clip:
    acquisition = clip.acquisition
    warnings = (*acquisition.warnings, warning)
    return replace(clip, acquisition=replace(acquisition, warnings=warnings))


def _left_out(damaged: int) -> str:
    return f"{damaged} damaged {'file is' if damaged == 1 else 'files are'} left out."
