"""What a file holds that is to be sent, and why others are not sent."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from pydicom.uid import generate_uid

from tests.sent_objects import CT, DEFLATED, IMPLICIT, VIDEO_PHOTOGRAPHIC, write
from xray_studio.core.errors import StudioError
from xray_studio.dicom.outgoing import outgoing, read_outgoing

SYNTAXES = (IMPLICIT, "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", DEFLATED,
            "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.102")  # fmt: skip


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_what_an_object_is(tmp_path: Path, syntax: str) -> None:
    one = write(tmp_path, syntax, StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.4")
    assert (one.sop_class_uid, one.transfer_syntax_uid) == (CT, syntax)
    assert (one.study_instance_uid, one.series_instance_uid) == ("1.2.3", "1.2.4")
    assert one.sop_instance_uid == pydicom.dcmread(one.path).SOPInstanceUID
    assert one.size == Path(one.path).stat().st_size
    assert 132 < one.offset < 600


@pytest.mark.parametrize("syntax", [one for one in SYNTAXES if one != DEFLATED])
@pytest.mark.parametrize("left", [0.5, 0.9, -2])
def test_what_is_cut_short_is_not_sent(tmp_path: Path, syntax: str, left: float) -> None:
    path = Path(write(tmp_path, syntax, VIDEO_PHOTOGRAPHIC).path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * left) if left > 0 else int(left)])
    assert read_outgoing([str(path)]) == ["the file is damaged: it is cut short"]


def test_objects_without_pixels_are_sent(tmp_path: Path) -> None:
    path = Path(write(tmp_path).path)
    made = pydicom.dcmread(path)
    del made.PixelData
    made.save_as(path)
    assert outgoing(str(path)).sop_class_uid == CT
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(StudioError, match="cut short"):
        outgoing(str(path))


def test_what_is_no_object_is_told(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("nothing of the kind")
    (tmp_path / "empty").write_bytes(b"")
    bare = Path(write(tmp_path).path)
    content = bare.read_bytes()
    bare.write_bytes(content[bare_start(content) :])
    nameless = pydicom.dcmread(write(tmp_path).path)
    del nameless.SOPInstanceUID
    nameless.save_as(tmp_path / "nameless")
    reasons = read_outgoing(
        [str(tmp_path / "text"), str(tmp_path / "empty"), str(bare), str(tmp_path / "nameless"),
         str(tmp_path / generate_uid())]
    )  # fmt: skip
    told = ["not", "empty", "does not tell its transfer syntax", "no SOP Class", "no longer there"]
    assert all(words in str(reason) for words, reason in zip(told, reasons, strict=True)), reasons


def bare_start(content: bytes) -> int:
    """Return where the data set of a file begins."""
    return 144 + int.from_bytes(content[140:144], "little")
