"""What only the window can do with volumes, by the name of its action."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from xray_studio.services.presets import initial_presentation
from xray_studio.ui.dialogs.find.entries import listed
from xray_studio.ui.view import View, opened
from xray_studio.ui.volume.look import RENDERING, series_of
from xray_studio.ui.volume.over import candidates

if TYPE_CHECKING:
    from xray_studio.ui.main_window import MainWindow

Runs = dict[str, Callable[..., object]]


class VolumeRuns:
    """Runs actions of volumes; `export` asks how a view is exported."""

    def __init__(self, window: MainWindow, export: Callable[[View], object]) -> None:
        self._window, self._export = window, export

    def by_name(self) -> Runs:
        """Return what to run, by the name of its action."""
        return self._shown() | self._files() | self._segments()

    def _shown(self) -> Runs:
        works = self._window.volumes
        return {
            "show_volume": self._show,
            "fuse": self._fuse,
            "next_contrast": works.contrasts.step,
            "register_over": works.registering.register,
            "turning_movie": self._export_turn,
        }

    def _files(self) -> Runs:
        works, window = self._window.volumes, self._window
        return {
            "open_raw": works.raw.ask,
            "save_volume": works.saving.ask,
            "save_slices": lambda: works.saving.ask_slices(window.preferences),
            "save_over": works.saving.ask_over,
            "make_surface": self._make_surface,
            "import_surface": works.surfaces.ask_for_file,
            "save_surface": works.surfaces.ask_to_save,
            "open_segments": works.segment_saving.ask_for_file,
            "save_segments": works.segment_saving.ask,
        }

    def _segments(self) -> Runs:
        work = self._window.volumes.segments
        commands = work.commands
        return {
            "add_segment": partial(work.run, commands.add),
            "use_brush": partial(work.run, commands.use_brush),
            "use_eraser": partial(work.run, commands.use_eraser),
            "use_growing": partial(work.run, commands.use_growing),
            "mark_range": work.mark_range,
            "fill_between": work.fill_between,
            "fill_holes": work.fill_holes,
            "keep_largest": work.keep_largest,
            "smooth_segment": work.smooth,
        }

    def _show(self) -> None:
        """Show a volume with its panel, or the grid of before."""
        window = self._window
        if window.session.state.volume is None and window.side.isVisible():
            window.side.show_widget(window.volume_panel)
        window.volumes.opening.toggle()

    def _fuse(self) -> None:
        """Ask which series is laid over the volume on screen."""
        window, state = self._window, self._window.session.state
        found, lay = candidates(state), window.volumes.over.lay
        window.desk.choose("Fuse with", listed(found, lay, hidden=state.identity_hidden))

    def _export_turn(self) -> None:
        """Ask how to export a movie of the rendering that turns all around."""
        turn, look = self._window.renderings.turning(), self._window.session.state.volume
        if turn is not None and look is not None:
            series = series_of(look.series, RENDERING)
            self._export(opened(series, turn, initial_presentation(turn), ()))

    def _make_surface(self) -> None:
        """Make a surface, with the panel that tells how."""
        self._window.volume_panel.show_part("Surfaces")
        self._window.volumes.surfaces.make()
