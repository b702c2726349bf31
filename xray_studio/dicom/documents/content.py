"""The content tree of a structured report (PS3.3 C.17.3, C.18) from its data set."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pydicom.dataset import Dataset
from pydicom.uid import UID

from xray_studio.core.content import Content, Reference
from xray_studio.core.corner_text import format_date, format_name, format_time
from xray_studio.core.units import with_unit
from xray_studio.dicom.attributes.values import items, number, numbers, text
from xray_studio.dicom.documents.source import code, moment_text, plain
from xray_studio.dicom.documents.space import shape_text, shape_text_3d, span_text

DEEPEST, MOST_ITEMS = 60, 50_000


@dataclass(slots=True)
class Reader:
    """Reads a tree; `evidence` knows the series and study of each object it points at."""

    evidence: dict[str, tuple[str, str]] = field(default_factory=dict)
    left: int = field(default_factory=lambda: MOST_ITEMS)
    cut: bool = False

    def read(
        self, dataset: Dataset, place: tuple[int, ...] = (1,), relationship: str = ""
    ) -> Content:
        """Return an item and what is below it."""
        kind = text(dataset, "ValueType").upper()
        item = Content(
            value_type=kind,
            name=code(dataset, "ConceptNameCodeSequence"),
            relationship=relationship,
            place=place,
            children=self._children(dataset, place),
            refers_to=tuple(map(int, numbers(dataset, "ReferencedContentItemIdentifier"))),
            template=_template(dataset),
            moment=text(dataset, "DateTime" if kind == "DATETIME" else "ObservationDateTime"),
        )
        return self._with_value(item, dataset)

    def _children(self, dataset: Dataset, place: tuple[int, ...]) -> tuple[Content, ...]:
        found = []
        for position, child in enumerate(items(dataset, "ContentSequence"), 1):
            if len(place) >= DEEPEST or self.left <= 0:
                self.cut = True
                break
            self.left -= 1
            relationship = text(child, "RelationshipType").upper()
            found.append(self.read(child, (*place, position), relationship))
        return tuple(found)

    def _with_value(self, item: Content, dataset: Dataset) -> Content:
        if item.value_type in _PLAIN:
            words = _PLAIN[item.value_type](dataset)
            drawn = item.value_type in {"SCOORD", "TCOORD"}
            target = _selected(item.children) if drawn else None
            return replace(item, text=words, target=target)
        if item.value_type == "NUM":
            return _measured(item, dataset)
        if item.value_type == "CODE":
            found = code(dataset, "ConceptCodeSequence")
            return replace(item, code=found, text=str(found))
        if item.value_type in {"IMAGE", "WAVEFORM", "COMPOSITE"}:
            return self._pointing(item, dataset)
        return item

    def _pointing(self, item: Content, dataset: Dataset) -> Content:
        found = items(dataset, "ReferencedSOPSequence")
        if not found:
            return replace(item, text="an object that is not named")
        target = self.reference(found[0])
        return replace(item, target=target, text=reference_text(target))

    def reference(self, item: Dataset) -> Reference:
        """Return what an item of a Referenced SOP Sequence points at (PS3.3 table 10-11)."""
        uid = text(item, "ReferencedSOPInstanceUID")
        series, study = self.evidence.get(uid, ("", ""))
        return Reference(
            sop_instance_uid=uid,
            sop_class_uid=text(item, "ReferencedSOPClassUID"),
            series_instance_uid=series,
            study_instance_uid=study,
            frames=tuple(int(frame) for frame in numbers(item, "ReferencedFrameNumber")),
        )


def read_content(dataset: Dataset) -> tuple[Content, bool]:
    """Return the tree of a report, and whether it is too large to be read as a whole."""
    reader = Reader(evidence_of(dataset))
    return reader.read(dataset), reader.cut


def evidence_of(dataset: Dataset) -> dict[str, tuple[str, str]]:
    """Return series and study by SOP Instance UID (PS3.3 C.17.2, C.17.2.3)."""
    known: dict[str, tuple[str, str]] = {}
    for keyword in ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence"):
        for study in items(dataset, keyword):
            for series in items(study, "ReferencedSeriesSequence"):
                uids = text(series, "SeriesInstanceUID"), text(study, "StudyInstanceUID")
                for item in items(series, "ReferencedSOPSequence"):
                    known[text(item, "ReferencedSOPInstanceUID")] = uids
    return known


def reference_text(target: Reference) -> str:
    """Return what an object is, as "X-Ray Angiographic Image, frames 3 and 5"."""
    kind = UID(target.sop_class_uid).name if target.sop_class_uid.startswith("1.2") else ""
    kind = "Object" if not kind or kind == target.sop_class_uid else kind
    return f"{kind.removesuffix(' Storage')}{frames_text(target.frames)}"


def frames_text(frames: tuple[int, ...]) -> str:
    """Return ", frame 3", ", frames 3 and 5", ", 12 frames", or "" for the whole object."""
    if not frames:
        return ""
    if len(frames) == 1:
        return f", frame {frames[0]}"
    if len(frames) <= 6:
        return f", frames {', '.join(map(str, frames[:-1]))} and {frames[-1]}"
    return f", {len(frames)} frames from {frames[0]} to {frames[-1]}"


def _measured(item: Content, dataset: Dataset) -> Content:
    """Return a NUM item with number and unit (PS3.3 C.18.1), or why it has none."""
    qualifier = code(dataset, "NumericValueQualifierCodeSequence")
    values = items(dataset, "MeasuredValueSequence")
    if not values:
        return replace(item, text=str(qualifier) or "no value")
    shown = text(values[0], "NumericValue")
    exact = number(values[0], "FloatingPointValue")
    value = number(values[0], "NumericValue") if exact is None else exact
    unit = code(values[0], "MeasurementUnitsCodeSequence")
    ucum = unit.value if unit.scheme in {"UCUM", "99UCUM", ""} else unit.meaning
    words = with_unit(_number_text(shown, value), ucum)
    qualified = f"{words} ({qualifier})" if str(qualifier) else words
    return replace(item, number=value, unit=ucum, text=qualified)


def _number_text(stored: str, value: float | None) -> str:
    """Return a number as it is stored, as far as people write it so."""
    if value is None or not math.isfinite(value):
        return stored
    return stored if stored and "e" not in stored.lower() else f"{value:.10g}"


def _selected(children: tuple[Content, ...]) -> Reference | None:
    """Return the object that coordinates lie on."""
    return next((child.target for child in children if child.target is not None), None)


def _template(dataset: Dataset) -> str:
    found = items(dataset, "ContentTemplateSequence")
    return text(found[0], "TemplateIdentifier") if found else ""


def _scoord(dataset: Dataset) -> str:
    return shape_text(text(dataset, "GraphicType").upper(), numbers(dataset, "GraphicData"))


def _scoord_3d(dataset: Dataset) -> str:
    return shape_text_3d(text(dataset, "GraphicType").upper(), numbers(dataset, "GraphicData"))


def _tcoord(dataset: Dataset) -> str:
    moments = text(dataset, "ReferencedDateTime")
    return span_text(
        text(dataset, "TemporalRangeType").upper(),
        tuple(int(sample) for sample in numbers(dataset, "ReferencedSamplePositions")),
        numbers(dataset, "ReferencedTimeOffsets"),
        tuple(moment_text(moment) for moment in moments.split("\\")) if moments else (),
    )


def _uid_text(dataset: Dataset) -> str:
    return text(dataset, "UID")


_PLAIN: dict[str, Callable[[Dataset], str]] = {
    "TEXT": lambda dataset: plain(text(dataset, "TextValue")),
    "PNAME": lambda dataset: plain(format_name(text(dataset, "PersonName"))),
    "DATE": lambda dataset: format_date(text(dataset, "Date")),
    "TIME": lambda dataset: format_time(text(dataset, "Time")),
    "DATETIME": lambda dataset: moment_text(text(dataset, "DateTime")),
    "UIDREF": _uid_text,
    "SCOORD": _scoord,
    "SCOORD3D": _scoord_3d,
    "TCOORD": _tcoord,
}
