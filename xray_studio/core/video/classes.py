"""Which kind of object a video becomes: its SOP class and modality (PS3.3 A.32, A.8)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from xray_studio.core.errors import UsageError

_ROOT = "1.2.840.10008.5.1.4.1.1."
BYTES: Final = f"{_ROOT}7.2"
WORDS: Final = f"{_ROOT}7.3"
COLOURS: Final = f"{_ROOT}7.4"


class Kind(enum.Enum):
    """What a video shows. The values are those of the command line."""

    AUTO = "auto"
    PHOTOGRAPHIC = "photographic"
    ENDOSCOPIC = "endoscopic"
    MICROSCOPIC = "microscopic"
    MULTIFRAME = "multiframe"


@dataclass(frozen=True, slots=True)
class VideoClass:
    """The SOP class of an object, its modality, and in a sentence why it is this one."""

    kind: Kind
    uid: str
    modality: str
    why: str


_CLASSES: Final = {
    Kind.ENDOSCOPIC: (f"{_ROOT}77.1.1.1", "ES", "Video Endoscopic Image"),
    Kind.MICROSCOPIC: (f"{_ROOT}77.1.2.1", "GM", "Video Microscopic Image"),
    Kind.PHOTOGRAPHIC: (f"{_ROOT}77.1.4.1", "XC", "Video Photographic Image"),
}
_BY_MODALITY: Final = {
    "ES": Kind.ENDOSCOPIC,
    "GM": Kind.MICROSCOPIC,
    "SM": Kind.MICROSCOPIC,
    "XC": Kind.PHOTOGRAPHIC,
}
_CAPTURE = "Multi-frame True Color Secondary Capture Image"
_CAPTURES: Final = {COLOURS: _CAPTURE, BYTES: "Multi-frame Grayscale Byte Secondary Capture Image"}
CLASS_NAMES: Final = {uid: name for uid, _, name in _CLASSES.values()} | _CAPTURES


def video_class(kind: Kind, modality: str) -> VideoClass:
    """Return the class for what a video shows, or where that is left open for its modality.

    Raises UsageError for a kind that has another modality than is asked for.
    """
    if kind is Kind.MULTIFRAME:
        return VideoClass(kind, COLOURS, modality or "OT", "Secondary capture is asked for.")
    if kind is not Kind.AUTO:
        uid, own, name = _CLASSES[kind]
        if modality and modality != own:
            raise UsageError(
                f"A {kind.value} video has the modality {own}, not {modality}; leave out one of"
                " --sop-class and --modality."
            )
        return VideoClass(kind, uid, own, f"It is asked for as {kind.value}: {name}.")
    if modality and modality not in _BY_MODALITY:
        why = f"DICOM has no video class for {modality}, so it becomes a {_CAPTURE}."
        return VideoClass(Kind.MULTIFRAME, COLOURS, modality, why)
    found = _BY_MODALITY.get(modality, Kind.PHOTOGRAPHIC)
    uid, own, name = _CLASSES[found]
    why = f"Its modality is {modality}: {name}."
    if not modality:
        why = f"Nobody says what it shows, so it is a photograph that moves: {name}."
    return VideoClass(found, uid, own, why)
