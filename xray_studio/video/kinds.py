"""What counts as a video file. No imports: asking costs nothing."""

from __future__ import annotations

from typing import Final

_NAMES = """
    mp4 m4v mov mkv webm avi mpg mpeg m2v m1v vob ts m2ts mts wmv asf flv f4v 3gp 3g2 ogv mxf mjpg
    mjpeg h264 264 h265 hevc 265 ivf y4m dv nut
"""
SUFFIXES: Final = frozenset(f".{name}" for name in _NAMES.split())

# Demuxers that read one local file. Play lists, which can name other files and addresses, are not
# among them.
DEMUXERS: Final = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegvideo,mpegts,asf,flv,ogg,mxf,mjpeg,h264,"
    "hevc,ivf,yuv4mpegpipe,dv,obu,m4v,nut"
)
