"""Films in which readers judged regions, known again by their pixels.

`anomalies feedback export` writes a folder of masks with a list; films are those of a collection.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from xray_studio.core.anomaly.verdict import Verdict, act_of
from xray_studio.core.errors import StudioError, UnreadableError, UsageError
from xray_studio.core.job import Cancelled, Job, Progress, run
from xray_studio.core.pixel_hash import stored_sha256
from xray_studio.core.reasons import why_not_opened
from xray_studio.core.workers import Priority, run_apart
from xray_studio.services.decoding import awaited
from xray_studio.services.open import open_whole

LIST: Final = "masks.jsonl"
_SECONDS: Final = 30.0  # for one film, decoding included
_AT_ONCE: Final = 16  # films that are asked for ahead


@dataclass(frozen=True, slots=True)
class JudgedRegion:
    """A region of a film: the hash of its pixels, whether it is meant, and the file of its mask."""

    pixels_sha256: str
    meant: bool
    mask: str


@dataclass(frozen=True, slots=True)
class FilmVerdicts:
    """What readers made of regions of films, by the numbers of these.

    `meant` are the masks of what they accepted or drew; in films of `rejected` all that was judged
    was rejected. `unknown` counts regions of pictures that are not among the films.
    """

    meant: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    rejected: frozenset[int] = frozenset()
    unknown: int = 0


def read_judged(folder: Path) -> tuple[JudgedRegion, ...]:
    """Return the regions in a folder that feedback was exported to.

    Raises UnreadableError where it is none, or its list is damaged.
    """
    try:
        lines = (folder / LIST).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = why_not_opened(error) if isinstance(error, OSError) else "it is no text"
        raise UnreadableError(
            f"{folder.name} holds no exported feedback: {LIST}, {why}; write it with: xray-studio"
            " anomalies feedback export DIR"
        ) from error
    return tuple(_region(folder, number, line) for number, line in enumerate(lines, 1) if line)


def _region(folder: Path, number: int, line: str) -> JudgedRegion:
    try:
        plain = json.loads(line)
        act, name = act_of(plain), Path(str(plain["mask"])).name  # nothing outside of the folder
    except (KeyError, TypeError, ValueError, RecursionError, UsageError) as error:
        raise UnreadableError(
            f"Line {number} of {LIST} in {folder.name} is damaged; export the feedback again."
        ) from error
    meant = act.verdict is not Verdict.REJECTED
    return JudgedRegion(act.pixels_sha256, meant, str(folder / name))


def verdicts_on(
    regions: Sequence[JudgedRegion], paths: Sequence[str], numbers: Sequence[int]
) -> Job[FilmVerdicts]:
    """Return what was made of the films with some numbers, of files at `paths`.

    A film that cannot be read has none.
    """
    if not regions:
        return FilmVerdicts()
    hashes = yield from _hashes([paths[number] for number in numbers])
    meant, judged = dict[int, tuple[str, ...]](), set[int]()
    known = {region.pixels_sha256 for region in regions}
    for number, sha256 in zip(numbers, hashes, strict=True):
        if sha256 in known:
            judged.add(number)
            own = tuple(o.mask for o in regions if o.meant and o.pixels_sha256 == sha256)
            meant |= {number: own} if own else {}
    unknown = sum(region.pixels_sha256 not in set(hashes) for region in regions)
    return FilmVerdicts(meant, frozenset(judged - set(meant)), unknown)


def _hashes(paths: Sequence[str]) -> Job[list[str]]:
    """Return the hash of the stored values of each film, "" of what cannot be read."""
    found = list[str]()
    for first in range(0, len(paths), _AT_ONCE):
        asked: list[Future[str]] = [
            run_apart(_hash, path, priority=Priority.BATCH, time_limit=_SECONDS)
            for path in paths[first : first + _AT_ONCE]
        ]
        try:
            for one in asked:
                progress = Progress(len(found), len(paths), "Looking for films that were judged")
                try:
                    found.append((yield from awaited(one, progress)))
                except Cancelled:
                    raise
                except StudioError:
                    found.append("")
        finally:
            for one in asked:
                one.cancel()
    return found


def _hash(path: str) -> str:
    """Return the hash of the stored values of a film. Runs in a worker process."""
    return stored_sha256(run(open_whole(path)).stored(0))
