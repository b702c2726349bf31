"""Reports on paper, read again by PDFium, and by poppler where it is installed."""

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest

from tests.core.report.reports import NOW, drafted
from xray_studio.core.report.edit import accept_all
from xray_studio.core.report.report import Measured, Report, Section
from xray_studio.core.report.sentence import Sentence
from xray_studio.core.report.signing import sign
from xray_studio.imaging.pdf import page_picture, read_pages
from xray_studio.imaging.report_pdf import Illustration, Paper, report_pdf, runs_left

PICTURE = np.tile(np.arange(256, dtype=np.uint8), (200, 1))
WHO = (("Patient", "Phantom, Chest"), ("Patient ID", "DEMO-1"), ("Accession", ""))
RUNNING = "Phantom, Chest · DEMO-1"


def paper(report: Report, pictures: int = 0) -> Paper:
    each = tuple(Illustration(PICTURE, f"Frame {number + 1}") for number in range(pictures))
    return Paper(report, WHO, RUNNING, each)


def test_a_draft_says_so_on_every_page() -> None:
    report = replace(
        drafted(),
        measurements=(Measured("Heart", "length", "142.0 mm", "1.2.3", 0, 142.0, "mm"),),
    )
    made = report_pdf(paper(report, 7))
    pages = read_pages(made.data)
    assert made.pages == len(pages.sizes) == 2
    assert pages.sizes[0] == pytest.approx((595.28, 841.89), abs=0.1)
    for number, text in enumerate(pages.texts, 1):
        assert f"Page {number} of 2" in text
        assert "DRAFT, not signed" in text
        assert "AI draft, not for diagnosis." in text
    first, second = pages.texts
    assert "Phantom, Chest" in first
    assert RUNNING in second
    assert first.count("AI") >= 6  # the badge, a mark for each sentence, and the line below
    assert "Heart: 142.0 mm" in first
    assert "Accession" not in first
    assert "Frame 7" in second
    shown = page_picture(made.data, 0, 2.0)
    assert (shown != 255).any()


def test_a_signed_one_tells_who_and_what() -> None:
    signed = sign(accept_all(drafted()), "Jane Doe", NOW, "Clinic")
    text = "\n".join(read_pages(report_pdf(paper(signed)).data).texts)
    assert "SIGNED by Jane Doe (Clinic), 2026-11-21 14:05 +0000" in text
    assert signed.signature is not None
    assert signed.signature.content_sha256 in text
    assert "The heart is enlarged. No pleural effusion is seen." in text
    assert "not for diagnosis." in text  # the engine's own note stays
    assert "every sentence was reviewed" in text


SCRIPTS = (
    "Größe, Ångström", "Сердце увеличено", "הלב מוגדל", "القلب متضخم", "हृदय बढ़ा", "心臓が拡大",
    "심장이 커졌습니다", "หัวใจโต",
)  # fmt: skip


def test_any_script_shows_and_what_none_has_is_told() -> None:
    sentences = tuple(Sentence(words) for words in (*SCRIPTS, "OK 😀"))
    report = replace(drafted(), summary=None, sections=(Section("Notes", sentences),))
    made = report_pdf(paper(report))
    assert made.unshown == "😀"
    text = read_pages(made.data).texts[0]
    # Readers put marks and what runs to the left in orders of their own.
    assert set("".join(SCRIPTS)) <= set(text)
    if shutil.which("pdffonts"):
        ran = subprocess.run(["pdffonts", "-"], input=made.data, capture_output=True, check=True)
        assert b" no " not in ran.stdout  # each font is embedded, as a subset, with its letters
        assert ran.stderr == b""


def test_direction() -> None:
    assert runs_left("12 הלב")
    assert not runs_left("Herz הלב")
    assert not runs_left("12")
