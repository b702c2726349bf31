"""What a trunk sees in films, kept beside a training: it takes longer than to learn from it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.services.learning.train.alone import alone
from xray_studio.services.learning.train.asked import Training
from xray_studio.services.learning.train.running import memory_stated, memory_with_seen
from xray_studio.services.learning.train.store import reserve

if TYPE_CHECKING:
    from xray_studio.ai.training.seen import Looking, Seen

VERSIONS: Final = 2  # as they are, and changed by chance
BATCH: Final = 32  # of what learns from them
_AT_ONCE: Final = 32


def stored_seen(
    films: Squashed, spec: InputSpec, trunk: Looking, seed: int, folder: Path
) -> Job[tuple[Seen, ...]]:
    """Return what `trunk` sees in films: `VERSIONS` times (films, channels, rows, columns).

    First in films as they are, then changed by chance. Each version is kept in `folder` and taken
    from there by a later call for the same films. Raises UsageError while another process trains
    in `folder`, WriteError where there is no room.
    """
    digest = _digest(films, spec, trunk)
    found = []
    with alone(folder):
        for version in range(VERSIONS):
            path = folder / f"seen-{version}-{seed}-{digest[:16]}.npy"
            if not path.exists():
                yield from _made(films, spec, trunk, (version, seed), path)
            found.append(np.load(path, mmap_mode="r", allow_pickle=False))
    return tuple(found)


def seen_stated(
    films: Squashed, spec: InputSpec, trunk: Looking, asked: Training, folder: Path
) -> Job[tuple[tuple[Seen, ...], int]]:
    """Return what `stored_seen` does, and the bytes of memory that learning from it takes.

    They are told first, since looking takes minutes.
    """
    needed = memory_with_seen(len(films), spec, trunk.shape(spec), BATCH, VERSIONS)
    yield memory_stated(needed)
    seen = yield from stored_seen(films, spec, trunk, asked.seed, folder)
    return seen, needed


def _made(
    films: Squashed, spec: InputSpec, trunk: Looking, which: tuple[int, int], path: Path
) -> Job[None]:
    version, seed = which
    chance = trunk.chance(seed * VERSIONS + version) if version else None
    shape = (len(films), *trunk.shape(spec))
    with replacing(path) as temporary:
        seen = np.lib.format.open_memmap(temporary, "w+", np.float16, shape)
        reserve(temporary)
        for first in range(0, len(films), _AT_ONCE):
            done = version * len(films) + first
            yield Progress(done, VERSIONS * len(films), "Looking at films")
            some = films[first : first + _AT_ONCE]
            seen[first : first + _AT_ONCE] = trunk.seen(some, spec, chance)
        seen.flush()


def _digest(films: Squashed, spec: InputSpec, trunk: Looking) -> str:
    told = hashlib.sha256(json.dumps([spec.facts(), trunk.sha256]).encode())
    told.update(np.ascontiguousarray(films).data)
    return told.hexdigest()
