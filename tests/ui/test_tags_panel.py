"""Tags panel: reading, searching, unfolding, copying, in the real program."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose, wait_for_picture
from xray_studio.dicom.tags import TagRow
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.tags.model import TagsModel, as_text, matching, search_text, tree

Left = Qt.MouseButton.LeftButton

ROWS = (
    TagRow("(0008,0060)", "Modality", "CS", "XA"),
    TagRow("(0008,1115)", "Referenced Series Sequence", "SQ", "1 item"),
    TagRow("(FFFE,E000)", "Item 1", "", "", 1),
    TagRow("(0020,000E)", "Series Instance UID", "UI", "1.2.3", 2),
    TagRow("(0008,1199)", "Referenced SOP Sequence", "SQ", "1 item", 2),
    TagRow("(0010,0010)", "Patient's Name", "PN", "Phantom^Coronary"),
)


def names(rows: list[TagRow]) -> list[str]:
    return [row.name for row in rows]


def show_tags(qtbot: QtBot, window: MainWindow) -> None:
    window.commands["show_tags"].trigger()
    qtbot.waitUntil(lambda: window.tags_panel.model.rowCount() > 0, timeout=LONG)


def test_rows_become_a_tree_by_depth() -> None:
    root = tree(ROWS)
    assert [len(node.children) for node in root.children] == [0, 1, 0]
    item = root.children[1].children[0]
    assert [n.row.name for n in item.children if n.row] == [
        "Series Instance UID",
        "Referenced SOP Sequence",
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("00080060",), ["Modality"]),
        (("(0008,0060)",), ["Modality"]),
        (("phantom",), ["Patient's Name"]),
        (("1.2.3",), ["Referenced Series Sequence", "Item 1", "Series Instance UID"]),
        (("patient's", "coronary"), ["Patient's Name"]),
        (("nothing",), []),
        (("referenced", "series"), [row.name for row in ROWS[1:5]]),
    ],
)
def test_a_search_keeps_what_is_found_with_the_sequences_above(
    words: tuple[str, ...], found: list[str]
) -> None:
    assert names(matching(ROWS, words)) == found


def test_words_to_search_and_to_copy() -> None:
    assert "00100010" in search_text(ROWS[-1])
    assert as_text(ROWS[-1]) == "(0010,0010) PN Patient's Name Phantom^Coronary"


def test_every_index_knows_its_parent(qtbot: QtBot) -> None:
    model = TagsModel()
    model.show(ROWS)
    sequence = model.index(1, 0)
    item = model.index(0, 0, sequence)
    uid = model.index(0, 0, item)
    assert uid.parent() == item
    assert item.parent() == sequence
    assert sequence.parent() == QModelIndex()
    assert not model.index(9, 0).isValid()


def test_tags_are_read_only_when_the_panel_is_seen(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        assert window.tags_panel.model.rowCount() == 0
        show_tags(qtbot, window)
        texts = [
            window.tags_panel.model.index(n, 0).data()
            for n in range(window.tags_panel.model.rowCount())
        ]
        assert any("Phantom^Coronary" in text for text in texts)
        assert not window.tags_panel.grab().isNull()
        qtbot.mouseClick(window.side.tabs, Left, pos=window.side.tabs.tabRect(0).center())
        assert window.tags_panel.model.rowCount() == 0

    drive(script, study)


def test_a_search_in_the_panel(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        show_tags(qtbot, window)
        panel = window.tags_panel
        qtbot.keyClicks(panel.search, "patient's name")
        qtbot.waitUntil(lambda: panel.model.rowCount() == 1)
        panel.search.clear()
        qtbot.keyClicks(panel.search, "no such tag")
        qtbot.waitUntil(panel.note.isVisible)
        assert panel.note.text() == "No tag matches this search."

    drive(script, study)


def test_selected_tags_are_copied(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        show_tags(qtbot, window)
        panel = window.tags_panel
        panel.search.setText("Modality")
        qtbot.keyClick(panel.search, Qt.Key.Key_Return)
        panel.view.setFocus()
        panel.view.selectAll()
        copy = QKeySequence(QKeySequence.StandardKey.Copy)[0]
        qtbot.keyClick(panel.view, copy.key(), copy.keyboardModifiers())
        assert "(0008,0060) CS Modality XA" in QGuiApplication.clipboard().text()

    drive(script, study)


def test_tags_follow_the_slice_on_screen(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "Lung")
        show_tags(qtbot, window)
        panel = window.tags_panel
        panel.search.setText("Instance Number")
        qtbot.keyClick(panel.search, Qt.Key.Key_Return)
        first = panel.model.index(0, 0).data()
        qtbot.keyClick(window.stage.viewport, Qt.Key.Key_End)
        qtbot.waitUntil(lambda: panel.model.index(0, 0).data() != first, timeout=LONG)

    drive(script, study)


def test_tags_hide_with_identity_and_come_back(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "Lung")
        show_tags(qtbot, window)
        panel = window.tags_panel
        qtbot.keyClicks(panel.search, "Phantom")
        window.commands["hide_identity"].trigger()
        assert panel.search.text() == ""
        assert not panel.search.isEnabled()
        assert panel.model.rowCount() == 0
        assert "not shown while identity is hidden" in panel.note.text()
        for key in (Qt.Key.Key_End, Qt.Key.Key_Home):
            qtbot.keyClick(window.stage.viewport, key)
        qtbot.wait(300)
        assert panel.model.rowCount() == 0
        qtbot.mouseClick(panel.reveal, Left)
        qtbot.waitUntil(lambda: panel.model.rowCount() > 0, timeout=LONG)
        assert not window.session.state.identity_hidden
        assert panel.search.isEnabled()

    drive(script, study)


def test_a_picture_that_is_not_dicom_has_no_tags(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    Image.fromarray(np.zeros((20, 30), np.uint8)).save(tmp_path / "film.png")

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        window.side.show_widget(window.tags_panel)
        assert window.tags_panel.note.text() == "This file is not DICOM, so it has no tags."

    drive(script, tmp_path)
