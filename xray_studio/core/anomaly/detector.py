"""What every detector of the unusual does: it says whether it was made for a clip, and looks."""

from __future__ import annotations

from typing import Protocol

from xray_studio.core.anomaly.detection import Detection
from xray_studio.core.clip import Clip
from xray_studio.core.job import Job


class AnomalyDetector(Protocol):
    """Marks what is unusual. A registry names each; one may load its model when first asked.

    A detection is a job: every progress whose `partial` is a ScoreMap shows a frame that is ready;
    its result is the whole. It can be stopped at each.
    """

    @property
    def name(self) -> str:
        """Its name in the registry."""

    @property
    def title(self) -> str:
        """What a person calls it, in a few words."""

    @property
    def meaning(self) -> str:
        """What a score tells, in a sentence."""

    def empty(self) -> Detection:
        """Return an answer without maps: detector, model, threshold and channels.

        Raises StudioError where a model cannot be used.
        """

    def unavailable(self) -> str:
        """Return in a sentence why it cannot be used here and what to do, "" where it can."""

    def refused(self, clip: Clip) -> str:
        """Return in a sentence why it was not made for a clip, as far as is known before.

        It takes no longer than a frame does to be read. Raises StudioError where that fails.
        """

    def detect(self, clip: Clip) -> Job[Detection]:
        """Look at a clip, or abstain on what it was not made for.

        Raises StudioError where a frame cannot be read or a model cannot be used.
        """
