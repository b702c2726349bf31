"""Sources that know before their frames are found about what the whole shows."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol, runtime_checkable

from xray_studio.core.clip import Frame
from xray_studio.core.workers import Priority


@runtime_checkable
class GlancedSource(Protocol):
    """A FrameSource that may be `provisional`: its frames are still being looked for."""

    @property
    def provisional(self) -> bool:
        """Tell whether only frames near the start are found so far."""

    def glance(self, priority: Priority) -> Future[Frame]:
        """Return some frame about the middle, whichever is soon there, as a future."""
