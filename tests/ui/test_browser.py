"""Browser: choosing, folding, searching, hiding, thumbnails, in the real program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose, shown, wait_for_picture
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton


def place_of(window: MainWindow, row: int) -> QPoint:
    view = window.browser.view
    index = view.model().index(row, 0)
    view.scrollTo(index)
    return view.visualRect(index).center()


def kinds(window: MainWindow) -> str:
    return "".join(row.kind.value[:2] for row in window.browser.model.rows)


def on_screen(window: MainWindow) -> str:
    series = window.session.view.series
    return "" if series is None else series.series_description


def test_rows_are_patients_studies_and_series(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        assert kinds(window) == "pastsese" + "pastse"
        words = [row.data() for row in map(window.browser.model.index, range(4), [0] * 4)]
        assert words == [
            "Phantom, Coronary, DEMO-0001 · 1961-04-12 · F",
            "Coronary angiography, 2026-11-20",
            "Run 1 · LCA, XA · RAO 30 CAUD 20, 12 frames · 15/s",
            "Run 2 · RCA, XA · RAO 30 CAUD 20, 12 frames · 15/s",
        ]

    drive(script, study)


def test_a_click_shows_a_series(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        qtbot.mouseClick(window.browser.view.viewport(), Left, pos=place_of(window, 3))
        assert on_screen(window) == "RCA"
        qtbot.waitUntil(lambda: shown(window), timeout=LONG)

    drive(script, study)


def test_arrow_keys_in_the_list_go_through_the_series(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        view = window.browser.view
        view.setFocus()
        qtbot.keyClick(view, Qt.Key.Key_Down)
        assert on_screen(window) == "RCA"
        qtbot.keyClick(view, Qt.Key.Key_Down)
        qtbot.keyClick(view, Qt.Key.Key_Down)
        assert on_screen(window) == "Lung"

    drive(script, study)


def test_headers_fold_with_mouse_and_keys(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        view = window.browser.view
        qtbot.mouseClick(view.viewport(), Left, pos=place_of(window, 0))
        assert kinds(window) == "papastse"
        view.setFocus()
        view.setCurrentIndex(window.browser.model.index(1, 0))
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert kinds(window) == "papa"
        assert on_screen(window) == "LCA"
        qtbot.mouseClick(view.viewport(), Left, pos=place_of(window, 0))
        assert kinds(window) == "pastsesepa"

    drive(script, study)


def test_a_search_narrows_the_list_and_says_when_nothing_fits(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        browser = window.browser
        qtbot.keyClicks(browser.search, "thorax lung")
        qtbot.waitUntil(lambda: kinds(window) == "pastse")
        browser.search.clear()
        qtbot.keyClicks(browser.search, "nobody")
        qtbot.keyClick(browser.search, Qt.Key.Key_Return)
        assert kinds(window) == ""
        assert browser.note.isVisible()
        assert browser.note.text() == "No series matches this search."
        assert on_screen(window) == "LCA"
        assert browser.search.clear_action.isVisible()
        browser.search.clear_action.trigger()
        qtbot.waitUntil(lambda: kinds(window) == "pastsesepastse")
        assert not browser.search.clear_action.isVisible()

    drive(script, study)


def test_hidden_identity_leaves_no_name_anywhere(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        qtbot.mouseClick(window.header.identity, Left)
        assert window.header.identity.text().strip() == "Show identity"
        rows = [window.browser.model.index(n, 0).data() for n in range(len(kinds(window)) // 2)]
        assert rows[0] == "Patient 1"
        assert rows[1] == "XA study"
        assert window.stage.tabs.tabText(0) == "Patient 1"
        everything = " ".join(rows) + window.windowTitle()
        assert not any(word in everything for word in ("Phantom", "LCA", "2026", "angiography"))
        assert "Phantom" not in " ".join(window.stage.viewport.corners().text.top_left)

    drive(script, study)


def test_hiding_identity_forgets_what_was_searched_for(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        search = window.browser.search
        qtbot.keyClicks(search, "Coronary")
        qtbot.waitUntil(lambda: kinds(window) == "pastsese")
        window.commands["hide_identity"].trigger()
        assert (search.text(), kinds(window)) == ("", "pastsesepastse")
        search.undo()
        assert search.text() == ""
        assert "Name" not in search.placeholderText()
        qtbot.keyClicks(search, "ct")
        qtbot.waitUntil(lambda: kinds(window) == "pastse")
        window.commands["hide_identity"].trigger()
        assert search.text() == "ct"
        assert "Name" in search.placeholderText()

    drive(script, study)


def test_thumbnails_are_made_for_the_series_in_sight(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        for series in window.browser.listed():
            qtbot.waitUntil(lambda s=series: window.thumbnails.get(s) is not None, timeout=LONG)
            picture = window.thumbnails.get(series)
            assert picture is not None
            assert picture.width() == 128
        assert not window.browser.grab().isNull()

    drive(script, study)


def test_a_search_ends_with_its_study(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        qtbot.keyClicks(window.browser.search, "lung")
        window.controller.read_again()
        assert window.browser.search.text() == "lung"
        window.open([str(study / "run1.dcm")])
        assert window.browser.search.text() == ""
        qtbot.waitUntil(lambda: bool(window.browser.model.rows), timeout=LONG)

    drive(script, study)


def test_the_skipped_files_are_named_by_reason(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        assert window.browser.skipped.text().strip() == "2 files skipped"
        qtbot.mouseClick(window.browser.skipped, Left)
        dialog = window.desk.dialogs["skipped"]
        assert dialog.isVisible()

    drive(script, study)


def test_patient_tabs_lead_back(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "RCA")
        choose(qtbot, window, "Lung")
        tabs = window.stage.tabs
        texts = [tabs.tabText(n) for n in range(tabs.count())]
        assert texts == ["Phantom, Coronary", "Phantom, Thorax"]
        assert tabs.currentIndex() == 1
        qtbot.mouseClick(tabs, Left, pos=tabs.tabRect(0).center())
        assert on_screen(window) == "RCA"
        assert tabs.currentIndex() == 0

    drive(script, study)
