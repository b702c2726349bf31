"""Waveforms: values in their unit, leads, marks, damage; compared with pydicom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from tests.dicom.documents.reports import channel, coded, in_unit, save, waveform
from xray_studio.core.document import Document, Paragraph, Plot, Table
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.documents.read import read_document
from xray_studio.dicom.documents.waveform import CUT


def read(data: Dataset, tmp_path: Path, syntax: str = ExplicitVRLittleEndian) -> Document:
    return read_document(str(save(data, tmp_path / "wave.dcm", syntax)))


def test_a_real_ecg_agrees_with_pydicom() -> None:
    path = str(get_testdata_file("waveform_ecg.dcm"))
    document, dataset = read_document(path), dcmread(path)
    rhythm, median = document.of_kind(Plot)
    assert (rhythm.paper, rhythm.rate, rhythm.duration) == ("ecg", 1000.0, 10.0)
    assert " ".join(trace.label for trace in rhythm.traces) == (
        "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6"
    )
    for index, plot in enumerate((rhythm, median)):
        theirs = dataset.waveform_array(index)  # in uV, as stored
        ours = np.stack([trace.values for trace in plot.traces], axis=1)
        np.testing.assert_allclose(ours, theirs / 1000.0, rtol=1e-6, atol=1e-7)
    assert {trace.unit for trace in rhythm.traces} == {"mV"}
    assert [block.text for block in document.of_kind(Paragraph)] == [
        "RITMO SINUSALE",
        "ECG NORMALE",
    ]
    assert ("QT Interval", "368 ms") in document.of_kind(Table)[0].rows
    assert rhythm.marks[0].text == "P Onset"


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian])
def test_sensitivity_correction_baseline_and_padding(tmp_path: Path, syntax: str) -> None:
    samples = np.array([[0, 7], [100, -7], [-32768, 9]], np.int16)
    pressure = channel("Aorta pressure", **in_unit("0.5", "mm[Hg]"),
                       ChannelSensitivityCorrectionFactor="1.1", ChannelBaseline="10")  # fmt: skip
    data = waveform(samples, [pressure, Dataset()], sop_class="9.2.1", syntax=syntax)
    order = ">i2" if syntax == ExplicitVRBigEndian else "<i2"
    data.WaveformSequence[0].WaveformPaddingValue = np.array(-32768, order).tobytes()
    data.WaveformSequence[0]["WaveformPaddingValue"].VR = "OW"
    (plot,) = read(data, tmp_path, syntax).of_kind(Plot)
    aorta, plain = plot.traces
    np.testing.assert_allclose(aorta.values, [10.0, 65.0, np.nan], rtol=1e-6)
    assert (aorta.label, aorta.unit) == ("Aorta pressure", "mmHg")
    assert (plain.label, plain.unit, list(plain.values)) == ("Channel 2", "", [7.0, -7.0, 9.0])


@pytest.mark.parametrize(
    ("name", "lead"),
    [("Lead I (Einthoven)", "I"), ("Lead AVF", "AVF"), ("aVr", "aVR"), ("Lead V4R", "V4R"),
     ("Pressure of the V1 region", "Pressure of the V1 region"), ("III", "III")],
)  # fmt: skip
def test_leads_by_their_short_name(tmp_path: Path, name: str, lead: str) -> None:
    data = waveform(np.zeros((4, 1), np.int16), [channel(name)])
    (plot,) = read(data, tmp_path).of_kind(Plot)
    assert plot.traces[0].label in {lead, f"Lead {lead}"}


def test_companded_audio_becomes_linear(tmp_path: Path) -> None:
    samples = np.array([[0xFF], [0x80], [0x00]], np.uint8)
    (plot,) = read(waveform(samples, [channel("Voice")], sop_class="9.4.1", kind="MB"),
                   tmp_path).of_kind(Plot)  # fmt: skip
    assert plot.paper == "audio"
    assert list(plot.traces[0].values) == [0.0, 32124.0, -32124.0]
    samples = np.array([[0xD5], [0xAA], [0x2A]], np.uint8)
    (plot,) = read(waveform(samples, [channel("Voice")], sop_class="9.4.1", kind="AB"),
                   tmp_path).of_kind(Plot)  # fmt: skip
    assert list(plot.traces[0].values) == [8.0, 32256.0, -32256.0]


def test_marks_stand_at_their_moment(tmp_path: Path) -> None:
    data = waveform(np.zeros((500, 2), np.int16), [channel("I"), channel("II")])
    span, point, apart = Dataset(), Dataset(), Dataset()
    span.TemporalRangeType, span.ReferencedSamplePositions = "SEGMENT", [101, 251]
    span.ReferencedWaveformChannels = [1, 2]
    span.UnformattedTextValue = "QRS"
    point.TemporalRangeType, point.ReferencedTimeOffsets = "POINT", ["40"]
    point.ReferencedWaveformChannels = [1, 0]
    point.ConceptNameCodeSequence = Sequence([coded("1", "Pacing spike")])
    apart.ReferencedWaveformChannels = [2, 0]
    apart.TemporalRangeType, apart.ReferencedSamplePositions = "POINT", [1]
    data.WaveformAnnotationSequence = Sequence([span, point, apart])
    (plot,) = read(data, tmp_path).of_kind(Plot)
    spike, qrs = plot.marks
    assert (spike.seconds, spike.text, spike.until, spike.traces) == (
        0.04,
        "Pacing spike",
        None,
        (),
    )
    assert (qrs.seconds, qrs.until, qrs.traces) == (0.2, 0.5, (1,))


def test_damaged_waveforms_say_so(tmp_path: Path) -> None:
    data = waveform(np.zeros((500, 2), np.int16), [channel("I"), channel("II")])
    data.WaveformSequence[0].NumberOfWaveformSamples = 600
    document = read(data, tmp_path)
    assert (document.warnings, document.of_kind(Plot)[0].samples) == ((CUT,), 500)
    data.WaveformSequence[0].SamplingFrequency = 0
    with pytest.raises(UnreadableError, match="sampling frequency"):
        read(data, tmp_path)
    data.WaveformSequence[0].NumberOfWaveformChannels = 0
    data.WaveformSequence[0].SamplingFrequency = 500
    with pytest.raises(UnreadableError, match="number of channels"):
        read(data, tmp_path)
    del data.WaveformSequence
    with pytest.raises(UnreadableError, match="no channels"):
        read(data, tmp_path)
