"""What is to be written: travels to the worker process that plans the object."""

from __future__ import annotations

from dataclasses import dataclass

from xray_studio.core.region import Region


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


@dataclass(frozen=True, slots=True)
class JoinOrder:
    """Which images become one multi-frame object, in their order, and how it is stored."""

    paths: tuple[str, ...]
    syntax: str = ""
    quality: int = 90
    masks: Masks = Masks()


@dataclass(frozen=True, slots=True)
class PictureOrder:
    """Pictures as shown, 8 bits, that become a secondary capture of the object at `path`.

    `frames` are those of the source that they show, from 0, none where several files were shown.
    `interval` is the milliseconds from one to the next, `vector` those of each where they differ.
    `words` tell how they are shown. `burned_in` tells that text may stand in them, `processed` that
    pixels were changed before they were shown, `as_sized` that they have the pixels of the source.
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
