"""A video as an object, as plain values: what the services ask `dicom.write.video` for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from xray_studio.core.video.facts import Sound
from xray_studio.core.video.identity import Identity

Code = tuple[str, str, str]
WHOLE_BODY: Final[Code] = ("38266002", "SCT", "Entire body")


@dataclass(frozen=True, slots=True)
class Loss:
    """A compression with loss: its method, "" where DICOM has no name for it, and its ratio."""

    method: str
    ratio: float


@dataclass(frozen=True, slots=True)
class VideoOrder:
    """One object to be made of a video.

    `rate` is in frames per second; `moments` are milliseconds from one frame to the next where
    they differ (the first 0), empty at one rate. `rows` and `columns` are those of the stream,
    `pixel_aspect` the width of a pixel divided by its height. `losses` are all compressions in
    order, `words` tell what was done to pictures that are not as they were recorded, "" for those
    that are. `acquired` is when it was recorded, None where nobody tells. `number` says
    which part of a video it is, from 1. `stereo` is as in VideoSyntax.
    """

    sop_class: str
    modality: str
    syntax: str
    identity: Identity
    series_uid: str
    rows: int
    columns: int
    frames: int
    rate: Fraction
    bits: int = 8
    colour: bool = True
    pixel_aspect: Fraction = Fraction(1)
    moments: tuple[float, ...] = ()
    losses: tuple[Loss, ...] = ()
    words: str = ""
    acquired: datetime | None = None
    sound: tuple[Sound, ...] = ()
    series_number: int = 1
    series_description: str = ""
    number: int = 1
    stereo: str = ""
    uid_root: str = ""

    @property
    def region(self) -> Code:
        """Where in the body it was taken; somewhere in it where nobody tells."""
        return self.identity.region or WHOLE_BODY
