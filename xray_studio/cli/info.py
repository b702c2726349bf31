"""`xray-studio info`: what one file holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import DONE, Json, Quiet, run_job, say, say_json

if TYPE_CHECKING:
    from xray_studio.dicom.tags import TagRow

_LONGEST = 100  # characters of a value in the table of tags


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("info", epilog="Example: xray-studio info cine.dcm --json")(info)


def info(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    *,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Show what a file holds: size, frames, rate, windows, tags; a document as its text."""
    from xray_studio.core.segments import is_segmentation
    from xray_studio.services.export.round_trip import exported, words
    from xray_studio.services.export.round_trip import facts as export_facts
    from xray_studio.services.facts import clip_facts, dose_of, tags_of
    from xray_studio.services.open import only_document, open_catalog, scan
    from xray_studio.services.segmentations import read_segmentation, segmentation_facts

    catalog = run_job(scan(os.fspath(file)), quiet=quiet)
    document = only_document(catalog)
    if document is not None:
        return _tell_document(file, document, json=json, quiet=quiet)
    clip = run_job(open_catalog(catalog), quiet=quiet)
    facts = {"file": str(file)} | clip_facts(clip) | {"dose": dose_of(os.fspath(file))}
    if is_segmentation(facts["sop_class_uid"]):
        marked = run_job(read_segmentation(os.fspath(file)), quiet=quiet)
        facts["segmentation"] = segmentation_facts(marked)
    tags = tags_of(os.fspath(file))
    export = run_job(exported([os.fspath(file)]), quiet=quiet)
    facts["exported"] = None if export is None else export_facts(export)
    if json:
        say_json(facts | {"tags": [_tag(row) for row in tags]})
    else:
        _print_facts(facts)
        if export is not None:
            say(words(export))
        _print_tags(tags)
    return DONE


def _tell_document(file: Path, path: str, *, json: bool, quiet: bool) -> int:
    from xray_studio.core.document_text import document_lines
    from xray_studio.services.documents.facts import document_facts
    from xray_studio.services.documents.reading import open_document
    from xray_studio.services.facts import tags_of

    document = run_job(open_document(path), quiet=quiet)
    if json:
        tags = [_tag(row) for row in tags_of(path)]
        say_json({"file": str(file), "document": document_facts(document), "tags": tags})
    else:
        for line in document_lines(document):
            say(line)
    return DONE


def _tag(row: TagRow) -> dict[str, Any]:
    return {
        "tag": row.tag,
        "keyword": row.keyword,
        "vr": row.vr,
        "value": row.value,
        "depth": row.depth,
    }


def _print_facts(facts: dict[str, Any]) -> None:
    lines = [(label, text) for label, text in _lines(facts) if text]
    width = max(len(label) for label, _ in lines)
    for label, text in lines:
        say(f"{label:<{width}}  {text}")


def _lines(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield label and text of every fact worth a line."""
    from xray_studio.core.corner_text import angle_text

    yield "File", facts["file"]
    yield "Size", f"{facts['columns']} x {facts['rows']}, {facts['bits_stored']} bit"
    yield "Photometric", facts["photometric"]
    syntax = (facts["transfer_syntax_name"], facts["transfer_syntax"])
    yield "Transfer syntax", " ".join(filter(None, syntax)) + (", lossy" * facts["lossy"])
    yield "Frames", str(facts["frames"])
    if facts["frame_rate"] is not None:
        yield "Rate", f"{facts['frame_rate']:.6g} per second, from {facts['frame_rate_source']}"
        yield "Duration", f"{facts['duration']:.3f} s"
    if facts["real_duration"] is not None:
        yield "Acquired in", f"{facts['real_duration']:.3f} s"
    for window in facts["windows"]:
        text = f"centre {window['center']:g}, width {window['width']:g}"
        yield "Window", " ".join((text, window["explanation"])).rstrip()
    for number, name in enumerate(facts["voi_tables"], 1):
        yield "VOI table", name or str(number)
    yield "Modality", facts["modality"]
    series = (facts["series_number"], facts["series_description"])
    yield "Series", " ".join(str(part) for part in series if part not in (None, ""))
    if facts["angles"]:
        yield "Angles", angle_text(tuple(facts["angles"]))
    if facts["pixel_spacing"]:
        spacing = " x ".join(f"{value:g}" for value in facts["pixel_spacing"])
        yield "Pixel spacing", f"{spacing} mm ({facts['pixel_spacing_meaning']})"
    if facts["planes"]:
        apart = facts["plane_distance"]
        yield "Planes", f"{facts['planes']}" + (f", {apart:g} mm apart" if apart else "")
    yield from _display_lines(facts)
    yield from _segment_lines(facts.get("segmentation"))
    if facts["dose"]:
        yield "Dose", ", ".join(_dose_words(facts["dose"]))
    for warning in facts["warnings"]:
        yield "Warning", warning


def _display_lines(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the file tells of its display, as far as it tells anything."""
    for plane in facts["overlays"]:
        name = plane["label"] or plane["description"]
        size = f"{plane['columns']} x {plane['rows']}"
        yield "Overlay", " ".join(filter(None, (plane["group"], size, name)))
    shutter = facts["shutter"]
    if shutter:
        shapes = [name for name in ("rectangle", "circle", "polygon", "bitmap") if name in shutter]
        yield "Shutter", " and ".join(shapes)
    entries = facts["presentation_lut"]["entries"]
    if entries:
        yield "Presentation LUT", f"{entries} entries"
    if facts["icc"]["profile_bytes"]:
        yield "ICC profile", f"{facts['icc']['profile_bytes']:,} bytes"
    turned = facts["orientation"]
    if turned:
        edges = ("left", "right", "top", "bottom")
        yield "Orientation", ", ".join(f"{edge} {turned[edge]}" for edge in edges if turned[edge])
    for meaning in facts["real_world_values"]:
        yield "Real-world values", " ".join(filter(None, (meaning["label"], meaning["unit"])))
    yield "Pixel intensity", facts["pixel_intensity_relationship"]


def _segment_lines(marked: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    """Yield what a segmentation marks."""
    for one in () if marked is None else marked["segments"]:
        told = ", ".join(filter(None, (one["type"], one["algorithm"])))
        size = f"{one['pixels']:,} pixels on {one['frames']:,} frames"
        yield "Segment", f"{one['number']} {one['label']} ({told}): {size}"
    if marked is not None:
        yield "Marks", f"{len(marked['images']):,} images"


def _dose_words(dose: dict[str, Any]) -> Iterator[str]:
    """Yield what an image tells of its own dose."""
    for name, key, unit in (
        ("kerma area product", "kap", "Gy·cm²"),
        ("air kerma", "air_kerma", "mGy"),
        ("CTDIvol", "ctdi", "mGy"),
        ("tube", "kvp", "kV"),
        ("", "current", "mA"),
        ("exposure", "exposure_time", "ms"),
        ("pulses of", "pulse_width", "ms"),
    ):
        if dose[key] is not None:
            yield f"{name} {dose[key]:.6g} {unit}".lstrip()


def _print_tags(tags: tuple[TagRow, ...]) -> None:
    if tags:
        say()
    for row in tags:
        value = row.value if len(row.value) <= _LONGEST else row.value[: _LONGEST - 1] + "…"
        name = "  " * row.depth + (row.name or row.keyword)
        number = f"{row.tag:<12} {row.vr:<2} " if row.tag else ""  # headers of volumes have none
        say(f"{number}{name:<44} {value}".rstrip())
