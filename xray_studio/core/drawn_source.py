"""Frame sources that draw words into their own frames, as comparisons of clips do."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from xray_studio.core.clip import Clip, FrameSource, Identity
from xray_studio.core.presentation import Overlay


@runtime_checkable
class DrawnSource(FrameSource, Protocol):
    """A source whose frames are finished pictures, with corner text and words of their own."""

    @property
    def words(self) -> tuple[str, ...]:
        """Words that a person has given, which are drawn into every frame."""

    @property
    def people(self) -> tuple[Identity, ...]:
        """Who is shown."""

    @property
    def anonymous_only(self) -> bool:
        """Tell whether corner text may not name anybody, since several persons are shown."""

    def with_text(self, overlay: Overlay | None) -> FrameSource:
        """Return the same frames with other corner text, without any words for None."""

    def facts(self, overlay: Overlay) -> dict[str, Any]:
        """Return what a manifest tells of the frames; who is shown only where `overlay` is ALL."""


def drawn(clip: Clip, overlay: Overlay | None) -> Clip:
    """Return a clip with corner text in its frames, if it draws such; any other as it is."""
    source = clip.source
    return clip.with_source(source.with_text(overlay)) if isinstance(source, DrawnSource) else clip


def draws_text(clip: Clip) -> bool:
    """Tell whether corner text is part of the frames of a clip."""
    return isinstance(clip.source, DrawnSource)
