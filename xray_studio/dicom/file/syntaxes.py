"""Transfer syntaxes (PS3.5 Annex A): what each one says about data set and pixels."""

from __future__ import annotations

IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
ENCAPSULATED_UNCOMPRESSED = "1.2.840.10008.1.2.1.98"
DEFLATED = "1.2.840.10008.1.2.1.99"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
GE_BIG_PIXELS = "1.2.840.113619.5.2"  # private: implicit little endian, pixels big endian
PAPYRUS = "1.2.840.10008.1.20"  # retired: implicit little endian

JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.57"
JPEG_LOSSLESS_SV1 = "1.2.840.10008.1.2.4.70"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_LS_NEAR = "1.2.840.10008.1.2.4.81"
JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90"
JPEG_2000 = "1.2.840.10008.1.2.4.91"
JPEG_2000_PART2_LOSSLESS = "1.2.840.10008.1.2.4.92"
JPEG_2000_PART2 = "1.2.840.10008.1.2.4.93"
HTJ2K_LOSSLESS = "1.2.840.10008.1.2.4.201"
HTJ2K_LOSSLESS_RPCL = "1.2.840.10008.1.2.4.202"
HTJ2K = "1.2.840.10008.1.2.4.203"
JPEG_XL_LOSSLESS = "1.2.840.10008.1.2.4.110"
JPEG_XL_RECOMPRESSED = "1.2.840.10008.1.2.4.111"
JPEG_XL = "1.2.840.10008.1.2.4.112"
RLE = "1.2.840.10008.1.2.5"
DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"

# Retired processes of ISO 10918-1 that share the container and most of the decoder.
JPEG_RETIRED = frozenset(
    f"1.2.840.10008.1.2.4.{number}" for number in (52, 53, 54, 55, 56, 58, 59, 60, 61, 62, 63, 64)
)

NATIVE = frozenset(
    (IMPLICIT_LITTLE, EXPLICIT_LITTLE, DEFLATED, EXPLICIT_BIG, GE_BIG_PIXELS, PAPYRUS)
)
IMPLICIT = frozenset((IMPLICIT_LITTLE, GE_BIG_PIXELS, PAPYRUS))
BIG_PIXELS = frozenset((EXPLICIT_BIG, GE_BIG_PIXELS))

LOSSY = frozenset((JPEG_BASELINE, JPEG_EXTENDED, JPEG_LS_NEAR, JPEG_XL_RECOMPRESSED))

_VIDEO = "1.2.840.10008.1.2.4."
_VIDEO_FIRST, _VIDEO_LAST = 100, 108  # MPEG-2 to HEVC; fragmentable forms end in ".1"
_REFERENCED = frozenset(
    ("1.2.840.10008.1.2.4.94", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.204",
     "1.2.840.10008.1.2.4.205")
)  # fmt: skip


def is_video(uid: str) -> bool:
    """Tell whether frames are one MPEG-2, MPEG-4 AVC or HEVC stream."""
    number = uid.removeprefix(_VIDEO).split(".")[0]
    return (
        uid.startswith(_VIDEO) and number.isdigit() and _VIDEO_FIRST <= int(number) <= _VIDEO_LAST
    )


def loses(uid: str) -> bool:
    """Tell whether whatever is stored with a transfer syntax has lost something."""
    return uid in LOSSY or is_video(uid)


def is_referenced(uid: str) -> bool:
    """Tell whether the pixels lie on a server (JPIP) and not in the object."""
    return uid in _REFERENCED
