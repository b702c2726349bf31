"""Volumes from Python: `import xray_studio as xs`, then `xs.open_volume("ct/")`."""

from __future__ import annotations

import os
from collections.abc import Sequence

from xray_studio.core.job import run
from xray_studio.core.place import Vector
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume import open as opening
from xray_studio.volume.raw import RawForm

PathLike = str | os.PathLike[str]


def open_volume(
    paths: PathLike | Sequence[PathLike],
    *,
    part: int | None = None,
    raw: RawForm | None = None,
    spacing: Vector | None = None,
) -> Volume:
    """Return what a file, several, or a folder hold as a volume.

    `part` chooses one of several, from 1. `raw` says how voxels without a header lie, `spacing`
    (column, row, plane, mm) how far pictures do that do not tell. Raises StudioError with the
    reason.
    """
    return run(opening.open_volume(paths, part=part, raw=raw, spacing=spacing))
