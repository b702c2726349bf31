"""Drafts judged beside reports: who judges whom, what is told, what is kept, the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.services.learning import folders, tiny_models
from xray_studio.__main__ import main
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import run
from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.reporting.finding_f1 import SCORES
from xray_studio.core.reporting.side_by_side import data_file
from xray_studio.core.reporting.text_scores import NAMES
from xray_studio.services.learning.evaluate import report as judging
from xray_studio.services.learning.evaluate.report import Judging, evaluate_report
from xray_studio.services.learning.evaluate.report_page import open_page
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.reports import seen as asking
from xray_studio.services.learning.reports.baselines import constant, nearest, sentences
from xray_studio.services.learning.reports.seen import KEPT, Seen
from xray_studio.services.learning.reports.studies import ReportStudies, report_studies
from xray_studio.services.learning.tasks.known import NONE

STUDIES = 40
LARGE = ("The heart is enlarged. The lungs are clear.", "Cardiomegaly.", "Cardiomegaly")
CLEAR = ("The heart is normal in size. The lungs are clear. No effusion.", "", "normal")
METRICS = [*NAMES, *SCORES, "distinct", "normal_on_abnormal"]


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Forty studies, every third of a large heart, every second held out."""
    rows = ["image,study,projection,split,problems,mesh,findings,impression"]
    folder = tmp_path / "films"
    for study in range(STUDIES):
        findings, impression, mesh = LARGE if study % 3 == 0 else CLEAR
        for view in ("frontal", "lateral")[: 1 + study % 2]:
            folders.film(folder / view / f"{study}.png", study)
            part = "val" if study % 2 else "train"
            words = f"{mesh},{mesh},{findings},{impression}"
            rows.append(f"{view}/{study}.png,{study},{view},{part},{words}")
    (folder / "reports.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def chosen(films: Path) -> ReportStudies:
    return report_studies(run(read_collections(films)))


def answers(studies: ReportStudies, parts: np.ndarray[Any, Any]) -> Seen:
    """What a good classifier of two folds would say; each network sees the heart."""
    chance = np.random.default_rng(1)
    logits = chance.normal(-4.0, 0.3, (len(studies), len(FINDINGS)))
    large = np.array(["cardiomegaly" in (case.labels or ()) for case in studies.cases])
    logits[:, FINDINGS.index("cardiomegaly")] += 6.0 * large
    logits[:, 0] += 6.0 * ~large
    features = chance.normal(0.0, 0.1, (2, len(studies), 4)).astype(np.float32)
    features[:, :, 0] += large[None]
    return Seen(parts, logits, features)


def test_studies_are_judged_without_what_was_learned_from_them(
    films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tiny_models.models(tmp_path / "models")
    learned: list[tuple[set[int], set[int]]] = []
    whole = judging._groups

    def kept(*asked: Any) -> Any:
        found = whole(*asked)
        learned.extend((set(map(int, own)), set(map(int, rest))) for own, rest, _ in found)
        return found

    def told(studies: ReportStudies, *_asked: Any) -> Any:
        yield judging.Progress()
        parts = np.array(
            [int(case.study.rpartition("/")[2]) % 4 // 2 for case in studies.cases], np.int64
        )
        return studies, answers(studies, parts)

    def timed(*_asked: Any) -> Any:
        yield judging.Progress()
        return {"findings": [0.5]}

    monkeypatch.setattr(judging, "seen", told)
    monkeypatch.setattr(judging, "_seconds", timed)
    monkeypatch.setattr(judging, "_groups", kept)
    for split, count in (("val", STUDIES // 2), ("all", STUDIES)):
        learned.clear()
        found = run(evaluate_report(films, models, Judging(split))).facts
        assert found["n"] == count == sum(len(own) for own, _ in learned)
        assert all(own and rest and not own & rest for own, rest in learned)
        own = found["engines"]["findings"]
        assert own["findings_every_f1"] == pytest.approx(1.0), "hearts are told, no more"
        assert own["normal_on_abnormal"] == 0.0
        assert own["seconds_per_report"] == 0.5
        assert found["baselines"]["nearest"]["findings_every_f1"] > 0.9
        assert found["baselines"]["constant"]["findings_every_f1"] == 0.0
        assert found["baselines"]["constant"]["normal_on_abnormal"] == 1.0
        for each in (own, *found["baselines"].values()):
            assert all(f"{name}_ci" in each for name in METRICS)
        assert found["labeller"]["labels"]["cardiomegaly"]["f1"] == 1.0


@pytest.mark.usefixtures("at_once")
def test_a_model_is_asked_once_and_its_answers_are_kept(
    films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = tiny_models.models(tmp_path / "models")
    (films / "frontal" / "3.png").write_bytes(b"broken")
    studies = chosen(films)
    kept, told = run(asking.seen(studies, models.findings, tmp_path))
    assert len(kept) == STUDIES - 1 == len(told.logits)
    assert set(told.parts) == {NONE}
    assert told.features.shape == (2, STUDIES - 1, 112)
    assert [Path(path).name for path, _ in told.unreadable] == ["3.png"]
    one = run(asking.seen(studies, models.findings, tmp_path))[1]
    assert np.array_equal(one.logits, told.logits)
    data = (tmp_path / KEPT).read_bytes()
    (tmp_path / KEPT).write_bytes(data[:100])
    again = run(asking.seen(studies, models.findings, tmp_path))[1]
    assert np.array_equal(again.logits, told.logits), "what is damaged is asked anew"

    page, model = tmp_path / "page.html", str(models.findings.folder)
    code = main([
        "evaluate", "report", "--data", str(films), "--model", model, "--run", str(tmp_path),
        "--page", str(page), "--json",
    ])  # fmt: skip
    facts = json.loads(capsys.readouterr().out)
    assert code == 3, "a film is left out"
    assert facts["n"] == STUDIES // 2 - 1
    assert facts["protocol"] == "findings section, lower case, at most 60 words"
    assert facts["engines"]["findings"]["seconds_per_report"] > 0.0
    text = page.read_text("utf-8")
    assert text.count("data:image/png") == STUDIES // 2 - 1
    assert "AI draft, not for diagnosis" in text
    shown, films = run(open_page(page))
    assert [one.name for one in shown.studies[0].columns][:2] == ["report", "findings"]
    assert [film is None for film in films] == [False] * (STUDIES // 2 - 1)
    assert run(open_page(data_file(page)))[0] == shown
    data_file(page).write_text("{}", "utf-8")
    with pytest.raises(UnreadableError, match="does not hold drafts beside reports"):
        run(open_page(page))
    assert main(["evaluate", "report", "--data", str(films), "--split", "test"]) == 2


def test_baselines_come_from_the_reports_they_are_given(films: Path) -> None:
    reports = chosen(films).reports
    assert constant(reports, 1).findings == CLEAR[0]
    assert sentences(reports, 1).findings.startswith("the lungs are clear.")
    others = np.array([[0.0, 2.0], [3.0, 0.0], [1.0, 1.0]], np.float32)
    assert nearest(others[[2, 0]] * 1.01, others).tolist() == [2, 0]
