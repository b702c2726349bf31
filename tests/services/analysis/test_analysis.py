"""One command, one folder, one page: whatever becomes of single films."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydicom import dcmread

import xray_studio as xs
from tests.cli.test_contract import Captured, answer
from tests.dicom.write.validator import errors_of
from tests.services.analysis.conftest import dicom_film
from tests.services.learning.folders import film
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.learning.heat import BADGE
from xray_studio.imaging.save import load
from xray_studio.services.analysis.run import Order, analyse_files
from xray_studio.services.analysis.study import MOST
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Models, Shown, assess
from xray_studio.services.privacy.log import log_file
from xray_studio.services.report.store import read_report

ALL = (
    "enhanced.png", "heatmap.png", "overlay.png", "overlay.dcm", "unusual.overlay.png", "mask.png",
    "seg.dcm", "findings.json", "report.txt", "report.json", "sr.dcm", "html",
)  # fmt: skip


class _Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_film_becomes_a_folder_with_one_page(
    tiny: Models, tmp_path: Path, capsys: Captured
) -> None:
    source, out = dicom_film(tmp_path / "chest.dcm"), tmp_path / "out"
    status, said, _ = answer(capsys, "analyze", source, "--out", out, "--json", "-q")
    assert status == 0
    (study,) = json.loads(said)["studies"]
    told = study["anomaly"]["films"]["chest"]
    assert told["detector"]["name"] == "default"
    assert told["regions"][0]["box"][:2] == [0, 0]
    mask = load(out / "chest.mask.png")
    assert mask.shape == (256, 240)
    assert 0.04 < (mask > 0).mean() < 0.09, "a sixteenth of the film"
    assert study["films"][0]["view"] == "frontal"
    assert {f"chest.{name}" for name in ALL} <= {*names(out)}
    told = [*study["files"].values(), *study["films"][0]["files"].values()]
    assert sorted(Path(path).name for path in told) == names(out), "every file is told, once"
    _page_tells_all(out, tiny)
    _objects_hold(out, source)
    assert study["films"][0]["heat_maps"]
    assert len(study["films"][0]["heat_maps"]) <= MOST
    report = read_report(out / "chest.report.json")
    assert "DRAFT, not signed" in (out / "chest.report.txt").read_text("utf-8")
    assert [one.sop_instance_uid for one in report.objects] == [
        dcmread(out / "chest.sr.dcm").SOPInstanceUID
    ]
    # What networks are shown is the film as it is: the same answer as without any enhancement.
    with Engine() as engine:
        alone = run(assess(engine, tiny, [Shown.of(xs.open(source))]))
    assert study["findings"] == list(alone.facts()["findings"])
    assert load(out / "chest.enhanced.png").shape == (256, 240)


def _page_tells_all(out: Path, tiny: Models) -> None:
    page = _Page((out / "chest.html").read_text("utf-8"))
    assert "script" not in page.tags
    outside = [one for one in page.addresses if not one.startswith("data:image/jpeg;base64,")]
    assert sorted(outside) == [name for name in names(out) if not name.endswith(".html")]
    assert page.tags.count("img") >= 3
    whole = (out / "chest.html").read_text("utf-8")
    assert "url(" not in whole  # nothing of it is fetched
    for medium in ("screen and (prefers-color-scheme: dark)", "screen and (max-width", "print"):
        assert f"@media {medium}" in whole
    assert page.text.index("At a glance") < page.text.index("Films") < page.text.index("Findings")
    for words in (
        "Phantom, Chest", "DEMO-1", "DRAFT", BADGE, "Nobody has reviewed this",
        "Operating point", tiny.findings.model.sha256, tiny.view.model.sha256, "For tests.",
        "Licence: none", "how atypical places of the lungs are", "Unlike normal films",
    ):  # fmt: skip
        assert words in page.text
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}


def _objects_hold(out: Path, source: Path) -> None:
    film_of, overlay = dcmread(source), dcmread(out / "chest.overlay.dcm")
    segments = dcmread(out / "chest.seg.dcm")
    assert segments.StudyInstanceUID == film_of.StudyInstanceUID
    assert np.array_equal(segments.pixel_array > 0, load(out / "chest.mask.png") > 0)
    assert errors_of(out / "chest.sr.dcm") | errors_of(out / "chest.overlay.dcm") == set()
    assert overlay.StudyInstanceUID == film_of.StudyInstanceUID
    assert overlay.SeriesInstanceUID != film_of.SeriesInstanceUID
    noted = {
        json.loads(line).get("file_sha256") for line in log_file().read_text("ascii").splitlines()
    }
    for name in ("overlay", "seg", "sr"):
        data = (out / f"chest.{name}.dcm").read_bytes()
        assert hashlib.sha256(data).hexdigest() in noted
    assert overlay.SourceImageSequence[0].ReferencedSOPInstanceUID == film_of.SOPInstanceUID
    assert BADGE in overlay.DerivationDescription
    drawn = load(out / "chest.overlay.png")
    assert np.array_equal(overlay.pixel_array.reshape(drawn.shape), drawn)


@pytest.mark.usefixtures("tiny")
def test_without_the_patient_nothing_names_it(tmp_path: Path, capsys: Captured) -> None:
    source, out = dicom_film(tmp_path / "phantom-chest.dcm"), tmp_path / "out"
    status, _, _ = answer(capsys, "analyze", source, "--out", out, "--anonymous", "-q")
    assert status == 0
    assert not list(out.glob("*.dcm"))
    for path in out.iterdir():
        assert path.name.startswith("film-1.")
        assert not re.search(rb"(?i)phantom|DEMO-1|19610412|1961-04-12", path.read_bytes())


@pytest.mark.usefixtures("tiny")
def test_one_bad_film_ends_nothing(tmp_path: Path, capsys: Captured) -> None:
    films, out = tmp_path / "films", tmp_path / "films" / "out"
    good = film(films / "a.png", 1, (200, 210))
    colours = np.random.default_rng(2).integers(0, 255, (90, 100, 3))
    cv2.imwrite(str(films / "photo.png"), cv2.resize(colours.astype(np.uint8), (200, 180)))
    (films / "cut.png").write_bytes(good.read_bytes()[:900])
    for again in ((), ("--overwrite",)):  # results in the folder are no films the second time
        status, said, told = answer(
            capsys, "analyze", films, "--out", out, "--json", "-q", *again
        )  # fmt: skip
        found = json.loads(said)
        assert status == 3
        assert [Path(one["path"]).name for one in found["failed"]] == ["cut.png"]
        assert "cut.png" in told
        assert [study["name"] for study in found["studies"]] == ["a", "photo"]
    chest, photo = found["studies"]
    assert (chest["report"]["engine"], photo["report"]["engine"]) == ("findings", "structured")
    assert "in colour" in photo["abstained"]
    assert photo["report"]["stood_in"]
    assert photo["findings"] == []
    assert "photo.enhanced.png" in names(out)
    assert dcmread(out / "a.sr.dcm").PatientID == ""
    assert "a.overlay.dcm" not in names(out)
    one = ("analyze", films, "--out", tmp_path / "x", "--patient-id", "P1", "-q")
    status, _, told = answer(capsys, *one)
    assert (status, "films of one study alone" in told) == (2, True)
    summary = _Page((out / "summary.html").read_text("utf-8"))
    assert {"a.html", "photo.html"} <= {*summary.addresses}
    assert "photo.png" in summary.text, "studies are told apart by their files"
    assert "1 more file could not be used" in summary.text
    before = names(out)
    status, _, told = answer(capsys, "analyze", films, "--out", out, "-q")
    assert (status, "exists and would be lost" in told) == (1, True)
    assert names(out) == before


@pytest.mark.usefixtures("tiny")
def test_results_of_an_earlier_run_are_no_films(tmp_path: Path, capsys: Captured) -> None:
    films, first = tmp_path / "films", tmp_path / "films" / "first"
    films.mkdir()
    source = dicom_film(films / "chest.dcm")
    alike = film(films / "named.overlay.png", 1, (200, 210))
    assert answer(capsys, "analyze", source, "--out", first, "-q")[0] == 0
    assert answer(capsys, "findings", source, "--out", first, "--explain", "grad-cam", "-q",
                  "--overwrite")[0] == 0  # fmt: skip
    out = tmp_path / "second"
    status, said, told = answer(capsys, "analyze", films, "--out", out, "--json", "-q")
    found = json.loads(said)
    assert (status, found["failed"]) == (0, [])
    shown = [Path(one["path"]) for study in found["studies"] for one in study["films"]]
    assert sorted(shown) == [source, alike]
    written = {path.name for path in first.iterdir() if path.suffix == ".png"}
    assert {Path(one["path"]).name for one in found["left_out"]} == {
        *written, "chest.overlay.dcm", "chest.seg.dcm",
    }  # fmt: skip
    assert "a result that this program wrote about films" in told
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in (source, *first.iterdir()):
            archive.write(path, path.relative_to(films))
    status, said, _ = answer(capsys, "analyze", tmp_path / "all.zip", "--out", tmp_path / "zipped",
                             "--json", "-q")  # fmt: skip
    (study,) = json.loads(said)["studies"]
    assert [Path(one["path"]).name for one in study["films"]] == ["chest.dcm"]
    overlay = first / "chest.overlay.dcm"
    status, _, told = answer(capsys, "analyze", overlay, "--out", tmp_path / "third", "-q")
    assert (status, "a result that this program wrote" in told) == (2, True)
    status, _, told = answer(capsys, "analyze", first, "--out", tmp_path / "third", "-q")
    assert (status, "only results of an earlier run" in told) == (2, True)


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("message", ["Enhancing", "Writing the report"])
def test_stopped_anywhere_nothing_is_half_written(message: str, tmp_path: Path) -> None:
    source, out = film(tmp_path / "a.png", 1, (200, 210)), tmp_path / "out"
    job = analyse_files([str(source)], Order(out))
    assert any(told.message == message for told in job)
    job.close()
    assert names(out) == []


@pytest.mark.usefixtures("at_once")
def test_without_models_a_film_gets_what_can_be_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def installed(_cls: type[Models], _named: Path | None = None) -> Models:
        raise UsageError("No model for 'classifier' is installed.")

    monkeypatch.setattr(Models, "installed", classmethod(installed))
    clip = xs.open(film(tmp_path / "a.png", 1, (200, 210)))
    found = xs.analyze(clip)
    assert found.films[0].enhanced is not None
    assert (found.engine, found.assessment, dict(found.files)) == ("structured", None, {})
    assert "No model" in found.silent
    assert found.models == ()
    with pytest.raises(UsageError, match="at least one film"):
        xs.analyze()
