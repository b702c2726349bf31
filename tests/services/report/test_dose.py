"""Dose of a study for its report: which documents tell it, and what they tell."""

from __future__ import annotations

from pathlib import Path

from tests.dicom.documents.reports import dose_report, save, totals
from tests.services.test_dose_links import picture
from xray_studio.core.job import run
from xray_studio.services.open import scan
from xray_studio.services.report.dose import dose_lines, dose_reports


def test_totals_come_from_the_dose_report_of_the_study(tmp_path: Path) -> None:
    save(picture("1.21", "120000"), tmp_path / "run")
    path = save(dose_report(totals("Plane A", "0.00123", "0.1", "372")), tmp_path / "dose")
    series = run(scan(tmp_path)).all_series()
    assert dose_reports(series) == (str(path),)
    lines = run(dose_lines(dose_reports(series)))
    assert "Kerma area product: 12.3 Gy·cm²" in lines
    assert not any(line.startswith("Procedure") for line in lines)


def test_a_dose_report_that_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "dose").write_bytes(b"no document")
    assert run(dose_lines([str(tmp_path / "dose"), str(tmp_path / "gone")])) == ()
