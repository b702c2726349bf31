"""A presentation state as a document: what it does, in words, and to which images."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from xray_studio.core.content import Reference
from xray_studio.core.corner_text import format_name, format_number
from xray_studio.core.document import Block, Document, Images, Paragraph, Table
from xray_studio.core.lut import LookupTable, Modality, Rescale
from xray_studio.core.presentation import Window
from xray_studio.core.shutter import Shutter
from xray_studio.core.state import PresentationState, SoftcopyVoi, is_state
from xray_studio.dicom.documents.content import reference_text
from xray_studio.dicom.documents.read import Reader
from xray_studio.dicom.documents.source import Source, blank
from xray_studio.dicom.states.read import state_of

TOLD_ONLY = "told, not applied"


def reader_of(sop_class_uid: str) -> Reader | None:
    """Return what reads documents of a class, None unless these are presentation states."""
    return read_state_document if is_state(sop_class_uid) else None


def read_state_document(source: Source) -> Document:
    """Return a presentation state as facts, a table of what it writes, and its images."""
    state = state_of(source)
    return replace(
        blank(source),
        title=state.name,
        facts=tuple(_facts(state)),
        blocks=tuple(_blocks(state)),
        warnings=state.warnings,
    )


def _facts(state: PresentationState) -> Iterator[tuple[str, str]]:
    told = (
        ("Label", state.label),
        ("Description", state.description),
        ("Made by", format_name(state.creator)),
        ("Made", state.created),
        ("Applied", "" if state.is_followed else "no: states of this kind are told only"),
        ("Modality LUT", _modality_words(state.modality)),
        *(("Window", _voi_words(voi)) for scoped in state.voi for voi in scoped.value[:1]),
        ("P-values", _p_values(state)),
        ("Colours", "a palette for greys" if state.palette else ""),
        ("Turned", _turn(state)),
        *(("Displayed area", _area_words(scoped.value.edges)) for scoped in state.areas),
        *(("Shutter", _shutter_words(state, scoped.value)) for scoped in state.shutters),
        ("Overlay planes", ", ".join(f"{group:04X}" for group, _ in state.activated)),
        *(("Subtraction", f"{words} ({TOLD_ONLY})") for words in state.masks),
    )
    seen = set()
    for label, words in told:
        if words and (label, words) not in seen:
            seen.add((label, words))
            yield label, words


def _modality_words(modality: Modality) -> str:
    if isinstance(modality, LookupTable):
        return f"table of {len(modality.values)} values"
    if modality == Rescale():
        return "identity"
    return f"value times {modality.slope:g} plus {modality.intercept:g} {modality.unit}".rstrip()


def _voi_words(voi: SoftcopyVoi) -> str:
    if isinstance(voi, Window):
        named = f" {voi.explanation}" if voi.explanation else ""
        width, center = format_number(voi.width), format_number(voi.center)
        return f"centre {center}, width {width}{named}"
    return voi.explanation or f"table of {len(voi.values)} values"


def _p_values(state: PresentationState) -> str:
    table = state.presentation_lut
    if table is not None:
        return f"table of {len(table.values)} values"
    return "inverted" if state.inverted else ""


def _turn(state: PresentationState) -> str:
    turned = f"by {state.rotation} degrees clockwise" if state.rotation else ""
    flipped = "flipped left and right" if state.flip else ""
    return ", then ".join(filter(None, (turned, flipped)))


def _area_words(edges: tuple[float, float, float, float]) -> str:
    left, top, right, bottom = edges
    return f"columns {left + 1:g} to {right:g}, rows {top + 1:g} to {bottom:g}"


def _shutter_words(state: PresentationState, shutter: Shutter) -> str:
    shapes = {
        "rectangle": shutter.rectangle,
        "circle": shutter.circle,
        "polygon": shutter.polygon,
        "bitmap": state.shutter_group,
    }
    return " and ".join(name for name, there in shapes.items() if there)


def _blocks(state: PresentationState) -> Iterator[Block]:
    rows = tuple(_rows(state))
    if rows:
        yield Table(("Layer", "Drawn", "Text"), rows, "Annotations")
    if state.images:
        yield Images(state.images, tuple(_image_words(image) for image in state.images))
    else:
        yield Paragraph("It names no images.")


def _rows(state: PresentationState) -> Iterator[tuple[str, str, str]]:
    for scoped in state.annotations:
        drawn = Counter(shape.kind.lower() for shape in scoped.value.shapes)
        words = ", ".join(f"{count} {kind}" for kind, count in drawn.items())
        text = "; ".join(label.text.replace("\n", " ") for label in scoped.value.labels)
        yield scoped.value.layer, words, text


def _image_words(image: Reference) -> str:
    return reference_text(image)
