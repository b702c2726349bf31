"""Dose reports in numbers: units converted exactly, planes apart, missing values blank."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.dicom.documents.reports import (
    coded,
    dose_report,
    event,
    image,
    item,
    num,
    save,
    totals,
)
from xray_studio.core.content import Content
from xray_studio.core.document import Document, Table
from xray_studio.core.dose import Dose
from xray_studio.dicom.documents import quantities
from xray_studio.dicom.documents.image_dose import image_dose
from xray_studio.dicom.documents.read import read_document


def read(data: Dataset, tmp_path: Path) -> tuple[Document, Dose]:
    document = read_document(str(save(data, tmp_path / "dose.dcm")))
    assert document.dose is not None
    return document, document.dose


def biplane() -> Dataset:
    run = (
        num(coded("113738", "Dose (RP)"), "0.0213", "Gy"),
        num(coded("113733", "KVP"), "72", "kV"),
        num(coded("113733", "KVP"), "74", "kV"),
        num(coded("113734", "X-Ray Tube Current"), "410", "mA"),
        num(coded("113791", "Pulse Rate"), "15", "{pulse}/s"),
        num(coded("113768", "Number of Pulses"), "96", "1"),
        num(coded("113742", "Irradiation Duration"), "6.4", "s"),
        num(coded("112011", "Positioner Primary Angle"), "-30.4", "deg"),
        num(coded("112012", "Positioner Secondary Angle"), "20", "deg"),
        image("1.9", name=coded("113795", "Acquired Image")),
    )
    return dose_report(
        item("CODE", coded("121058", "Procedure reported"),
             ConceptCodeSequence=Sequence([coded("113704", "Projection X-Ray")])),
        totals("Plane A", "0.00123", "0.0871", "452.5"),
        totals("Plane B", "0.0007", "0.05", "30"),
        event("1.7.1", "Plane A", "0.00000456"),
        event("1.7.2", "Plane B", "0.0002", *run, kind="Stationary Acquisition"),
        item("TEXT", coded("121106", "Comment"), TextValue="Grid used"),
    )  # fmt: skip


def test_planes_stand_apart_and_units_are_exact(tmp_path: Path) -> None:
    document, dose = read(biplane(), tmp_path)
    a, b = dose.planes
    assert (a.plane, a.kap, a.air_kerma, a.fluoro_time) == ("Plane A", 12.3, 87.1, 452.5)
    assert (b.plane, b.kap, b.air_kerma, b.fluoro_time) == ("Plane B", 7.0, 50.0, 30.0)
    facts = dict(document.facts)
    assert facts["Kerma area product"] == "19.3 Gy·cm²"
    assert facts["Air kerma at the reference point"] == "137.1 mGy"
    assert facts["Fluoroscopy time"] == "8 min 02.5 s"
    assert facts["Procedure"] == "Projection X-Ray"
    assert document.title == "Radiation dose"


def test_one_row_for_each_event_with_blanks_for_what_is_missing(tmp_path: Path) -> None:
    document, dose = read(biplane(), tmp_path)
    _, events = document.of_kind(Table)
    assert events.columns == (
        "", "Time", "Type", "Plane", "KAP (Gy·cm²)", "Air kerma (mGy)", "kV", "mA",
        "Pulses per s", "Duration (s)", "Frames", "Angles",
    )  # fmt: skip
    assert events.rows[0] == (
        "1", "09:41:07", "Fluoroscopy", "A", "0.0456", "", "", "", "", "", "", "",
    )  # fmt: skip
    assert events.rows[1] == (
        "2", "09:41:07", "Stationary Acquisition", "B", "2", "21.3", "73", "410", "15", "6.4", "96",
        "RAO 30 CRAN 20",
    )  # fmt: skip
    assert [target and target.sop_instance_uid for target in events.targets] == [None, "1.9"]
    assert (dose.events[1].uid, dose.events[0].air_kerma) == ("1.7.2", None)


def test_ct_tells_dose_length_product(tmp_path: Path) -> None:
    source = item(
        "CONTAINER", coded("113831", "CT X-Ray Source Parameters"),
        num(coded("113733", "KVP"), "120", "kV"),
    )  # fmt: skip
    scan = item(
        "CONTAINER", coded("113819", "CT Acquisition"),
        item("TEXT", coded("125203", "Acquisition Protocol"), TextValue="Thorax"),
        item("CONTAINER", coded("113822", "CT Acquisition Parameters"), source),
        item("CONTAINER", coded("113829", "CT Dose"),
             num(coded("113830", "Mean CTDIvol"), "8.4", "mGy"),
             num(coded("113838", "DLP"), "302.1", "mGy.cm")),
    )  # fmt: skip
    whole = item(
        "CONTAINER", coded("113811", "CT Accumulated Dose Data"),
        num(coded("113812", "Total Number of Irradiation Events"), "1", "{events}"),
        num(coded("113813", "CT Dose Length Product Total"), "302.1", "mGy.cm"),
    )  # fmt: skip
    document, dose = read(dose_report(whole, scan), tmp_path)
    (only,) = dose.events
    assert (dose.dlp, dose.scans, only.ctdi, only.dlp, only.kvp) == (302.1, 1.0, 8.4, 302.1, 120.0)
    assert dict(document.facts)["Dose length product"] == "302.1 mGy·cm"
    assert document.of_kind(Table)[0].rows == (("1", "Thorax", "8.4", "302.1", "120"),)


@given(st.decimals("0", "100", places=9), st.sampled_from(sorted(quantities.KAP)))
def test_no_digit_is_lost_on_the_way(value: Decimal, unit: str) -> None:
    told = Content("NUM", number=float(value), unit=unit)
    expected = float(Decimal(repr(float(value))) * quantities.KAP[unit])
    assert quantities.amount(told, quantities.KAP) == expected


@pytest.mark.parametrize("unit", ["Gy", "mm", "", "Gy.m"])
def test_a_unit_that_cannot_be_is_no_value(unit: str) -> None:
    assert quantities.amount(Content("NUM", number=1.0, unit=unit), quantities.KAP) is None


def test_images_tell_their_own_dose() -> None:
    data = Dataset()
    assert image_dose(data) is None
    data.ImageAndFluoroscopyAreaDoseProduct, data.KVP, data.ExposureTime = "12.3", "81", 0
    data.XRayTubeCurrentInuA, data.IrradiationEventUID = "412500", "1.7"
    dose = image_dose(data)
    assert dose is not None
    assert (dose.kap, dose.kvp, dose.current, dose.exposure_time) == (1.23, 81.0, 412.5, None)
