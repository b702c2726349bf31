"""What only the window can do, by the name of its action: dialogs, panels, opening, leaving."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from xray_studio.core.clip import Clip
from xray_studio.services.presets import initial_presentation
from xray_studio.ui.areas import holds_focus, next_area
from xray_studio.ui.document.view import DocumentView
from xray_studio.ui.drafting import measured
from xray_studio.ui.finder import everything
from xray_studio.ui.finding_state import holds
from xray_studio.ui.grid.filling import filling, quad_screen
from xray_studio.ui.view import View, opened
from xray_studio.ui.viewer.report_commands import ReportCommands
from xray_studio.ui.volume.fused_view import fused_view
from xray_studio.ui.volume_runs import VolumeRuns

if TYPE_CHECKING:
    from xray_studio.ui.main_window import MainWindow

Runs = dict[str, Callable[..., object]]


class WindowRuns:
    """Runs actions with the parts of a window, which it asks for when an action is run."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def by_name(self) -> Runs:
        """Return what to run, by the name of its action."""
        volumes = VolumeRuns(self._window, self._export_view).by_name()
        first = self._files() | self._pictures() | self._panels() | volumes
        return first | self._reports() | self._help()

    def _files(self) -> Runs:
        window, desk, controller = self._window, self._window.desk, self._window.controller
        return {
            "open_folder": lambda: desk.open_folder(window.open),
            "open_files": lambda: desk.open_files(window.open),
            "demonstration": controller.open_demonstration,
            "stop": controller.stop_reading,
            "close_all": controller.close_all,
            "read_again": controller.read_again,
            "export": self._export_clip,
            "compare": lambda: window.comparing.ask(window.preferences, window.thumbnails),
            "export_data_set": self._export_data_set,
            "save_document": lambda: window.document_saving.ask(window.preferences),
            "open_source": controller.round_trips.open_source,
            "skipped": self._show_skipped,
            "save_key_images": window.key_saving.ask,
            "export_marks": lambda: window.mark_saving.draw_into(self._export_view),
            "copy_marks": window.mark_saving.copy,
            "save_marks": window.mark_saving.ask,
            "save_mark_state": window.mark_saving.ask_state,
            "edit_state": window.mark_saving.edit_state,
            "forget_marks": self._forget_marks,
            "calibrate": window.mark_saving.calibrate,
            "save_media": window.media_saving.ask,
            "deidentify": self._deidentify,
            "check_conformance": window.conformance.check,
            "batch": self._batch,
            "send": window.archive_work.send,
            "find_in_archive": lambda: window.archive_work.find(window.preferences, window.open),
            "send_queue": window.archive_work.show_queue,
            "nodes": lambda: desk.show_nodes(window.archive_work.archives),
            "import_videos": self._import_videos,
            "settings": self.show_settings,
            "quit": window.close,
        }

    def _pictures(self) -> Runs:
        window, controller = self._window, self._window.controller
        over, session = window.laid_over, window.session
        return {
            "find_text": lambda: self._reader(DocumentView.open_search),
            "copy_text": lambda: self._reader(DocumentView.copy_text),
            "only_key_images": controller.toggle_key_images,
            "choose_state": over.choose_state,
            "next_state": over.next_state,
            "toggle_segments": over.toggle_segments,
            "show_on_images": lambda: over.show_on_images(controller.choose),
            "close_viewport": lambda: controller.close(session.state.active),
            "fill": lambda: controller.fill(*filling(session.state)),
            "show_stage": lambda: controller.fill(*quad_screen(session.state)),
            "saved_layouts": self._show_layouts,
            "previous_series": lambda: controller.step(window.browser.listed(), -1),
            "next_series": lambda: controller.step(window.browser.listed(), 1),
        }

    def _panels(self) -> Runs:
        window = self._window
        return {
            "find_series": self._find_series,
            "show_window": lambda: self._show_panel(window.window_panel),
            "show_steps": self.show_steps,
            "show_marks": lambda: self._show_panel(window.marks_panel),
            "show_findings": self.show_findings,
            "show_heatmap": lambda: self._show_panel(window.heatmap_panel),
            "show_report": self.show_report,
            "show_tags": lambda: self._show_panel(window.tags_panel),
            "show_volume_panel": lambda: self._show_panel(window.volume_panel),
            "next_panel": lambda: self._step_panel(1),
            "previous_panel": lambda: self._step_panel(-1),
            "look_for_findings": self._look_for_findings,
            "stop_findings": window.finding_work.stop,
            "look_for_unusual": self._look_for_unusual,
            "stop_unusual": window.unusual_work.stop,
            "ask_why": self._ask_why,
            "judge_region": window.feedback_work.judge,
            "save_unusual": window.unusual_saving.ask,
            "export_masks": window.feedback_work.ask_masks,
            "add_step": self._add_step,
            "auto_steps": window.processing.choose,
            "run_steps": window.processing.run,
            "find_shift": window.subtracting.find,
            "step_presets": self.show_presets,
            "motion": self._show_motion,
            "show_original": window.spring.press,
            "browser": lambda: window.browser.setVisible(window.browser.isHidden()),
            "panels": lambda: window.side.setVisible(window.side.isHidden()),
            "next_area": lambda: next_area(self._areas()),
            "menus": self._open_menus,
            "full_screen": self._toggle_full_screen,
        }

    def _reports(self) -> Runs:
        window = self._window
        work = window.report_work
        return {
            "write_draft": lambda: self._with_report(work.draft),
            "begin_report": lambda: self._with_report(work.begin),
            "stop_draft": work.stop,
            "compare_drafts": window.draft_pages.ask,
            "analyse_film": lambda: window.analysing.ask(window.preferences),
            "accept_section": self._accept_section,
            "next_open_sentence": lambda: self._with_report(ReportCommands(window.session).next),
            "show_evidence": self._show_evidence,
            "insert_report": lambda: self._with_report(self._insert),
            "find_nearest": lambda: self._with_report(window.nearest_work.find),
            "stop_nearest": window.nearest_work.stop,
            "choose_library": lambda: self._with_report(window.nearest_work.choose),
            "show_agreement": window.agreeing.show,
            "save_report": window.report_saving.ask,
            "sign_report": self._sign,
            "amend_report": work.amend,
        }

    def _help(self) -> Runs:
        window, desk = self._window, self._window.desk
        return {
            "find_action": self._find,
            "edit_keys": lambda: desk.edit_keys(window.session, window.commands),
            "keys": lambda: desk.show_keys(window.commands),
            "check_display": lambda: desk.check_display(window.checks),
            "about": desk.show_about,
        }

    def show_settings(self, text: str = "") -> None:
        """Open the settings, with a search for a text."""
        window = self._window
        more = {
            "Archives": window.commands["nodes"].trigger,
            "Keys and mouse": window.commands["edit_keys"].trigger,
        }
        window.desk.show_settings(window.session, more, text)

    def _show_motion(self) -> None:
        window = self._window
        window.desk.show_motion(window.session.state, window.motions, self._export_flow)

    def _export_flow(self, flow: Clip) -> None:
        """Ask how to export a clip that shows the flow of the one on screen."""
        window = self._window
        state, shown = window.session.state, initial_presentation(flow)
        view = opened(state.view.series, flow, shown, ())
        window.desk.export_clip(view, window.exports, window.preferences, state.identity_hidden)

    def _export_clip(self) -> None:
        session = self._window.session
        self._export_view(fused_view(session.state, session.view))

    def _export_view(self, view: View) -> None:
        window = self._window
        hidden = window.session.state.identity_hidden
        window.desk.export_clip(view, window.exports, window.preferences, hidden)

    def _forget_marks(self) -> None:
        self._window.mark_keeping.ask_to_forget()

    def _export_data_set(self) -> None:
        window = self._window
        window.desk.export_data_set(window.session.state, window.exports, window.preferences)

    def _batch(self) -> None:
        window = self._window
        window.desk.batch(window.session.state, window.batches, window.preferences)

    def _import_videos(self) -> None:
        window = self._window
        state, work, send = (
            window.session.state,
            window.video_imports,
            window.archive_work.send_files,
        )
        window.desk.import_videos(state, work, window.preferences, window.open, send)

    def _deidentify(self) -> None:
        window = self._window
        window.desk.deidentify(window.session.state, window.deidentifying, window.preferences)

    def _reader(self, act: Callable[[DocumentView], object]) -> None:
        """Do something with the document on screen."""
        face = self._window.stage.grid.face
        if isinstance(face, DocumentView):
            act(face)

    def _find(self) -> None:
        window = self._window
        choose = window.controller.choose
        entries = everything(
            window.session, window.commands, choose, window.open, self.show_settings
        )
        window.desk.find(entries, window.preferences)

    def _show_skipped(self) -> None:
        state = self._window.session.state
        hidden = state.identity_hidden
        self._window.desk.show_skipped(state.catalog.skipped, state.opened, hidden=hidden)

    def _show_layouts(self) -> None:
        layouts, grid = self._window.layouts, self._window.grid
        self._window.desk.show_layouts(layouts, lambda name: grid.use(layouts.saved[name]))

    def show_steps(self) -> None:
        """Show the panel of steps, with the focus on what can be done there."""
        self._show_panel(self._window.steps_panel)

    def show_findings(self) -> None:
        """Show the panel of findings, with the focus on what can be done there."""
        self._show_panel(self._window.findings_panel)

    def _show_panel(self, panel: QWidget) -> None:
        """Show a panel, with the focus on what can be done there."""
        self._window.side.show_widget(panel)
        self._window.side.enter()

    def _step_panel(self, by: int) -> None:
        """Show another panel; a focus in the one before goes along."""
        side = self._window.side
        inside = holds_focus(side)
        side.step(by)
        if inside:
            side.enter()

    def show_report(self) -> None:
        """Show the panel of the report, with the focus in it."""
        self._show_panel(self._window.report_panel)

    def _with_report(self, act: Callable[[], object]) -> None:
        """Show the panel of the report where it is not in sight, then do something."""
        if not self._window.report_panel.isVisible():
            self.show_report()
        act()

    def _accept_section(self) -> None:
        at = self._window.session.state.reporting.at
        if at is not None:
            ReportCommands(self._window.session).accept_section(at.section)

    def _insert(self) -> None:
        self._window.report_panel.open_insert(measured(self._window.session.state))

    def _sign(self) -> None:
        """Ask who signs the report on screen, and sign that one and no other."""
        state = self._window.session.state
        report = state.reporting.report
        if report is not None:
            self._window.desk.sign(state, report, partial(self._window.report_work.sign, report))

    def _show_evidence(self) -> None:
        """Show the heat map of the sentence at the cursor; ask the model where nobody has."""
        session = self._window.session
        ReportCommands(session).show_heat()
        if holds(session.state) is None and not session.state.findings.busy:
            self._window.finding_work.look()

    def _look_for_findings(self) -> None:
        self.show_findings()
        self._window.finding_work.look()

    def _look_for_unusual(self) -> None:
        """Ask a detector; the panel tells who is asked and what comes of it."""
        if not self._window.heatmap_panel.isVisible():
            self._window.side.show()
            self._window.side.show_widget(self._window.heatmap_panel)
        self._window.unusual_work.look()

    def _ask_why(self) -> None:
        chosen = self._window.session.state.looks.chosen
        if chosen is not None:
            self._window.unusual_work.ask_why(chosen)

    def show_presets(self) -> None:
        """List the presets of steps."""
        self._window.desk.show_presets(self._window.step_presets)

    def _add_step(self) -> None:
        self.show_steps()
        self._window.steps_panel.open_add_menu()

    def _areas(self) -> tuple[QWidget, ...]:
        window, stage = self._window, self._window.stage
        middle = (stage.empty, stage.viewport, stage.cine, stage.bar)
        return (window.browser, *middle, window.side.tabs, window.side, window.header)

    def _open_menus(self) -> None:
        self._window.full_screen.leave()
        self._window.header.open_menus()

    def _toggle_full_screen(self) -> None:
        self._window.full_screen.toggle()

    def _find_series(self) -> None:
        self._window.browser.show()
        self._window.browser.search.focus()
