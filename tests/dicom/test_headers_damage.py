"""Damaged headers: any truncation and any changed byte ends in a picture or a reason, soon."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dicom.raw_objects import (
    BIG_ENDIAN,
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    WRITERS,
    Writer,
    ct_slice,
    dicom_file,
    head,
    native_pixels,
    pixel_description,
)
from xray_studio.core import reasons
from xray_studio.dicom.scan import walk
from xray_studio.dicom.scan.headers import Batch, read_headers
from xray_studio.dicom.scan.judge import judge

SECONDS = 20.0  # of processor time: far more than needed, and far less than what never ends
SYNTAXES = [EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED]
SLOW_OK = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def read(path: Path, data: bytes) -> Batch:
    """Read as a scan does: the light parser, then pydicom for what is irregular."""
    path.write_bytes(data)
    batch = read_headers([str(path)])
    return judge(str(path), batch.unsure[0][1]) if batch.unsure else batch


def answers(batch: Batch) -> int:
    return len(batch.pictures) + len(batch.skipped) + len(batch.others)


def nested_slice(syntax: str) -> bytes:
    writer = WRITERS[syntax]
    item = writer.element(0x00080100, "SH", "code") + writer.element(0x00080104, "LO", "Meaning")
    inner = writer.sequence(0x00400440, [item, item], undefined=True)
    outer = writer.sequence(0x00400275, [item + inner], undefined=True)
    private = writer.element(0x00090010, "LO", "VENDOR") + writer.element(0x00091001, "UN", b"1234")
    return ct_slice(syntax, extra=outer + private)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_cut_at_every_byte(tmp_path: Path, syntax: str) -> None:
    whole = nested_slice(syntax)
    complete = len(whole) - (48 if syntax != DEFLATED else 0)
    for length in range(len(whole)):
        batch = read(tmp_path / "cut", whole[:length])
        assert answers(batch) == 1, length
        if batch.pictures and syntax != DEFLATED:
            assert length > complete
        if not batch.pictures:
            assert batch.skipped[0][1]


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(data=st.data())
@SLOW_OK
def test_any_changed_bytes(tmp_path: Path, syntax: str, data: st.DataObject) -> None:
    whole = bytearray(nested_slice(syntax))
    places = st.integers(0, len(whole) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=6)):
        whole[place] = data.draw(st.integers(0, 255))
    started = time.process_time()
    assert answers(read(tmp_path / "changed", bytes(whole))) == 1
    assert time.process_time() - started < SECONDS


@given(st.binary(max_size=600))
@SLOW_OK
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    for data in (content, dicom_file(content), dicom_file(head() + content)):
        assert answers(read(tmp_path / "any", data)) == 1


def test_every_malformed_file(shared_data: Path) -> None:
    for path in sorted((shared_data / "malformed").glob("*.dcm")):
        started = time.process_time()
        batch = read_headers([str(path)])
        batch = judge(str(path), batch.unsure[0][1]) if batch.unsure else batch
        assert answers(batch) == 1, path.name
        assert time.process_time() - started < SECONDS, path.name


def test_real_headers_cut_anywhere(shared_data: Path, tmp_path: Path) -> None:
    for path in sorted((shared_data / "dicom").iterdir()):
        whole = path.read_bytes()[:40_000]
        for length in range(0, len(whole), 997):
            assert answers(read(tmp_path / "cut", whole[:length])) == 1, (path.name, length)


def test_a_flood_of_elements_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAXIMUM_ELEMENTS", 10_000)
    flood = WRITERS[EXPLICIT].element(0x00210011, "US", b"") * 10_000
    path = tmp_path / "flood"
    path.write_bytes(dicom_file(head() + flood + pixel_description() + native_pixels()))
    assert read_headers([str(path)]).unsure == [(0, reasons.DAMAGED)]


def test_sequences_nested_without_end_are_bounded(tmp_path: Path) -> None:
    writer = Writer()
    start = writer.sequence(0x00400275, [b""], undefined=True)[:20]  # sequence and item, open
    batch = read(tmp_path / "deep", dicom_file(head() + start * 50_000))
    assert batch.skipped[0][1].startswith("damaged")


def test_pydicom_judges_what_switches_to_implicit_midway(tmp_path: Path) -> None:
    implicit = WRITERS[IMPLICIT]
    body = head() + implicit.element(0x00200011, "IS", "3") + pixel_description(implicit)
    body += native_pixels(implicit)
    path = tmp_path / "mixed"
    path.write_bytes(dicom_file(body))
    light = read_headers([str(path)])
    assert light.unsure
    assert answers(judge(str(path), light.unsure[0][1])) == 1
