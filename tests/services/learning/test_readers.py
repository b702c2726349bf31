"""Every layout gives the same kind of cases; bad rows are named and end nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.learning import folders
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import run
from xray_studio.core.learning.cases import Box, Collection, View
from xray_studio.core.learning.parts import groups, held_out, published
from xray_studio.services.learning.readers.layouts import read_collection, read_collections


def _reasons(found: Collection) -> dict[str, str]:
    return {one.path: one.reason for one in found.skipped}


def test_tables_of_reports(tmp_path: Path) -> None:
    found = run(read_collection(folders.reports(tmp_path / "films")))
    one, two = found.cases
    assert (found.name, found.layout, found.films) == ("films", "reports", 3)
    assert [film.view for film in one.films] == [View.FRONTAL, View.LATERAL]
    assert (one.study, one.patient, one.part) == ("films/1", "films/1", "train")
    assert (one.labels, two.labels) == ({"cardiomegaly"}, {"normal"})
    assert one.report.findings == "Large heart."
    assert two.report.findings == "Clear, and\nnormal."
    assert found.counts()["cardiomegaly"] == 1
    assert _reasons(found) == {
        "reports.csv, row 5": "names a picture that is not there",
        "reports.csv, row 6": "names a film that an earlier row names",
        "reports.csv, row 7": "names a picture that is not there",
        "reports.csv, row 8": "has 3 columns where the head has 8",
    }


def test_the_tables_of_indiana_university(tmp_path: Path) -> None:
    found = run(read_collection(folders.indiana(tmp_path)))
    (case,) = found.cases
    assert found.layout == "indiana"
    assert [film.view for film in case.films] == [View.FRONTAL, View.LATERAL]
    assert case.labels == {"calcinosis", "aorta"}
    assert (case.report.indication, case.report.comparison) == ("Cough.", "None.")
    assert list(_reasons(found).values()) == [
        "names a picture that is not there",
        "is of a study that indiana_reports.csv does not name",
    ]


def test_reports_of_open_i(tmp_path: Path) -> None:
    found = run(read_collection(folders.open_i(tmp_path)))
    (case,) = found.cases
    assert found.layout == "open-i"
    assert Path(case.films[0].path).name == "CXR1_1_IM-0001-3001.png"
    assert case.films[0].view is View.UNTOLD
    assert case.labels == {"hernia"}
    assert case.report.findings == "Clear lungs."
    assert _reasons(found) == {
        "1.xml, CXR1_1_IM-0001-4001": "names a picture that is not there",
        "2.xml": "damaged: it is no report in XML",
        "3.xml": "damaged: it is no report in XML",
    }


def test_the_tables_of_the_nih(tmp_path: Path) -> None:
    found = run(read_collection(folders.nih(tmp_path)))
    one, two = found.cases
    assert found.layout == "nih"
    assert (one.labels, two.labels) == ({"cardiomegaly", "effusion"}, {"normal"})
    assert one.films[0].boxes == (Box("Cardiomegaly", 0.5, 0.25, 0.125, 0.0625),)
    assert (one.films[0].projection, two.films[0].projection) == ("PA", "AP")
    assert (one.part, two.part) == ("", "test")
    assert (one.patient, two.patient) == (f"{tmp_path.name}/1", f"{tmp_path.name}/2")
    assert len(found.skipped) == 3
    assert "granuloma" not in found.findings, "nobody looked for it"


def test_captions(tmp_path: Path) -> None:
    found = run(read_collection(folders.captions(tmp_path)))
    (case,) = found.cases
    assert (found.layout, case.labels) == ("captions", None)
    assert case.report.findings == "Chest X-ray."
    assert list(_reasons(found).values()) == ["has no words", "names a picture that is not there"]


def test_a_folder_of_collections_is_all_of_them(tmp_path: Path) -> None:
    folders.nih(tmp_path / "nih")
    folders.captions(tmp_path / "roco")
    folders.film(tmp_path / "loose" / "a.png", 5)
    found = run(read_collections(tmp_path))
    assert [(one.name, one.layout) for one in found] == [
        ("loose", "files"), ("nih", "nih"), ("roco", "captions"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "content"),
    [
        ("reports.csv", b"image,study\n"), ("reports.csv", b"image,study\n\x00\x00,1\n"),
        ("reports.csv", b"image,study\n" + b"x" * 2_000_000 + b",1\n"), ("reports.csv", b""),
        ("reports.csv", b"\xff\xfe\x00garbage\n\n\n"),
        ("labels.csv", b"image,patient,boxes_1024\na.png,1,[{]\n"),
        ("labels.csv", b"image,patient,boxes_1024\na.png,1," + b"[" * 90_000),
        ("labels.csv", b'image,patient,boxes_1024\na.png,1,"[{""label"":1,""xywh"":[%s]}]"\n'
                       % (b"9" * 400)),
        ("captions.csv", b'image,caption\n,,,\n"unfinished'),
        ("Data_Entry_2017.csv", b"Image Index\n1\n"), ("one.xml", b"<eCitation>"),
    ],
)  # fmt: skip
def test_broken_tables_are_told_in_a_sentence(tmp_path: Path, table: str, content: bytes) -> None:
    (tmp_path / table).write_bytes(content)
    if b"boxes" in content:
        folders.film(tmp_path / "a.png", 1)
    with pytest.raises(StudioError, match=r"^[A-Z_a-z].*\.$"):
        run(read_collections(tmp_path))


def test_names_in_other_letters_and_beside_folders_are_found(tmp_path: Path) -> None:
    made = folders.captions(tmp_path / "made")
    (made / "images" / "ROCO_0.jpg").rename(made / "images" / "ROCO_0.JPG")
    folders.film(made / "ROCO_1.jpg", 3)
    folder = made.rename(tmp_path / "caf\udce9")
    words = "id,caption\r\nroco_0,One.\r\nROCO_1.jpg,At the top.\r\n"
    for coding in ("utf-8-sig", "utf-16"):  # as spreadsheets write them
        (folder / "captions.csv").write_text(words, coding)
        found = run(read_collection(folder))
        places = [Path(case.films[0].path).relative_to(folder).as_posix() for case in found.cases]
        assert places == ["images/ROCO_0.JPG", "ROCO_1.jpg"]
    assert held_out(groups(found.cases), 50, 0), "names that are no text have a place as well"
    (folder / "captions.csv").unlink()
    assert len(run(read_collection(folder)).cases) == 3


def test_half_a_download_beside_the_whole_one(tmp_path: Path) -> None:
    folder = folders.nih(tmp_path / "nih")
    (folder / "Data_Entry_2017.csv").write_text("Image Index\n", "utf-8")
    (folder / "test_list.txt").write_text("\ufeff00000001_000.png\n", "utf-8")
    with (folder / "BBox_List_2017.csv").open("a", encoding="utf-8") as boxes:
        boxes.write("00000001_000.png,Mass,nan,1,1,1\n00000001_000.png,Mass,-9,0,10,1e400\n")
    found = run(read_collection(folder))
    assert [case.part for case in found.cases] == ["", "test"]
    assert found.cases[1].films[0].boxes == (Box("Mass", 0.0, 0.0, 1 / 1024, 1.0),)


def test_files_in_xml_that_are_no_reports_end_nothing(tmp_path: Path) -> None:
    folder = folders.open_i(tmp_path)
    (folder / "0.xml").write_text("<sitemap/>", "utf-8")
    (folder / "ecgen-radiology" / "._1.xml").write_bytes(b"\x00\x05\x16\x07")
    (folder / "ecgen-radiology" / "4.xml").write_text("<a>" * 50_000, "utf-8")
    found = run(read_collection(folder))
    assert (found.layout, len(found.cases)) == ("open-i", 1)
    assert "._1.xml" not in _reasons(found)


def test_rows_of_a_study_that_contradict_each_other(tmp_path: Path) -> None:
    for number in range(5):
        folders.film(tmp_path / f"{number}.png", number)
    (tmp_path / "r.csv").write_text(
        "image,study,patient,split\n0.png,s,,train\n1.png,s,A,Validation\n2.png,s,B,train\n"
        "3.png,t,B,train\n4.png,u,A,\n", "utf-8",
    )  # fmt: skip
    found = run(read_collection(tmp_path))
    told = [(len(case.films), Path(case.patient).name, case.part) for case in found.cases]
    assert told == [(2, "A", "val"), (1, "B", "train"), (1, "A", "")]
    assert _reasons(found) == {"r.csv, row 4": "names another patient than its study has"}
    parting = published(found.cases, groups(found.cases), 10, 0)
    assert set(parting.test) >= {0, 2}, "the patient is held out whole"


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        run(read_collections(tmp_path / "elsewhere"))


def test_real_collections(shared_data: Path) -> None:
    found = {one.name: one for one in run(read_collections(shared_data))}
    films = found["iu_xray"]
    assert (len(films.cases), films.skipped) == (3236, ())
    assert films.views() == {"frontal": 3179, "lateral": 3024}
    counts = films.counts()
    assert len([name for name, count in counts.items() if count >= 20]) == 18
    assert {case.part for case in films.cases} == {"train", "val"}
    assert sum(len(film.boxes) for case in found["nih_cxr14"].cases for film in case.films) >= 37
    assert all(len(case.films[0].masks) == 2 for case in found["lesion_masks"].cases)
    assert found["dicom"].views()["other"] > 20
    assert found["malformed"].skipped
