"""Which encoders the video library brings."""

from __future__ import annotations

import av

from xray_studio.video.qualities import SOFTWARE, X264_RGB


def encoders() -> dict[str, bool]:
    """Return the encoders that writing needs, and whether each is there."""
    names = sorted((*SOFTWARE.values(), X264_RGB, "gif"))
    return {name: name in av.codecs_available for name in names}


def library_version() -> str:
    """Return the version of the video library."""
    return av.__version__
