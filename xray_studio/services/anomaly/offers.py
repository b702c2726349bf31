"""Which detectors can be asked about a clip, and why others cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xray_studio.core.anomaly.explanation import explains
from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.services.anomaly.detectors import DETECTORS, detector_called, own_detectors


@dataclass(frozen=True, slots=True)
class Offer:
    """A detector: name, title, what its score tells, and why it cannot be asked, "" if it can.

    `explains` tells that it can say more than the channels that fired.
    """

    name: str
    title: str
    meaning: str = ""
    reason: str = ""
    explains: bool = False


def offers(clip: Clip) -> Job[tuple[Offer, ...]]:
    """Return every detector with what speaks against asking it about a clip."""
    made = []
    for name in DETECTORS.entries():
        yield Progress(message="Looking for detectors")
        made.append(_offer(name, clip))
    own = (replace(_offer(one.name, clip), title=one.title) for one in own_detectors())
    return (*made, *own)


def _offer(name: str, clip: Clip) -> Offer:
    try:
        one = detector_called(name)
        reason = one.refused(clip) or one.unavailable()
        return Offer(name, one.title, one.meaning, reason, explains(one))
    except StudioError as error:
        return Offer(name, name, reason=str(error))
