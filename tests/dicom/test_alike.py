"""Templates of headers that are alike: faster, and never another answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dicom.raw_objects import (
    EXPLICIT,
    IMPLICIT,
    JPEG,
    WRITERS,
    dicom_file,
    fragments,
    head,
    native_pixels,
    pixel_description,
)
from xray_studio.dicom.scan import headers
from xray_studio.dicom.scan.alike import Alike
from xray_studio.dicom.scan.headers import Batch, read_headers

Answer = tuple[object, ...]


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "_alike", Alike())
    monkeypatch.setattr(headers, "SECONDS_PER_BATCH", 60.0)


def answers(batch: Batch) -> dict[int, Answer]:
    """Return what a batch says of every file, its order aside."""
    said: dict[int, Answer] = {row[0]: (batch.headers[row[1]], *row[2:]) for row in batch.pictures}
    return said | dict(batch.skipped + batch.others + batch.unsure)  # type: ignore[operator]


def together_and_apart(folder: Path, files: list[bytes]) -> int:
    """Check that files read after each other say what each says alone; return the matches."""
    paths = []
    for number, data in enumerate(files):
        path = folder / f"{number:04d}"
        path.write_bytes(data)
        paths.append(str(path))
    headers._alike = Alike()
    together = answers(read_headers(paths))
    matches = headers._alike._matches
    for number, path in enumerate(paths):
        headers._alike = Alike()
        assert answers(read_headers([path]))[0] == together[number]
    return matches


def body(syntax: str, number: int, *, undefined: bool = True, text: str = "same") -> bytes:
    writer = WRITERS[syntax]
    code = writer.element(0x00080100, "SH", f"c{number}")
    sequence = writer.sequence(0x00400275, [code, code * (number % 3)], undefined=undefined)
    private = writer.element(0x00210010, "LO", "VENDOR") + writer.element(
        0x00211001, "OB", bytes([number % 256]) * (2 * (number % 5))
    )
    comment = writer.element(0x00204000, "LT", text)
    return head(writer, number=number) + comment + private + pixel_description(writer) + sequence


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT])
@pytest.mark.parametrize("undefined", [True, False])
def test_slices_that_differ_in_values_and_lengths(
    tmp_path: Path, syntax: str, undefined: bool
) -> None:
    pixels = native_pixels(WRITERS[syntax])
    files = [dicom_file(body(syntax, n, undefined=undefined) + pixels, syntax) for n in range(60)]
    assert together_and_apart(tmp_path, files) > 40


def test_compressed_slices(tmp_path: Path) -> None:
    files = [dicom_file(body(JPEG, n) + fragments(b"x" * 20), JPEG) for n in range(30)]
    files[20] = dicom_file(body(JPEG, 20) + fragments(), JPEG)
    assert together_and_apart(tmp_path, files) > 15


def test_other_stacks_and_odd_files_in_between(tmp_path: Path) -> None:
    files = [dicom_file(body(EXPLICIT, n) + native_pixels()) for n in range(60)]
    files[7] = b"text"
    files[12] = files[12][:400]
    files[20] = files[20].replace(b"1.2.3.4.5", b"1.2.3.4.6")
    files[30:40] = [data.replace(b"ID-1", b"ID-2") for data in files[30:40]]
    files[45] = files[45][:-20]
    files[50] = dicom_file(body(EXPLICIT, 50, text="another") + native_pixels())
    files[55] = dicom_file(
        body(EXPLICIT, 55).replace(b"LT", b"ST") + WRITERS[EXPLICIT].element(0x00420010, "ST", "x")
        + native_pixels()
    )  # fmt: skip
    assert together_and_apart(tmp_path, files) > 10


def test_a_patient_is_never_taken_from_the_file_before(tmp_path: Path) -> None:
    files = [dicom_file(body(EXPLICIT, n) + native_pixels()) for n in range(20)]
    files += [data.replace(b"ID-1", b"ID-9") for data in files]
    paths = []
    for number, data in enumerate(files):
        paths.append(str(tmp_path / str(number)))
        Path(paths[-1]).write_bytes(data)
    batch = read_headers(paths)
    owners = [batch.headers[row[1]].patient_id for row in batch.pictures]
    assert owners == ["ID-1"] * 20 + ["ID-9"] * 20


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT])
@given(data=st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_damage_is_seen_as_alone(tmp_path: Path, syntax: str, data: st.DataObject) -> None:
    pixels = native_pixels(WRITERS[syntax])
    files = [dicom_file(body(syntax, n) + pixels, syntax) for n in range(8)]
    for number in range(3, 8):
        changed = bytearray(files[number])
        for place in data.draw(st.lists(st.integers(0, len(changed) - 1), max_size=2)):
            changed[place] = data.draw(st.integers(0, 255))
        files[number] = bytes(changed[: data.draw(st.sampled_from([None, 300, 500, -30]))])
    together_and_apart(tmp_path, files)


def test_real_series(shared_data: Path) -> None:
    files = sorted(p for p in (shared_data / "dicomdir").rglob("*") if p.is_file())
    paths = [str(path) for path in files for _ in range(3)]
    together = answers(read_headers(paths))
    for number, path in enumerate(paths):
        headers._alike = Alike()
        assert answers(read_headers([path])).get(0) == together.get(number)


def test_two_scans_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    folders = []
    for patient in (b"ID-1", b"ID-2"):
        paths = []
        for n in range(120):
            path = tmp_path / f"{patient.decode()}-{n}"
            path.write_bytes(
                dicom_file(body(EXPLICIT, n) + native_pixels()).replace(b"ID-1", patient)
            )
            paths.append(str(path))
        folders.append(paths)
    with ThreadPoolExecutor(2) as threads:
        batches = list(threads.map(read_headers, folders))
    for patient, batch in zip(("ID-1", "ID-2"), batches, strict=True):
        assert {header.patient_id for header in batch.headers} == {patient}
        assert len(batch.pictures) == 120
