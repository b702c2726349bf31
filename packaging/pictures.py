"""Makes the pictures of README and docs: drives the real window on the demonstration study.

    .venv/bin/python packaging/pictures.py [FOLDER]

Without a screen it starts a virtual one (Xvfb). Pictures go to docs/images, or to FOLDER. They
show the demonstration study only, never a patient.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip

PROJECT = Path(__file__).resolve().parents[1]
SCREEN = "1600x1000x24"
SIZE = (1600, 1000)
SMALL = (1280, 800)
PATIENCE = 60.0  # seconds for anything to appear

sys.path.insert(0, str(PROJECT))


@contextmanager
def virtual_screen() -> Iterator[None]:
    """Start Xvfb on a free display unless there is a screen."""
    if os.environ.get("DISPLAY"):
        yield
        return
    if shutil.which("Xvfb") is None:
        sys.exit("There is no screen and no Xvfb; install xvfb and start again.")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as answer:
            os.environ["DISPLAY"] = f":{answer.readline().strip()}"
        try:
            yield
        finally:
            server.terminate()


def main(folder: Path) -> int:
    """Make every picture."""
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    with tempfile.TemporaryDirectory(prefix="x-ray-studio-") as scratch, virtual_screen():
        os.environ["HOME"] = scratch
        os.environ["XRAY_STUDIO_CONFIG"] = str(Path(scratch, "config"))
        from xray_studio.ui.main import main as program

        folder.mkdir(parents=True, exist_ok=True)
        return program([], lambda window: Photographer(window, folder, Path(scratch)).work())


class Photographer:
    """Acts in the window as a person would and keeps pictures of it."""

    def __init__(self, window: object, folder: Path, scratch: Path) -> None:
        from xray_studio.ui.main_window import MainWindow

        assert isinstance(window, MainWindow)
        self.window, self.folder, self.scratch = window, folder, scratch

    def work(self) -> int:
        """Take every picture and return 0."""
        self.resize(SIZE)
        self.keep("start")
        self.open_demonstration()
        self.browse()
        self.play()
        self.tags()
        self.export()
        self.grid()
        self.comparison()
        self.colours()
        self.enhancements()
        self.processing()
        self.subtraction()
        self.motion()
        self.measuring()
        self.findings()
        self.report()
        self.documents()
        self.light()
        self.skipped()
        return 0

    def open_demonstration(self) -> None:
        """Open the study and wait for everything that can be seen at first."""
        self.window.commands["demonstration"].trigger()
        self.wait_for(lambda: not self.window.session.state.scanning and self.shown())
        listed = self.window.browser.listed()
        self.wait_for(lambda: all(self.window.thumbnails.get(s) is not None for s in listed))

    def browse(self) -> None:
        """Keep the window as it is used most, large and small, and a chest film if there is one."""
        self.window.session.update_view(frame=47)
        self.keep("window")
        self.resize(SMALL)
        self.keep("window-small")
        self.resize(SIZE)
        chest = [s for s in self.window.browser.listed() if s.modality in {"DX", "CR"}]
        if chest:
            self.window.controller.choose(chest[0])
            self.wait_for(self.shown)
            self.keep("chest")
        self.window.controller.choose(self.window.browser.listed()[0])
        self.wait_for(self.shown)

    def play(self) -> None:
        """Keep a loop playing between in and out point."""
        self.wait_for(lambda: self.window.session.state.view.cached == ((0, self.last()),))
        self.window.session.update_cine(first=18, last=77)
        self.window.commands["play"].trigger()
        self.wait_for(lambda: self.window.session.state.view.rate is not None)
        self.wait_for(lambda: 44 <= self.window.session.view.frame <= 50)
        self.keep("cine")
        self.window.commands["play"].trigger()

    def tags(self) -> None:
        """Keep the tags of the file."""
        self.window.side.show_widget(self.window.tags_panel)
        self.wait_for(lambda: self.window.tags_panel.model.rowCount() > 0)
        self.keep("tags")
        self.window.side.show_panel(0)

    def export(self) -> None:
        """Keep the export dialog before and while it writes."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        from xray_studio.ui.dialogs.export.dialog import ExportDialog

        out = self.scratch / "Exports"
        out.mkdir()
        self.window.preferences.change("export", folder=str(out))
        self.window.session.update_view(frame=46)
        self.window.commands["export"].trigger()
        dialog = self.window.desk.dialogs["export"]
        assert isinstance(dialog, ExportDialog)
        dialog.form.folder_button.show_folder(out)
        self.wait_for(lambda: not dialog.preview.box.image.isNull())
        self.keep("export")
        QTest.mouseClick(dialog.form.rows["size"].button("custom"), Qt.MouseButton.LeftButton)
        dialog.form.width_field.setText("2048")
        dialog.form.width_field.textEdited.emit("2048")
        dialog.export_button.click()
        self.wait_for(lambda: dialog.progress.bar.value() > 0.6 * dialog.progress.bar.maximum() > 0)
        self.keep("export-progress")
        self.wait_for(dialog.export_button.isVisible)
        dialog.close()

    def documents(self) -> None:
        """Keep a dose report, an ECG, and key images beside the frame that one leads to."""
        for name, title in (
            ("dose", "X-Ray Radiation Dose Report"),
            ("ecg", ""),
            ("key-images", ""),
        ):
            kind = {"ecg": "ECG", "key-images": "KO"}.get(name, "SR")
            self.read(kind, title)
            if name == "key-images":
                document = self.window.session.view.document
                assert document is not None
                self.window.reading.link_asked.emit(next(document.references()))
                self.wait_for(self.shown)
            self.keep(name)
        self.window.grid.set_grid(1, 1)
        self.window.controller.choose(self.window.browser.listed()[0])
        self.wait_for(self.shown)

    def read(self, modality: str, title: str) -> None:
        """Open a document and wait until its pages are drawn."""
        listed = self.window.session.state.catalog.all_series()
        wanted = [one for one in listed if one.modality == modality and title in one.title]
        self.window.controller.choose(wanted[0])
        self.wait_for(lambda: self.window.session.view.document is not None)
        self.pause(2.0)

    def choose(self, modality: str, words: str = "") -> None:
        """Show the first series of a modality whose name holds some words."""
        series = next(
            one
            for one in self.window.session.state.catalog.all_series()
            if one.modality == modality and words in f"{one.series_description} {one.title}"
        )
        self.window.controller.choose(series)
        self.pause(1.0)

    def grid(self) -> None:
        """Keep the runs of the angiography side by side, linked."""
        commands = self.window.commands
        self.choose("XA", "biplane A")
        commands["grid_2x2"].trigger()
        commands["fill"].trigger()
        commands["link_time"].trigger()
        self.pause(6.0)
        commands["play"].trigger()
        self.pause(3.0)
        self.keep("grid")
        commands["play"].trigger()
        commands["link_time"].trigger()
        commands["grid_1x1"].trigger()

    def comparison(self) -> None:
        """Keep the dialog that puts the two planes of a run side by side."""
        from PySide6.QtTest import QTest

        from xray_studio.ui.dialogs.compare.dialog import CompareDialog

        commands = self.window.commands
        commands["grid_1x2"].trigger()
        for place, words in enumerate(("biplane A", "biplane B")):
            self.window.session.update(active=place)
            self.choose("XA", words)
        commands["compare"].trigger()
        dialog = self.window.desk.dialogs["compare"]
        assert isinstance(dialog, CompareDialog)
        for row, words in zip(dialog.clips.rows.values(), ("Plane A", "Plane B"), strict=True):
            QTest.keyClicks(row.caption, words)
        dialog.preview.slider.setValue(30)
        self.pause(2.0)
        self.keep("comparison")
        dialog.close()
        commands["grid_1x1"].trigger()

    def colours(self) -> None:
        """Keep a slice of the CT in the colours of a map."""
        self.choose("CT")
        self.wait_for(self.shown)
        self.window.session.update_view(frame=40)
        self.window.commands["colour_map_hot_iron"].trigger()
        self.keep("colour-map")
        self.window.commands["colour_map_grey"].trigger()

    def enhancements(self) -> None:
        """Keep a frame of an angiography after each enhancement."""
        self.choose("XA", "LCA")
        self.wait_for(self.shown)
        clip = self.window.session.view.clip
        assert clip is not None
        draw_enhancements(clip, self.folder / "enhancements.png")

    def processing(self) -> None:
        """Keep a processed run with its steps, beside the original, and how both differ."""
        from xray_studio.services.processing.steps import pipeline_of

        window, commands = self.window, self.window.commands
        self.choose("XA", "LCA")
        self.wait_for(self.shown)
        commands["show_steps"].trigger()
        steps = pipeline_of(["nlm:strength=1.5", "unsharp"])
        window.session.update_view(frame=46, pipeline=steps, stage=0)
        self.wait_for(lambda: not window.stage.viewport.waiting())
        self.wait_for(lambda: window.session.view.readings is not None)
        self.keep("processing")
        for name in ("split", "difference"):
            commands[name].trigger()
            self.pause(1.0)
            self.keep(f"processing-{name}")
        commands["difference"].trigger()
        commands["clear_steps"].trigger()
        window.side.show_panel(0)

    def subtraction(self) -> None:
        """Keep a run less its mask, beside the run as it is."""
        window, commands = self.window, self.window.commands
        self.choose("XA", "LCA")
        self.wait_for(self.shown)
        commands["show_steps"].trigger()
        window.session.update_view(frame=30)
        commands["subtract"].trigger()
        self.wait_for(lambda: not window.stage.viewport.waiting())
        commands["split"].trigger()
        window.session.update_view(split=0.33)
        self.pause(1.0)
        self.keep("subtraction")
        commands["split"].trigger()
        commands["clear_steps"].trigger()
        window.side.show_panel(0)

    def motion(self) -> None:
        """Keep the dialog for motion: a region of an angiography over its beats, and the flow."""
        from xray_studio.core.region import Region
        from xray_studio.ui.dialogs.motion.dialog import MotionDialog

        self.choose("XA", "LCA")
        self.wait_for(self.shown)
        self.window.session.update_view(frame=30)
        self.window.commands["motion"].trigger()
        dialog = self.window.desk.dialogs["motion"]
        assert isinstance(dialog, MotionDialog)
        dialog.canvas.drawn.emit(Region(186, 238, 64, 64))
        self.wait_for(lambda: dialog.found is not None)
        dialog.slider.setValue(34)
        dialog.style_choice.button("colours").click()
        self.wait_for(dialog.export_button.isEnabled)
        self.pause(1.0)
        self.keep("motion")
        dialog.reject()

    def measuring(self) -> None:
        """Keep a run with a vessel, an angle and two regions measured on one frame."""
        from xray_studio.core.measure.mark import Kind, spot_of
        from xray_studio.ui.viewer.mark_commands import MarkCommands

        window = self.window
        self.choose("XA", "LCA")
        self.wait_for(self.shown)
        window.session.update_view(frame=46)
        clip, marks = window.session.view.clip, MarkCommands(window.session)
        spot = None if clip is None else spot_of(clip, 46)
        assert spot is not None
        for kind, points, text in MEASURED:
            marks.add(Kind(kind), points, spot, text)
        window.commands["show_marks"].trigger()
        self.wait_for(lambda: bool(window.marks_panel.contrast.text()))
        self.pause(1.0)
        self.keep("measuring")
        window.commands["delete_marks"].trigger()
        window.side.show_panel(0)

    def findings(self) -> None:
        """Keep what the shipped models say of the drawn chest, with a heat map if there is one."""
        from xray_studio.ui.finding_state import heat_shown
        from xray_studio.ui.viewer.finding_commands import has_findings

        session, commands = self.window.session, self.window.commands
        self.choose("DX")
        commands["look_for_findings"].trigger()
        self.wait_for(lambda: not session.state.findings.busy)
        if has_findings(session.state):
            commands["heat_map"].trigger()
            self.wait_for(lambda: heat_shown(session.state) is not None)
        self.keep("findings")

    def report(self) -> None:
        """Keep a draft about the drawn chest, its first sentence accepted; without engine none."""
        session, commands = self.window.session, self.window.commands
        self.choose("DX")
        commands["show_report"].trigger()
        self.wait_for(lambda: session.state.reporting.engines is not None)
        if not any(not one.unavailable for one in session.state.reporting.engines or ()):
            return
        commands["write_draft"].trigger()
        self.wait_for(lambda: not session.state.reporting.busy)
        self.window.report_panel.focus()
        commands["accept_sentence"].trigger()
        self.window.report_work.keep_now()
        self.wait_for(lambda: session.state.reporting.saved is session.state.reporting.report)
        self.keep("report")
        commands["show_window"].trigger()

    def light(self) -> None:
        """Keep the window in its light theme, with the settings."""
        self.choose("XA", "LCA")
        self.wait_for(self.shown)
        self.window.commands["theme_light"].trigger()
        self.keep("light")
        self.window.commands["settings"].trigger()
        self.keep("settings")
        self.window.desk.close_all()
        self.window.commands["theme_dark"].trigger()

    def skipped(self) -> None:
        """Keep the list of files that could not be shown."""
        study = self.scratch / "study"
        shutil.copytree(self.window.session.state.opened[0], study)
        (study / "report.txt").write_text("No picture.", "utf-8")
        (study / "letter.pdf").write_bytes(b"%PDF-1.4")
        whole = next(path for path in sorted(study.rglob("*")) if path.stat().st_size > 1 << 20)
        (study / "cut-short").write_bytes(whole.read_bytes()[:1001])
        self.window.open([str(study)])
        self.wait_for(lambda: not self.window.session.state.scanning and self.shown())
        self.window.commands["skipped"].trigger()
        self.keep("skipped")
        self.window.desk.close_all()

    def shown(self) -> bool:
        """Tell whether a picture is on screen."""
        return self.window.session.view.clip is not None and (
            self.window.stage.viewport.answer is not None
        )

    def last(self) -> int:
        """Return the number of the last frame."""
        clip = self.window.session.view.clip
        return 0 if clip is None else len(clip) - 1

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window a size."""
        self.window.setGeometry(0, 0, *size)
        self.pause(0.5)

    def keep(self, name: str) -> None:
        """Save what the screen shows where the window is, dialogs over it included."""
        self.pause(0.4)
        size = self.window.size()
        screen = self.window.screen().grabWindow(0, 0, 0, size.width(), size.height())
        path = self.folder / f"{name}.png"
        screen.save(str(path))
        shrink(path)
        print(path)

    def pause(self, seconds: float) -> None:
        """Let the window work for a while."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def wait_for(self, ready: Callable[[], bool]) -> None:
        """Let the window work until something has happened."""
        waited = 0.0
        while not ready():
            self.pause(0.005)
            waited += 0.005
            if waited > PATIENCE:
                raise TimeoutError("the window did not get there")


# What is measured on frame 47 of the angiography: kind, points (column, row), and words.
MEASURED = (
    ("length", ((193.0, 69.0), (244.0, 113.0)), "Left main"),
    ("angle", ((366.0, 213.0), (275.0, 152.0), (264.0, 230.0)), ""),
    ("ellipse", ((239.0, 256.0), (251.0, 282.0)), "Vessel"),
    ("ellipse", ((285.0, 345.0), (311.0, 371.0)), "Beside it"),
    ("text", ((456.0, 87.0),), "Lead"),
)
ENHANCED = ("clahe", "unsharp", "multiscale", "gamma", "flatten", "edges", "vesselness")


def draw_enhancements(clip: Clip, path: Path, frame: int = 40) -> None:
    """Draw one frame as it came and after each enhancement, each in its automatic window."""
    from PIL import Image

    import xray_studio as xs
    from xray_studio.core.presentation import Presentation
    from xray_studio.services.presets import auto_window

    clips = [clip, *(clip.process(name) for name in ENHANCED)]
    captions = ("as it came", *(f"--step {name}" for name in ENHANCED))
    how = [Presentation(voi=auto_window(one, frame)) for one in clips]
    beside = xs.beside(*clips, captions=captions, presentations=how, arrange="grid")
    Image.fromarray(xs.render(beside, frame)).resize((1200, 1200 * beside.rows // beside.columns),
        Image.Resampling.LANCZOS).save(path)  # fmt: skip
    shrink(path)


def shrink(path: Path) -> None:
    """Write a picture again with the least number of bytes."""
    from PIL import Image

    with Image.open(path) as picture:
        small = picture.convert("RGB")
    small.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "docs" / "images"))
