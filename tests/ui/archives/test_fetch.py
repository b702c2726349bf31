"""Find in archive: what is found is fetched whole and opened, or it is said why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from tests.network.test_retrieve import stored
from tests.peers import Orthanc, free_port, make_orthanc, running
from tests.sent_objects import several
from tests.ui.conftest import Drive
from tests.ui.waiting import scanned
from xray_studio.core.errors import UsageError
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.outgoing import Outgoing
from xray_studio.core.pacs.query import days, name_like
from xray_studio.services.pacs.nodes import keep_node
from xray_studio.ui import fetching
from xray_studio.ui.dialogs.fetch import dialog as module
from xray_studio.ui.dialogs.fetch.dialog import NO_NODE, NOTHING, FetchDialog
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton
Keys = Qt.Key


def asked(qtbot: QtBot, window: MainWindow, folder: Path | None = None) -> FetchDialog:
    """Open the dialog and wait until it knows the archives."""
    window.commands["find_in_archive"].trigger()
    dialog = window.desk.dialogs["fetch"]
    assert isinstance(dialog, FetchDialog)
    if folder is not None:
        folder.mkdir(exist_ok=True)
        dialog.folder_button.show_folder(folder)
    qtbot.waitUntil(lambda: bool(dialog.form.where()))
    return dialog


def search(qtbot: QtBot, dialog: FetchDialog, **typed: str) -> None:
    for name, text in typed.items():
        getattr(dialog.form, name).setText(text)
    qtbot.mouseClick(dialog.form.search, Left)
    qtbot.waitUntil(lambda: not dialog.nothing.text().startswith("Asking") or shown(dialog) > 0)


def shown(dialog: FetchDialog) -> int:
    return int(dialog.tree.rows.rowCount())


def choose(dialog: FetchDialog, *places: int) -> None:
    flags = dialog.tree.selectionModel().SelectionFlag
    dialog.tree.clearSelection()
    for place in places:
        index = dialog.tree.rows.index(place, 0)
        dialog.tree.selectionModel().select(index, flags.Select | flags.Rows)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def sent(orthanc: Orthanc, tmp_path: Path) -> list[Outgoing]:
    """Two studies of one patient in an archive, of three objects and of two."""
    facts = {"PatientName": "Fetch^Fay", "PatientID": tmp_path.name[:60]}
    early = several(tmp_path / "a", 3, StudyDate="20240102", StudyDescription="Early", **facts)
    late = several(tmp_path / "b", 2, StudyDate="20250102", StudyDescription="Late", **facts)
    keep_node(orthanc.node())
    return stored(orthanc, [*early, *late])


def test_a_study_is_found_fetched_and_opened(
    qtbot: QtBot, drive: Drive, sent: list[Outgoing], tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def script(window: MainWindow) -> None:
        dialog = asked(qtbot, window, out)
        assert not dialog.fetch_button.isEnabled()
        search(qtbot, dialog, name="fetch, f", number=tmp_path.name[:60])
        assert shown(dialog) == 2
        cells = [dialog.tree.rows.item(0, column).text() for column in range(9)]
        assert cells[0] == "Fetch, Fay"
        assert (cells[3][:10], cells[5], cells[6], cells[7]) == ("2025-01-02", "Late", "1", "2")
        assert dialog.progress.words.text() == "2 studies. Choose studies or series to fetch."
        choose(dialog, 1)
        assert dialog.progress.words.text() == "1 study, 3 objects."
        qtbot.mouseClick(dialog.fetch_button, Left)
        qtbot.waitUntil(lambda: "fetch" not in window.desk.dialogs)
        qtbot.waitUntil(lambda: scanned(window))
        series = window.session.state.catalog.all_series()
        assert sum(len(one.instances) for one in series) == 3
        (folder,) = out.iterdir()
        assert folder.name.startswith("orthanc-20")
        assert files(folder) == sorted(f"{one.sop_instance_uid}.dcm" for one in sent[:3])

    drive(script)


def test_over_dicomweb_and_no_more_than_can_be_listed(
    qtbot: QtBot,
    drive: Drive,
    orthanc: Orthanc,
    sent: list[Outgoing],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(sent) == 5
    keep_node(orthanc.web_node())
    for place in (fetching, module):
        monkeypatch.setattr(place, "MOST", 1)

    def script(window: MainWindow) -> None:
        dialog = asked(qtbot, window, tmp_path / "out")
        dialog.form.node.setCurrentIndex(dialog.form.node.findText("web"))
        search(qtbot, dialog, number=tmp_path.name[:60])
        assert shown(dialog) == 1
        assert dialog.progress.words.text() == module.CUT
        choose(dialog, 0)
        qtbot.mouseClick(dialog.fetch_button, Left)
        qtbot.waitUntil(lambda: "fetch" not in window.desk.dialogs)
        (folder,) = (tmp_path / "out").iterdir()
        assert folder.name.startswith("web-20")
        assert len(files(folder)) in {2, 3}

    drive(script)


def test_series_of_a_study_are_listed_and_fetched_alone(
    qtbot: QtBot, drive: Drive, sent: list[Outgoing], tmp_path: Path
) -> None:
    def script(window: MainWindow) -> None:
        dialog = asked(qtbot, window, tmp_path / "out")
        search(qtbot, dialog, number=tmp_path.name[:60])
        study = dialog.tree.rows.index(0, 0)
        dialog.tree.setFocus()
        dialog.tree.setCurrentIndex(study)
        qtbot.keyClick(dialog.tree, Keys.Key_Right)
        qtbot.waitUntil(lambda: "Series" in (dialog.tree.rows.index(0, 0, study).data() or ""))
        assert dialog.tree.rows.index(0, 7, study).data() == "2"
        qtbot.keyClick(dialog.tree, Keys.Key_Down)
        assert dialog.progress.words.text() == "1 series, 2 objects."
        choose(dialog, 0)
        flags = dialog.tree.selectionModel().SelectionFlag
        below = dialog.tree.rows.index(0, 0, study)
        dialog.tree.selectionModel().select(below, flags.Select | flags.Rows)
        assert dialog.progress.words.text() == "1 study, 2 objects."  # with its series once
        qtbot.keyClick(dialog.tree, Keys.Key_Return)
        qtbot.waitUntil(lambda: "fetch" not in window.desk.dialogs)
        assert len(files(tmp_path / "out")) == 2

    drive(script)


def test_enter_in_a_field_searches_and_nothing_is_said(
    qtbot: QtBot, drive: Drive, sent: list[Outgoing]
) -> None:
    assert len(sent) == 5

    def script(window: MainWindow) -> None:
        dialog = asked(qtbot, window)
        dialog.form.name.setText("Nobody*")
        qtbot.keyClick(dialog.form.name, Keys.Key_Return)
        qtbot.waitUntil(lambda: dialog.nothing.text() == NOTHING)
        dialog.form.day.set_value("between")
        search(qtbot, dialog, first="May")
        assert dialog.nothing.text() == "May is no day; write it as 2026-11-22."
        search(qtbot, dialog, first="2025-01-01", last="2025-01-31", name="Fetch")
        assert {dialog.tree.rows.item(n, 5).text() for n in range(shown(dialog))} == {"Late"}

    drive(script)


def test_no_archive_and_one_that_is_not_there(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        window.commands["find_in_archive"].trigger()
        dialog = window.desk.dialogs["fetch"]
        assert isinstance(dialog, FetchDialog)
        qtbot.waitUntil(lambda: dialog.nothing.text() == NO_NODE)
        dialog.form.node.setEditText(f"127.0.0.1:{free_port()}/GONE")
        search(qtbot, dialog)
        assert dialog.nothing.text().startswith("Nothing listens at 127.0.0.1")
        assert not dialog.fetch_button.isEnabled()

    drive(script)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Orthanc, list[Outgoing]]]:
    """An archive of the test alone, with one study."""
    with running(make_orthanc(tmp_path / "orthanc")) as server:
        yield server, stored(server, several(tmp_path / "sent", 30))


def begun(qtbot: QtBot, dialog: FetchDialog) -> None:
    """Begin to fetch the only study, and wait until some of it has come."""
    search(qtbot, dialog)
    choose(dialog, 0)
    qtbot.mouseClick(dialog.fetch_button, Left)
    qtbot.waitUntil(dialog.stop_button.isVisible)


@pytest.mark.parametrize("way", ["stop", "cancel"])
def test_what_is_stopped_is_not_kept(
    qtbot: QtBot, drive: Drive, own: tuple[Orthanc, list[Outgoing]], tmp_path: Path, way: str
) -> None:
    server, _ = own
    keep_node(server.node(answer_timeout=5.0))

    def script(window: MainWindow) -> None:
        dialog = asked(qtbot, window, tmp_path / "out")
        search(qtbot, dialog)
        choose(dialog, 0)
        server.freeze()
        qtbot.mouseClick(dialog.fetch_button, Left)
        qtbot.waitUntil(dialog.stop_button.isVisible)
        if way == "stop":
            qtbot.mouseClick(dialog.stop_button, Left)
        else:
            qtbot.mouseClick(window.jobs.strips[0].cancel, Left)
        server.thaw()
        qtbot.waitUntil(lambda: dialog.progress.words.text() == "Stopped. Nothing was kept.")
        assert list((tmp_path / "out").iterdir()) == []
        assert dialog.fetch_button.isEnabled()

    drive(script)


def test_what_did_not_come_is_told_and_nothing_is_opened_unasked(
    qtbot: QtBot,
    drive: Drive,
    own: tuple[Orthanc, list[Outgoing]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, _ = own
    keep_node(server.node())
    shown_in = []
    monkeypatch.setattr(module, "show_in_folder", shown_in.append)

    def script(window: MainWindow) -> None:
        dialog = asked(qtbot, window, tmp_path / "out")
        task = window.archive_work.fetching

        def end(_: object) -> None:
            if task.task is not None and task.task.progress.done:
                server.kill()

        task.progressed.connect(end)
        begun(qtbot, dialog)
        qtbot.waitUntil(lambda: "Missing" in dialog.progress.words.text())
        assert "of 30 objects came. Missing" in dialog.progress.words.text()
        assert window.session.state.opened == ()
        qtbot.mouseClick(dialog.progress.show_button, Left)
        assert len(shown_in) == 1
        qtbot.mouseClick(dialog.partly_button, Left)
        qtbot.waitUntil(lambda: scanned(window))
        assert "fetch" not in window.desk.dialogs
        series = window.session.state.catalog.all_series()
        assert 0 < sum(len(one.instances) for one in series) < 30

    drive(script)


def test_fetching_goes_on_without_the_dialog_and_is_shown_again(
    qtbot: QtBot, drive: Drive, own: tuple[Orthanc, list[Outgoing]], tmp_path: Path
) -> None:
    server, _ = own
    keep_node(server.node())

    def script(window: MainWindow) -> None:
        dialog = asked(qtbot, window, tmp_path / "out")
        search(qtbot, dialog)
        choose(dialog, 0)
        server.freeze()
        qtbot.mouseClick(dialog.fetch_button, Left)
        qtbot.waitUntil(dialog.stop_button.isVisible)
        dialog.close()
        again = asked(qtbot, window)
        assert again.stop_button.isVisible()
        again.close()
        server.thaw()
        qtbot.waitUntil(lambda: "30 objects came into" in window.jobs.message.text())
        assert window.session.state.opened == ()
        assert len(files(tmp_path / "out")) == 30

    drive(script)


def test_identity_is_shown_and_that_is_said(qtbot: QtBot, drive: Drive) -> None:
    keep_node(Node("gone", host="127.0.0.1", port=free_port(), called_ae_title="A"))

    def script(window: MainWindow) -> None:
        window.commands["hide_identity"].trigger()
        dialog = asked(qtbot, window)
        about = dialog.findChild(type(dialog.nothing), "about")
        assert about is not None
        assert about.text() == module.SHOWN
        qtbot.mouseClick(dialog.form.nodes_button, Left)
        nodes = window.desk.dialogs["nodes"]
        assert isinstance(nodes, QDialog)
        nodes.close()

    drive(script)


def test_names_and_days_as_people_write_them() -> None:
    assert name_like(" Doe , Jane") == "Doe^Jane*"
    assert name_like("D?e") == "D?e"
    assert name_like("") == ""
    assert days("2026-11-01", "20261122") == "20261101-20261122"
    assert (days("", "2026-11-22"), days("20261122", "20261122")) == ("-20261122", "20261122")
    with pytest.raises(UsageError, match="after the last"):
        days("20261122", "20261101")
