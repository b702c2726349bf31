"""What can be done with the map of the unusual over the picture in view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from xray_studio.core.anomaly.detection import OTSU, Threshold, Unusual
from xray_studio.core.anomaly.otsu import by_otsu
from xray_studio.core.region import Region
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.grid.commands import GridCommands
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_state import Compared
from xray_studio.ui.unusual_state import (
    Answer,
    answer_of,
    chosen_region,
    clip_of,
    holds,
    is_ahead,
    mapped,
    offers_of,
    peak_frames,
    reader_of,
    regions_here,
)
from xray_studio.ui.viewer.cine_commands import CineCommands
from xray_studio.ui.viewer.finding_commands import FindingCommands, has_findings, names_of

OVER, WIPE, BESIDE = "over", "wipe", "beside"  # how the map stands to the original
STEP: Final = 10  # per cent of opacity
AROUND: Final = 1.5  # times a region that is seen around it on each side
CLOSEST: Final = 0.2  # of the larger side of a picture: a jump shows no less of it


class UnusualCommands:
    """Shows and hides the map, moves its threshold, goes to peaks and regions."""

    def __init__(self, session: Session, look: Callable[[], object] = lambda: None) -> None:
        self._session, self._look = session, look

    def toggle(self) -> None:
        """Show the map of the picture in view or hide it; look first where nobody has.

        Where findings were told of it, and no detector was asked, their heat map is meant.
        """
        state = self._session.state
        looks, answer = state.looks, answer_of(state)
        if state.ai_hidden:
            return
        if has_findings(state) and not is_ahead(state):
            FindingCommands(self._session).toggle()
        elif answer is None or answer.stale:
            self._look()
        elif looks.shown and looks.ahead:
            self._change(shown=False)
        else:
            self.show(shown=True)

    def show(self, *, shown: bool) -> None:
        """Show the map or hide it."""
        if shown:
            self._change(shown=True, ahead=True)
            self._leave_original()
        else:
            self._change(shown=False)

    def hide_ai(self) -> None:
        """Hide what AI says and its badge, or show both again."""
        self._session.update(ai_hidden=not self._session.state.ai_hidden)

    def use(self, detector: str) -> None:
        """Choose the detector that is asked, and whose answer is shown."""
        self._change(detector=detector, chosen=None, why=None, sight=None, error="")

    # -- how it lies over the picture

    def cover(self, opacity: int) -> None:
        """Cover the picture by so many per cent."""
        self._settings(opacity=min(max(0, opacity), 100))

    def stand(self, way: str) -> None:
        """Let the map lie over the picture, right of a border, or over a second one beside it."""
        self.show(shown=True)
        grid = GridCommands(self._session)
        if (way == BESIDE) is not (self._session.state.beside is not None):
            grid.toggle_beside()
        if way != BESIDE:
            self._session.update_view(compared=Compared.WIPE if way == WIPE else Compared.NOT)

    def cover_by(self, more: int) -> None:
        """Cover the picture more or less."""
        self.cover(self._session.state.settings.unusual.opacity + more)

    def colour(self, name: str) -> None:
        """Show the map in other colours."""
        self._settings(colours=name)

    def cover_all(self, *, everywhere: bool) -> None:
        """Cover all of the picture, or only what reaches the threshold."""
        self._settings(everywhere=everywhere)

    def outline(self, *, contours: bool) -> None:
        """Draw the borders of regions, or not."""
        self._settings(contours=contours)

    def least(self, pixels: int) -> None:
        """Leave out regions of less than so many pixels."""
        self._settings(least=min(max(1, pixels), 100_000))

    # -- threshold

    def threshold(self, value: float) -> None:
        """Mark from a score on that a person chose, 0 to 1."""
        answer = holds(self._session.state)
        if answer is not None:
            self._put(answer, answer.found.at(value).threshold)

    def own_threshold(self) -> None:
        """Mark from the detector's own threshold on."""
        answer = holds(self._session.state)
        if answer is not None:
            self._put(answer, answer.own)

    def otsu(self) -> None:
        """Mark from Otsu's threshold of this clip on."""
        answer = holds(self._session.state)
        found = None if answer is None else by_otsu(answer.found)
        if answer is not None and found is not None:
            self._put(answer, found)

    def _put(self, answer: Answer, threshold: Threshold) -> None:
        found = replace(answer.found, threshold=threshold)
        looks = self._session.state.looks.with_answer(replace(answer, found=found))
        self._session.update(looks=replace(looks, chosen=None, why=None, sight=None))

    # -- going

    def peak(self, by: int) -> None:
        """Go to the next frame that stands out, or the one before, round the ends."""
        answer, here = holds(self._session.state), self._session.view.frame
        best = [] if answer is None else peak_frames(answer)
        if not best:
            return
        later = [frame for frame in best if frame > here]
        earlier = [frame for frame in best if frame < here]
        there = (later or best)[0] if by > 0 else (earlier or best)[-1]
        self.show(shown=True)
        CineCommands(self._session).go_to(there)

    def choose(self, region: Unusual) -> None:
        """Choose a region of the list: it gets a frame."""
        place = (region.frame, region.box)
        if place != self._session.state.looks.chosen:
            self._change(chosen=place, sight=None)

    def step(self, by: int) -> None:
        """Choose the next or the previous region of the frame in view, and show it."""
        here, chosen = regions_here(self._session.state), self._session.state.looks.chosen
        if not here:
            return
        places = [(one.frame, one.box) for one in here]
        number = places.index(chosen) + by if chosen in places else 0 if by > 0 else -1
        self.show(shown=True)
        self.choose(here[number % len(here)])

    def jump(self) -> None:
        """Go to the chosen region: its frame, so large that it and what is around it are seen."""
        state, chosen = self._session.state, self._session.state.looks.chosen
        clip = clip_of(state)
        if chosen is None or clip is None:
            return
        frame, box = chosen
        self.show(shown=True)
        if frame != state.view.frame or state.view.cine.playing:
            CineCommands(self._session).go_to(frame)
        area = around(box, clip.rows, clip.columns)
        self._session.update_presentation(zoom=None, pan=(0.0, 0.0), area=area)

    def see(self, sight: int | None) -> None:
        """Show a picture of the explanation in place of the map, None for the map."""
        self._change(sight=sight)
        self.show(shown=True)

    def _leave_original(self) -> None:
        """Take the original away where it was shown in place of the map."""
        if self._session.view.compared is Compared.ORIGINAL:
            self._session.update_view(compared=Compared.NOT)

    def _change(self, **changes: Any) -> None:
        self._session.update(looks=replace(self._session.state.looks, **changes))

    def _settings(self, **changes: Any) -> None:
        self._session.change_settings("unusual", **changes)


def around(box: Region, rows: int, columns: int) -> tuple[float, float, float, float]:
    """Return the part of a picture that shows a region: left, top, right, bottom, in pixels."""
    least = CLOSEST * max(rows, columns)
    half = max(box.width * AROUND, box.height * AROUND, least / 2)
    x, y = box.x + box.width / 2, box.y + box.height / 2
    return x - half, y - half, x + half, y + half


@needs("Open a picture first, and wait until the last question is answered.")
def can_look(state: State) -> bool:
    """Tell whether a detector can be asked about the picture in view."""
    return state.view.clip is not None and not state.looks.busy and not state.ai_hidden


@needs("No detector is looking.")
def is_looking(state: State) -> bool:
    """Tell whether a detector is at it."""
    return bool(state.looks.busy)


@needs("Open a picture first; where results of AI are hidden, show them again.")
def can_toggle(state: State) -> bool:
    """Tell whether there can be a map over the picture in view."""
    return state.view.clip is not None and not state.ai_hidden


@needs("Look for what is unusual on this picture first.")
def has_map(state: State) -> bool:
    """Tell whether there is a map of the picture on screen."""
    answer = holds(state)
    return answer is not None and bool(answer.found.maps)


@needs("Look for what is unusual first; no frame of this loop stands out at this threshold.")
def has_peaks(state: State) -> bool:
    """Tell whether frames stand out."""
    answer = holds(state)
    return answer is not None and bool(peak_frames(answer))


@needs("Look for what is unusual first; nothing of this frame reaches the threshold.")
def has_regions(state: State) -> bool:
    """Tell whether there are regions on the frame in view."""
    return not state.view.cine.playing and bool(regions_here(state))


@needs("Choose a region of the Heatmap panel first.")
def has_chosen(state: State) -> bool:
    """Tell whether a region is chosen."""
    return holds(state) is not None and state.looks.chosen is not None


@needs("Choose a region first, of a detector that tells more than channels, and wait for it.")
def can_explain(state: State) -> bool:
    """Tell whether the detector can be asked why it marked the chosen region."""
    answer = holds(state)
    if answer is None or state.looks.busy or chosen_region(state) is None:
        return False
    return any(one.name == answer.detector and one.explains for one in offers_of(state))


@needs("Choose a region first, say your name in the Heatmap panel, and wait for all frames.")
def can_judge(state: State) -> bool:
    """Tell whether something can be said of the chosen region."""
    answer = holds(state)
    ready = answer is not None and answer.whole and chosen_region(state) is not None
    return ready and bool(reader_of(state).strip())


def way_of(state: State) -> str:
    """Return how the map stands to the original."""
    if state.beside is not None:
        return BESIDE
    return WIPE if state.view.compared is Compared.WIPE else OVER


@needs("Look for what is unusual on this picture first, and wait until all frames are done.")
def can_save_result(state: State) -> bool:
    """Tell whether there is an answer about the picture on screen that can be saved."""
    answer = holds(state)
    return answer is not None and answer.whole and state.view.frame in answer.by_frame


@needs(
    "Look for what is unusual first. DICOM objects stand beside DICOM objects alone: of other"
    " pictures save a picture, a table or NIfTI."
)
def can_save_object(state: State) -> bool:
    """Tell whether an answer can be saved as a DICOM object beside its picture."""
    answer = holds(state)
    is_object = answer is not None and bool(answer.clip.acquisition.sop_class_uid)
    return is_object and can_save_result(state)


def shows_overlay(state: State) -> bool:
    """Tell whether a map or a heat map lies over the picture in view."""
    if is_ahead(state):
        return mapped(state) is not None
    return state.findings.shown and state.findings.chosen in names_of(state)


def ai_hidden(state: State) -> bool:
    """Tell whether what AI says is hidden."""
    return state.ai_hidden


def is_by_otsu(answer: Answer) -> bool:
    """Tell whether the threshold in use is Otsu's."""
    return answer.found.threshold.source == OTSU
