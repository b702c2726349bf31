"""Squashed films kept beside a training, so that going on begins at once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.files import replacing, stamp
from xray_studio.core.job import Job
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.train.alone import alone

FILMS: Final = "films.npy"
FACTS: Final = "films.json"


def stored_films(
    paths: Sequence[str], spec: InputSpec, folder: Path
) -> Job[tuple[Squashed, dict[int, str]]]:
    """Return films, uint8 (films, spec.rows, spec.columns), and reasons of those that fail.

    They are read from what an earlier call left in `folder`, where the files have not changed
    since. The array stays on the disk: the system keeps in memory what there is room for. Raises
    UsageError while another process trains in `folder`.
    """
    digest, shape = _digest(paths, spec), (len(paths), spec.rows, spec.columns)
    with alone(folder):
        known, films = _facts(folder / FACTS), _films(folder / FILMS)
        if films is None or films.shape != shape or known.get("digest") != digest:
            known = yield from _made(paths, spec, folder, digest)
            films = _films(folder / FILMS)
    assert films is not None, "films were written a moment ago"
    return films, {int(number): why for number, why in known["failed"].items()}


def _made(paths: Sequence[str], spec: InputSpec, folder: Path, digest: str) -> Job[dict[str, Any]]:
    shape = (len(paths), spec.rows, spec.columns)
    with replacing(folder / FILMS) as temporary:
        films = np.lib.format.open_memmap(temporary, "w+", np.uint8, shape)
        reserve(temporary)
        failed = yield from squash_films(paths, spec, films)
        films.flush()
        del films
        # Killed between the two files, what is left must not tell of films that are gone.
        (folder / FACTS).unlink(missing_ok=True)
    known: dict[str, Any] = {"digest": digest, "failed": {str(n): w for n, w in failed.items()}}
    with replacing(folder / FACTS) as temporary:
        temporary.write_text(json.dumps(known, indent=1), "utf-8")
    return known


def reserve(path: Path) -> None:
    """Take the room of a file on the disk: a mapped one that finds none later ends the process."""
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)


def _films(path: Path) -> Squashed | None:
    """Return the films in a file; None where there is none, or one that is damaged."""
    try:
        films: Squashed = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        return None
    return films if films.dtype == np.uint8 else None


def _facts(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("failed"), dict) else {}


def _digest(paths: Sequence[str], spec: InputSpec) -> str:
    told = hashlib.sha256(json.dumps(spec.facts()).encode())
    for path in paths:
        told.update(f"\n{path}\n{stamp(path)}".encode("utf-8", "surrogateescape"))
    return told.hexdigest()
