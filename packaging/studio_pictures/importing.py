"""Videos into DICOM, page by page."""

from __future__ import annotations

from studio_pictures.photographer import Photographer


def importing(at: Photographer) -> None:
    """Keep what is done with an exported run and why, and whose study it goes into."""
    from xray_studio.services.api import export
    from xray_studio.ui.dialogs.to_dicom.dialog import CONFIRM, DOING, WHOSE, ToDicomDialog

    at.choose("XA", "LCA")
    at.wait_for(at.shown)
    series = at.window.session.view.series
    assert series is not None
    out = at.scratch / "Recordings"
    out.mkdir()
    for name in ("run-3.mp4", "run-3.webm"):
        export(series.paths[0], out / name, overlay="none")
    at.window.preferences.change("export", folder=str(out))
    at.window.commands["import_videos"].trigger()
    dialog = at.window.desk.dialogs["to_dicom"]
    assert isinstance(dialog, ToDicomDialog)
    dialog.draft.add([str(out)])
    at.wait_for(lambda: len(dialog.draft.videos) == 2 and not dialog.draft.pending)
    dialog.next.click()
    assert dialog.pages.currentIndex() == DOING
    dialog.doing.table.choose([1])
    at.keep("import-what")
    dialog.next.click()
    assert dialog.pages.currentIndex() == WHOSE
    dialog.whose.source.button("study").click()
    dialog.whose.study.setCurrentIndex(0)
    dialog.whose.study.activated.emit(0)
    at.wait_for(dialog.next.isEnabled)
    dialog.next.click()
    assert dialog.pages.currentIndex() == CONFIRM
    at.keep("import-confirm")
    dialog.close()
