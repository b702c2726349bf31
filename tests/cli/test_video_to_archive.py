"""From an entry of a worklist and a video to an object in an archive, fetched back and played."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from dicomweb_client.api import DICOMwebClient
from pydicom import dcmread

import xray_studio as xs
from tests.cli.test_contract import Captured, answer
from tests.network.test_find import plan
from tests.peers import Orthanc, orthanc
from tests.services.pacs.conftest import own_keyring
from tests.video.hard_clips import FRAMES
from xray_studio.core.errors import UsageError
from xray_studio.core.pacs.worklist import WorklistQuery
from xray_studio.services.to_dicom.planned import query_of

__all__ = ["orthanc", "own_keyring"]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("plain.mp4", ()),
        ("interlaced.mpg", ("--keep-sound",)),
        ("hevc_10_bit.mp4", ()),
        ("odd.webm", ()),
        ("two_views.mp4", ()),
        ("grey.mkv", ("--quality", "lossless")),
    ],
)
def test_all_the_way(
    capsys: Captured,
    orthanc: Orthanc,
    hard_clips: Path,
    tmp_path: Path,
    name: str,
    how: tuple[str, ...],
) -> None:
    who = f"Planned^{name.partition('.')[0].title()}"
    plan(orthanc.worklists, who)
    target, node = tmp_path / "out.dcm", f"127.0.0.1:{orthanc.port}/ORTHANC"
    words = ("--from-worklist", f"id=P-7,modality=ES,name={who}", "--node", node, "--json", "-q")
    status, out, _ = answer(capsys, "to-dicom", hard_clips / name, target, *words, *how)
    assert (status, json.loads(out)["modality"]) == (0, "ES")
    made = dcmread(target)
    assert str(made.PatientName) == who
    assert (made.AccessionNumber, made.PatientBirthDate) == ("A-1", "19700102")
    (asked,) = made.RequestAttributesSequence
    assert (asked.RequestedProcedureID, asked.ScheduledProcedureStepID) == ("R-1", "S-1")
    sent_to = answer(capsys, "pacs", "send", target, "--node", node, "-q")
    assert sent_to[0] == 0, sent_to
    url = f"http://127.0.0.1:{orthanc.web_port}/dicom-web"
    back = DICOMwebClient(url).retrieve_instance(
        made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID,
        media_types=(("application/dicom", "*"),),
    )  # fmt: skip
    assert back.file_meta.TransferSyntaxUID == made.file_meta.TransferSyntaxUID
    assert back.PixelData == made.PixelData
    back.save_as(tmp_path / "back.dcm", enforce_file_format=True)
    played, sent = xs.open(tmp_path / "back.dcm"), xs.open(target)
    assert len(played) == FRAMES
    for index in range(FRAMES):
        np.testing.assert_array_equal(np.asarray(played[index]), np.asarray(sent[index]))


def test_an_archive_that_takes_no_fragments(
    capsys: Captured, orthanc: Orthanc, hard_clips: Path, tmp_path: Path
) -> None:
    target, node = tmp_path / "out.dcm", f"127.0.0.1:{orthanc.port}/ORTHANC"
    words = ("--patient-id", "1", "--patient-name", "A^B", "--item-size", "2048", "-q")
    assert answer(capsys, "to-dicom", hard_clips / "plain.mp4", target, *words)[0] == 0
    status, _, err = answer(capsys, "pacs", "send", target, "--node", node, "-q")
    assert status == 1
    assert "does not take" in err
    assert "Fragmentable" in err


def test_an_entry_that_is_not_there(
    capsys: Captured, orthanc: Orthanc, hard_clips: Path, tmp_path: Path
) -> None:
    node = f"127.0.0.1:{orthanc.port}/ORTHANC"
    words = ("--from-worklist", "none-like-this", "--node", node, "-q")
    status, _, err = answer(
        capsys, "to-dicom", hard_clips / "plain.mp4", tmp_path / "o.dcm", *words
    )
    assert status == 2
    assert "Nothing like this is scheduled" in err
    assert list(tmp_path.iterdir()) == []


def test_several_entries_are_listed_and_none_is_taken(
    capsys: Captured, orthanc: Orthanc, hard_clips: Path, tmp_path: Path
) -> None:
    for who in ("Twin^Anna", "Twin^Bea"):
        plan(orthanc.worklists, who, ScheduledProcedureStepStartDate="20310203")
    node = f"127.0.0.1:{orthanc.port}/ORTHANC"
    words = ("--from-worklist", "name=Twin*", "--node", node, "-q")
    status, out, err = answer(
        capsys, "to-dicom", hard_clips / "plain.mp4", tmp_path / "o.dcm", *words
    )
    assert (status, out) == (2, "")
    anna, bea, sentence = err.strip().splitlines()
    assert "Twin, Anna" in anna
    assert "Twin, Bea" in bea
    assert "2 entries of the worklist are like this" in sentence
    assert list(tmp_path.iterdir()) == []


def test_words_of_a_query() -> None:
    assert query_of("A-12") == WorklistQuery(accession_number="A-12")
    assert query_of("name=Doe*,date=2026-11-22") == WorklistQuery("Doe*", date="20261122")
    with pytest.raises(UsageError, match="asks for nothing"):
        query_of("ward=3")
