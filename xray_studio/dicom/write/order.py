"""What is to be written: travels to the worker process that plans the object.

Every order has `uid_root`, the root of an organisation under which new UIDs are made, "" for that
of UUIDs.
"""

from __future__ import annotations

from dataclasses import dataclass

from xray_studio.core.lut import Rescale
from xray_studio.core.region import Region
from xray_studio.dicom.video import Held


@dataclass(frozen=True, slots=True)
class Masks:
    """Regions of every frame that become black; `clean` tells that no text is left beside them."""

    regions: tuple[Region, ...] = ()
    clean: bool = False


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """What is to be copied how.

    `syntax` is the UID of the transfer syntax, "" to keep it. `frames` are the first and the last
    frame from 0, None for all. `quality` is that of JPEG, 1 to 100.
    """

    path: str
    syntax: str = ""
    frames: tuple[int, int] | None = None
    quality: int = 90
    masks: Masks = Masks()
    uid_root: str = ""


@dataclass(frozen=True, slots=True)
class JoinOrder:
    """Which images become one multi-frame object, in their order, and how it is stored."""

    paths: tuple[str, ...]
    syntax: str = ""
    quality: int = 90
    masks: Masks = Masks()
    uid_root: str = ""


@dataclass(frozen=True, slots=True)
class PictureOrder:
    """Pictures as shown, 8 bits, that become a secondary capture of the object at `path`.

    `frames` are those of the source that they show, from 0, none where several files were shown.
    `interval` is the milliseconds from one to the next, `vector` those of each where they differ.
    `words` tell how they are shown. `burned_in` tells that text may stand in them, `processed` that
    pixels were changed before they were shown, `as_sized` that they have the pixels of the source.
    `title` is that of the series, "" for that of the source.
    """

    path: str
    rows: int
    columns: int
    colour: bool
    count: int
    frames: tuple[int, ...]
    interval: float
    vector: tuple[float, ...]
    words: str
    burned_in: bool
    processed: bool
    as_sized: bool
    syntax: str = ""
    uid_root: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ProcessOrder:
    """Processed values that become an object derived from the one at `path`.

    `frames` are the first and the last one, from 0, of the `count` that it has. `steps` are names
    and badges of what was done, `words` tell it. `coding` gives the values of the processed clip;
    `same_values` tells that they mean what those of the source do. `window` is centre and width
    that the values are shown with. `interval` and `vector` are as those of PictureOrder, 0 and
    empty where the source tells no times. `padded` tells that padding of the source still is.
    An object of a series with others is of the new series `series`, in which it has a `number`.
    `held` is what the video stream of the source holds, None where it has none.
    """

    path: str
    frames: tuple[int, int]
    count: int
    steps: tuple[tuple[str, str], ...]
    words: str
    coding: Rescale
    same_values: bool
    window: tuple[float, float] | None
    interval: float
    vector: tuple[float, ...]
    padded: bool = False
    masks: Masks = Masks()
    syntax: str = ""
    uid_root: str = ""
    series: str = ""
    number: int = 0
    held: Held | None = None
