"""Dose reports joined with the runs of a study: by irradiation event, else by time."""

from __future__ import annotations

from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.dicom.documents.reports import coded, dose_report, empty, event, image, save
from xray_studio.core.document import Table
from xray_studio.core.job import run
from xray_studio.services.documents.reading import open_document
from xray_studio.services.open import scan


def picture(uid: str, time: str, event_uid: str = "", study: str = "1.2.3") -> Dataset:
    data = empty("12.1", uid, Modality="XA", StudyInstanceUID=study, SeriesInstanceUID=f"{uid}.1")
    data.Rows = data.Columns = 2
    data.BitsAllocated = data.BitsStored = 8
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.PixelRepresentation, data.PixelData = 0, b"\0\0\0\0"
    data.AcquisitionDate, data.AcquisitionTime = "20261120", time
    if event_uid:
        data.IrradiationEventUID = event_uid
    return data


def test_runs_are_found_by_event_then_by_time(tmp_path: Path) -> None:
    save(picture("1.21", "120000", "1.7.1"), tmp_path / "by-event")
    save(picture("1.22", "094107.900"), tmp_path / "by-time")
    save(picture("1.23", "094107.500", study="1.2.4"), tmp_path / "other-study")
    enhanced = picture("1.24", "130000")
    identification, group = Dataset(), Dataset()
    identification.IrradiationEventUID = "1.7.3"
    group.IrradiationEventIdentificationSequence = Sequence([identification])
    enhanced.SharedFunctionalGroupsSequence = Sequence([group])
    save(enhanced, tmp_path / "enhanced")
    named = image("1.99", name=coded("113795", "Acquired Image"))
    data = dose_report(
        event("1.7.1", "Plane A", "0.1"),
        event("1.7.2", "Plane A", "0.2"),
        event("1.7.3", "Plane A", "0.3"),
        event("1.7.4", "Plane A", "0.4", named),
    )
    path = save(data, tmp_path / "dose")
    catalog = run(scan(tmp_path))
    document = run(open_document(path, catalog))
    found = [t and t.sop_instance_uid for t in document.of_kind(Table)[0].targets]
    assert found == ["1.21", "1.22", "1.24", "1.99"]
    assert document.dose is not None
    assert [one.targets[0].sop_instance_uid for one in document.dose.events] == found


def test_what_time_alone_cannot_tell_stays_open(tmp_path: Path) -> None:
    save(picture("1.21", "094107"), tmp_path / "one")
    save(picture("1.22", "094107.900"), tmp_path / "other")
    path = save(dose_report(event("1.7.2", "Plane A", "0.2")), tmp_path / "dose")
    document = run(open_document(path, run(scan(tmp_path))))
    assert document.of_kind(Table)[0].targets == (None,)
