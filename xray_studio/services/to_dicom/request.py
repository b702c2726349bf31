"""What is asked for of one video, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from xray_studio.core.video.identity import Identity
from xray_studio.core.video.plan import VideoPlan, Wish
from xray_studio.video.probe import Probed


@dataclass(frozen=True, slots=True)
class Request:
    """One video, and the file that it becomes.

    `pictures` are the files of single pictures, in order, which follow one another at `rate` frames
    per second; `source` is then the first. `acquired` is when it was recorded, None as the
    container says. `series_uid` "" stands for a series of its own. `number` is the number of its
    series. `overwrite` lets a file at the target be replaced, the source never.
    """

    source: Path
    target: Path
    identity: Identity
    wish: Wish = Wish()  # noqa: RUF009 - a frozen value
    acquired: datetime | None = None
    series_description: str = ""
    series_uid: str = ""
    number: int = 1
    pictures: tuple[Path, ...] = ()
    rate: Fraction = Fraction(0)
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a video is and what will be done with it, before anything is written.

    `identity` is complete: what it was made from is linked in it where that is known.
    """

    request: Request
    probed: Probed
    plan: VideoPlan
    identity: Identity
    acquired: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of a video: its objects, the plan that was followed, and sentences."""

    source: Path
    targets: tuple[Path, ...]
    plan: VideoPlan
    frames: int
    study_uid: str
    series_uid: str
    linked: bool = False
    notes: tuple[str, ...] = ()
