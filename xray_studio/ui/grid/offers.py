"""Offers: what the window proposes of its own accord, each at most once."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QObject

from xray_studio.core.study import Series
from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.grid.filling import loops_of_stage
from xray_studio.ui.grid.offer_bar import Offer, OfferBar
from xray_studio.ui.over_state import segmentations_for, target_of
from xray_studio.ui.round_trips import export_of, sentence, source_of
from xray_studio.ui.session import Session
from xray_studio.ui.state import State

ON_IMAGES = "The images that this segmentation marks are here."
OPEN_SOURCE = "Open the source"
MARKED = "There is a segmentation of these images."
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


class Offers(QObject):
    """Proposes to show the loops of a stage side by side when the first of them is opened."""

    def __init__(
        self, session: Session, bar: OfferBar, actions: Actions, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bar, self._actions = bar, actions
        self._made: set[Hashable] = set()
        self._stage: Offer | None = None
        self._marks: Offer | None = None
        self._source: Offer | None = None
        session.changed.connect(self._follow)

    def _follow(self, old: State, new: State) -> None:
        if old.opened != new.opened:
            self._made.clear()
        self._offer_marks(old, new)
        self._offer_source(old, new)
        same_picture = old.front is new.front and old.catalog is new.catalog
        if same_picture and (old.scanning, old.layout) == (new.scanning, new.layout):
            return
        loops = () if new.scanning or new.layout.count > 1 else loops_of_stage(new)
        if not loops:
            self._withdraw()
        elif self._key(loops) not in self._made and self._bar.offer is None:
            self._made.add(self._key(loops))
            self._propose(len(loops))

    def _offer_marks(self, old: State, new: State) -> None:
        """Propose to show what marks the pictures in view, or the pictures that it marks."""
        same_view = old.view.clip is new.view.clip and old.active == new.active
        if same_view and old.segmentations is new.segmentations:
            return
        offer = None if new.view.over.segmentation is not None else self._marks_of(new)
        if offer is None:
            if self._marks is not None and self._bar.offer is self._marks:
                self._bar.withdraw()
            return
        key = ("marks", offer.accept, new.view.series and new.view.series.identity)
        if key not in self._made and self._bar.offer in {None, self._marks}:
            self._made.add(key)
            self._marks = offer
            self._bar.show_offer(offer)

    def _offer_source(self, old: State, new: State) -> None:
        """Tell of a file that this program has exported where it comes from, once."""
        if old.exports is new.exports and old.view.clip is new.view.clip:
            return
        if self._source is not None and self._bar.offer is self._source:
            self._bar.withdraw()
        found = export_of(new)
        if found is None or found in self._made or self._bar.offer is not None:
            return
        self._made.add(found)
        words, run = sentence(found, hidden=new.identity_hidden), self._actions["open_source"]
        accept = OPEN_SOURCE if source_of(found) is not None else ""
        self._source = Offer("link", words, accept, run.trigger)
        self._bar.show_offer(self._source)

    def _marks_of(self, state: State) -> Offer | None:
        if target_of(state) is not None and state.view.clip is not None:
            run = self._actions["show_on_images"].trigger
            return Offer("layers", ON_IMAGES, "Show on its images", run)
        if segmentations_for(state):
            run = self._actions["segments"].trigger
            return Offer("layers", MARKED, "Show the segments", run)
        return None

    def _key(self, loops: tuple[Series, ...]) -> Hashable:
        return frozenset(loop.identity for loop in loops)

    def _propose(self, count: int) -> None:
        # The name of a stage is free text, which may tell of a patient.
        sentence = f"This study has {NUMBERS[count]} loops of one stage."
        show = f"Show the {NUMBERS[count]} loops"
        self._stage = Offer("layout-grid", sentence, show, self._actions["show_stage"].trigger)
        self._bar.show_offer(self._stage)

    def _withdraw(self) -> None:
        if self._stage is not None and self._bar.offer is self._stage:
            self._bar.withdraw()
