"""Which options of the export dialog can be chosen for a view, and why others cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from xray_studio.core.drawn_source import DrawnSource, draws_text
from xray_studio.core.shown import in_colour
from xray_studio.ui.dialogs.export.choices import OPTIONS, Choices
from xray_studio.ui.dialogs.export.formats import (
    CODECS,
    DEEP,
    ENCODERS,
    HARDWARE_CODECS,
    LOSSY_SYNTAX,
    NAMES_OF_FORMATS,
    OBJECTS,
    OF_KIND,
    VIDEOS,
    codecs_of,
)
from xray_studio.ui.view import View

# What is chosen where the option chosen before cannot be any more.
FALLBACKS: Final = {
    "frames": "all",
    "speed": "acquired",
    "quality": "high",
    "size": "source",
    "text": "anonymous",
    "codec": "auto",
    "encoder": "software",
    "depth": "8",
    "moments": "auto",
    "dither": "ordered",
    "syntax": "as-is",
}


def unavailable(
    view: View, choices: Choices, hardware: Mapping[str, str] | None = None
) -> dict[tuple[str, str], str]:
    """Return the options that cannot be chosen now, by row and key, each with the reason.

    `hardware` tells by encoder, as "h264_nvenc", why it cannot be used; "" that it can.
    """
    assert view.clip is not None
    found: dict[tuple[str, str], str] = {}
    if len(view.clip) == 1:
        found |= {("frames", key): "There is one picture" for key in ("all", "range")}
        found |= {("kind", "video"): "One picture is no video"}
        found |= {("format", key): "One picture is no video" for key, _ in VIDEOS}
    if choices.kind == "values":
        found |= _all("Values are written as they are", "speed", "quality", "size", "text")
    elif choices.format == "dcm":
        found |= _all("An object keeps its frames as they are", "speed", "size", "text")
    elif choices.format != "dcm-shown" and not choices.is_video:
        found |= _all("Pictures have no speed", "speed")
    if choices.format in {"png", "tiff"}:
        found |= _all(f"{NAMES_OF_FORMATS[choices.format]} is always lossless", "quality")
    if len(view.clip.timing.times) != len(view.clip):
        found["speed", "real"] = "The file does not tell when its frames were acquired"
    found |= dict(_objects(view, choices))
    found |= dict(_side_by_side(view))
    found |= dict(_lossy(view, choices))
    found |= dict(_fine(view, choices))
    return found | dict(_encoders(choices, hardware))


def _all(reason: str, *rows: str) -> dict[tuple[str, str], str]:
    return {(row, key): reason for row in rows for key, _ in OPTIONS[row]}


def _objects(view: View, choices: Choices) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what cannot be a DICOM object, and how those that are none are stored."""
    assert view.clip is not None
    made = view.clip.acquisition
    if not made.is_object:
        yield ("kind", "dicom"), "Only DICOM objects are written as DICOM"
        yield from ((("format", key), "This is no DICOM object") for key, _ in OBJECTS)
    elif view.clip.processed and not view.clip.steps:
        yield ("format", "dcm"), "Processed pictures are not in the object itself"
    if choices.kind != "dicom":
        yield from _all("Only DICOM objects have a transfer syntax", "syntax").items()
    elif choices.is_lossy_object:
        yield ("quality", "lossless"), "JPEG with loss is never lossless"
    else:
        yield from _all("This way of storing loses nothing", "quality").items()
    if choices.format == "dcm-shown":
        yield ("syntax", LOSSY_SYNTAX), "Captures are stored without loss"
    elif view.clip.source.dtype.itemsize > 1:
        yield ("syntax", LOSSY_SYNTAX), "JPEG with loss holds 8 bits only"


def _side_by_side(view: View) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what clips beside one another cannot be."""
    assert view.clip is not None
    if not isinstance(view.clip.source, DrawnSource):
        return
    for kind in ("values", "dicom"):
        yield ("kind", kind), "A comparison is made of pictures"
        yield from (
            (("format", key), "A comparison is made of pictures") for key, _ in OF_KIND[kind]
        )
    yield ("frames", "range"), "The in and out points of each clip count already"
    yield ("speed", "real"), "A comparison keeps the moments of its clips already"
    yield ("depth", "16"), "The pictures of a comparison have 8 bits"
    if view.clip.source.anonymous_only:
        yield ("text", "all"), "These are different patients, so nobody is named"


def _lossy(view: View, choices: Choices) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what a format cannot keep."""
    lossless = ("quality", "lossless")
    if choices.format == "avi":
        yield lossless, "AVI cannot be lossless; choose MKV, WebM, MP4 or MOV"
    if choices.format == "jpg":
        yield lossless, "JPEG cannot be lossless; choose PNG or TIFF"
    if choices.format == "gif" and _coloured(view):
        yield lossless, "A GIF has 256 colours; choose WebM, MKV or pictures"


def _fine(view: View, choices: Choices) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield which of the finer choices a format does not have."""
    held = codecs_of(choices.format)
    for codec, name in CODECS[1:]:
        if codec not in held:
            yield ("codec", codec), f"{NAMES_OF_FORMATS[choices.format]} does not hold {name}"
    if choices.format not in DEEP:
        yield ("depth", "16"), "16 bits need PNG, TIFF or MKV"
    elif _coloured(view):
        yield ("depth", "16"), "Coloured pictures have 8 bits"
    elif choices.format == "mkv" and choices.codec not in {"auto", "ffv1"}:
        yield ("depth", "16"), "16 bits need the codec FFV1"
    if choices.format == "avi":
        yield ("moments", "on"), "AVI has one fixed rate"
    assert view.clip is not None
    real = choices.speed == "real" or draws_text(view.clip)
    if not real or not choices.is_video:
        yield from _all("These are for real time", "moments").items()
    if choices.format != "gif":
        yield from _all("Only a GIF lacks colours", "dither").items()


def _encoders(
    choices: Choices, hardware: Mapping[str, str] | None
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield which encoders cannot be chosen, and why."""
    held = codecs_of(choices.format)
    fits = held[:1] == ("h264",) and choices.codec in HARDWARE_CODECS and choices.depth == "8"
    codec = "hevc" if choices.codec == "hevc" else "h264"
    for key, _ in ENCODERS[1:]:
        if not fits:
            yield ("encoder", key), "Graphics hardware encodes H.264 and HEVC only"
        elif choices.quality == "lossless":
            yield ("encoder", key), "Lossless files are encoded by the processor"
        elif key != "auto" and hardware is None:
            yield ("encoder", key), "Looking for graphics hardware"
        elif hardware is not None and (reason := _missing(key, codec, hardware)):
            yield ("encoder", key), f"Not here: {reason}"


def _missing(key: str, codec: str, hardware: Mapping[str, str]) -> str:
    if key != "auto":
        return hardware.get(f"{codec}_{key}", "")
    reasons = [why for name, why in hardware.items() if name.startswith(codec)]
    return "no graphics hardware that encodes was found" if all(reasons) and reasons else ""


def _coloured(view: View) -> bool:
    assert view.clip is not None
    return in_colour(view.clip, view.presentation)


def settled(
    view: View, choices: Choices, changed: str, hardware: Mapping[str, str] | None = None
) -> Choices:
    """Return choices that go together after the row `changed` was changed by the user."""
    if choices.frames == "one" and choices.is_video:
        # One frame is a picture, a video needs several: the row chosen last decides.
        if changed in {"format", "kind"}:
            choices = replace(choices, frames="all")
        else:
            choices = replace(choices, format="png")
    for row, fallback in FALLBACKS.items():
        out = unavailable(view, choices, hardware)
        offered = [key for key, _ in OPTIONS[row] if (row, key) not in out]
        if offered and (row, getattr(choices, row)) in out:
            changes: dict[str, Any] = {row: fallback}
            choices = replace(choices, **changes)
    return choices
