"""Pictures of heat maps: alone, over their film, and as an object beside it."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress, finished
from xray_studio.core.learning.heat import ABOUT, BADGE, Heat
from xray_studio.core.learning.heat_colours import heat_colours
from xray_studio.core.output import Picture
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.write.order import PictureOrder
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.imaging.heat import in_picture, smoothed
from xray_studio.services.analysis.result import FilmAnalysis
from xray_studio.services.decoding import awaited
from xray_studio.services.export.dicom_frames import write_frames
from xray_studio.services.export.object_frames import verify_frames
from xray_studio.services.learning.inference.map_files import (
    COLOURS,
    over_picture,
    with_words,
    words_of,
)
from xray_studio.services.settings import uid_root

_PLAN: Final = "xray_studio.dicom.write.pictures:plan_pictures"
NO_OBJECT: Final = "Only DICOM objects have a film that an object can stand beside."


def heat_alone(heat: Heat) -> Picture:
    """Return a heat map on black at the pixels of its film, RGB, with what it is."""
    shown = smoothed(heat)
    colours, cover = heat_colours(in_picture(shown), shown.limit, COLOURS)
    alone = np.rint(colours * cover[..., None]).astype(np.uint8)
    return with_words(alone, words_of(heat))


def heat_over(film: FilmAnalysis, heat: Heat) -> Picture:
    """Return a film with a heat map over it, RGB, with what it is."""
    return over_picture(film.picture, heat)


def write_overlay(target: Path, film: FilmAnalysis, heat: Heat) -> Job[None]:
    """Write a film with a heat map over it as a secondary capture beside it (PS3.3 A.8.5).

    Raises UsageError for a film that is no DICOM object, as `plan_pictures`, and WriteError.
    """
    if not film.sop_instance_uid:
        raise UsageError(NO_OBJECT)
    picture = heat_over(film, heat)
    planning: Future[ObjectPlan] = run_apart(
        _PLAN,
        _order(film, heat, picture),
        priority=Priority.BATCH,
        time_limit=reading_time([film.path]),
    )
    plan = yield from awaited(planning, Progress(message="Reading the object"))
    digests = yield from write_frames(target, plan, lambda _number, _progress: finished(picture))
    yield from verify_frames(target, plan, digests)


def _order(film: FilmAnalysis, heat: Heat, picture: Picture) -> PictureOrder:
    clip, about = film.clip, ABOUT[heat.method]
    words = f"Picture as displayed; heat map of {heat.label}, {about.title} ({about.source})"
    return PictureOrder(
        path=film.path,
        rows=picture.shape[0],
        columns=picture.shape[1],
        colour=True,
        count=1,
        frames=(film.frame,) if len(clip) > 1 else (),
        interval=0.0,
        vector=(),
        words=f"{words}. {BADGE}",
        burned_in=clip.acquisition.burned_in != "NO",
        processed=True,
        as_sized=picture.shape[:2] == (clip.rows, clip.columns),
        uid_root=uid_root(),
        title=f"Heat map of {heat.label} (AI)",
    )
