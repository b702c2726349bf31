"""Encoders of graphics hardware: which there are, and what quality means for each.

NVENC (NVIDIA), VAAPI (Linux: AMD, Intel) and Quick Sync Video (Intel). They are fast, and need a
little more space for the same quality than the encoders that run on the processor.
"""

from __future__ import annotations

from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.output import Quality

KINDS: Final = ("nvenc", "qsv", "vaapi")
CODECS: Final = ("h264", "hevc")
NAMES: Final = {"nvenc": "NVENC", "qsv": "Quick Sync Video", "vaapi": "VAAPI"}
ABSENT: Final = {
    "nvenc": "no NVIDIA graphics that encodes is here",
    "qsv": "no Intel graphics with Quick Sync is here",
    "vaapi": "no graphics with VAAPI is here",
}

# Quantisers: H.264 and HEVC count alike, 0 to 51; hardware loses a little more at the same number.
_QUANTISERS: Final = {Quality.LOW: "28", Quality.MEDIUM: "18", Quality.HIGH: "14"}
_NVENC_PRESETS: Final = {Quality.LOW: "p2", Quality.MEDIUM: "p4", Quality.HIGH: "p6"}
_QSV_PRESETS: Final = {
    Quality.LOW: "veryfast",
    Quality.MEDIUM: "fast",
    Quality.HIGH: "slow",
}


def encoder_name(kind: str, codec: str) -> str:
    """Return FFmpeg's name of a hardware encoder: "h264_nvenc"."""
    return f"{codec}_{kind}"


def hardware_options(kind: str, codec: str, quality: Quality) -> tuple[str, dict[str, str]]:
    """Return the encoder's name and its options.

    Raises UsageError for a codec or a quality that such hardware has not.
    """
    if codec not in CODECS:
        raise UsageError(
            f"{NAMES[kind]} encodes H.264 and HEVC only; choose .mp4, .mov or .mkv, or"
            " --encoder software."
        )
    if quality is Quality.LOSSLESS and kind != "nvenc":
        raise UsageError(f"{NAMES[kind]} cannot be lossless; choose --encoder software.")
    return encoder_name(kind, codec), _options(kind, quality)


def _options(kind: str, quality: Quality) -> dict[str, str]:
    # No reordered frames: their time stamps differ from driver to driver.
    if kind == "nvenc" and quality is Quality.LOSSLESS:
        return {"preset": "p4", "tune": "lossless", "bf": "0"}
    if kind == "nvenc":
        cq = _QUANTISERS[quality]
        return {"preset": _NVENC_PRESETS[quality], "rc": "vbr", "cq": cq, "b": "0", "bf": "0"}
    if kind == "qsv":
        level = _QUANTISERS[quality]
        return {"preset": _QSV_PRESETS[quality], "global_quality": level, "bf": "0"}
    return {"rc_mode": "CQP", "qp": _QUANTISERS[quality], "bf": "0"}
