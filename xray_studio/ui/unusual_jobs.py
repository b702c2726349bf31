"""Jobs about the unusual: who can be asked, what a detector says, why, and where the lungs are."""

from __future__ import annotations

from typing import Final, TypeAlias

from xray_studio.core.anomaly.detection import Detection
from xray_studio.core.anomaly.detector import AnomalyDetector
from xray_studio.core.anomaly.explanation import Explanation
from xray_studio.core.anomaly.whereabouts import Mask
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.kinds import FILMS
from xray_studio.services.anomaly.offers import Offer
from xray_studio.ui.unusual_state import Answer, Place

PLACED: Final = FILMS | {""}  # films, and pictures that tell nothing of themselves
LOOKING: Final = "Looking for what is unusual"
COMPARING: Final = "Comparing with what was looked at"
ASKING_WHY: Final = "Asking why it was marked"
Kept: TypeAlias = dict[str, AnomalyDetector]


def may_show_lungs(clip: Clip) -> bool:
    """Tell whether lungs are looked for in a clip, so that places have names."""
    return len(clip) == 1 and clip.acquisition.modality in PLACED


def offered(clip: Clip) -> Job[tuple[Offer, ...]]:
    """Return the detectors for a clip."""
    yield Progress(message="Looking for detectors")
    from xray_studio.services.anomaly.offers import offers

    found = yield from offers(clip)
    return found


def kept(detectors: Kept, name: str) -> AnomalyDetector:
    """Return a detector that can be used, the one of before with all that it has loaded."""
    from xray_studio.services.anomaly.detectors import usable

    if name not in detectors:
        detectors[name] = usable(name)
    return detectors[name]


def looked(detectors: Kept, name: str, clip: Clip) -> Job[Detection]:
    """Return what a detector says of a clip."""
    yield Progress(message=LOOKING)
    from xray_studio.services.anomaly.kept import looked as found_or_kept

    found = yield from found_or_kept(kept(detectors, name), clip)
    return found


def compared(detectors: Kept, answer: Answer, clip: Clip) -> Job[bool]:
    """Return whether a clip is still the one that something was said of, by the same model."""
    yield Progress(message=COMPARING)
    if len(answer.clip) != len(clip):
        return False
    from xray_studio.services.anomaly.kept import still_holds

    same = yield from still_holds(kept(detectors, answer.detector), answer.found, clip)
    return same


def explained(detectors: Kept, answer: Answer, place: Place) -> Job[Explanation]:
    """Return why a region was marked."""
    yield Progress(message=ASKING_WHY)
    from xray_studio.core.anomaly.explanation import explains

    detector = kept(detectors, answer.detector)
    if not explains(detector):
        raise UsageError(f"{detector.title} tells no more than the channels that fired.")
    told = yield from detector.explain(answer.clip, *place)
    return told


def placed(detectors: Kept, answer: Answer) -> Job[Mask | None]:
    """Return the lungs of a film that was looked at, None without any."""
    yield Progress(message="Looking for the lungs")
    from xray_studio.services.anomaly.lungs_there import lungs_for

    found = yield from lungs_for(kept(detectors, answer.detector), answer.clip)
    return found
