"""Desk: the dialogs of the window, each at most once, none of them blocking it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, QPoint, QStandardPaths, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from xray_studio.core.clip import Clip
from xray_studio.core.conformance import Checked
from xray_studio.core.kinds import VIDEO
from xray_studio.core.report.report import Report
from xray_studio.core.reporting.side_by_side import SideBySide
from xray_studio.core.study import Catalog, Skipped
from xray_studio.services.report.feedback import Feedback
from xray_studio.services.setting_groups import Exporting
from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.archives import Archives
from xray_studio.ui.batches import Batches
from xray_studio.ui.browser.thumbnails import Thumbnails
from xray_studio.ui.deidentifying import Deidentifying
from xray_studio.ui.dialogs.about import AboutDialog
from xray_studio.ui.dialogs.agreement import AgreementDialog
from xray_studio.ui.dialogs.batch.dialog import BatchDialog
from xray_studio.ui.dialogs.calibrate import CalibrateDialog
from xray_studio.ui.dialogs.compare.dialog import CompareDialog
from xray_studio.ui.dialogs.compare.entries import Chosen
from xray_studio.ui.dialogs.conformance.dialog import ConformanceDialog
from xray_studio.ui.dialogs.dataset.dialog import DatasetDialog
from xray_studio.ui.dialogs.deidentify.dialog import DeidentifyDialog
from xray_studio.ui.dialogs.drafts.dialog import DraftsDialog
from xray_studio.ui.dialogs.export.dialog import ExportDialog
from xray_studio.ui.dialogs.fetch.dialog import FetchDialog
from xray_studio.ui.dialogs.file_icons import FileIcons
from xray_studio.ui.dialogs.find.dialog import FindActionDialog
from xray_studio.ui.dialogs.find.entries import Entry
from xray_studio.ui.dialogs.keymap.dialog import KeymapDialog
from xray_studio.ui.dialogs.keys import KeysDialog
from xray_studio.ui.dialogs.layouts import LayoutsDialog
from xray_studio.ui.dialogs.motion.dialog import MotionDialog
from xray_studio.ui.dialogs.nodes.dialog import NodesDialog
from xray_studio.ui.dialogs.queue.dialog import QueueDialog
from xray_studio.ui.dialogs.send.dialog import SendDialog
from xray_studio.ui.dialogs.send.scopes import Scope
from xray_studio.ui.dialogs.settings.dialog import SettingsDialog
from xray_studio.ui.dialogs.sign import SignDialog, subject_words
from xray_studio.ui.dialogs.skipped import SkippedDialog
from xray_studio.ui.dialogs.step_presets import PresetsDialog
from xray_studio.ui.dialogs.to_dicom.dialog import ToDicomDialog
from xray_studio.ui.display_check.checks import Checks
from xray_studio.ui.display_check.dialog import DisplayCheckDialog
from xray_studio.ui.exports import Exports
from xray_studio.ui.fetching import Fetching
from xray_studio.ui.layouts import Layouts
from xray_studio.ui.motions import Motions
from xray_studio.ui.preferences import Preferences
from xray_studio.ui.queue_look import QueueLook
from xray_studio.ui.sending import Sending
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_presets import StepPresets
from xray_studio.ui.veil import Veil
from xray_studio.ui.video_imports import VideoImports
from xray_studio.ui.view import View

if TYPE_CHECKING:  # OpenCV is loaded by jobs, on their own thread
    from xray_studio.services.processing.motion import Displacement
    from xray_studio.volume.raw import RawForm

CURVE: Final = "displacement.csv"
DRAFTS: Final = "Drafts beside reports (*.drafts.json *.html)"
CURVES: Final = "Tables (*.csv);;JSON (*.json)"
Open = Callable[[list[str]], None]
SendFiles = Callable[[str, Sequence[str]], object]
Asking = TypeVar("Asking", bound=ExportDialog | DatasetDialog)


class Desk(QObject):
    """Opens dialogs over a window and closes them with it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._icons = FileIcons()
        self.dialogs: dict[str, QDialog] = {}

    def open_folder(self, then: Open) -> None:
        """Ask for a folder."""
        self._show(
            "open", lambda: self._chooser("Open folder", QFileDialog.FileMode.Directory, then)
        )

    def open_files(self, then: Open) -> None:
        """Ask for files. DICOM files often have no suffix, so no kind is left out."""
        self._show(
            "open", lambda: self._chooser("Open files", QFileDialog.FileMode.ExistingFiles, then)
        )

    def choose_folder(self, title: str, preferences: Preferences, then: Open) -> None:
        """Ask for the folder of results, at first the one that was used last."""
        folder = export_folder(preferences.settings.export.folder)

        def make() -> QDialog:
            dialog = self._chooser(title, QFileDialog.FileMode.Directory, then)
            dialog.setDirectory(str(folder))
            return dialog

        self._show("folder", make)

    def open_drafts(self, then: Open) -> None:
        """Ask for a page of drafts beside reports, or the data beside it."""

        def make() -> QDialog:
            dialog = self._chooser("Open drafts", QFileDialog.FileMode.ExistingFile, then)
            dialog.setNameFilter(DRAFTS)
            return dialog

        self._show("open drafts", make)

    def show_drafts(self, shown: SideBySide, films: Sequence[QImage | None]) -> None:
        """Show drafts beside reports, study by study."""
        if "drafts" in self.dialogs:
            self.dialogs["drafts"].close()
        self._show("drafts", lambda: DraftsDialog(shown, films, self._window))

    def open_file(self, title: str, kinds: str, then: Open) -> None:
        """Ask for one file of `kinds`, as "DICOM (*.dcm)" with two semicolons between several."""

        def make() -> QDialog:
            dialog = self._chooser(title, QFileDialog.FileMode.ExistingFile, then)
            dialog.setNameFilter(kinds)
            return dialog

        self._show("open", make)

    def save_as(self, title: str, name: str, kind: str, then: Callable[[Path], None]) -> None:
        """Ask where a file goes; `name` is proposed, `kind` as "DICOM (*.dcm)"."""

        def make() -> QDialog:
            dialog = QFileDialog(self._window, title, name, kind)
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
            dialog.setIconProvider(self._icons)
            dialog.fileSelected.connect(lambda path: then(Path(path)))
            return dialog

        self._show("save", make)

    def sign(self, state: State, report: Report, run: Callable[[str, str], object]) -> None:
        """Ask who signs a report; `run` is given name and organisation."""
        kept = state.settings.reports
        names = (kept.name, kept.organisation)
        about = subject_words(state, report)
        self._show("sign", lambda: SignDialog(about, names, run, self._window))

    def show_agreement(self, found: Feedback, export: Callable[[], object]) -> None:
        """Show what people made of drafts; `export` writes it out."""

        def make() -> QDialog:
            dialog = AgreementDialog(found.agreement, found.reports, self._window)
            dialog.export_asked.connect(export)
            return dialog

        self._show("agreement", make)

    def export_clip(
        self, view: View, exports: Exports, preferences: Preferences, hidden: bool
    ) -> None:
        """Ask how to export the clip of a view."""
        wanted = wanted_of(preferences)

        def make() -> QDialog:
            dialog = ExportDialog(view, exports, wanted, hidden=hidden, parent=self._window)
            return remembering(dialog, preferences)

        self._show("export", make)

    def compare(
        self,
        chosen: Chosen,
        exports: Exports,
        preferences: Preferences,
        *,
        catalog: Catalog,
        thumbnails: Thumbnails,
        hidden: bool,
    ) -> CompareDialog | None:
        """Ask how clips stand side by side; return the dialog, None where it was open already."""
        wanted, open_already = wanted_of(preferences), "compare" in self.dialogs

        def make() -> QDialog:
            dialog = CompareDialog(
                chosen, exports, wanted,
                catalog=catalog, thumbnails=thumbnails, hidden=hidden, parent=self._window,
            )  # fmt: skip
            return remembering(dialog, preferences)

        self._show("compare", make)
        dialog = self.dialogs["compare"]
        return dialog if isinstance(dialog, CompareDialog) and not open_already else None

    def export_data_set(self, state: State, exports: Exports, preferences: Preferences) -> None:
        """Ask how to export what is open as a data set."""
        wanted = wanted_of(preferences)
        catalog, hidden = state.catalog, state.identity_hidden

        def make() -> QDialog:
            dialog = DatasetDialog(catalog, exports, wanted, hidden=hidden, parent=self._window)
            return remembering(dialog, preferences)

        self._show("data set", make)

    def deidentify(self, state: State, work: Deidentifying, preferences: Preferences) -> None:
        """Ask how to de-identify the study on screen, or all that is open."""
        series, hidden = state.view.series, state.identity_hidden
        if series is None:
            return
        folder = export_folder(preferences.settings.export.folder)

        def make() -> QDialog:
            dialog = DeidentifyDialog(
                state.catalog, series, work, folder, hidden=hidden, parent=self._window
            )
            dialog.folder_used.connect(lambda used: preferences.change("export", folder=used))
            return dialog

        self._show("deidentify", make)

    def import_videos(
        self,
        state: State,
        work: VideoImports,
        preferences: Preferences,
        then: Open,
        send: SendFiles,
    ) -> None:
        """Ask which videos become DICOM objects; at first the one on screen, if it is one.

        `then` opens what was written, `send` asks where it goes.
        """
        series, hidden = state.view.series, state.identity_hidden
        paths = series.paths if series is not None and series.kind == VIDEO else ()
        folder = export_folder(preferences.settings.export.folder)

        def make() -> QDialog:
            dialog = ToDicomDialog(
                state.catalog, work, folder, paths, hidden=hidden, parent=self._window
            )
            dialog.folder_used.connect(lambda used: preferences.change("export", folder=used))
            dialog.open_asked.connect(then)
            dialog.send_asked.connect(send)
            return dialog

        self._show("to_dicom", make)

    def batch(self, state: State, batches: Batches, preferences: Preferences) -> None:
        """Ask which recipe to run over what is open, or over a folder."""
        wanted = wanted_of(preferences)
        catalog, hidden = state.catalog, state.identity_hidden

        def make() -> QDialog:
            dialog = BatchDialog(catalog, batches, wanted, hidden=hidden, parent=self._window)
            dialog.folder_used.connect(lambda used: preferences.change("export", folder=used))
            return dialog

        self._show("batch", make)

    def send(self, scopes: Sequence[Scope], sending: Sending, archives: Archives) -> None:
        """Ask which of some parts of what is open goes to which node."""
        nodes = partial(self.show_nodes, archives)
        self._show("send", lambda: SendDialog(scopes, sending, archives, nodes, self._window))

    def find_in_archive(
        self,
        work: Fetching,
        archives: Archives,
        preferences: Preferences,
        then: Open,
        *,
        hidden: bool,
    ) -> None:
        """Ask an archive what it has; `then` opens what was fetched."""
        folder = export_folder(preferences.settings.export.folder)
        nodes = partial(self.show_nodes, archives)

        def make() -> QDialog:
            dialog = FetchDialog(work, archives, nodes, folder, hidden=hidden, parent=self._window)
            dialog.folder_used.connect(lambda used: preferences.change("export", folder=used))
            dialog.open_asked.connect(then)
            return dialog

        self._show("fetch", make)

    def show_queue(self, queue: QueueLook, sending: Sending, *, hidden: bool) -> None:
        """List what is on its way to archives."""
        self._show("queue", lambda: QueueDialog(queue, sending, self._window, hidden=hidden))

    def show_nodes(self, archives: Archives) -> None:
        """List the nodes, before the dialog that asked for them."""
        asking = (self.dialogs.get(name) for name in ("fetch", "send", "settings"))
        parent = next(filter(None, asking), self._window)
        self._show("nodes", lambda: NodesDialog(archives, parent))

    def save_document(
        self, name: str, preferences: Preferences, then: Callable[[str], None]
    ) -> None:
        """Ask where to save a document as a PDF; the folder is remembered."""
        folder = export_folder(preferences.settings.export.folder)

        def chosen(paths: list[str]) -> None:
            preferences.change("export", folder=str(Path(paths[0]).parent))
            then(paths[0])

        self._show("save", lambda: self._saver("Save document", folder / name, chosen))

    def _saver(self, title: str, proposed: Path, then: Open) -> QDialog:
        dialog = QFileDialog(self._window, title, str(proposed.parent), "PDF documents (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(proposed.name)
        dialog.resize(900, 600)
        dialog.setIconProvider(self._icons)
        dialog.filesSelected.connect(then)
        return dialog

    def show_skipped(
        self, skipped: tuple[Skipped, ...], opened: tuple[str, ...], *, hidden: bool
    ) -> None:
        """List the files of what was opened that cannot be shown."""
        self._show("skipped", lambda: SkippedDialog(skipped, opened, self._window, hidden=hidden))

    def show_conformance(
        self, checked: tuple[Checked, ...], save: Callable[[str], None], *, hidden: bool
    ) -> None:
        """List what is against the standard; `save` is given the text to save."""

        def make() -> QDialog:
            dialog = ConformanceDialog(checked, self._window, hidden=hidden)
            dialog.save_asked.connect(save)
            return dialog

        if "conformance" in self.dialogs:
            self.dialogs["conformance"].close()
        self._show("conformance", make)

    def show_motion(self, state: State, work: Motions, export: Callable[[Clip], None]) -> None:
        """Show how what is on screen moves; `export` is given the clip of the flow to export."""

        def save(found: Displacement) -> None:
            self.save_as("Save the curve", CURVE, CURVES, lambda path: work.save(found, path))

        def make() -> QDialog:
            dialog = MotionDialog(state.view, work, self._window)
            dialog.save_asked.connect(save)
            dialog.export_asked.connect(export)
            return dialog

        self._show("motion", make)

    def show_layouts(self, layouts: Layouts, use: Callable[[str], None]) -> None:
        """List the saved layouts."""

        def make() -> QDialog:
            dialog = LayoutsDialog(layouts.now, layouts.saved, self._window)
            dialog.used.connect(use)
            for signal, run in ((dialog.saved, layouts.save), (dialog.deleted, layouts.delete)):
                signal.connect(run)
                signal.connect(lambda _name: dialog.show_kept(layouts.saved))
            return dialog

        self._show("layouts", make)

    def describe_voxels(self, path: Path, then: Callable[[RawForm], None]) -> None:
        """Ask how the voxels of a file without a header lie. Raises OSError where there is none."""
        from xray_studio.ui.dialogs.raw import RawDialog  # what it knows of types is not to start

        def make() -> QDialog:
            dialog = RawDialog(path, self._window)
            dialog.chosen.connect(then)
            return dialog

        self._show("raw", make)

    def calibrate(self, name: str, then: Callable[[float], None]) -> None:
        """Ask for the true size of a length."""

        def make() -> QDialog:
            dialog = CalibrateDialog(name, self._window)
            dialog.chosen.connect(then)
            return dialog

        self._show("calibrate", make)

    def show_presets(self, presets: StepPresets) -> None:
        """List the presets of steps."""

        def make() -> QDialog:
            dialog = PresetsDialog(presets.pipeline, self._window)
            presets.serve(dialog)
            return dialog

        self._show("step presets", make)

    def show_keys(self, actions: Actions) -> None:
        """List the keys."""
        self._show("keys", lambda: KeysDialog(actions, self._window))

    def check_display(self, checks: Checks) -> None:
        """Show test patterns and judge measured luminances."""
        self._show("display_check", lambda: DisplayCheckDialog(checks, self._window))

    def show_about(self) -> None:
        """Say what this program is."""
        self._show("about", lambda: AboutDialog(self._window))

    def find(self, entries: Sequence[Entry], preferences: Preferences) -> None:
        """Open the search for anything below the upper edge of the window."""
        dialog = partial(FindActionDialog, entries, preferences.settings.used, self._window)
        self._show("find", lambda: self._at_top(dialog(), preferences.add_used))

    def choose(self, title: str, entries: Sequence[Entry]) -> None:
        """Let one of some entries be chosen, below the upper edge of the window."""
        prompt = f"{title}\N{HORIZONTAL ELLIPSIS}"
        dialog = partial(FindActionDialog, entries, (), self._window, title=title, prompt=prompt)
        self._show("choose", lambda: self._at_top(dialog()))

    def show_settings(
        self, session: Session, more: Mapping[str, Callable[[], object]], text: str
    ) -> None:
        """Open the settings, with a search for a text; `more` opens further dialogs by section."""
        self._show("settings", lambda: SettingsDialog(session, more, self._window))
        dialog = self.dialogs["settings"]
        if text and isinstance(dialog, SettingsDialog):
            dialog.look_for(text)

    def edit_keys(self, session: Session, actions: Actions) -> None:
        """Open the keymap editor, before the settings when they are open."""
        parent = self.dialogs.get("settings", self._window)
        self._show("keymap", lambda: KeymapDialog(session, actions, parent))

    def close_all(self) -> None:
        """Close every dialog."""
        for dialog in list(self.dialogs.values()):
            dialog.close()

    def _at_top(
        self, dialog: FindActionDialog, used: Callable[[str], object] | None = None
    ) -> QDialog:
        if used is not None:
            dialog.used.connect(used)
        left = (self._window.width() - dialog.width()) // 2
        dialog.move(self._window.mapToGlobal(QPoint(left, 64)))
        return dialog

    def _chooser(self, title: str, mode: QFileDialog.FileMode, then: Open) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setFileMode(mode)
        dialog.resize(900, 600)
        dialog.setIconProvider(self._icons)
        dialog.filesSelected.connect(then)
        return dialog

    def _show(self, name: str, make: Callable[[], QDialog]) -> None:
        """Show a dialog; the one of this name that is open already comes to the front."""
        if name in self.dialogs:
            self.dialogs[name].raise_()
            self.dialogs[name].activateWindow()
            return
        dialog = make()
        veil = Veil(self._window)
        dialog.finished.connect(veil.deleteLater)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _result: self.dialogs.pop(name, None))
        self.dialogs[name] = dialog
        dialog.open()


def wanted_of(preferences: Preferences) -> Exporting:
    """Return how exports were made last, with a folder that is there."""
    used = preferences.settings.export
    return replace(used, folder=str(export_folder(used.folder)))


def remembering(dialog: Asking, preferences: Preferences) -> Asking:
    """Return a dialog whose folder and recipes are remembered."""
    dialog.folder_used.connect(lambda used: preferences.change("export", folder=used))
    dialog.recipe_used.connect(preferences.add_recipe)
    return dialog


def export_folder(used: str) -> Path:
    """Return the folder to propose for an export: the one used last, else that of videos."""
    places = QStandardPaths.StandardLocation
    known = [
        QStandardPaths.writableLocation(p)
        for p in (places.MoviesLocation, places.DocumentsLocation)
    ]
    folders = [Path(folder) for folder in (used, *known) if folder]
    return next((folder for folder in folders if folder.is_dir()), Path.home())
