"""Export into one video file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from xray_studio.core.job import Job
from xray_studio.core.output import Checked, DeepPicture, OutputSpec
from xray_studio.services.export.encoders import settled
from xray_studio.services.export.file import OneFile
from xray_studio.video.check import check_video
from xray_studio.video.containers import CONTAINERS
from xray_studio.video.encoding import Encoding, codec_of, encoding_for
from xray_studio.video.write import VideoWriter

_LEVELS: Final = {
    "gray16le": "0 to 65535",
    "gray": "0 to 255",
    "bgr0": "0 to 255, exact colours",
    "gbrp": "0 to 255, exact colours",
}


class VideoExporter(OneFile):
    """MP4, MOV, MKV, WebM and AVI, with the codec that suits each or the one chosen."""

    def __init__(self, suffix: str, stills: str) -> None:
        del stills
        self._suffix = suffix

    @property
    def variable_rate(self) -> bool:
        """Tell whether frames may stand at unequal distances, which AVI alone cannot tell."""
        return CONTAINERS[self._suffix].variable_rate

    def check_request(self, target: Path, spec: OutputSpec) -> None:
        """Raise UsageError for what the container or its codec cannot hold."""
        del target
        encoding_for(self._suffix, spec)

    def settled(self, spec: OutputSpec) -> OutputSpec:
        """Choose the encoder. Raises UsageError for hardware that cannot be used here."""
        return settled(spec, codec_of(self._suffix, spec))

    def writer(self, path: Path, spec: OutputSpec) -> VideoWriter:
        """Start the encoder."""
        return VideoWriter(path, self._suffix, spec)

    def check(
        self, path: Path, spec: OutputSpec, first: DeepPicture, last: DeepPicture
    ) -> Job[Checked]:
        """Open the file again."""
        return check_video(path, spec, first, last)

    def facts(self, spec: OutputSpec) -> dict[str, Any]:
        """Return codec, encoder, range of grey levels and padding."""
        how = encoding_for(self._suffix, spec)
        facts: dict[str, Any] = {
            "container": how.container.muxer,
            "codec": how.codec,
            "encoder": how.encoder,
            "pixel_format": how.layout.pixel_format,
            "grey_levels": _levels(how),
            "rows": how.rows,
            "columns": how.columns,
        }
        if spec.colour and how.layout.subsampled:
            facts["colours"] = "at half the resolution of the grey levels (4:2:0)"
        if (how.rows, how.columns) != (spec.rows, spec.columns):
            facts["padding"] = "the last row or column is repeated: 4:2:0 needs even sizes"
        return facts


def _levels(how: Encoding) -> str:
    whole = "0 to 255" if how.layout.full_range else "16 to 235 (BT.709)"
    return _LEVELS.get(how.layout.pixel_format, whole)
