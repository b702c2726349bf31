"""What can be laid over the picture in view, and what is. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xray_studio.core.clip import Clip
from xray_studio.core.content import Reference
from xray_studio.core.presentation import Presentation, StoredWindow
from xray_studio.core.segments import Segmentation
from xray_studio.core.state import PresentationState
from xray_studio.core.study import Catalog, Series
from xray_studio.ui.step_state import unprocessed

if TYPE_CHECKING:
    from xray_studio.ui.state import State
    from xray_studio.ui.view import View


@dataclass(frozen=True, slots=True)
class Over:
    """What lies over a view."""

    state: PresentationState | None = None
    segmentation: Segmentation | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Laying:
    """What is to be laid over a view; `presentation` is the look that was left under a state.

    `seeks` tells to go to a frame on which a segment marks anything.
    """

    over: Over
    presentation: Presentation | None = None
    seeks: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A clip as it was opened, and how it was shown before anything was laid over it."""

    clip: Clip
    presentation: Presentation
    initial: Presentation
    windows: tuple[StoredWindow, ...]


def plain(view: View) -> Stored | None:
    """Return a view as it was before it was processed and before anything was laid over it.

    None for one without a clip.
    """
    view = unprocessed(view)
    if view.clip is None:
        return None
    if view.stored is None:
        return Stored(view.clip, view.presentation, view.initial, view.windows)
    if view.over.state is not None:
        return view.stored
    stored = view.stored  # only segments lie over it: window and zoom are the user's
    return Stored(stored.clip, view.presentation, stored.initial, stored.windows)


def laying_of(view: View) -> Laying | None:
    """Return what lies over a view, or is about to, so that it can be laid over it again."""
    if view.over == Over():
        return view.laying
    return Laying(view.over, view.presentation if view.over.state is not None else None)


def states_for(state: State) -> tuple[PresentationState, ...]:
    """Return the presentation states that can be applied to the picture in view."""
    clip = state.view.clip
    if clip is None:
        return ()
    uids = {uid for uid, _ in clip.objects} - {""}
    return tuple(
        one
        for one in state.states
        if one.is_followed
        and _same_patient(one.patient, clip.identity.patient_id)
        and _names(one.images, uids)
    )


def segmentations_for(state: State) -> tuple[Segmentation, ...]:
    """Return the segmentations that mark the picture in view, as far as their references tell."""
    clip = state.view.clip
    if clip is None:
        return ()
    uids = {uid for uid, _ in clip.objects} - {""}
    return tuple(
        one
        for one in state.segmentations
        if (one.rows, one.columns) == (clip.rows, clip.columns)
        and _same_patient(one.patient, clip.identity.patient_id)
        and _names(one.images, uids)
    )


def target_of(state: State) -> tuple[Series, Segmentation] | None:
    """Return the images that the segmentation in view marks, with it; None without them."""
    series = state.view.series
    paths = set() if series is None else {*series.paths}
    found = next((one for one in state.segmentations if one.path in paths), None)
    if found is None:
        return None
    wanted = {image.sop_instance_uid for image in found.images} - {""}
    for patient in state.catalog.patients:
        if not _same_patient(found.patient, patient.patient_id):
            continue
        for study in patient.studies:
            for one in study.series:
                if any(instance.sop_instance_uid in wanted for instance in one.instances):
                    return one, found
    return None


def attached(
    catalog: Catalog, states: Iterable[PresentationState]
) -> tuple[frozenset[str], Counter[tuple[object, ...]]]:
    """Return the files of states whose images are there, and how many states a series has."""
    files, counts = set[str](), Counter[tuple[object, ...]]()
    known = list(states)
    for patient in catalog.patients:
        mine = [one for one in known if _same_patient(one.patient, patient.patient_id)]
        for series in (s for study in patient.studies for s in study.series if mine):
            uids = {instance.sop_instance_uid for instance in series.instances}
            for one in mine:
                if _names(one.images, uids):
                    files.add(one.path)
                    counts[series.identity] += 1
    return frozenset(files), counts


def browsed(
    catalog: Catalog, states: Sequence[PresentationState]
) -> tuple[frozenset[str], dict[tuple[object, ...], str]]:
    """Return the files that the browser does not list by themselves, and what it says of series."""
    if not states:
        return frozenset(), {}
    files, counts = attached(catalog, states)
    notes = {identity: f"{count} PR" for identity, count in counts.items()}
    apart = {one.path for one in states} - files
    for series in catalog.all_series():
        if series.is_document and apart.intersection(series.paths[:1]):
            notes[series.identity] = "its images are not here"
    return files, notes


def _names(images: Iterable[Reference], uids: set[str]) -> bool:
    return any(image.sop_instance_uid in uids for image in images)


def _same_patient(one: str, other: str) -> bool:
    return not one or not other or one == other
