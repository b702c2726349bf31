"""The main window: puts the panels together and closes what they started."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QMenu,
    QSplitter,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core import workers
from xray_studio.core.cache import FrameBudget
from xray_studio.services.settings import Settings, cache_limit
from xray_studio.ui.actions.actions import Actions, soften
from xray_studio.ui.actions.conditions import shows_video
from xray_studio.ui.actions.hints import show_keys
from xray_studio.ui.actions.menus import fill_recent, menu_of, open_menu
from xray_studio.ui.actions.report_table import FORMS
from xray_studio.ui.actions.table import table
from xray_studio.ui.agreeing import Agreeing
from xray_studio.ui.analysing import Analysing
from xray_studio.ui.appearance import Appearance, application
from xray_studio.ui.archive_work import ArchiveWork
from xray_studio.ui.batches import Batches
from xray_studio.ui.browser.panel import BrowserPanel
from xray_studio.ui.browser.thumbnails import Thumbnails
from xray_studio.ui.comparing import Comparing
from xray_studio.ui.conformance import ConformanceChecks
from xray_studio.ui.controller import Controller
from xray_studio.ui.deidentifying import Deidentifying
from xray_studio.ui.desk import Desk
from xray_studio.ui.dialogs.parts import separator
from xray_studio.ui.display_check.checks import Checks
from xray_studio.ui.document.reading import Reading
from xray_studio.ui.document_saving import DocumentSaving
from xray_studio.ui.draft_pages import DraftPages
from xray_studio.ui.drop import DropHint, dropped_paths
from xray_studio.ui.exports import Exports
from xray_studio.ui.feedback_work import FeedbackWork
from xray_studio.ui.finding_work import FindingWork
from xray_studio.ui.findings.panel import FindingsPanel
from xray_studio.ui.full_screen import FullScreen
from xray_studio.ui.grid.commands import GridCommands
from xray_studio.ui.grid.offers import Offers
from xray_studio.ui.grid.picker import open_layouts
from xray_studio.ui.header import Header
from xray_studio.ui.heatmap.panel import HeatmapPanel
from xray_studio.ui.jobs_bar import JobsBar
from xray_studio.ui.key_saving import KeySaving
from xray_studio.ui.laid_over import LaidOver
from xray_studio.ui.layouts import Layouts
from xray_studio.ui.mark_figures import MarkFigures
from xray_studio.ui.mark_keeping import MarkKeeping
from xray_studio.ui.mark_saving import MarkSaving
from xray_studio.ui.measure.panel import MarksPanel
from xray_studio.ui.media_saving import MediaSaving
from xray_studio.ui.motions import Motions
from xray_studio.ui.narrow import NARROW, Narrow
from xray_studio.ui.nearest_work import NearestWork
from xray_studio.ui.panel_rail import Entry
from xray_studio.ui.placing import frame_of, panel_widths, restore
from xray_studio.ui.preferences import Preferences
from xray_studio.ui.processing import Processing
from xray_studio.ui.report.panel import ReportPanel
from xray_studio.ui.report_saving import ReportSaving
from xray_studio.ui.report_spelling import ReportSpelling
from xray_studio.ui.report_work import ReportWork
from xray_studio.ui.restoring import Restoring
from xray_studio.ui.rules import settled
from xray_studio.ui.session import Session
from xray_studio.ui.setting_effects import SettingEffects
from xray_studio.ui.side_panel import Panel, SidePanel
from xray_studio.ui.spring import Spring
from xray_studio.ui.stage import Stage
from xray_studio.ui.state import State
from xray_studio.ui.step_presets import StepPresets
from xray_studio.ui.steps.panel import ProcessingPanel
from xray_studio.ui.subtracting import Subtracting
from xray_studio.ui.tags.panel import TagsPanel
from xray_studio.ui.telling import tell
from xray_studio.ui.unusual_kinds import KINDS
from xray_studio.ui.unusual_saving import UnusualSaving
from xray_studio.ui.unusual_work import UnusualWork
from xray_studio.ui.video_imports import VideoImports
from xray_studio.ui.viewer.displays import Displays
from xray_studio.ui.volume.panel import VolumePanel
from xray_studio.ui.volume.renderings import Renderings
from xray_studio.ui.volume.segment_closing import SegmentClosing
from xray_studio.ui.volume.works import VolumeWorks
from xray_studio.ui.warm_up import WarmUp
from xray_studio.ui.window_panel import WindowPanel
from xray_studio.ui.window_runs import WindowRuns
from xray_studio.ui.work import JobRunner

SMALLEST = (960, 480)
NARROWEST = (200, 414, 300)  # pixels: browser, stage, side panel


class MainWindow(QMainWindow):
    """Header, browser, stage, side panel and jobs bar over one session."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.session = Session(self, settled)
        self.session.update(settings=settings)
        self.appearance = Appearance(self.session, application(), self)
        self.appearance.dress()
        self.runner = JobRunner(self)
        self.preferences = Preferences(self.session, self.runner, self)
        self.thumbnails = Thumbnails(self.runner, self)
        self.controller = Controller(self.session, self.runner, self.thumbnails, self)
        self.processing = Processing(self.session, self.runner, self)
        self.finding_work = FindingWork(self.session, self.runner, self)
        self.unusual_work = UnusualWork(self.session, self.runner, self)
        self.subtracting = Subtracting(self.session, self.runner, self)
        self.step_presets = StepPresets(self.session, self.runner, self)
        self.spring = Spring(self.session, self)
        self.laid_over = LaidOver(self.session, self.runner, self)
        budget = FrameBudget(cache_limit(settings))
        self.display = Displays(self.session, self.runner, budget, self)
        self._make_writers()
        self.checks = Checks(self.runner, self)
        self.motions = Motions(self.runner, self)
        self.reading = Reading(self.session, self.runner, self.thumbnails, self)
        self.desk = Desk(self)
        self.key_saving = KeySaving(self.session, self.runner, self.desk, self)
        self.mark_figures = MarkFigures(self.session, self.runner, self)
        self.mark_saving = MarkSaving(self.session, self.runner, self.desk, self)
        self._make_reporting()
        self.conformance = ConformanceChecks(self.session, self.runner, self.desk, self)
        self._make_ways_out()
        self.volumes = VolumeWorks(self.session, self.runner, self.desk, self.exports, self)
        self.volumes.raw.written.connect(lambda path: self.open([path]))
        self.layouts = Layouts(self.session, self)
        self.grid = GridCommands(self.session)
        self.commands = Actions(self.session, table(self.session, WindowRuns(self).by_name()), self)
        self.spring.follow(self.commands["show_original"])
        application().installEventFilter(self.spring)
        self._make_panels()
        self._lay_out()
        self.effects = SettingEffects(self.session, budget, self)
        self.warm_up = WarmUp(self.runner, self)
        self._connect()
        self._show_recent()
        self.narrow = Narrow(self.side)
        restore(self, self.splitter, settings)
        if not settings.place.panels:
            self.narrow.begin(self.screen().availableSize())
        # Dress what is hidden at first too: it would cost its time when the first picture comes.
        for widget in self.findChildren(QWidget):
            widget.ensurePolished()

    def present(self) -> None:
        """Show the window as it was left."""
        if self.preferences.settings.place.maximised:
            self.showMaximized()
        else:
            self.show()
        self.stage.focus()
        self.warm_up.begin()
        self.archive_work.sending.go_on()

    def end(self) -> None:
        """Close without asking: nobody could answer any more."""
        self.segment_closing.agree()
        self.close()

    def open(self, paths: list[str]) -> None:
        """Open files and folders."""
        if paths:
            self.controller.open(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what happens when files are dropped here."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self.drop_hint.cover()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Take the hint away."""
        self.drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.drop_hint.hide()
        event.acceptProposedAction()
        self.open(dropped_paths(event.mimeData()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the picture the room of the side panel where the window is narrow."""
        super().resizeEvent(event)
        self.side.tabs.set_narrow(narrow=event.size().width() < NARROW)
        if self.isVisible() and not self.isFullScreen():
            self.narrow.fit(event.size().width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back from a field to the picture with Enter or Esc; leave the full screen with Esc."""
        keys = Qt.Key
        if isinstance(self.focusWidget(), QLineEdit | QTextEdit):
            if event.key() in {keys.Key_Escape, keys.Key_Return, keys.Key_Enter}:
                self._go_to_picture()
        elif event.key() == keys.Key_Escape:
            self.full_screen.leave()
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop everything, remember where the window was, and go; ask first what is not saved."""
        if not self.segment_closing.may_close():
            event.ignore()
            return
        self.full_screen.leave()
        self.preferences.change(
            "place",
            window=frame_of(self),
            maximised=self.isMaximized(),
            panels=panel_widths(self.splitter),
        )
        self.desk.close_all()
        self.stage.grid.close_windows()
        self.display.close()
        for task in self.runner.tasks:
            self.runner.cancel(task)
        # Jobs that wait for a worker end at once when it is gone; one that was just about to ask
        # may have started another, so the workers are stopped twice.
        workers.shutdown_shared()
        self.runner.shutdown()
        self.finding_work.close()
        self.unusual_work.close()
        self.renderings.close()
        self.volumes.close()
        workers.shutdown_shared()
        self.mark_keeping.end()
        self.report_work.keeping.end()
        self.restoring.end()
        self.preferences.save()
        event.accept()

    def _make_writers(self) -> None:
        self.exports = Exports(self.runner, self)
        self.deidentifying = Deidentifying(self.runner, self)
        self.batches = Batches(self.runner, self)
        self.video_imports = VideoImports(self.runner, self)

    def _make_reporting(self) -> None:
        self.report_work = ReportWork(self.session, self.runner, self)
        self.report_spelling = ReportSpelling(self.session, self.runner, self)
        self.report_saving = ReportSaving(self.session, self.runner, self.desk, self)
        self.report_saving.written.connect(self.report_work.sent)
        self.nearest_work = NearestWork(self.session, self.runner, self.desk, self)
        self.agreeing = Agreeing(self.session, self.runner, self.desk, self)
        self.draft_pages = DraftPages(self.session, self.runner, self.desk, self)
        self.analysing = Analysing(self.session, self.runner, self.desk, self)
        self.feedback_work = FeedbackWork(self.session, self.runner, self.desk, self)
        self.unusual_saving = UnusualSaving(
            self.session, self.runner, self.desk, self.exports, self
        )
        self.analysing.drafted.connect(self.report_work.take)

    def _make_ways_out(self) -> None:
        self.media_saving = MediaSaving(self.session, self.exports, self.desk, self)
        saving = DocumentSaving(self.session, self.exports, self.runner, self.desk, self)
        self.document_saving = saving
        self.comparing = Comparing(self.session, self.runner, self.desk, self.exports, self)
        self.archive_work = ArchiveWork(self.session, self.runner, self.desk, self)

    def _make_panels(self) -> None:
        self.header = Header(self.commands, self)
        self.browser = BrowserPanel(self.session, self.thumbnails, self)
        self.stage = Stage(self.session, self.commands, self.display, self.reading, self)
        self.renderings = Renderings(self.session, self.runner, self.stage.grid.size_of, self)
        self.stage.grid.resized.connect(self.renderings.look_again)
        self.window_panel = WindowPanel(self.session, self)
        self.window_panel.over.state_chosen.connect(self.laid_over.choose_state)
        self.window_panel.over.segmentation_chosen.connect(self.laid_over.choose_segmentation)
        self.tags_panel = TagsPanel(self.session, self)
        self.steps_panel = self._make_steps_panel()
        self.marks_panel = MarksPanel(self.session, self)
        self.marks_panel.asked.connect(lambda name: self.commands[name].trigger())
        self.findings_panel = FindingsPanel(self.session, self)
        self.findings_panel.asked.connect(lambda name: self.commands[name].trigger())
        self.heatmap_panel = HeatmapPanel(self.session, self)
        self.heatmap_panel.offers_wanted.connect(self.unusual_work.find_offers)
        self.heatmap_panel.asked.connect(lambda name: self.commands[name].trigger())
        files = [self.commands[f"save_unusual_{kind}"] for kind in KINDS]
        self.heatmap_panel.save.setMenu(menu_of("Save the result", files, self))
        self.report_panel = ReportPanel(self.session, self)
        reports = [self.commands[f"save_report_{form}"] for form in FORMS]
        self.report_panel.foot.save.setMenu(menu_of("Save the report", reports, self))
        self.report_panel.asked.connect(lambda name: self.commands[name].trigger())
        self.report_panel.engines_wanted.connect(self.report_work.look_for_engines)
        self.volume_panel = VolumePanel(self.session, self)
        self.volumes.connect_panel(self.volume_panel, self.commands, self)
        self.side = SidePanel(self._panels(), self)
        self.jobs = JobsBar(self.session, self.runner, self)
        self.recent_menu = QMenu("Open recent", self)
        soften(self.recent_menu)
        self.header.menus["File"].insertMenu(self.commands["demonstration"], self.recent_menu)
        self.drop_hint = DropHint(self)
        sides = (self.browser, self.side, self.side.tabs)
        parts = (self.header, *sides, self.jobs, self.stage.bar)
        self.full_screen = FullScreen(self, parts, self.stage.focus)

    def _panels(self) -> tuple[Panel, ...]:
        """Return the side panels in the order of the rail."""
        return tuple(
            Panel(entry, widget, widget.focus)
            for entry, widget in (
                (Entry("Window", "Window", "contrast", "show_window"), self.window_panel),
                (
                    Entry("Processing", "Process", "sliders-horizontal", "show_steps"),
                    self.steps_panel,
                ),
                (
                    Entry("Findings", "Findings", "scan-search", "show_findings"),
                    self.findings_panel,
                ),
                (Entry("Heatmap", "Heatmap", "flame", "show_heatmap"), self.heatmap_panel),
                (Entry("Report", "Report", "file-pen-line", "show_report"), self.report_panel),
                (Entry("Measurements", "Measure", "ruler", "show_marks"), self.marks_panel),
                (Entry("Tags", "Tags", "tag", "show_tags"), self.tags_panel),
                (Entry("Volume", "Volume", "box", "show_volume_panel"), self.volume_panel),
            )
        )

    def _make_steps_panel(self) -> ProcessingPanel:
        panel = ProcessingPanel(self.session, self)
        panel.run_asked.connect(self.processing.run)
        panel.stop_asked.connect(self.processing.cancel)
        panel.auto_asked.connect(self.processing.choose)
        panel.presets_asked.connect(self.commands["step_presets"].trigger)
        return panel

    def _lay_out(self) -> None:
        self.setWindowTitle("X-Ray Studio")
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for widget, narrowest in zip((self.browser, self.stage, self.side), NARROWEST, strict=True):
            widget.setMinimumWidth(narrowest)
            self.splitter.addWidget(widget)
        self.splitter.setStretchFactor(1, 1)
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.splitter, 1)
        middle.addWidget(self.side.tabs)
        column.addWidget(self.header)
        column.addLayout(middle, 1)
        column.addWidget(separator(self))
        column.addWidget(self.jobs)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        controller, browser, tags = self.controller, self.browser, self.tags_panel
        browser.series_chosen.connect(controller.choose)
        browser.series_entered.connect(self._go_to_picture)
        browser.path_chosen.connect(lambda path: self.open([path]))
        browser.all_asked.connect(self.commands["only_key_images"].trigger)
        browser.menu_asked.connect(self.archive_work.open_menu)
        self.archive_work.sending.counted.connect(self.jobs.show_queue)
        self.jobs.queue_asked.connect(self.commands["send_queue"].trigger)
        browser.skipped_asked.connect(self.commands["skipped"].trigger)
        self.stage.tabs.series_chosen.connect(controller.choose)
        self.session.changed.connect(self._follow)
        self.stage.grid.menu_requested.connect(self._show_menu)
        self.stage.grid.series_dropped.connect(controller.put)
        self.stage.grid.series_laid.connect(self.volumes.over.lay)
        self.stage.bar.layouts_asked.connect(self._open_layouts)
        self.restoring = Restoring(self.session, controller, self.runner, self.stage.offers, self)
        self.segment_closing = SegmentClosing(self.session, self.stage.offers, self)
        self.mark_keeping = MarkKeeping(self.session, self.runner, self.stage.offers, self)
        self.offers = Offers(self.session, self.stage.offers, self.commands, self)
        self.reading.link_asked.connect(lambda to: controller.show_object(self.reading.find(to)))
        self.reading.save_asked.connect(self.commands["save_document"].trigger)
        tags.wanted.connect(controller.read_tags)
        tags.identity_asked.connect(self.commands["hide_identity"].trigger)
        controller.tags_read.connect(tags.show_tags)
        controller.tags_failed.connect(tags.show_error)
        controller.paths_opened.connect(self.preferences.add_recent)
        tell(self)
        self.preferences.changed.connect(self._show_recent)
        self.commands.keys_changed.connect(lambda: show_keys(self, self.commands))
        rows = self.window_panel
        rows.rows_changed.connect(lambda: show_keys(rows, self.commands))
        show_keys(self, self.commands)

    def _follow(self, old: State, new: State) -> None:
        if old.identity_hidden != new.identity_hidden:
            self._show_recent()

    def _show_recent(self) -> None:
        recent = self.preferences.settings.recent
        hidden = self.session.state.identity_hidden
        self.browser.set_recent(recent, hidden=hidden)
        clear = self.preferences.forget_recent
        fill_recent(self.recent_menu, recent, self.open, clear, hidden=hidden)

    def _open_layouts(self, corner: QPoint) -> None:
        others = [self.commands[name] for name in ("fill", "show_stage", "saved_layouts")]
        open_layouts(self.layouts, self.grid, others, corner, self)

    def _show_menu(self, place: QPoint) -> None:
        names = ["fit", "actual_size", "export"]
        if shows_video(self.session.state):
            names.append("import_videos")
        image = self.header.menus["Image"].actions()
        here = [self.commands[name] for name in ("alone", "detach", "close_viewport")]
        open_menu([image, [self.commands[name] for name in names], here], place, self)

    def _go_to_picture(self) -> None:
        """Give the focus, by a key, to the picture."""
        self.stage.focus(Qt.FocusReason.ShortcutFocusReason)
