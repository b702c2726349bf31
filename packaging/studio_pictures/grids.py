"""Several at once: linked clips, two planes beside one another, documents, a colour map."""

from __future__ import annotations

from studio_pictures.photographer import Photographer


def grid(at: Photographer) -> None:
    """Keep the runs of the angiography side by side, linked."""
    commands = at.window.commands
    at.choose("XA", "biplane A")
    commands["grid_2x2"].trigger()
    commands["fill"].trigger()
    commands["link_time"].trigger()
    at.pause(6.0)
    commands["play"].trigger()
    at.pause(3.0)
    at.keep("grid")
    commands["play"].trigger()
    commands["link_time"].trigger()
    commands["grid_1x1"].trigger()


def comparison(at: Photographer) -> None:
    """Keep the dialog that puts the two planes of a run side by side."""
    from PySide6.QtTest import QTest

    from xray_studio.ui.dialogs.compare.dialog import CompareDialog

    commands = at.window.commands
    commands["grid_1x2"].trigger()
    for place, words in enumerate(("biplane A", "biplane B")):
        at.window.session.update(active=place)
        at.choose("XA", words)
    commands["compare"].trigger()
    dialog = at.window.desk.dialogs["compare"]
    assert isinstance(dialog, CompareDialog)
    for row, words in zip(dialog.clips.rows.values(), ("Plane A", "Plane B"), strict=True):
        QTest.keyClicks(row.caption, words)
    dialog.preview.slider.setValue(30)
    at.pause(2.0)
    at.keep("comparison")
    dialog.close()
    commands["grid_1x1"].trigger()


def colours(at: Photographer) -> None:
    """Keep a slice of the CT in the colours of a map."""
    at.choose("CT")
    at.wait_for(at.shown)
    at.window.session.update_view(frame=40)
    at.window.commands["colour_map_hot_iron"].trigger()
    at.keep("colour-map")
    at.window.commands["colour_map_grey"].trigger()


def documents(at: Photographer) -> None:
    """Keep a dose report, an ECG, and key images beside the frame that one leads to."""
    for name, title in (
        ("dose", "X-Ray Radiation Dose Report"),
        ("ecg", ""),
        ("key-images", ""),
    ):
        kind = {"ecg": "ECG", "key-images": "KO"}.get(name, "SR")
        read(at, kind, title)
        if name == "key-images":
            document = at.window.session.view.document
            assert document is not None
            at.window.reading.link_asked.emit(next(document.references()))
            at.wait_for(at.shown)
        at.keep(name)
    at.window.grid.set_grid(1, 1)
    at.window.controller.choose(at.window.browser.listed()[0])
    at.wait_for(at.shown)


def read(at: Photographer, modality: str, title: str) -> None:
    """Open a document and wait until its pages are drawn."""
    listed = at.window.session.state.catalog.all_series()
    wanted = [one for one in listed if one.modality == modality and title in one.title]
    at.window.controller.choose(wanted[0])
    at.wait_for(lambda: at.window.session.view.document is not None)
    at.pause(2.0)
