"""What a waveform says about itself: statements, measurements, marks (PS3.3 C.10.10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydicom.dataset import Dataset

from xray_studio.core.document import Mark, Paragraph, Plot, Table
from xray_studio.core.units import with_unit
from xray_studio.dicom.attributes.values import items, numbers, text
from xray_studio.dicom.documents.source import code, plain

SPANS = {"SEGMENT", "MULTISEGMENT"}
_SEQUENCE = "WaveformAnnotationSequence"


def statements(dataset: Dataset) -> Iterator[Paragraph]:
    """Yield the free text that stands for the whole recording, as an interpretation does."""
    for item in items(dataset, _SEQUENCE):
        words = plain(text(item, "UnformattedTextValue"))
        if words and not _is_placed(item):
            yield Paragraph(words)


def table_of(dataset: Dataset, plots: Sequence[Plot]) -> Iterator[Table]:
    """Yield a table of the measurements of the whole recording, if there are any."""
    rows = [
        (str(name), words, _where(item, plots))
        for item in items(dataset, _SEQUENCE)
        if not _is_placed(item)
        and str(name := code(item, "ConceptNameCodeSequence"))
        and (words := _value(item))
    ]
    if rows:
        several = any(row[2] for row in rows)
        kept = rows if several else [row[:2] for row in rows]
        names = ("Measurement", "Value", "Channel")[: 3 if several else 2]
        yield Table(names, tuple(tuple(row) for row in kept), "Measurements")


def marks_of(dataset: Dataset, group: int, rate: float) -> tuple[Mark, ...]:
    """Return the annotations that stand at a moment of a group (from 1), in time order."""
    found: list[Mark] = []
    for item in items(dataset, _SEQUENCE):
        pairs = _pairs(item)
        if _is_placed(item) and any(one == group for one, _ in pairs):
            channels = tuple(channel - 1 for one, channel in pairs if one == group and channel > 0)
            found.extend(_marks(item, rate, channels))
    return tuple(sorted(found, key=lambda mark: mark.seconds))


def _marks(item: Dataset, rate: float, channels: tuple[int, ...]) -> Iterator[Mark]:
    moments = _moments(item, rate)
    words = _words(item)
    if text(item, "TemporalRangeType").upper() in SPANS:
        for start, end in zip(moments[::2], moments[1::2], strict=False):
            yield Mark(start, words, end, channels)
        return
    for moment in moments:
        yield Mark(moment, words, None, channels)


def _moments(item: Dataset, rate: float) -> list[float]:
    """Return seconds from the first sample; sample positions count from 1, offsets are in ms."""
    samples = numbers(item, "ReferencedSamplePositions")
    if samples:
        return [(sample - 1) / rate for sample in samples]
    return [offset / 1000.0 for offset in numbers(item, "ReferencedTimeOffsets")]


def _is_placed(item: Dataset) -> bool:
    return bool(text(item, "TemporalRangeType")) and bool(_moments(item, 1.0))


def _pairs(item: Dataset) -> list[tuple[int, int]]:
    """Return (multiplex group, channel) from 1; channel 0 stands for all of them."""
    found = [int(value) for value in numbers(item, "ReferencedWaveformChannels")]
    return list(zip(found[::2], found[1::2], strict=False))


def _words(item: Dataset) -> str:
    name = str(code(item, "ConceptNameCodeSequence"))
    told = plain(text(item, "UnformattedTextValue")) or _value(item)
    return ": ".join(filter(None, (name, told)))


def _value(item: Dataset) -> str:
    stored = text(item, "NumericValue")
    if stored:
        return with_unit(
            stored.replace("\\", ", "), code(item, "MeasurementUnitsCodeSequence").value
        )
    return str(code(item, "ConceptCodeSequence"))


def _where(item: Dataset, plots: Sequence[Plot]) -> str:
    names = []
    for group, channel in _pairs(item):
        if 0 < group <= len(plots) and 0 < channel <= len(plots[group - 1].traces):
            names.append(plots[group - 1].traces[channel - 1].label)
    return ", ".join(names)
