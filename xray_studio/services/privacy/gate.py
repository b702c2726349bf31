"""The privacy gate: what an export would tell of the patient, before it is written.

Nothing found here holds a value that identifies; sentences name attributes and places only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from xray_studio.core.clip import Clip, Identity
from xray_studio.core.drawn_source import DrawnSource
from xray_studio.core.drawn_text import may_hold_text
from xray_studio.core.errors import UsageError
from xray_studio.core.identity_in_names import told_by_name
from xray_studio.core.job import Job
from xray_studio.core.presentation import Overlay, Presentation
from xray_studio.core.privacy import Finding, Place, Privacy, PrivacyReport
from xray_studio.core.region import Region
from xray_studio.imaging.burnt_in import VERSION
from xray_studio.services.export.exporters import suffix_told
from xray_studio.services.export.options import ExportOptions, frame_order
from xray_studio.services.export.steps import ExportResult
from xray_studio.services.presets import initial_presentation
from xray_studio.services.privacy import log as privacy_log
from xray_studio.services.privacy.text_in_pictures import text_in_pictures

# Objects and media that keep the attributes of their source, by suffix or name.
KEEPS_TAGS: Final = frozenset((".dcm",))
TAGS = "A DICOM object keeps the name, number and dates of the patient, as its source does."
_CORNERS = "Name, number and birth date of the patient are drawn into every picture (overlay all)."
_UIDS = "The manifest beside the file holds the UIDs of the source (overlay all)."
_PLANES = "Overlay planes of the file are drawn into the pictures; they can hold text."
_DRAWINGS = "Words are drawn into the pictures, which can name the patient."
_DEVICE = "The file says that text is part of its pictures (Burned In Annotation)."
_MAY = "Devices of this kind usually draw the name of the patient into the picture."


def examine(clip: Clip, target: Path, options: ExportOptions) -> Job[PrivacyReport]:
    """Look at everything that an export to `target` would tell. Raises as `schedule`."""
    frames = frame_order(clip, options)
    regions = yield from text_in_pictures(clip, frames, shown(clip, options))
    written = (finding for finding in at_first_sight(clip, target, options))
    return PrivacyReport((*written, *of_text(regions)), regions, VERSION)


def at_first_sight(clip: Clip, target: Path, options: ExportOptions) -> Iterator[Finding]:
    """Yield what can be said without looking at a picture."""
    people = clip.source.people if isinstance(clip.source, DrawnSource) else (clip.identity,)
    told = _told(target.name, people)
    if told:
        yield Finding(Place.FILE_NAME, certain=True, sentence=name_sentence(told))
    if keeps_tags(target, options.stills):
        yield Finding(Place.TAGS, certain=True, sentence=TAGS)
    elif options.overlay is Overlay.ALL:
        yield Finding(Place.CORNER_TEXT, certain=True, sentence=_CORNERS)
    if isinstance(clip.source, DrawnSource):
        told = _told(" ".join(clip.source.words), people)
        if told:
            yield Finding(Place.CAPTIONS, certain=True, sentence=_caption_sentence(told))
    if options.overlay is Overlay.ALL:
        yield Finding(Place.MANIFEST, certain=True, sentence=_UIDS)
    how = shown(clip, options)
    seen = clip.source.shown if isinstance(clip.source, DrawnSource) else ((clip, how),)
    if how.planes and any(one.overlays and said.planes for one, said in seen):
        yield Finding(Place.OVERLAYS, certain=False, sentence=_PLANES)
    if how.drawings and any(_has_words(one) and said.drawings for one, said in seen):
        yield Finding(Place.OVERLAYS, certain=False, sentence=_DRAWINGS)
    yield from of_device(clip)


def of_device(clip: Clip) -> Iterator[Finding]:
    """Yield what the file tells of text in its pictures."""
    made = clip.acquisition
    if may_hold_text(clip) and (made.modality or made.sop_class_uid):
        stated = made.burned_in == "YES"
        sentence = _DEVICE if stated else _MAY
        yield Finding(Place.DEVICE_TEXT, certain=False, sentence=sentence)


def _has_words(clip: Clip) -> bool:
    return any(drawing.labels for drawing in clip.drawings)


def keeps_tags(target: Path, stills: str = "") -> bool:
    """Tell whether a target is a DICOM object, or a folder of such `stills`.

    They keep what their source tells.
    """
    return suffix_told(target.name) in KEEPS_TAGS or stills in KEEPS_TAGS


def shown(clip: Clip, options: ExportOptions) -> Presentation:
    """Return how the frames of an export are shown."""
    return options.presentation or initial_presentation(clip)


def settled(clip: Clip, target: Path, options: ExportOptions) -> Job[ExportOptions]:
    """Return options that write nothing which identifies, where that is asked for.

    Text that is found is masked, overlay planes and what a presentation state has drawn are left
    out. Raises UsageError for what cannot be helped: identity in the name of the target, in corner
    text, or in the tags of a DICOM object, and text that the file tells of and nobody found.
    """
    _check_masks(clip, options.privacy.masks)
    _check_people(clip, options)
    if not options.privacy.deidentify:
        return options
    for finding in at_first_sight(clip, target, options):
        if finding.certain:
            raise UsageError(_REFUSED[finding.place])
    plain = replace(shown(clip, options), planes=False, drawings=False)
    decision = yield from masking(clip, frame_order(clip, options), plain, options.privacy)
    return replace(options, presentation=plain, privacy=decision)


def masking(
    clip: Clip, frames: Sequence[int], how: Presentation, decision: Privacy
) -> Job[Privacy]:
    """Return a decision with all text masked that frames of a clip hold, where that is asked for.

    Raises UsageError for text that the file tells of and nobody found.
    """
    if not decision.deidentify:
        return decision
    if decision.detector is None:
        found = yield from text_in_pictures(clip, frames, how)
        decision = decision.with_found(found, VERSION)
    if clip.acquisition.burned_in == "YES" and not decision.masks:
        raise UsageError(_UNFOUND)
    return decision


_REFUSED: Final = {
    Place.FILE_NAME: "The name of the file would tell the patient; choose another name.",
    Place.TAGS: "DICOM objects keep the name and number of the patient; write a video, pictures"
    " or values instead.",
    Place.CORNER_TEXT: "Corner text with the name of the patient identifies; choose"
    " --overlay anonymous or none.",
    Place.CAPTIONS: "A caption would tell the patient; choose other words (--caption, --beside).",
    Place.MANIFEST: "Overlay all names the patient in the manifest; choose --overlay anonymous or"
    " none.",
}
_UNFOUND: Final = (
    "The file says that text is part of its pictures, and none was found; look at them and name"
    " it with --mask X,Y,WIDTH,HEIGHT."
)


def notes(clip: Clip, target: Path, options: ExportOptions) -> Iterator[str]:
    """Yield what a person should know of a finished export that nobody looked at beforehand."""
    decision = options.privacy
    if decision.deidentify or decision.detector is not None:
        return
    told = {Place.FILE_NAME} if decision.masks else {Place.FILE_NAME, Place.DEVICE_TEXT}
    for finding in at_first_sight(clip, target, options):
        if finding.place in told:
            yield finding.sentence


def note(result: ExportResult, options: ExportOptions) -> None:
    """Record what was decided in the privacy log."""
    digest = hashlib.sha256(result.manifest.read_bytes()).hexdigest()
    privacy_log.note(suffix_told(result.target.name) or "folder", options.privacy, digest)


def _check_people(clip: Clip, options: ExportOptions) -> None:
    source = clip.source
    several = isinstance(source, DrawnSource) and source.anonymous_only
    if several and options.overlay is Overlay.ALL:
        raise UsageError(
            "Different patients stand side by side, so nobody is named; choose --overlay anonymous"
            " or none."
        )


def _check_masks(clip: Clip, masks: tuple[Region, ...]) -> None:
    for region in masks:
        if region.clipped(clip.rows, clip.columns) is None:
            raise UsageError(
                f"The mask at {region.x},{region.y} lies outside the picture of"
                f" {clip.columns} x {clip.rows} pixels."
            )


def _told(words: str, people: Sequence[Identity]) -> tuple[str, ...]:
    """Return which attributes of any of some people words tell."""
    return tuple(dict.fromkeys(told for who in people for told in told_by_name(words, who)))


def _caption_sentence(told: tuple[str, ...]) -> str:
    return f"A caption tells {' and '.join(told)} of its source."


def name_sentence(told: tuple[str, ...]) -> str:
    """Return that the name of a file tells some attributes of the patient."""
    return f"The name of the file tells {' and '.join(told)} of its source."


def of_text(regions: tuple[Region, ...]) -> Iterator[Finding]:
    """Yield what was found in the pictures."""
    if regions:
        count = len(regions)
        where = "a place" if count == 1 else f"{count} places"
        sentence = f"Text was found in the pictures, at {where}; look whether it identifies."
        yield Finding(Place.PIXELS, certain=False, sentence=sentence)
