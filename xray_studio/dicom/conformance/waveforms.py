"""Waveforms: channels, samples and what a 12-lead ECG may hold (PS3.3 C.10.9, A.34.3)."""

from __future__ import annotations

from xray_studio.dicom.conformance.item import Item
from xray_studio.dicom.conformance.report import Report

_SECTION = "PS3.3 C.10.9"
_SAMPLES = {"SB": 8, "UB": 8, "MB": 8, "AB": 8, "SS": 16, "US": 16, "SL": 32, "UL": 32}
_TWELVE_LEAD = "12-lead-ecg"


def check_waveforms(kind: str, root: Item, report: Report) -> None:
    """Check every multiplex group of an object."""
    groups = root.items("WaveformSequence")
    for group in groups:
        _check_group(group, report)
        if kind == _TWELVE_LEAD:
            _check_lead_group(group, report)
    if kind == _TWELVE_LEAD and len(groups) > 5:
        told = "A 12-lead ECG has at most five multiplex groups."
        report.error("WaveformSequence", told, "PS3.3 A.34.3.4.3")


def _check_group(group: Item, report: Report) -> None:
    channels = group.whole("NumberOfWaveformChannels")
    samples = group.whole("NumberOfWaveformSamples")
    bits = group.whole("WaveformBitsAllocated")
    if channels is not None and len(group.items("ChannelDefinitionSequence")) != channels:
        path = group.at("ChannelDefinitionSequence")
        report.error(path, "It does not have one item for each channel.", _SECTION)
    meant = _SAMPLES.get(group.text("WaveformSampleInterpretation"))
    if meant is not None and bits is not None and meant != bits:
        told = "It does not fit Waveform Sample Interpretation."
        report.error(group.at("WaveformBitsAllocated"), told, "PS3.3 C.10.9.1.5")
    data = group.filled("WaveformData")
    if data is None or None in (channels, samples, bits):
        return
    size = sum(len(value) for value in data.values if isinstance(value, bytes))
    wanted = (channels or 0) * (samples or 0) * (bits or 0) // 8
    if size != wanted + wanted % 2:
        told = "It does not have as many bytes as its channels, samples and bits make."
        report.error(group.at("WaveformData"), told, "PS3.3 C.10.9.1.7")


def _check_lead_group(group: Item, report: Report) -> None:
    samples, rate = group.whole("NumberOfWaveformSamples"), group.number("SamplingFrequency")
    if samples is not None and samples > 16_384:
        path = group.at("NumberOfWaveformSamples")
        report.error(path, "A 12-lead ECG has at most 16,384 samples.", "PS3.3 A.34.3.4.5")
    if rate is not None and not 200 <= rate <= 1000:
        path = group.at("SamplingFrequency")
        report.error(path, "A 12-lead ECG has 200 to 1000 samples a second.", "PS3.3 A.34.3.4.6")
