"""Many videos become objects, each for itself; a table tells whose they are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pydicom import dcmread

from tests.services.test_to_dicom import shots
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.job import run
from xray_studio.core.video.identity import Identity
from xray_studio.core.video.plan import Wish
from xray_studio.services.to_dicom.many import requests_for, to_dicom_all
from xray_studio.services.to_dicom.sources import Source, sources_below, videos_below
from xray_studio.services.to_dicom.table import identities_for, read_table

WHO = Identity("P-1", "Mustermann^Erika")
ROWS = [
    {"file": "a.mp4", "patient_id": "1", "patient_name": "Eins^Eva", "birth_date": "1970-01-31"},
    {"file": "b.mkv", "patient_id": "2", "patient_name": "Zwei^Zoe"},
]


@pytest.fixture
def videos(hard_clips: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "Mustermann"
    folder.mkdir()
    for name, source in {"a.mp4": "plain.mp4", "b.mkv": "plain.mkv", "c.mp4": "text.mp4"}.items():
        shutil.copy(hard_clips / source, folder / name)
    (folder / "notes.txt").write_text("no video")
    return folder


@pytest.mark.parametrize("jobs", [1, 3])
def test_one_bad_file_stops_none_of_the_others(videos: Path, tmp_path: Path, jobs: int) -> None:
    found = videos_below([videos])
    assert [one.name for one in found] == ["a.mp4", "b.mkv", "c.mp4"]
    out = tmp_path / "out"
    result = run(to_dicom_all(requests_for([(v, WHO) for v in found], out, Wish()), out, jobs=jobs))
    assert [(one.source.name, one.targets[0].name) for one in result.written] == [
        ("a.mp4", "video-1.dcm"), ("b.mkv", "video-2.dcm"),
    ]  # fmt: skip
    ((path, reason),) = result.failed
    assert path.endswith("c.mp4")
    assert "not a video" in reason
    assert sorted(one.name for one in out.iterdir()) == ["video-1.dcm", "video-2.dcm"]
    made = [dcmread(out / name) for name in ("video-1.dcm", "video-2.dcm")]
    assert len({one.StudyInstanceUID for one in made}) == 1
    assert [one.SeriesNumber for one in made] == [1, 2]
    assert len({one.SeriesInstanceUID for one in made}) == 2


def test_pictures_of_a_folder_are_one_source(videos: Path, tmp_path: Path) -> None:
    sequence = shots(videos / "shots")
    beside = videos / "cover.png"
    shutil.copy(sequence[0], beside)
    found = sources_below([videos])
    assert [one.path.name for one in found[:3]] == ["a.mp4", "b.mkv", "c.mp4"]
    assert found[3:] == [Source(sequence[0], sequence)]  # and not the one beside videos
    assert sources_below(list(sequence)) == found[3:]
    assert sources_below([beside]) == [Source(beside)]
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="There is no video here"):
        sources_below([tmp_path / "empty"])


def test_a_table_tells_whose_they_are(videos: Path, tmp_path: Path) -> None:
    (tmp_path / "who.json").write_text(json.dumps(ROWS))
    (tmp_path / "who.csv").write_text(
        "file;patient_id;patient_name;birth_date\na.mp4;1;Eins^Eva;1970-01-31\nb.mkv;2;Zwei^Zoe;\n"
    )
    for name in ("who.json", "who.csv"):
        table = read_table(tmp_path / name)
        whose = identities_for(videos_below([videos]), table, Identity())
        assert [who.patient_id for _, who in whose] == ["1", "2", ""]
        assert whose[0][1].birth_date == "19700131"
    out = tmp_path / "out"
    result = run(to_dicom_all(requests_for(whose, out, Wish()), out))
    made = [dcmread(one.targets[0]) for one in result.written]
    assert [str(one.PatientName) for one in made] == ["Eins^Eva", "Zwei^Zoe"]
    assert len({one.StudyInstanceUID for one in made}) == 2
    assert "Whose video is it?" in result.failed[0][1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[{"patient_id": "1"}]', "names no file"),
        ('[{"file": "a.mp4", "shoe_size": "40"}]', "shoe_size"),
        ('[{"file": "a.mp4"}, {"file": "a.mp4"}]', "tells twice"),
        ("{", "no JSON"),
        ('{"file": "a.mp4"}', "list of objects"),
    ],
)
def test_odd_tables(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "who.json").write_text(text)
    with pytest.raises((UsageError, UnreadableError), match=words):
        read_table(tmp_path / "who.json")


def test_nothing_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no video here"):
        videos_below([tmp_path])
    with pytest.raises(UsageError, match="does not exist"):
        videos_below([tmp_path / "gone"])


def test_stopping_leaves_whole_objects_only(videos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    whose = [(video, WHO) for video in videos_below([videos])]
    job = to_dicom_all(requests_for(whose, out, Wish()), out)
    next(job)
    job.close()
    assert all(one.suffix == ".dcm" and dcmread(one) for one in out.iterdir())
