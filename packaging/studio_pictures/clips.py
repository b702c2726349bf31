"""The window as it is used most: a study, a clip that plays, its tags, its export."""

from __future__ import annotations

import shutil

from studio_pictures.photographer import SIZE, SMALL, Photographer


def browse(at: Photographer) -> None:
    """Keep the window as it is used most, large and small, and a chest film if there is one."""
    at.window.session.update_view(frame=47)
    at.keep("window")
    at.resize(SMALL)
    at.keep("window-small")
    at.resize(SIZE)
    chest = [s for s in at.window.browser.listed() if s.modality in {"DX", "CR"}]
    if chest:
        at.window.controller.choose(chest[0])
        at.wait_for(at.shown)
        at.keep("chest")
    at.window.controller.choose(at.window.browser.listed()[0])
    at.wait_for(at.shown)


def play(at: Photographer) -> None:
    """Keep a loop playing between in and out point."""
    at.wait_for(lambda: at.window.session.state.view.cached == ((0, at.last()),))
    at.window.session.update_cine(first=18, last=77)
    at.window.commands["play"].trigger()
    at.wait_for(lambda: at.window.session.state.view.rate is not None)
    at.wait_for(lambda: 44 <= at.window.session.view.frame <= 50)
    at.keep("cine")
    at.window.commands["play"].trigger()


def tags(at: Photographer) -> None:
    """Keep the tags of the file."""
    at.window.side.show_widget(at.window.tags_panel)
    at.wait_for(lambda: at.window.tags_panel.model.rowCount() > 0)
    at.keep("tags")
    at.window.side.show_panel(0)


def export(at: Photographer) -> None:
    """Keep the export dialog before and while it writes."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from xray_studio.ui.dialogs.export.dialog import ExportDialog

    out = at.scratch / "Exports"
    out.mkdir()
    at.window.preferences.change("export", folder=str(out))
    at.window.session.update_view(frame=46)
    at.window.commands["export"].trigger()
    dialog = at.window.desk.dialogs["export"]
    assert isinstance(dialog, ExportDialog)
    dialog.form.folder_button.show_folder(out)
    at.wait_for(lambda: not dialog.preview.box.image.isNull())
    at.keep("export")
    QTest.mouseClick(dialog.form.rows["size"].button("custom"), Qt.MouseButton.LeftButton)
    dialog.form.width_field.setText("2048")
    dialog.form.width_field.textEdited.emit("2048")
    dialog.export_button.click()
    at.wait_for(lambda: dialog.progress.bar.value() > 0.6 * dialog.progress.bar.maximum() > 0)
    at.keep("export-progress")
    at.wait_for(dialog.export_button.isVisible)
    dialog.close()


def light(at: Photographer) -> None:
    """Keep the window in its light theme, with the settings."""
    at.choose("XA", "LCA")
    at.wait_for(at.shown)
    at.window.commands["theme_light"].trigger()
    at.keep("light")
    at.window.commands["settings"].trigger()
    at.keep("settings")
    at.window.desk.close_all()
    at.window.commands["theme_dark"].trigger()


def skipped(at: Photographer) -> None:
    """Keep the list of files that could not be shown."""
    study = at.scratch / "study"
    shutil.copytree(at.window.session.state.opened[0], study)
    (study / "report.txt").write_text("No picture.", "utf-8")
    (study / "letter.pdf").write_bytes(b"%PDF-1.4")
    whole = next(path for path in sorted(study.rglob("*")) if path.stat().st_size > 1 << 20)
    (study / "cut-short").write_bytes(whole.read_bytes()[:1001])
    at.window.open([str(study)])
    at.wait_for(lambda: not at.window.session.state.scanning and at.shown())
    at.window.commands["show_window"].trigger()
    at.window.commands["skipped"].trigger()
    at.keep("skipped")
    at.window.desk.close_all()
