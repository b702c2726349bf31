"""From headers to a catalogue: patients never mix, series split and sort as viewers do."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.grouping import CatalogBuilder
from xray_studio.core.header import Header
from xray_studio.core.loose_files import described
from xray_studio.core.reasons import CUT_COPY, DUPLICATE
from xray_studio.core.stacks import natural
from xray_studio.core.study import Catalog, Instance, Series

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
BASE = Header(
    patient_id="1",
    patient_name="Doe^Jane",
    study_instance_uid="1.1",
    study_date="20260101",
    series_instance_uid="1.1.1",
    modality="CT",
    rows=512,
    columns=512,
    bits_allocated=16,
    image_orientation=AXIAL,
)


class Scan:
    """Adds pictures one by one and tells what came of them."""

    def __init__(self) -> None:
        self.builder = CatalogBuilder()
        self._count = 0

    def add(self, header: Header = BASE, **instance: Any) -> str:
        self._count += 1
        uid = instance.pop("uid", f"9.{self._count}")
        path = instance.pop("path", f"/scan/{self._count}")
        orientation = header.image_orientation
        self.builder.add(
            header,
            [
                Instance(
                    path, uid, rows=header.rows, columns=header.columns,
                    image_orientation=orientation, **instance,
                )
            ],
        )  # fmt: skip
        return path

    def slice(self, z: float, header: Header = BASE, number: int | None = None, **more: Any) -> str:
        return self.add(header, image_position=(0.0, 0.0, z), instance_number=number, **more)

    @property
    def catalog(self) -> Catalog:
        return self.builder.catalog()

    @property
    def units(self) -> list[Series]:
        return self.catalog.all_series()


def heights(unit: Series) -> list[float]:
    return [i.image_position[2] for i in unit.instances if i.image_position]


def test_slices_are_sorted_by_position() -> None:
    scan = Scan()
    places = [float(z) for z in range(40)]
    random.Random(1).shuffle(places)
    for number, z in enumerate(places):
        scan.slice(z, number=number)
    (unit,) = scan.units
    assert heights(unit) == sorted(places)


def test_slices_go_the_way_their_numbers_go() -> None:
    scan = Scan()
    for number in range(10):
        scan.slice(-2.5 * number, number=number + 1)
    (unit,) = scan.units
    assert [i.instance_number for i in unit.instances] == list(range(1, 11))


def test_oblique_slices_are_sorted_along_their_normal() -> None:
    oblique = BASE._replace(image_orientation=(0.0, 1.0, 0.0, 0.0, 0.0, -1.0))
    scan = Scan()
    for x in (3.0, 1.0, 2.0):
        scan.add(oblique, image_position=(x, 50.0, 80.0))
    (unit,) = scan.units
    assert [i.image_position[0] for i in unit.instances if i.image_position] == [3.0, 2.0, 1.0]


def test_slices_without_a_position_are_sorted_by_number_and_time() -> None:
    plain = BASE._replace(image_orientation=None)
    scan = Scan()
    for number, time in ((3, "b"), (1, "c"), (2, "b"), (None, "a"), (2, "a")):
        scan.add(plain, instance_number=number, acquisition=time)
    (unit,) = scan.units
    numbers = [i.instance_number for i in unit.instances]
    assert numbers == [1, 2, 2, 3, None]
    assert [i.acquisition for i in unit.instances][1:3] == ["a", "b"]


def test_numbers_that_start_again_follow_their_acquisition() -> None:
    scan = Scan()
    for acquisition in (2, 1):
        header = BASE._replace(image_orientation=None, acquisition_number=acquisition)
        for number in (2, 1):
            scan.add(header, instance_number=number, acquisition=str(acquisition))
    (unit,) = scan.units
    shown = [(i.acquisition, i.instance_number) for i in unit.instances]
    assert shown == [("1", 1), ("1", 2), ("2", 1), ("2", 2)]


def test_multi_frame_objects_stand_alone() -> None:
    scan = Scan()
    run = BASE._replace(modality="XA", image_orientation=None, frame_rate=15.0)
    for number in (2, 1):
        scan.add(run, frames=40, instance_number=number)
    scan.add(run, instance_number=3)
    scan.add(run, instance_number=4)
    units = scan.units
    assert [unit.frames for unit in units] == [40, 40, 2]
    assert [unit.frame_rate for unit in units] == [15.0, 15.0, None]
    assert units[0].instances[0].instance_number == 1
    assert len({unit.key for unit in units}) == 3


def test_what_one_window_cannot_show_is_split() -> None:
    scan = Scan()
    others = [
        BASE._replace(rows=256),
        BASE._replace(columns=256),
        BASE._replace(samples=3),
        BASE._replace(bits_allocated=8),
        BASE._replace(image_type="ORIGINAL\\PRIMARY\\LOCALIZER"),
        BASE._replace(image_orientation=CORONAL),
        BASE._replace(sop_class_uid="1.2.840.10008.5.1.4.1.1.7"),
    ]
    for header in (BASE, *others):
        for z in range(3):
            scan.slice(z, header)
    units = scan.units
    assert [len(unit.instances) for unit in units] == [3] * 8
    assert len({unit.key for unit in units}) == 8


def test_rounding_does_not_split_an_orientation() -> None:
    scan = Scan()
    for z in range(6):
        wobble = 0.0004 * (z % 2)
        scan.slice(z, BASE._replace(image_orientation=(1.0, wobble, 0.0, -wobble, 1.0, 0.0)))
    assert len(scan.units) == 1


def test_views_around_an_axis_stay_together() -> None:
    scan = Scan()
    for number in range(12):
        header = BASE._replace(image_orientation=(1.0 - number / 12, number / 12, 0, 0, 0, 1.0))
        scan.add(header, instance_number=12 - number, image_position=(0.0, 0.0, 0.0))
    (unit,) = scan.units
    assert [i.instance_number for i in unit.instances] == list(range(1, 13))


def test_moments_in_time_stay_one_unit_in_their_order() -> None:
    scan = Scan()
    for moment in range(4):
        header = BASE._replace(acquisition_number=moment + 1)
        for z in range(3):
            scan.slice(z, header, number=3 * moment + z + 1)
    (unit,) = scan.units
    assert [i.instance_number for i in unit.instances] == list(range(1, 13))


def test_water_and_fat_or_two_echoes_are_two_units() -> None:
    for difference in ("image_type", "echo"):
        scan = Scan()
        for kind in ("1", "2"):
            for z in range(5):
                scan.slice(z, BASE._replace(**{difference: kind}))
        assert [heights(unit) for unit in scan.units] == [[0.0, 1.0, 2.0, 3.0, 4.0]] * 2


def test_patients_are_told_apart() -> None:
    scan = Scan()
    scan.add()
    scan.add(BASE._replace(patient_name="DOE^JANE^^"))
    scan.add(BASE._replace(patient_name="Doe^John"))
    scan.add(BASE._replace(patient_id="2"))
    scan.add(BASE._replace(issuer="other clinic"))
    scan.add(BASE._replace(patient_id="", patient_name=""))
    assert len(scan.catalog.patients) == 5
    assert scan.catalog.patients[-1].patient_id == ""


def test_two_birth_dates_are_two_persons_but_a_missing_one_is_none() -> None:
    scan = Scan()
    scan.add()
    scan.add(BASE._replace(birth_date="19700101"))
    scan.add()
    assert len(scan.catalog.patients) == 1
    assert scan.catalog.patients[0].birth_date == "19700101"
    scan.add(BASE._replace(birth_date="19800101"))
    assert len(scan.catalog.patients) == 2


def test_a_name_alone_is_no_identity() -> None:
    scan = Scan()
    for study in ("1", "2"):
        for name in ("", "Anonymized"):
            header = BASE._replace(patient_id="", patient_name=name, study_instance_uid=study)
            scan.add(header, uid=f"{study}.{name}")
    patients = scan.catalog.patients
    assert [len(patient.studies) for patient in patients] == [1, 1, 1, 1]
    assert len({patient.key for patient in patients}) == 4


def test_pictures_and_videos_stand_apart_from_every_patient() -> None:
    scan = Scan()
    scan.add(BASE._replace(patient_id="", patient_name="", birth_date="20000101"))
    for place in ("a", "b"):
        header, instance = described(f"/{place}/film.png", "image", 1, (10, 10))
        scan.builder.add(header, [instance])
    loose = scan.catalog.patients[-1]
    assert [patient.loose for patient in scan.catalog.patients] == [False, True]
    assert (loose.birth_date, len(loose.studies)) == ("", 2)


def test_patients_that_share_their_uids_share_neither_key_nor_series() -> None:
    scan = Scan()
    persons = (
        BASE,
        BASE._replace(patient_id="2"),
        BASE._replace(issuer="other clinic"),
        BASE._replace(birth_date="19700101"),
        BASE._replace(birth_date="19800101"),
    )
    for header in persons:
        scan.add(header, uid="7")
        scan.add(header, frames=5, uid="8")
    assert len({patient.key for patient in scan.catalog.patients}) == 4
    assert len({unit.identity for unit in scan.units}) == len(scan.units)
    assert len(scan.units) == 8  # both copies of the first person's pictures are skipped


def test_a_unit_and_its_patient_stay_the_same_while_more_is_found() -> None:
    scan = Scan()
    scan.slice(2.0)
    before = scan.units[0].identity, scan.catalog.patients[0].key
    scan.slice(1.0, BASE._replace(birth_date="19700101", patient_name="DOE^JANE"))
    assert (scan.units[0].identity, scan.catalog.patients[0].key) == before


def test_studies_stand_with_the_newest_first_and_series_by_number() -> None:
    scan = Scan()
    for date in ("20250101", "20260101", "20240101"):
        for number in (5, None, 2):
            uid = f"{date}.{number}"
            scan.add(
                BASE._replace(
                    study_instance_uid=date, study_date=date, series_instance_uid=uid,
                    series_number=number,
                )
            )  # fmt: skip
    (patient,) = scan.catalog.patients
    assert [study.date for study in patient.studies] == ["20260101", "20250101", "20240101"]
    assert [series.series_number for series in patient.studies[0].series] == [2, 5, None]


def test_a_copy_is_kept_once_and_said() -> None:
    scan = Scan()
    scan.add(uid="7")
    copy = scan.add(uid="7")
    assert scan.catalog.instances == 1
    assert [(s.path, s.reason) for s in scan.catalog.skipped] == [(copy, DUPLICATE)]
    assert scan.catalog.skipped[0].told == f"{DUPLICATE}; 1 is taken"


def test_a_whole_file_takes_the_place_of_copies_that_are_cut_short() -> None:
    scan = Scan()
    first, whole, last, cut = (scan.add(uid="7") for _ in range(4))
    lonely = scan.add(uid="8")
    before = scan.units
    assert scan.builder.copies() == [(first, whole, last, cut)]
    scan.builder.choose_whole({first, cut})
    (unit,) = scan.units
    assert unit.paths == (whole, lonely)
    assert unit.identity == before[0].identity
    assert [(s.path, s.reason, s.taken) for s in scan.catalog.skipped] == [
        (first, CUT_COPY, whole), (last, DUPLICATE, whole), (cut, CUT_COPY, whole),
    ]  # fmt: skip
    scan.builder.choose_whole({first, whole, last, cut})
    assert scan.units[0].paths == (first, lonely), "one of those that are cut short shows something"
    assert {s.reason for s in scan.catalog.skipped} == {DUPLICATE}


def test_a_copy_is_found_beside_another_patient_with_the_same_uids() -> None:
    scan = Scan()
    for patient_id in ("1", "2", "2"):
        scan.add(BASE._replace(patient_id=patient_id), uid="7")
    assert (scan.catalog.instances, len(scan.catalog.skipped)) == (2, 1)


def test_one_uid_on_different_pictures_loses_none() -> None:
    scan = Scan()
    scan.add(uid="7", instance_number=1)
    scan.add(uid="7", instance_number=2)
    scan.add(BASE._replace(patient_id="2"), uid="7", instance_number=1)
    scan.add(uid="")
    scan.add(uid="")
    assert (scan.catalog.instances, scan.catalog.skipped) == (5, ())


def test_series_without_uid_are_told_apart_by_what_they_say() -> None:
    scan = Scan()
    for description in ("a", "b", "a"):
        scan.add(BASE._replace(series_instance_uid="", series_description=description))
    assert sorted(len(unit.instances) for unit in scan.units) == [1, 2]


def test_a_catalogue_asked_for_on_the_way_is_the_same_in_the_end() -> None:
    one, other = Scan(), Scan()
    keys: set[str] = set()
    for number in range(60):
        header = BASE._replace(series_instance_uid=f"1.{number % 4}")
        for scan in (one, other):
            scan.slice(float(-number), header, number=number)
        keys.update(unit.key for unit in other.units)
    assert one.catalog == other.catalog
    assert keys == {unit.key for unit in one.units}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "1", "2"]),
            st.sampled_from(["", "A", "B"]),
            st.sampled_from(["1", "2"]),
            st.integers(1, 3),
            st.one_of(st.none(), st.integers(0, 3)),
            st.sampled_from([None, AXIAL, CORONAL]),
        ),
        max_size=30,
    )
)
def test_no_picture_is_lost_or_with_another_patient(pictures: list[tuple[Any, ...]]) -> None:
    scan = Scan()
    owners: dict[str, tuple[str, str]] = {}
    for patient, name, series, frames, z, orientation in pictures:
        header = BASE._replace(
            patient_id=patient, patient_name=name, series_instance_uid=series,
            image_orientation=orientation,
        )  # fmt: skip
        position = None if z is None else (0.0, 0.0, float(z))
        path = scan.add(header, frames=frames, image_position=position)
        owners[path] = (patient, name)
    found = {
        path: (patient.patient_id, patient.patient_name)
        for patient in scan.catalog.patients
        for study in patient.studies
        for unit in study.series
        for path in unit.paths
    }
    assert found == owners
    assert len({unit.identity for unit in scan.units}) == len(scan.units)


@given(st.lists(st.text(max_size=12)))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert [natural(n) for n in sorted(names, key=natural)] == sorted(map(natural, names))


def test_names_are_sorted_as_people_count() -> None:
    names = ["f10.png", "f9.png", "F1.png", "f02.png"]
    assert sorted(names, key=natural) == ["F1.png", "f02.png", "f9.png", "f10.png"]
