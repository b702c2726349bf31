"""Waveforms: ECG, pressures, respiration, sound (PS3.3 A.34, C.10.9, C.10.10)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from pydicom.dataset import Dataset

from xray_studio.core.document import Block, Document, Plot, Table, Trace
from xray_studio.core.errors import UnreadableError
from xray_studio.core.time_words import span_text
from xray_studio.core.units import unit_text
from xray_studio.dicom.attributes.values import items, number, text
from xray_studio.dicom.documents.annotations import marks_of, statements, table_of
from xray_studio.dicom.documents.samples import Stored, padding_value, stored_samples
from xray_studio.dicom.documents.source import Source, blank, code, moment_text, plain

ECG, AUDIO = "1.2.840.10008.5.1.4.1.1.9.1.", "1.2.840.10008.5.1.4.1.1.9.4."
_MILLIVOLTS = {"nV": 1e-6, "uV": 1e-3, "mV": 1.0, "V": 1e3}
_LEAD = re.compile(r"\b(aV[RLFrlf]|V[1-9]R?|III|II|I)\b")
CUT = "The waveform is cut short: its last samples are missing."


def read_waveform(source: Source) -> Document:
    """Return a waveform as a document of plots, one for each multiplex group.

    Raises UnreadableError or UnsupportedError when none of them can be read.
    """
    dataset, document = source.dataset, blank(source)
    groups = items(dataset, "WaveformSequence")
    if not groups:
        raise UnreadableError("The waveform is damaged: it holds no channels.")
    paper = "ecg" if source.sop_class_uid.startswith(ECG) else ""
    paper = "audio" if source.sop_class_uid.startswith(AUDIO) else paper
    cut: list[str] = []
    plots = tuple(
        _plot(dataset, position, group, paper, cut, little_endian=source.little_endian)
        for position, group in enumerate(groups, 1)
    )
    return replace(
        document,
        facts=tuple(_facts(dataset, plots)),
        blocks=tuple(_blocks(dataset, plots)),
        warnings=tuple(dict.fromkeys(cut)),
    )


def _blocks(dataset: Dataset, plots: Sequence[Plot]) -> Iterator[Block]:
    yield from statements(dataset)
    yield from plots
    yield from table_of(dataset, plots)
    yield _channels(plots)


def _facts(dataset: Dataset, plots: Sequence[Plot]) -> Iterator[tuple[str, str]]:
    made = text(dataset, "AcquisitionDateTime")
    content = moment_text(text(dataset, "ContentDate"), text(dataset, "ContentTime"))
    device = (text(dataset, "Manufacturer"), text(dataset, "ManufacturerModelName"))
    facts = {
        "Recorded": moment_text(made) or content,
        "Length": ", ".join(dict.fromkeys(span_text(plot.duration) for plot in plots)),
        "Sampling": ", ".join(dict.fromkeys(f"{plot.rate:.6g} per s" for plot in plots)),
        "Device": plain(" ".join(filter(None, device))),
    }
    for item in items(dataset, "AcquisitionContextSequence"):
        name, told = code(item, "ConceptNameCodeSequence"), code(item, "ConceptCodeSequence")
        facts[str(name)] = str(told) or plain(text(item, "TextValue"))
    yield from ((label, words) for label, words in facts.items() if label and words)


def _plot(
    dataset: Dataset,
    position: int,
    group: Dataset,
    paper: str,
    cut: list[str],
    *,
    little_endian: bool,
) -> Plot:
    """Return one multiplex group; `position` counts from 1, as annotations do."""
    rate = number(group, "SamplingFrequency") or 0.0
    if rate <= 0.0:
        raise UnreadableError("The waveform is damaged: it tells no sampling frequency.")
    stored, missing = stored_samples(group, little_endian=little_endian)
    cut.extend([CUT] if missing else [])
    kind = text(group, "WaveformSampleInterpretation").upper()
    padding = padding_value(group, kind, little_endian=little_endian)
    channels = items(group, "ChannelDefinitionSequence")
    traces = tuple(
        _trace(channels[place] if place < len(channels) else Dataset(), place, samples, padding)
        for place, samples in enumerate(stored.T)
    )
    return Plot(
        traces=traces,
        rate=rate,
        title=plain(text(group, "MultiplexGroupLabel")).capitalize(),
        start=(number(group, "MultiplexGroupTimeOffset") or 0.0) / 1000.0,
        paper=paper,
        marks=marks_of(dataset, position, rate),
    )


def _trace(channel: Dataset, place: int, stored: Stored, padding: int | None) -> Trace:
    """Return a channel in its unit (PS3.3 C.10.9.1.4.2); voltages of body signals in mV."""
    factor = number(channel, "ChannelSensitivity")
    scale = (1.0 if factor is None else factor) * _or(channel, "ChannelSensitivityCorrectionFactor")
    unit = code(channel, "ChannelSensitivityUnitsSequence").value if factor is not None else ""
    millivolts = _MILLIVOLTS.get(unit)
    # 16-bit samples fit float32 exactly; a day of them in float64 would not fit a worker.
    exact = np.dtype(np.float32 if stored.dtype.itemsize <= 2 else np.float64)
    values = stored.astype(exact)
    values *= scale
    values += number(channel, "ChannelBaseline") or 0.0
    if padding is not None:
        values[stored == padding] = np.nan
    return Trace(
        label=_label(channel, place),
        unit="mV" if millivolts else unit_text(unit),
        values=(values * (millivolts or 1.0)).astype(np.float32),
        filters=_filters(channel),
    )


def _or(channel: Dataset, keyword: str) -> float:
    found = number(channel, keyword)
    return 1.0 if found is None else found


def _label(channel: Dataset, place: int) -> str:
    """Return the lead or the name of a channel: "aVR", "Aorta pressure", "Channel 3"."""
    name = plain(text(channel, "ChannelLabel")) or str(code(channel, "ChannelSourceSequence"))
    lead = _LEAD.search(name)
    if lead and (len(name) < 8 or "lead" in name.lower()):
        found = lead[1]
        return found if found[0] != "a" else f"aV{found[2].upper()}"
    return name or f"Channel {place + 1}"


def _filters(channel: Dataset) -> str:
    low, high = number(channel, "FilterLowFrequency"), number(channel, "FilterHighFrequency")
    notch = number(channel, "NotchFilterFrequency")
    if low is not None and high is not None:
        band = f"{low:g} to {high:g} Hz"
    else:
        band = f"from {low:g} Hz" if low is not None else f"to {high:g} Hz" if high else ""
    without = f"without {notch:g} Hz" if notch else ""
    return ", ".join(filter(None, (band, without)))


def _channels(plots: Sequence[Plot]) -> Table:
    """Return what is known of every channel."""
    rows = [
        (
            plot.title,
            trace.label,
            trace.unit,
            _span(trace),
            trace.filters,
        )
        for plot in plots
        for trace in plot.traces
    ]
    names = ("Group", "Channel", "Unit", "Values", "Recorded band")
    used = [place for place in range(len(names)) if any(row[place] for row in rows)]
    kept = tuple(tuple(row[place] for place in used) for row in rows)
    return Table(tuple(names[place] for place in used), kept, "Channels")


def _span(trace: Trace) -> str:
    known = trace.values[np.isfinite(trace.values)]
    return f"{known.min():.4g} to {known.max():.4g}" if known.size else ""
