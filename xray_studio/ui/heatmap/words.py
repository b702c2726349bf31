"""What the panel of the heatmap says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xray_studio.core.anomaly.detection import FIXED, NORMALS, OTSU, USER, Threshold, Unusual
from xray_studio.core.anomaly.verdict import Effect
from xray_studio.core.anomaly.whereabouts import place_words, side_of
from xray_studio.core.per_frame import at_frame
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import (
    Answer,
    Looks,
    asked_detector,
    clip_of,
    offers_of,
    peak_frames,
)

NOTHING: Final = "Open a picture or a loop to look for what is unusual on it."
DOCUMENT: Final = "This is a document. There is nothing to look for."
ABOUT: Final = (
    "A detector tells frame by frame what is unusual, and where. What it marks need not be a"
    " disease, and what it does not mark need not be normal."
)
RESEARCH: Final = "For research and education, not for diagnosis."
NOBODY: Final = "No detector was made for this picture."
OTHER: Final = "Another picture"
SEARCHING: Final = "Looking for detectors\N{HORIZONTAL ELLIPSIS}"
SAVE: Final = "Save as\N{HORIZONTAL ELLIPSIS}"
LOOK, AGAIN, STOP = "Look for the unusual", "Look again", "Stop"
NO_REGION: Final = "Nothing on this frame reaches the threshold."
NOT_YET: Final = "This frame has not been looked at yet."
PLACING: Final = "Looking for the lungs\N{HORIZONTAL ELLIPSIS}"
PLAYING: Final = "Stop the loop to see the regions of a frame."
SIDES: Final = "Right and left are the patient's."
USUAL_SIDES: Final = (
    "Right and left are the patient's, for a film that hangs as usual: its file does not tell."
)
SOURCES: Final[Mapping[str, str]] = {
    FIXED: "fixed by the method",
    NORMALS: "95 % of normal pictures stay below it",
    OTSU: "by Otsu: it parts the scores of this clip best, whether or not anything is there",
    USER: "chosen by you",
}
CLIP_PEAKS: Final = 6  # frames that are named


def asked_words(looks: Looks) -> str:
    """Return what is being done and how far it is."""
    progress = looks.progress
    words = looks.busy if progress is None or not progress.message else progress.message
    if progress is None or progress.total < 2:
        return f"{words}\N{HORIZONTAL ELLIPSIS}"
    return f"{words}, {progress.done} of {progress.total}"


def busy_words(state: State) -> str:
    """Return what is being done, and that it is not done with what is in view where that is so."""
    words = asked_words(state.looks)
    return words if is_here(state) else f"{OTHER}: {words[:1].lower()}{words[1:]}"


def error_words(state: State) -> str:
    """Return why the last thing did not work, and of which picture where another is in view."""
    error = state.looks.error
    return error if not error or is_here(state) else f"{OTHER}: {error}"


def is_here(state: State) -> bool:
    """Tell whether what was asked last was asked about the picture in view."""
    about = state.looks.about
    return about is None or about is clip_of(state)


def threshold_words(threshold: Threshold) -> str:
    """Return where a threshold comes from."""
    source = SOURCES.get(threshold.source, threshold.source)
    return f"{source[:1].upper()}{source[1:]}."


def effect_words(told: Effect) -> str:
    """Return what a threshold does to the regions of this detector that readers judged."""
    meant = f"{told.meant_kept} of {told.meant} that were meant"
    rejected = f"{told.rejected_kept} of {told.rejected} that were rejected"
    judged = f"{told.total} judged region{'' if told.total == 1 else 's'}"
    return f"Of {judged} it marks {meant} and {rejected}."


def better_words(told: Effect) -> str:
    """Return what the threshold that parts judged regions best would do."""
    dropped = told.rejected - told.rejected_kept
    return (
        f"Use {told.threshold:.3f}: keeps {told.meant_kept} of {told.meant}, drops {dropped} of"
        f" {told.rejected}"
    )


def peak_words(answer: Answer) -> str:
    """Return which frames of a loop stand out; of one picture its score, and whether it does."""
    best = peak_frames(answer)
    if len(answer.clip) < 2:
        known = answer.by_frame.get(0)
        stands = "it stands out" if best else "it does not stand out"
        return "" if known is None else f"Score of the picture: {known.score:.2f}; {stands}."
    if not best:
        return "No frame stands out at this threshold." if answer.whole else ""
    named = ", ".join(str(frame + 1) for frame in best[:CLIP_PEAKS])
    more = f" and {len(best) - CLIP_PEAKS} more" if len(best) > CLIP_PEAKS else ""
    one = len(best) == 1
    return f"Frame{'' if one else 's'} {named}{more} stand{'s' if one else ''} out."


def where_words(answer: Answer, region: Unusual) -> str:
    """Return where a region lies, in words, once that is known for good."""
    if not answer.placed:
        return PLACING
    clip = answer.clip
    stored = at_frame(clip.orientation, region.frame)
    words = place_words(region.peak, (clip.rows, clip.columns), stored, answer.lungs)
    return f"{words[:1].upper()}{words[1:]}"


def sides_words(answer: Answer) -> str:
    """Return whose the sides of a film are, and what they rest on where its file is silent."""
    if answer.lungs is None:
        return ""
    return SIDES if side_of(at_frame(answer.clip.orientation, 0).left) else USUAL_SIDES


def fired_words(region: Unusual, most: int = 3) -> str:
    """Return the channels that say most in a region, with their shares."""
    return ", ".join(f"{name} {whole_per_cent(share)}" for name, share in region.channels[:most])


def whole_per_cent(share: float) -> str:
    """Return a share, 0 to 1, as it is told."""
    return f"{round(100.0 * share)} %"


def facts_words(answer: Answer) -> str:
    """Return which detector and model it was, and what belongs to every reading of its answer."""
    mark = answer.found.detector
    lines = [f"Detector: {mark.name} {mark.version}"]
    if mark.model is not None:
        lines.append(f"Model: {mark.model.name} {mark.model.version}, {mark.sha256[:8]}")
    return "\n".join([*lines, *answer.found.notes])


def reason_words(state: State, answer: Answer | None) -> str:
    """Return why there is nothing to be asked or seen, or what a look does."""
    if state.view.document is not None:
        return DOCUMENT
    if state.view.clip is None:
        return NOTHING
    if answer is not None:
        return ""
    return NOBODY if offers_of(state) and asked_detector(state) is None else f"{ABOUT} {RESEARCH}"
