"""Voxels that were unpacked, for everybody who needs them, as long as somebody holds them.

A clip, its thumbnail and the planes of the same file then unpack it once, and share its memory.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeAlias
from weakref import WeakValueDictionary

from xray_studio.core.archive import on_disk
from xray_studio.core.job import Job, Progress
from xray_studio.core.volume.volume import Voxels

Key: TypeAlias = tuple[tuple[str, int, int], ...]

_PATIENCE: Final = 0.05  # seconds between two places to stop while another one reads
_held: WeakValueDictionary[Key, Voxels] = WeakValueDictionary()
_reading: dict[Key, threading.Event] = {}
_lock = threading.Lock()


def shared_voxels(paths: Iterable[str], read: Callable[[], Job[Voxels]]) -> Job[Voxels]:
    """Return what `read` gives of files, read-only; of those that have not changed it is one array.

    Of several who ask at once one reads and the others wait. Raises as `read`.
    """
    key = _key(paths)
    while True:
        with _lock:
            found = _held.get(key)
            begun = _reading.get(key)
            if found is None and begun is None:
                begun = _reading[key] = threading.Event()
                break
        if found is not None:
            return found
        assert begun is not None
        yield Progress(0, 0, "Reading the volume")
        begun.wait(_PATIENCE)
    try:
        voxels = yield from read()
        voxels.setflags(write=False)
        with _lock:
            _held[key] = voxels
    finally:
        with _lock:
            del _reading[key]
        begun.set()
    return voxels


def _key(paths: Iterable[str]) -> Key:
    """Return what tells files apart from others, and from what they were before."""
    found = []
    for path in paths:
        try:
            now = Path(on_disk(path)).stat()
        except OSError:  # whoever reads it says why
            found.append((path, -1, -1))
            continue
        found.append((path, now.st_size, now.st_mtime_ns))
    return tuple(found)
