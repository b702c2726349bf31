"""Normal films with drawn lesions, and what a network sees of them, kept beside a training."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.imaging.drawn_lesions import Drawn, drawn
from xray_studio.imaging.places import coarser, finer
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import (
    HEAD_SIDE,
    Frames,
    Lookers,
    maps_of,
)
from xray_studio.services.learning.tasks.anomaly import FILM, NETWORK
from xray_studio.services.learning.tasks.lungs import Lungs
from xray_studio.services.learning.train.alone import alone
from xray_studio.services.learning.train.anomaly_films import NormalFilms
from xray_studio.services.learning.train.store import reserve

VERSIONS: Final = 6  # of each film that is learned from
_AT_ONCE: Final = 32
Maps = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True, eq=False)
class Drawings:
    """What a network sees, (films, channels, 14, 14), and which share of each place is lesion.

    `learned` and `steering` are numbers of films: the latter are of films that thresholds are set
    by. `digest` tells these films from others.
    """

    maps: Maps
    masks: Maps
    learned: npt.NDArray[np.int64]
    steering: npt.NDArray[np.int64]
    digest: str


def stored_drawings(
    engine: Engine, lookers: Lookers, films: NormalFilms, seed: int, folder: Path
) -> Job[Drawings]:
    """Return drawings of normal films and what the published network sees of them.

    They are kept in `folder` and taken from there by a later call for the same films. Raises
    WriteError where there is no room.
    """
    count = VERSIONS * len(films.learned) + len(films.held)
    digest = _digest(films, lookers, seed)
    paths = [folder / f"drawn-{kind}-{digest[:16]}.npy" for kind in ("maps", "masks")]
    with alone(folder):
        if not all(path.exists() for path in paths):
            made = _drawings(films, Lungs.of(lookers.lungs), seed)
            yield from _made(engine, lookers, made, count, paths)
    maps, masks = (np.load(path, mmap_mode="r", allow_pickle=False) for path in paths)
    learned = np.arange(VERSIONS * len(films.learned))
    return Drawings(maps, masks, learned, np.arange(len(learned), count), digest)


def _drawings(films: NormalFilms, finder: Lungs, seed: int) -> Iterator[Drawn]:
    """Yield the films to learn from, each several times, and then those to steer by, once."""
    chance = np.random.default_rng(seed)
    parts = ((films.learned, VERSIONS), (films.held, 1))
    for own, versions in parts:
        lungs = [finer(one, FILM.rows) for one in Frames.of(own, finder).lungs]
        for _ in range(versions):
            for film, lung in zip(own, lungs, strict=True):
                other = films.learned[int(chance.integers(len(films.learned)))]
                yield drawn(film, lung, other, chance)


def _made(
    engine: Engine, lookers: Lookers, made: Iterator[Drawn], count: int, paths: list[Path]
) -> Job[None]:
    shapes = (count, int(NETWORK["head"]), HEAD_SIDE, HEAD_SIDE), (count, HEAD_SIDE, HEAD_SIDE)
    with replacing(paths[0]) as first, replacing(paths[1]) as second:
        stores = [
            np.lib.format.open_memmap(path, "w+", np.float16, shape)
            for path, shape in zip((first, second), shapes, strict=True)
        ]
        reserve(first)
        for at in range(0, count, _AT_ONCE):
            progress = Progress(at, count, "Drawing lesions into normal films")
            yield progress
            some = [next(made) for _ in range(min(_AT_ONCE, count - at))]
            pictures = np.stack([one.film for one in some])
            maps = yield from maps_of(engine, lookers.published, pictures, progress)
            stores[0][at : at + len(some)] = np.concatenate(maps.blocks, axis=1)
            stores[1][at : at + len(some)] = [coarser(one.mask, HEAD_SIDE) for one in some]
        for store in stores:
            store.flush()


def _digest(films: NormalFilms, lookers: Lookers, seed: int) -> str:
    told = hashlib.sha256(f"{seed} {VERSIONS} toned {lookers.published.model.sha256}".encode())
    whole: tuple[Squashed, ...] = (films.learned, films.held)
    for part in whole:
        told.update(np.ascontiguousarray(part).data)
    return told.hexdigest()
