"""A presentation state by its modules (PS3.3 A.33). Runs in a worker process."""

from __future__ import annotations

from dataclasses import replace

from pydicom.dataset import Dataset

from xray_studio.core.cielab import rgb_of_cielab
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.lut import LookupTable, Modality, Rescale
from xray_studio.core.overlay_plane import GROUPS, OverlayPlane
from xray_studio.core.shutter import Shutter
from xray_studio.core.state import (
    PSEUDO,
    XA,
    Area,
    Layer,
    PresentationState,
    Scoped,
    SoftcopyVoi,
    is_state,
)
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.attributes.luts import UNITS, lookup_table, word_of, words
from xray_studio.dicom.attributes.overlays import LAYER, Picture, read_overlays
from xray_studio.dicom.attributes.palette import read_palette
from xray_studio.dicom.attributes.shutters import KEYWORD as FRAME_SHUTTERS
from xray_studio.dicom.attributes.shutters import read_shutter
from xray_studio.dicom.attributes.transforms import presentation_lut
from xray_studio.dicom.attributes.values import integer, items, number, numbers, text, value
from xray_studio.dicom.attributes.voi import voi_luts_of, windows_of
from xray_studio.dicom.documents.source import Source, moment_text, plain, read_source
from xray_studio.dicom.pixels.native import NativeSource
from xray_studio.dicom.pixels.pixel_format import PixelFormat
from xray_studio.dicom.states.graphics import read_annotations, recommended
from xray_studio.dicom.states.masks import mask_words
from xray_studio.dicom.states.references import referenced, references

DAMAGED = "The presentation state is damaged and cannot be read."
NO_STATE = "This object is not a presentation state."
UNBOUNDED = 1 << 15  # rows and columns of images that are not known yet


def read_state(path: str) -> PresentationState:
    """Return the presentation state at `path`.

    Raises UnreadableError when it is damaged or no presentation state.
    """
    try:
        with lenient_pydicom():
            return state_of(read_source(path))
    except (StudioError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(DAMAGED) from error


def read_states(paths: tuple[str, ...]) -> list[PresentationState | StudioError]:
    """Return several states, each or the reason why it cannot be read."""
    return [_tried(path) for path in paths]


def _tried(path: str) -> PresentationState | StudioError:
    try:
        return read_state(path)
    except StudioError as error:
        return error


def state_of(source: Source) -> PresentationState:
    """Return the presentation state that a data set is. Raises UnreadableError."""
    dataset, warnings = source.dataset, list[str]()
    if not is_state(source.sop_class_uid):
        raise UnreadableError(NO_STATE)
    overlays = _overlays(dataset, warnings)
    table = presentation_lut(dataset, warnings)
    return PresentationState(
        sop_class_uid=source.sop_class_uid,
        sop_instance_uid=text(dataset, "SOPInstanceUID"),
        path=source.path,
        patient=text(dataset, "PatientID"),
        label=plain(text(dataset, "ContentLabel")),
        description=plain(text(dataset, "ContentDescription")),
        creator=text(dataset, "ContentCreatorName"),
        created=moment_text(
            text(dataset, "PresentationCreationDate"), text(dataset, "PresentationCreationTime")
        ),
        images=references(dataset),
        modality=_modality(dataset, warnings),
        voi=_voi(dataset, warnings),
        inverted=table is None and _inverted(dataset, warnings),
        presentation_lut=table,
        palette=_palette(source, warnings),
        icc_profile=_profile(dataset),
        rotation=_rotation(dataset, warnings),
        flip=text(dataset, "ImageHorizontalFlip").upper() == "Y",
        areas=_areas(dataset),
        layers=_layers(dataset),
        annotations=read_annotations(dataset, warnings),
        overlays=overlays,
        activated=_activated(dataset),
        shutters=_shutters(dataset, warnings),
        shutter_group=_shutter_group(dataset),
        masks=mask_words(dataset),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _modality(dataset: Dataset, warnings: list[str]) -> Modality:
    tables = items(dataset, "ModalityLUTSequence")
    if tables:
        found = lookup_table(
            tables[0], "Modality LUT", warnings, signed=False, name="ModalityLUTType"
        )
        return found or Rescale()
    slope, intercept = number(dataset, "RescaleSlope"), number(dataset, "RescaleIntercept")
    if slope is None and intercept is None:
        return Rescale()
    unit = text(dataset, "RescaleType")
    return Rescale(slope or 1.0, intercept or 0.0, UNITS.get(unit, unit))


def _voi(dataset: Dataset, warnings: list[str]) -> tuple[Scoped[tuple[SoftcopyVoi, ...]], ...]:
    return tuple(
        Scoped((*windows_of(item, warnings), *_voi_tables(item, warnings)), referenced(item))
        for item in items(dataset, "SoftcopyVOILUTSequence")
    )


def _voi_tables(item: Dataset, warnings: list[str]) -> tuple[LookupTable, ...]:
    return voi_luts_of(item, warnings, signed=False)


def _inverted(dataset: Dataset, warnings: list[str]) -> bool:
    shape = text(dataset, "PresentationLUTShape").upper()
    if shape not in {"", "IDENTITY", "INVERSE"}:
        warnings.append(f"Presentation LUT Shape {shape} is unknown and not applied.")
    return shape == "INVERSE"


def _palette(source: Source, warnings: list[str]) -> bytes:
    """Return the colours of pseudo colour as RGB bytes, b"" where there are none."""
    if source.sop_class_uid != PSEUDO:
        return b""
    try:
        return read_palette(source.dataset, signed=False).entries
    except UnreadableError:
        warnings.append("The colour palette of the state is broken; the picture stays grey.")
        return b""


def _profile(dataset: Dataset) -> bytes:
    profile = value(dataset, "ICCProfile")
    return profile if isinstance(profile, bytes) else b""


def _rotation(dataset: Dataset, warnings: list[str]) -> int:
    """Return Image Rotation: clockwise, before the flip (PS3.3 C.10.6)."""
    rotation = integer(dataset, "ImageRotation") or 0
    if rotation % 90:
        warnings.append(f"The rotation by {rotation} degrees is not applied.")
        return 0
    return rotation % 360


def _areas(dataset: Dataset) -> tuple[Scoped[Area], ...]:
    found = []
    for item in items(dataset, "DisplayedAreaSelectionSequence"):
        one = numbers(item, "DisplayedAreaTopLeftHandCorner")
        other = numbers(item, "DisplayedAreaBottomRightHandCorner")
        if len(one) < 2 or len(other) < 2:
            continue
        # Pixels from 1, both included; the first is the one at the top left once it is turned.
        left, right = sorted((one[0], other[0]))
        top, bottom = sorted((one[1], other[1]))
        area = Area(
            (left - 1.0, top - 1.0, right, bottom),
            text(item, "PresentationSizeMode").upper() or "SCALE TO FIT",
            number(item, "PresentationPixelMagnificationRatio"),
        )
        found.append(Scoped(area, referenced(item)))
    return tuple(found)


def _layers(dataset: Dataset) -> tuple[Layer, ...]:
    return tuple(
        Layer(
            name=text(item, "GraphicLayer").upper(),
            order=integer(item, "GraphicLayerOrder") or 0,
            colour=recommended(item),
            description=plain(text(item, "GraphicLayerDescription")),
        )
        for item in items(dataset, "GraphicLayerSequence")
    )


def _overlays(dataset: Dataset, warnings: list[str]) -> tuple[OverlayPlane, ...]:
    """Return the planes that the state itself holds; how large its images are is not known."""
    layout = PixelFormat(rows=UNBOUNDED, columns=UNBOUNDED)
    held = Dataset()
    held.update(
        {tag: dataset[tag] for tag in tuple(dataset.keys()) if _is_plane(dataset, tag.group)}
    )
    picture = Picture(layout, NativeSource("", None, layout, 1, 0, 0), 1)  # type: ignore[arg-type]  # never read
    return read_overlays(held, picture, warnings)


def _is_plane(dataset: Dataset, group: int) -> bool:
    return group in GROUPS and (group << 16 | 0x3000) in dataset


def _activated(dataset: Dataset) -> tuple[tuple[int, str], ...]:
    """Return overlay groups with the layers that show them (PS3.3 C.11.7)."""
    named = ((group, text(dataset, group << 16 | LAYER).upper()) for group in GROUPS)
    return tuple((group, layer) for group, layer in named if layer)


def _shutters(dataset: Dataset, warnings: list[str]) -> tuple[Scoped[Shutter], ...]:
    """Return the shutter of all images, or those of frames that an XA state has (C.11.14)."""
    found = []
    size = (UNBOUNDED // 8, UNBOUNDED // 8)
    if text(dataset, "SOPClassUID") == XA:
        for item in items(dataset, FRAME_SHUTTERS):
            own = read_shutter(item, size, warnings)
            if own is not None:
                found.append(Scoped(own, referenced(item)))
    shapes = text(dataset, "ShutterShape").upper()
    if shapes and shapes != "BITMAP":
        plain_shapes = Dataset()
        plain_shapes.update(dataset)
        plain_shapes.ShutterShape = [s for s in shapes.split("\\") if s.strip() != "BITMAP"]
        whole = read_shutter(plain_shapes, size, warnings)
        if whole is not None:
            found.append(Scoped(whole))
    elif shapes == "BITMAP":
        found.append(Scoped(_bitmap_ground(dataset)))
    return tuple(found)


def _bitmap_ground(dataset: Dataset) -> Shutter:
    """Return what a bitmap shutter hides by; the bitmap is found with the images."""
    lab = words(dataset, "ShutterPresentationColorCIELabValue")
    ground = Shutter(value=(word_of(dataset, "ShutterPresentationValue") or 0) & 0xFFFF)
    if len(lab) < 3:
        return ground
    return replace(ground, colour=rgb_of_cielab([word & 0xFFFF for word in lab]))


def _shutter_group(dataset: Dataset) -> int | None:
    shapes = text(dataset, "ShutterShape").upper()
    return word_of(dataset, "ShutterOverlayGroup") if "BITMAP" in shapes else None
