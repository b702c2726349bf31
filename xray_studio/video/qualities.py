"""Options of the encoders that run on the processor, by codec and quality."""

from __future__ import annotations

from typing import Final

from xray_studio.core.output import OutputSpec, Quality

SOFTWARE: Final = {
    "h264": "libx264",
    "hevc": "libx265",
    "vp9": "libvpx-vp9",
    "ffv1": "ffv1",
    "mjpeg": "mjpeg",
}
X264_RGB: Final = "libx264rgb"  # for exact colours
# Without x264's macroblock tree: it takes quality from what is soon gone, and its fast code reads
# beyond its rows, so that the same pictures could become another file each time.
_EVEN: Final = {"mbtree": "0"}
H264: Final = {
    Quality.LOW: {"preset": "veryfast", "crf": "28"} | _EVEN,
    Quality.MEDIUM: {"preset": "veryfast", "crf": "18"} | _EVEN,
    Quality.HIGH: {"preset": "medium", "crf": "14"} | _EVEN,
    Quality.LOSSLESS: {"preset": "veryfast", "qp": "0"},
}
HEVC: Final = {
    Quality.LOW: {"preset": "veryfast", "crf": "28"},
    Quality.MEDIUM: {"preset": "veryfast", "crf": "17"},
    Quality.HIGH: {"preset": "fast", "crf": "13"},
    Quality.LOSSLESS: {"preset": "veryfast"},
}
# Constant quality needs a bit rate of 0. Rows on several threads and hidden reference frames are
# what libvpx gains most by; more effort than this is not worth its time on two cores.
_VP9: Final = {"deadline": "good", "b": "0", "row-mt": "1", "auto-alt-ref": "1"}
VP9: Final = {
    Quality.LOW: _VP9 | {"crf": "36", "cpu-used": "5"},
    Quality.MEDIUM: _VP9 | {"crf": "18", "cpu-used": "5"},
    Quality.HIGH: _VP9 | {"crf": "10", "cpu-used": "4"},
    Quality.LOSSLESS: _VP9 | {"lossless": "1", "cpu-used": "5"},
}
# Version 3 with checksums: each frame decodes by itself, and damage is seen.
FFV1: Final = {"level": "3", "coder": "1", "context": "0", "g": "1", "slicecrc": "1"}
MJPEG_SCALES: Final = {Quality.LOW: 8, Quality.MEDIUM: 3, Quality.HIGH: 1}
_LEAN_H264: Final = {"rc-lookahead": "0", "refs": "1", "bf": "0"}
_LEAN_VP9: Final = {"lag-in-frames": "0", "auto-alt-ref": "0"}
_TILE: Final = 512  # columns; libvpx works on tiles at the same time


def software_options(codec: str, spec: OutputSpec, *, large: bool) -> dict[str, str]:
    """Return what the encoder is told; for `large` frames it keeps few of them."""
    if codec == "h264":
        # Reordered frames at unequal distances would spoil the duration that MP4 tells.
        own = {"bf": "0"} if spec.starts else {}
        return H264[spec.quality] | own | (_LEAN_H264 if large else {})
    if codec == "hevc":
        return _hevc(spec, large=large)
    if codec == "vp9":
        tiles = max(0, (spec.columns // _TILE).bit_length() - 1)
        return VP9[spec.quality] | {"tile-columns": str(tiles)} | (_LEAN_VP9 if large else {})
    if codec == "ffv1":
        return FFV1 | {"slices": "4" if spec.rows >= 64 and spec.columns >= 64 else "1"}
    scale = str(MJPEG_SCALES[spec.quality])
    return {"qmin": scale, "qmax": scale}


def _hevc(spec: OutputSpec, *, large: bool) -> dict[str, str]:
    own = ["log-level=error"]
    own += ["lossless=1"] if spec.quality is Quality.LOSSLESS else []
    own += ["bframes=0"] if spec.starts or large else []
    own += ["rc-lookahead=0:ref=1:frame-threads=1"] if large else []
    return HEVC[spec.quality] | {"x265-params": ":".join(own)}
