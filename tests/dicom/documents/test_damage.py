"""Damaged documents of every kind end in a sentence, never in anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file

from tests.dicom.documents.pdf import small_pdf
from tests.dicom.documents.reports import encapsulated, key_objects, save
from tests.dicom.documents.test_dose import biplane
from tests.dicom.documents.test_encapsulated import CDA
from xray_studio.core.errors import StudioError
from xray_studio.services.documents.reading import document_apart


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("sound")
    made = (
        biplane(),
        key_objects("1.9"),
        encapsulated(CDA.encode(), "text/XML"),
        encapsulated(small_pdf(), "application/pdf"),
    )
    files = [save(data, folder / f"{number}") for number, data in enumerate(made)]
    files += [Path(str(get_testdata_file(name))) for name in ("test-SR.dcm", "waveform_ecg.dcm")]
    return [path.read_bytes() for path in files]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.integers(0, 5),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=20),
    kept=st.floats(0.1, 1.0),
)
def test_damage_is_told(
    sound: list[bytes],
    tmp_path: Path,
    which: int,
    changes: list[tuple[float, int]],
    kept: float,
) -> None:
    data = bytearray(sound[which])
    for place, value in changes:
        data[132 + int(place * (len(data) - 132))] = value
    path = tmp_path / "damaged"
    path.write_bytes(data[: int(len(data) * kept)])
    assert _outcome(path)


def _outcome(path: Path) -> str:
    """Return the title of a document, or the sentence that says why it is none."""
    try:
        return document_apart(str(path)).title
    except StudioError as error:
        return str(error) if str(error).endswith(".") else ""
