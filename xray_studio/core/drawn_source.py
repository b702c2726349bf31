"""Frame sources that draw words into their own frames, as comparisons of clips do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from xray_studio.core.clip import Clip, FrameSource, Identity
from xray_studio.core.presentation import Overlay, Presentation
from xray_studio.core.region import Region


@dataclass(frozen=True, slots=True)
class Lettering:
    """What is drawn into frames that draw their own words.

    `overlay` is the corner text; None leaves out every word. `masks` are regions of the frame that
    are black below the words. `reduced` is the height of the finished picture as a part of that of
    the frame: letters grow so that they can be read there. Without `planes` and `drawings` none of
    the clips shows its overlay planes, or what its presentation state has drawn.
    """

    overlay: Overlay | None = None
    masks: tuple[Region, ...] = ()
    reduced: float = 1.0
    planes: bool = True
    drawings: bool = True


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

    @property
    def shown(self) -> tuple[tuple[Clip, Presentation], ...]:
        """The clips that frames are made of, and how they are shown."""

    def lettered(self, how: Lettering) -> FrameSource:
        """Return the same frames with other words. Raises UsageError where badges do not fit."""

    def facts(self, overlay: Overlay) -> dict[str, Any]:
        """Return what a manifest tells of the frames; who is shown only where `overlay` is ALL."""


def drawn(clip: Clip, how: Lettering) -> Clip:
    """Return a clip with words in its frames, if it draws such; any other as it is."""
    source = clip.source
    return clip.with_source(source.lettered(how)) if isinstance(source, DrawnSource) else clip


def draws_text(clip: Clip) -> bool:
    """Tell whether corner text is part of the frames of a clip."""
    return isinstance(clip.source, DrawnSource)
