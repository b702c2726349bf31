"""Pictures as they are shown, on their way into a DICOM secondary capture."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.presentation import Overlay, Window
from xray_studio.core.shown import in_colour, voi_of
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.write.masking import mask_words
from xray_studio.dicom.write.order import PictureOrder
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.services.decoding import awaited
from xray_studio.services.export.dicom_frames import write_frames
from xray_studio.services.export.options import canvas, schedule
from xray_studio.services.export.pictures import Pictures
from xray_studio.services.export.steps import ExportRequest
from xray_studio.services.presets import initial_presentation
from xray_studio.services.settings import uid_root

_HERE = "xray_studio.dicom.write.pictures:"
LONGEST = 900  # letters of what is told of how pictures are shown


class ShownPictures:
    """The pictures of one export: planned as an object, then made and written one by one."""

    def __init__(self, request: ExportRequest) -> None:
        clip, options = request.clip, request.options
        if not clip.acquisition.is_object:
            raise UsageError("Only DICOM objects are written as .dcm; choose another format.")
        self._clip, self._options = clip, options
        self._presentation = options.presentation or initial_presentation(clip)
        self._schedule = schedule(clip, options)
        self._size = canvas(clip, options, self._presentation.rotation)

    def planned(self, *, clean: bool = False) -> Job[ObjectPlan]:
        """Return the object that the pictures go into; `clean` tells that masks leave no text."""
        path = self._clip.paths[0]
        future: Future[ObjectPlan] = run_apart(
            f"{_HERE}plan_pictures",
            self._order(path, clean=clean),
            priority=Priority.BATCH,
            time_limit=reading_time([path]),
        )
        plan = yield from awaited(future, Progress(message="Reading the object"))
        return plan

    def _order(self, path: str, *, clean: bool) -> PictureOrder:
        clip, plan, size = self._clip, self._schedule, self._size
        starts = [float(start) for start in plan.starts]
        some = len(clip.paths) == 1 and set(plan.order) != set(range(len(clip)))
        same = (size.rows, size.columns) == (clip.rows, clip.columns)
        return PictureOrder(
            path=path,
            rows=size.rows,
            columns=size.columns,
            colour=in_colour(clip, self._presentation),
            count=len(plan.order),
            frames=plan.order if some else (),
            interval=1000.0 / float(plan.rate),
            vector=(0.0, *(1000.0 * step for step in np.diff(starts))) if starts else (),
            words=self._words(),
            burned_in=self._options.overlay is not Overlay.NONE
            or (clip.acquisition.burned_in != "NO" and not clean),
            processed=bool(clip.processed),
            as_sized=same and not self._presentation.rotation,
            syntax=self._options.syntax,
            uid_root=uid_root(),
        )

    def _words(self) -> str:
        """Return how the pictures are shown, in English."""
        shown, said = self._presentation, ["Pictures as displayed"]
        voi = None if self._clip.is_colour else voi_of(self._clip, shown, self._schedule.order[0])
        if isinstance(voi, Window):
            said.append(f"window {voi.center:g}/{voi.width:g}")
        if shown.invert:
            said.append("inverted")
        if shown.colour_map:
            said.append(f"colour map {shown.colour_map}")
        if shown.rotation or shown.flip_horizontal or shown.flip_vertical:
            said.append("turned or flipped")
        if self._options.overlay is not Overlay.NONE:
            said.append(f"{self._options.overlay.value} text burnt in")
        if self._options.privacy.masks:
            said.append(mask_words(self._options.privacy.masks))
        said += [f"PROCESSED: {step}" for step in self._clip.processed]
        return "; ".join(said)[:LONGEST]

    def write(self, path: Path, plan: ObjectPlan) -> Job[list[bytes]]:
        """Make and write every picture; return by what each one is known again."""
        order, options = self._schedule.order, self._options
        pictures = Pictures(
            self._clip, self._presentation, options.overlay, self._size, order,
            masks=options.privacy.masks,
        )  # fmt: skip
        making = pictures.all(order)
        try:
            made = write_frames(path, plan, lambda _, progress: making.picture(progress))
            digests = yield from made
        finally:
            making.close()
        return digests
