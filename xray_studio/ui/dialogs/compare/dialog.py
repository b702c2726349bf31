"""Compare dialog: clips side by side on one clock, seen at once and exported like any clip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from xray_studio.core.comparison import Arrangement, Ending
from xray_studio.core.errors import UsageError
from xray_studio.core.output import Picture
from xray_studio.core.study import Catalog
from xray_studio.services.recipe import Recipe
from xray_studio.services.setting_groups import Exporting
from xray_studio.ui.browser.thumbnails import Thumbnails
from xray_studio.ui.dialogs.compare.clips import ClipsPage
from xray_studio.ui.dialogs.compare.entries import (
    FEW,
    Chosen,
    amount_words,
    looks,
    moment_of,
    moment_words,
)
from xray_studio.ui.dialogs.export.dialog import ExportDialog
from xray_studio.ui.dialogs.export.preview import SQUARE, ExportPreview
from xray_studio.ui.dialogs.export.recipe import recipe_of, with_window
from xray_studio.ui.dialogs.parts import MARGIN
from xray_studio.ui.exports import Exports
from xray_studio.ui.view import View
from xray_studio.ui.widgets.segmented import Segmented

SIZE = QSize(1180, 688)
BOX = QSize(448, 376)
NAME = "comparison"
PAGES = (("clips", "Clips"), ("file", "File"))


class CompareDialog(ExportDialog):
    """Puts clips together and exports them. `added` tells a series that is to be opened for it."""

    added = Signal(object)

    def __init__(
        self,
        chosen: Chosen,
        exports: Exports,
        wanted: Exporting,
        *,
        catalog: Catalog,
        thumbnails: Thumbnails,
        hidden: bool,
        parent: QWidget,
    ) -> None:
        self._chosen, self._refusal = chosen, ""
        self.clips = ClipsPage(catalog, thumbnails, hidden=hidden)
        self.pages = Segmented("What to choose", PAGES)
        self.stack = QStackedWidget()
        view = _view_or_first(chosen)
        super().__init__(view, exports, wanted, hidden=hidden, parent=parent)
        self.clips.changed.connect(self.show_chosen)
        self.clips.added.connect(self.added)
        self.pages.chosen.connect(self._turn)
        self.preview.slider.valueChanged.connect(self._slide)
        self.clips.show_chosen(chosen)
        self.show_chosen(chosen)

    @property
    def chosen(self) -> Chosen:
        """What is chosen of the comparison now."""
        return self._chosen

    def add(self, view: View) -> None:
        """Put one more clip at the end."""
        self.show_chosen(self._chosen.with_view(view))
        self.clips.show_chosen(self._chosen)

    def say(self, sentence: str, role: str = "secondary") -> None:
        """Say what becomes of a clip that is being added."""
        self._summary_shown = False
        self.progress.say(sentence, role)

    def show_chosen(self, chosen: Chosen) -> None:
        """Show what clips, looks and captions make together."""
        same = not self._refusal and chosen.places() == self._chosen.places()
        self._chosen, self._refusal = chosen, ""
        try:
            view = chosen.view(moment_of(self._view))
        except UsageError as error:
            self._refusal = str(error)
            self.preview.show_error(self._refusal)
        else:
            self.show_view(view, same_places=same)
        self._show_moments()
        self._update("clips")

    def _make_preview(self) -> ExportPreview:
        wide = self.screen().availableGeometry().width() > SIZE.width()
        return ExportPreview(self, BOX if wide else SQUARE)

    def _titles(self) -> tuple[str, QSize]:
        return "Compare clips", SIZE

    def _usual_name(self) -> str:
        return NAME

    def _choosing(self) -> QWidget:
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        above = QVBoxLayout()
        above.setContentsMargins(MARGIN, 16, MARGIN, 0)
        above.addWidget(self.pages)
        self.pages.setFixedHeight(34)
        column.addLayout(above)
        self._shown_pages = (self.clips, super()._choosing())
        for page in self._shown_pages:
            self.stack.addWidget(page)
        column.addWidget(self.stack, 1)
        self._turn("clips")
        return holder

    def _turn(self, page: str) -> None:
        """Show a page; the other one asks for no room."""
        wanted = [key for key, _ in PAGES].index(page)
        for place, one in enumerate(self._shown_pages):
            kind = QSizePolicy.Policy.Preferred if place == wanted else QSizePolicy.Policy.Ignored
            one.setSizePolicy(kind, kind)
        self.stack.setCurrentIndex(wanted)

    def _show_moments(self) -> None:
        """Let the slider go through all moments of the comparison."""
        slider, count = self.preview.slider, len(self._clip)
        slider.blockSignals(True)
        slider.setRange(0, count - 1)
        slider.setValue(self._view.frame)
        slider.blockSignals(False)
        slider.setVisible(count > 1 and not self._refusal)

    def _slide(self, frame: int) -> None:
        self._view = replace(self._view, frame=frame)
        self.form.show_view(self._view)
        self._update("moment")

    def _show_preview(self, picture: Picture) -> None:
        """Show a picture, unless the clips make none any more."""
        if not self._refusal:
            super()._show_preview(picture)

    def _about_words(self, first: int, last: int) -> str:
        del first, last
        if self._refusal:
            return ""
        return amount_words(self._view, len(self._chosen.entries), self._chosen.arrangement)

    def _frame_words(self, frame: int) -> str:
        return "" if self._refusal else moment_words(self._clip, frame)

    def _problem(self) -> str:
        return self._refusal or super()._problem()

    def _refuse(self, sentence: str) -> None:
        super()._refuse(sentence)
        if sentence == FEW:  # a beginning is no fault
            self.progress.say(sentence)

    def _recipe(self, *, window: bool) -> Recipe:
        """Return the choices as a recipe; frames are those of each clip, and none is chosen."""
        entries = self._chosen.entries
        made = replace(
            recipe_of(self._view, self.form.choices()),
            frames="",
            arrange=self._chosen.arrangement.value,
            ending=self._chosen.ending.value,
            as_stored=tuple(n for n, entry in enumerate(entries, 1) if entry.stored),
        )
        first = next((entry.view for entry in entries if not entry.stored), None)
        return with_window(first, made) if window and first is not None else made

    def _load_recipe(self, path: Path, recipe: Recipe) -> None:
        chosen = looks(recipe.as_stored, self._chosen)
        arrangement, ending = Arrangement(recipe.arrange), Ending(recipe.ending)
        chosen = replace(chosen, arrangement=arrangement, ending=ending)
        self.clips.show_chosen(chosen)
        self.show_chosen(chosen)
        super()._load_recipe(path, replace(recipe, frames=""))

    def _show_running(self, *, running: bool) -> None:
        super()._show_running(running=running)
        for part in (self.clips, self.preview.slider):
            part.setEnabled(not running)


def _view_or_first(chosen: Chosen) -> View:
    """Return the comparison, of clips that make none yet the first of them."""
    try:
        return chosen.view(0.0)
    except UsageError:
        return chosen.entries[0].view
