"""A document on screen: text, links, search, pages, values under the pointer, paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_file
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.dicom.documents.pdf import small_pdf
from tests.dicom.documents.reports import (
    channel,
    coded,
    encapsulated,
    in_unit,
    item,
    key_objects,
    save,
    waveform,
)
from tests.dicom.documents.reports import report as long_report
from tests.dicom.documents.test_dose import biplane
from tests.dicom.documents.test_sr import measured
from tests.ui.waiting import LONG
from xray_studio.core import workers
from xray_studio.core.content import Reference
from xray_studio.core.document import Document
from xray_studio.core.job import run
from xray_studio.imaging.pdf import read_pages
from xray_studio.services.documents.pages import size_mm
from xray_studio.services.documents.reading import document_apart
from xray_studio.ui.document.drawings import Drawings
from xray_studio.ui.document.head import HIDDEN
from xray_studio.ui.document.images_part import ImagesPart
from xray_studio.ui.document.pages_part import PagesPart
from xray_studio.ui.document.printing import print_document
from xray_studio.ui.document.spot_words import spot_words
from xray_studio.ui.document.text_part import TextPart
from xray_studio.ui.document.view import DocumentView
from xray_studio.ui.look.theme import apply_theme, tokens
from xray_studio.ui.work import JobRunner


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[DocumentView]:
    runner = JobRunner()
    shown = DocumentView(
        Drawings(runner), lambda _target: None, lambda t: t.sop_instance_uid == "1.9"
    )
    qtbot.addWidget(shown)
    shown.resize(1000, 800)
    shown.show()
    yield shown
    runner.shutdown()
    workers.shutdown_shared()


def report(tmp_path: Path) -> Document:
    return document_apart(str(save(measured(), tmp_path / "report.dcm")))


def texts(view: DocumentView) -> str:
    return "\n".join(part.toPlainText() for part in view.parts if isinstance(part, TextPart))


def test_a_report_is_shown_whole_with_its_identity_above(
    view: DocumentView, tmp_path: Path
) -> None:
    view.show_document(report(tmp_path))
    view.finish()
    assert view.head.title.words == "Imaging Measurement Report"
    assert view.head.who.words.startswith("Doe, Jane  ·  D1  ·  1961-04-12")
    assert "Length: 12.5 mm" in texts(view)
    assert "Subject Name: Doe, Jane" in texts(view)
    for part in view.parts:
        assert isinstance(part, TextPart)
        assert part.height() >= part.document().size().height()


def test_hidden_identity_leaves_nothing_that_names(view: DocumentView, tmp_path: Path) -> None:
    view.show_document(report(tmp_path), hidden=True)
    view.finish()
    assert view.head.who.words == HIDDEN
    shown = texts(view) + view.head.title.words + view.accessibleName()
    assert "Doe" not in shown
    assert "Vermeer" not in shown
    assert view.head.title.words == "Structured report"
    assert "Stenosis of the LAD." in shown


def test_a_link_tells_its_object_and_frame(
    view: DocumentView, tmp_path: Path, qtbot: QtBot
) -> None:
    view.show_document(report(tmp_path))
    view.finish()
    part = view.parts[-1]
    assert isinstance(part, TextPart)
    with qtbot.waitSignal(view.link_asked) as told:
        part.anchorClicked.emit(QUrl("object:0"))
    assert told.args is not None
    assert (told.args[0].sop_instance_uid, told.args[0].frames) == ("1.9", (7,))
    part.anchorClicked.emit(QUrl("http://example.org/"))  # leads nowhere, opens nothing


def test_runs_of_a_dose_report_are_links(view: DocumentView, tmp_path: Path) -> None:
    view.show_document(document_apart(str(save(biplane(), tmp_path / "dose.dcm"))))
    view.finish()
    assert "Run 2" in texts(view)
    assert "Run 1" not in texts(view)
    assert "19.3 Gy·cm²" in texts(view)


def test_words_are_found_one_after_the_other(view: DocumentView, qtbot: QtBot) -> None:
    view.show_document(document_apart(str(get_testdata_file("test-SR.dcm"))))
    view.finish()
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    finder = view.head.finder
    assert finder.isVisible()
    qtbot.keyClicks(finder.field, "sample code")
    assert finder.count.text() == "1 of 6"
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)
    assert finder.count.text() == "2 of 6"
    qtbot.keyClick(finder.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert finder.count.text() == "1 of 6"
    qtbot.keyClicks(finder.field, "x")
    assert finder.count.text() == "Not found"
    qtbot.keyClick(finder.field, Qt.Key.Key_Escape)
    assert not finder.isVisible()


def test_copying_takes_the_whole_text(view: DocumentView, tmp_path: Path) -> None:
    view.show_document(report(tmp_path))
    view.finish()
    view.copy_text()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Imaging Measurement Report\n")
    assert "  inferred from Length: 12.5 mm" in copied


def test_letters_grow_by_keys_and_what_was_found_stays_marked(
    view: DocumentView, qtbot: QtBot, tmp_path: Path
) -> None:
    view.show_document(report(tmp_path))
    view.finish()
    (part, *_) = (part for part in view.parts if isinstance(part, TextPart))
    high, words = part.height(), part.toPlainText()
    view.open_search()
    view.head.finder.field.setText(words.split()[0])
    found = view.head.finder.count.text()
    view.setFocus()
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert part.height() > 1.5 * high
    assert (part.toPlainText(), view.head.finder.count.text()) == (words, found)
    assert part.extraSelections()
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert part.height() == high


def test_key_images_lead_to_what_is_opened(
    view: DocumentView, tmp_path: Path, qtbot: QtBot
) -> None:
    path = save(key_objects("1.9", "1.10"), tmp_path / "key.dcm")
    view.show_document(document_apart(str(path)))
    view.finish()
    (images,) = [part for part in view.parts if isinstance(part, ImagesPart)]
    assert [tile.isEnabled() for tile in images.tiles] == [True, False]
    with qtbot.waitSignal(view.link_asked) as told:
        images.tiles[0].click()
    assert told.args == [Reference("1.9", told.args[0].sop_class_uid, "1.2.3.1", "1.2.3", (3,))]  # type: ignore[index]


def test_pages_stand_below_one_another_and_are_found_by_text(
    view: DocumentView, tmp_path: Path, qtbot: QtBot
) -> None:
    path = save(encapsulated(small_pdf(3), "application/pdf"), tmp_path / "letter.dcm")
    view.show_document(document_apart(str(path)))
    view.finish()
    (pages,) = [part for part in view.parts if isinstance(part, PagesPart)]
    assert len(pages.pages) == 3
    assert view.head.kind.words == "PDF document  ·  3 pages"
    qtbot.waitUntil(lambda: _is_drawn(pages), timeout=LONG)
    wide = pages.width()
    view.zoom(-1)
    assert pages.width() == round(wide * 0.75)
    assert pages.page_at(pages.box(2).top() + 1) == 2
    assert pages.height() == pages.box(2).bottom() + 1
    view.open_search()
    view.head.finder.field.setText("page 3")
    assert view.head.finder.count.text() == "1 of 1"


def _is_drawn(part: PagesPart) -> bool:
    image = part.grab(part.box(0)).toImage()
    return image.pixelColor(image.width() // 4, round(image.height() * 0.22)).name() == "#000000"


def test_values_under_the_pointer_and_the_caliper(view: DocumentView, qtbot: QtBot) -> None:
    view.show_document(document_apart(str(get_testdata_file("waveform_ecg.dcm"))))
    view.finish()
    part = next(part for part in view.parts if isinstance(part, PagesPart))
    scale = part.width() / size_mm(part.pages[0])[0]
    spot = part.spot_at(QPointF((15 + 25) * scale, 30 * scale))
    assert spot is not None
    assert (spot.trace, round(spot.seconds, 2)) == (0, 1.0)
    assert part.spot_at(QPointF(1, 30 * scale)) is None
    qtbot.mouseMove(part, QPoint(round(40 * scale), round(30 * scale)))
    qtbot.mousePress(
        part, Qt.MouseButton.LeftButton, pos=QPoint(round(40 * scale), round(30 * scale))
    )
    qtbot.mouseMove(part, QPoint(round(65 * scale), round(30 * scale)))
    assert not part.grab().isNull()
    qtbot.mouseRelease(part, Qt.MouseButton.LeftButton)


def test_colours_follow_the_theme(view: DocumentView, tmp_path: Path) -> None:
    view.show_document(report(tmp_path))
    view.finish()
    app = QGuiApplication.instance()
    apply_theme(app, "light")  # type: ignore[arg-type]
    part = view.parts[-1]
    assert isinstance(part, TextPart)
    assert tokens().text.lower() in part.toHtml().lower()


@pytest.mark.parametrize("hidden", [False, True])
def test_paper_holds_the_text_and_every_sheet(tmp_path: Path, qtbot: QtBot, hidden: bool) -> None:
    del qtbot
    target = tmp_path / "ecg.pdf"
    document = document_apart(str(get_testdata_file("waveform_ecg.dcm")))
    assert run(print_document(document, target, hidden=hidden)) == target
    pages = read_pages(target.read_bytes())
    assert "RITMO SINUSALE" in pages.texts[0]
    assert ("642341" in pages.texts[0]) is not hidden
    assert [width > height for width, height in pages.sizes][-2:] == [True, True]


def test_a_long_report_is_made_piece_by_piece_and_found_whole(
    view: DocumentView, tmp_path: Path, qtbot: QtBot
) -> None:
    lines = [item("TEXT", coded("121071", "Finding"), TextValue=f"Line {n}") for n in range(950)]
    path = save(long_report(coded("1", "Long"), *lines), tmp_path / "long.dcm")
    view.show_document(document_apart(str(path)))
    qtbot.waitUntil(lambda: len(view.parts) == 11, timeout=LONG)
    view.open_search()
    view.head.finder.field.setText("line 949")
    assert view.head.finder.count.text() == "1 of 1"


def test_a_day_of_an_ecg_is_scrolled_without_being_drawn_whole(
    view: DocumentView, tmp_path: Path, qtbot: QtBot
) -> None:
    samples = np.zeros((6 * 3600 * 50, 1), np.int16)
    data = waveform(samples, [channel("II", **in_unit("2.5", "uV"))], sop_class="9.1.3", rate=50)
    view.show_document(document_apart(str(save(data, tmp_path / "holter.dcm"))))
    view.finish()
    (sheets,) = [part for part in view.parts if isinstance(part, PagesPart)]
    assert len(sheets.pages) == 2160
    scale = sheets.width() / size_mm(sheets.pages[0])[0]
    last = sheets.box(2159)
    spot = sheets.spot_at(QPointF((15 + 25) * scale, last.top() + 20 * scale))
    assert spot is not None
    assert spot_words(sheets.pages[0].block, spot) == "II   5:59:51.000   0 mV"  # type: ignore[arg-type]
