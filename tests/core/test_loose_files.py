"""Pictures and videos that are no DICOM objects: which of them make one series."""

from __future__ import annotations

from xray_studio.core.grouping import CatalogBuilder
from xray_studio.core.loose_files import described
from xray_studio.core.study import Catalog

SIZE = (480, 640)


def catalogue(*files: tuple[str, str, int, tuple[int, int]]) -> Catalog:
    builder = CatalogBuilder()
    for path, kind, frames, size in files:
        header, instance = described(path, kind, frames, size)
        builder.add(header, [instance])
    return builder.catalog()


def pictures(*paths: str) -> Catalog:
    return catalogue(*((path, "image", 1, SIZE) for path in paths))


def test_numbered_frames_are_one_series_in_natural_order() -> None:
    (series,) = pictures("/a/f10.png", "/a/f9.png", "/a/f1.png").all_series()
    assert series.paths == ("/a/f1.png", "/a/f9.png", "/a/f10.png")
    assert series.series_description == "f….png"


def test_other_names_sizes_suffixes_and_folders_stand_apart() -> None:
    catalog = catalogue(
        ("/a/f1.png", "image", 1, SIZE),
        ("/a/f2.png", "image", 1, (100, 100)),
        ("/a/f3.jpg", "image", 1, SIZE),
        ("/a/g4.png", "image", 1, SIZE),
        ("/b/f5.png", "image", 1, SIZE),
    )
    assert [len(series.instances) for series in catalog.all_series()] == [1] * 5


def test_a_picture_alone_is_called_by_its_name() -> None:
    (series,) = pictures("/a/chest 1.png").all_series()
    assert series.series_description == "chest 1.png"


def test_clips_stand_alone() -> None:
    catalog = catalogue(
        ("/a/1.gif", "image", 5, SIZE),
        ("/a/2.gif", "image", 5, SIZE),
        ("/a/1.mp4", "video", 90, SIZE),
        ("/a/2.mp4", "video", 1, SIZE),
    )
    assert [series.frames for series in catalog.all_series()].count(5) == 2
    assert len(catalog.all_series()) == 4


def test_they_belong_to_a_patient_without_identity_and_a_study_per_folder() -> None:
    (patient,) = pictures("/a/x.png", "/b/y.png").patients
    assert (patient.patient_id, patient.patient_name) == ("", "")
    assert sorted(study.description for study in patient.studies) == ["a", "b"]
    assert len({study.study_instance_uid for study in patient.studies}) == 2


def test_uids_stay_the_same_between_scans_and_names_can_be_any_bytes() -> None:
    path = "/a/\udcff1.png"
    assert described(path, "image", 1, SIZE) == described(path, "image", 1, SIZE)
    assert described(path, "image", 1, SIZE)[0].series_instance_uid.startswith("2.25.")
