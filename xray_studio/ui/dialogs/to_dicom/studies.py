"""The studies that are open, to be joined."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.kinds import LOOSE
from xray_studio.core.study import Catalog
from xray_studio.ui.browser.series_text import patient_titles, study_title


def studies_of(catalog: Catalog, *, hidden: bool) -> list[tuple[str, Catalog]]:
    """Return what each study is called, and a catalogue of it alone.

    Pictures and videos on their own are no study that anything could join.
    """
    numbered = [(patient, number) for number, patient in enumerate(catalog.patients, 1)]
    titles = patient_titles(numbered, hidden=hidden)
    found = []
    for (patient, _), title in zip(numbered, titles, strict=True):
        for study in patient.studies:
            if patient.loose or all(one.kind in LOOSE for one in study.series):
                continue
            words = " \N{MIDDLE DOT} ".join(
                filter(None, (title, *study_title(study, hidden=hidden)))
            )
            found.append((words, Catalog((replace(patient, studies=(study,)),))))
    return found
