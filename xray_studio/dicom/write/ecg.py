"""Writes electrocardiograms of 12 leads (PS3.3 A.34.3), 16 bits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import TwelveLeadECGWaveformStorage

from xray_studio.dicom.write.objects import Code, coded, new_object, save
from xray_studio.dicom.write.study import (
    SeriesFacts,
    StudyFacts,
    patient_and_study,
    series_and_equipment,
)

LEADS: tuple[Code, ...] = (
    ("2:1", "MDC", "Lead I"), ("2:2", "MDC", "Lead II"), ("2:61", "MDC", "Lead III"),
    ("2:62", "MDC", "Lead aVR"), ("2:63", "MDC", "Lead aVL"), ("2:64", "MDC", "Lead aVF"),
    *((f"2:{2 + number}", "MDC", f"Lead V{number}") for number in range(1, 7)),
)  # fmt: skip
MICROVOLT: Code = ("uV", "UCUM", "microvolt")


@dataclass(frozen=True)
class Electrocardiogram:
    """Leads I, II, III, aVR, aVL, aVF and V1 to V6: `samples` (n, 12) in microvolts.

    `rate` in samples a second; `step` microvolts are one stored number.
    """

    samples: NDArray[np.float64]
    rate: float
    acquired: datetime
    step: float = 2.5


def write_ecg(path: Path, study: StudyFacts, series: SeriesFacts, trace: Electrocardiogram) -> str:
    """Write an electrocardiogram; the file appears whole or not at all. Gives its UID.

    Raises WriteError where nothing can be written.
    """
    dataset = new_object(str(TwelveLeadECGWaveformStorage), series.instance_uid(study))
    dataset.update(patient_and_study(study))
    dataset.update(series_and_equipment(study, series))
    dataset.InstanceNumber = 1
    dataset.ContentDate = f"{trace.acquired:%Y%m%d}"
    dataset.ContentTime = f"{trace.acquired:%H%M%S}"
    dataset.AcquisitionDateTime = f"{trace.acquired:%Y%m%d%H%M%S}"
    dataset.AcquisitionContextSequence = Sequence([])
    dataset.WaveformSequence = Sequence([_group(trace)])
    return save(dataset, path)


def _group(trace: Electrocardiogram) -> Dataset:
    stored = np.clip(np.rint(trace.samples / trace.step), -32768, 32767).astype("<i2")
    item = Dataset()
    item.WaveformOriginality = "ORIGINAL"
    item.NumberOfWaveformChannels = len(LEADS)
    item.NumberOfWaveformSamples = len(stored)
    item.SamplingFrequency = f"{trace.rate:g}"
    item.MultiplexGroupLabel = "RHYTHM"
    item.ChannelDefinitionSequence = Sequence([_channel(lead, trace.step) for lead in LEADS])
    item.WaveformBitsAllocated = 16
    item.WaveformSampleInterpretation = "SS"
    item.WaveformData = stored.tobytes()
    item["WaveformData"].VR = "OW"
    return item


def _channel(lead: Code, step: float) -> Dataset:
    item = Dataset()
    item.ChannelLabel = lead[2]
    item.ChannelStatus = "OK"
    item.ChannelSourceSequence = coded(lead)
    item.ChannelSensitivity = f"{step:g}"
    item.ChannelSensitivityUnitsSequence = coded(MICROVOLT)
    item.ChannelSensitivityCorrectionFactor = "1"
    item.ChannelBaseline = "0"
    item.ChannelSampleSkew = "0"
    item.WaveformBitsStored = 16
    item.FilterLowFrequency, item.FilterHighFrequency = "0.05", "150"
    return item
