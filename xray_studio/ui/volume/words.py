"""What the panel says of a volume."""

from __future__ import annotations

from xray_studio.core.volume.volume import Volume
from xray_studio.ui.layout import TIMES


def facts_words(volume: Volume) -> str:
    """Return size, spacing and moments of a volume, a line each."""
    planes, rows, columns = volume.geometry.shape
    across, down, apart = volume.geometry.spacing
    lines = [
        f" {TIMES} ".join(map(str, (columns, rows, planes))) + " voxels",
        f" {TIMES} ".join(f"{size:.3g}" for size in (across, down, apart)) + " mm each",
    ]
    if volume.moments > 1:
        lines.append(f"{volume.moments} moments")
    if not volume.geometry.is_straight:
        lines.append("Planes are shifted against each other (tilted gantry)")
    return "\n".join(lines)
