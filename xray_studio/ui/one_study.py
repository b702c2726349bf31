"""The study that a series belongs to, as a catalogue of its own."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.study import Catalog, Patient, Series


def study_of(catalog: Catalog, series: Series) -> Catalog:
    """Return a catalogue of the one study that holds a series."""
    for patient in catalog.patients:
        for study in patient.studies:
            if any(other.identity == series.whole.identity for other in study.series):
                alone: Patient = replace(patient, studies=(study,))
                return Catalog((alone,))
    return Catalog()
