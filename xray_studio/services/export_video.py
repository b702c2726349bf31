"""Export into one video file."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from xray_studio.core.files import replacing
from xray_studio.core.job import Job
from xray_studio.core.output import Checked, OutputSpec, Picture
from xray_studio.video.check import check_video
from xray_studio.video.planes import even
from xray_studio.video.write import VideoWriter, container_for


class VideoExporter:
    """MP4, MOV and MKV with H.264, AVI with Motion JPEG."""

    def __init__(self, suffix: str, stills: str) -> None:
        del stills
        self._suffix = suffix

    def check_request(self, target: Path, spec: OutputSpec) -> None:
        """Raise UsageError for what the container cannot hold."""
        del target
        container_for(self._suffix, spec)

    def placing(self, target: Path) -> AbstractContextManager[Path]:
        """Give a temporary path for the file."""
        return replacing(target)

    def writer(self, path: Path, spec: OutputSpec) -> VideoWriter:
        """Start the encoder."""
        return VideoWriter(path, self._suffix, spec)

    def check(self, path: Path, spec: OutputSpec, first: Picture, last: Picture) -> Job[Checked]:
        """Open the file again."""
        return check_video(path, spec, first, last)

    def files(self, path: Path) -> list[Path]:
        """Return the one file."""
        return [path]

    def facts(self, spec: OutputSpec) -> dict[str, Any]:
        """Return codec, range of grey levels and padding."""
        container = container_for(self._suffix, spec)
        rows, columns = even(spec.rows), even(spec.columns)
        facts: dict[str, Any] = {
            "container": container.muxer,
            "codec": "h264" if container.encoder == "libx264" else container.encoder,
            "pixel_format": "yuvj420p" if container.full_range else "yuv420p",
            "grey_levels": "0 to 255" if container.full_range else "16 to 235 (BT.709)",
            "rows": rows,
            "columns": columns,
        }
        if spec.colour:
            facts["colours"] = "at half the resolution of the grey levels (4:2:0)"
        if (rows, columns) != (spec.rows, spec.columns):
            facts["padding"] = "the last row or column is repeated: H.264 needs even sizes"
        return facts
