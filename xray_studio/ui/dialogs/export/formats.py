"""Kinds and formats of the export dialog: what each is called, good for, and cannot do."""

from __future__ import annotations

from typing import Final

from xray_studio.core.output import Dither, Quality
from xray_studio.video.containers import CONTAINERS
from xray_studio.video.hardware import NAMES

Options = tuple[tuple[str, str], ...]

KINDS: Final[Options] = (("video", "Video"), ("pictures", "Pictures"), ("values", "Values"),
                        ("dicom", "DICOM"))  # fmt: skip
VIDEOS: Final[Options] = (
    ("mp4", "MP4"),
    ("webm", "WebM"),
    ("gif", "GIF"),
    ("mov", "MOV"),
    ("mkv", "MKV"),
    ("avi", "AVI"),
)
PICTURES: Final[Options] = (("png", "PNG"), ("tiff", "TIFF"), ("jpg", "JPEG"))
VALUES: Final[Options] = (("npz", "NumPy"), ("zarr", "Zarr"), ("nii.gz", "NIfTI"))
OBJECTS: Final[Options] = (("dcm", "Object"), ("dcm-shown", "As shown"))
OF_KIND: Final = {"video": VIDEOS, "pictures": PICTURES, "values": VALUES, "dicom": OBJECTS}
FORMATS: Final[Options] = (*VIDEOS, *PICTURES, *VALUES, *OBJECTS)
NAMES_OF_FORMATS: Final = dict(FORMATS)

GOOD_FOR: Final = {
    "mp4": "Plays everywhere: talks, phones, browsers. H.264.",
    "webm": "For web pages: smaller files, slower to write. VP9.",
    "gif": "For slides and chats: large files, 256 greys or colours, goes round for ever.",
    "mov": "For video editors and Apple programs. H.264.",
    "mkv": "For archives: lossless keeps every level of grey or colour. H.264, or FFV1.",
    "avi": "For old programs only: large files. Motion JPEG.",
    "png": "Every level of grey or colour, one file a frame.",
    "tiff": "For image analysis: every level, 8 or 16 bits.",
    "jpg": "For documents and mail: small, some detail is lost.",
    "npz": "Modality values and time stamps for Python.",
    "zarr": "Modality values in a folder that is read in parts: for long clips.",
    "nii.gz": "Modality values for research programs, one volume.",
    "dcm": "The object itself, or a range of its frames unchanged. It names the patient.",
    "dcm-shown": "A secondary capture of the pictures as shown. It names the patient.",
}

FRAMES: Final[Options] = (("all", "All"), ("range", "In to out"), ("one", "This one"))
SPEEDS: Final[Options] = (
    ("acquired", "As acquired"),
    ("half", "Half"),
    ("real", "Real time"),
    ("ping-pong", "Ping-pong"),
)
QUALITIES: Final[Options] = tuple((one.value, one.value.capitalize()) for one in Quality)
SIZES: Final[Options] = (("source", "Source"), ("screen", "Screen"), ("custom", "Custom"))
TEXTS: Final[Options] = (("none", "None"), ("anonymous", "Anonymous"), ("all", "All"))
CODECS: Final[Options] = (
    ("auto", "Usual"),
    ("h264", "H.264"),
    ("hevc", "HEVC"),
    ("vp9", "VP9"),
    ("ffv1", "FFV1"),
)
ENCODERS: Final[Options] = (
    ("software", "Processor"),
    ("auto", "Graphics"),
    *((kind, name.removesuffix(" Video")) for kind, name in NAMES.items()),
)
DEPTHS: Final[Options] = (("8", "8 bits"), ("16", "16 bits"))
MOMENTS: Final[Options] = (("auto", "As it can"), ("on", "Own moments"), ("off", "Repeated frames"))
DITHERS: Final[Options] = tuple((one.value, one.value.capitalize()) for one in Dither)
LOSSY_SYNTAX: Final = "jpeg-baseline"
SYNTAXES: Final[Options] = (
    ("as-is", "As it is"),
    ("explicit", "Explicit"),
    ("implicit", "Implicit"),
    ("deflated", "Deflated"),
    ("rle", "RLE"),
    ("jpeg-lossless", "Lossless JPEG"),
    ("jpeg-ls", "JPEG-LS"),
    ("jpeg-2000", "JPEG 2000"),
    ("htj2k", "HTJ2K"),
    (LOSSY_SYNTAX, "JPEG, lossy"),
)
RECIPE: Final = "recipe"  # the key of what only a recipe can ask for

DEEP: Final = frozenset(("png", "tiff", "mkv"))  # formats of 16 bits
HARDWARE_CODECS: Final = frozenset(("auto", "h264", "hevc"))


def kind_of(form: str) -> str:
    """Return the kind of a format: "video" of "mp4"."""
    return next(kind for kind, formats in OF_KIND.items() if form in dict(formats))


def suffix_word(form: str) -> str:
    """Return the suffix of a format without its dot: "dcm" of "dcm-shown"."""
    return form.partition("-")[0]


def codecs_of(form: str) -> tuple[str, ...]:
    """Return the codecs that a format may hold, the usual one first; none where it has its own."""
    container = CONTAINERS.get(f".{form}")
    return container.codecs if container else ()
