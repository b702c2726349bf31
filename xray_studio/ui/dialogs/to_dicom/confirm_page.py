"""The last page: whose study each video goes into, confirmed; then how far each one is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize
from PySide6.QtGui import QFont, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTreeView, QVBoxLayout, QWidget

from xray_studio.core.video.draft import Outlook, Video
from xray_studio.core.video.identity import Identity
from xray_studio.ui.dialogs.parts import MARGIN
from xray_studio.ui.dialogs.to_dicom.words import (
    DOT,
    WAYS,
    class_words,
    counted,
    in_the_window,
    patient_words,
    study_words,
    syntax_words,
)
from xray_studio.ui.look.theme import colour, px
from xray_studio.ui.widgets.asking import words_of_role

if TYPE_CHECKING:  # it loads heavy libraries
    from xray_studio.services.to_dicom.many import Standing

ROW, GROUP = 28, 52  # pixels: a video, a patient and a study in two lines
HEADS = (("Patient, study and videos", 250), ("What is done", 480), ("State", 0))
WAITING = "Not written yet"


class ConfirmPage(QWidget):
    """Videos below patient and study, each with what it becomes and how far it is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = words_of_role("strong", self)
        self.view, self.model = QTreeView(self), QStandardItemModel(0, len(HEADS), self)
        self._asked, self._done = "", list[bool]()
        self._states: list[QStandardItem] = []
        self.view.setModel(self.model)
        self.view.setAccessibleName("Whose study each video goes into")
        self.view.setItemsExpandable(False)
        self.view.setRootIsDecorated(False)
        self.view.setAllColumnsShowFocus(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 16, MARGIN, 8)
        column.setSpacing(12)
        column.addWidget(self.words)
        column.addWidget(self.view, 1)

    def show_videos(self, videos: Sequence[Video], outlooks: Sequence[Outlook]) -> None:
        """Show videos below whose they are, in their order."""
        self.model.clear()
        self.model.setHorizontalHeaderLabels([title for title, _ in HEADS])
        for place, (_, width) in enumerate(HEADS):
            self.view.header().resizeSection(place, px(width))
        self._states = [_item(WAITING) for _ in videos]
        self._done = [False for _ in videos]
        pairs = list(zip(videos, outlooks, self._states, strict=True))
        groups: dict[tuple[object, ...], list[tuple[Video, Outlook, QStandardItem]]] = {}
        for pair in pairs:
            groups.setdefault(_study(pair[0].identity), []).append(pair)
        for group in groups.values():
            self.model.appendRow(_group(group))
            self.view.setFirstColumnSpanned(self.model.rowCount() - 1, QModelIndex(), True)
        self.view.expandAll()
        self._asked = _asked(videos, len(groups))
        self.words.setText(f"{self._asked}. Is this right?")

    def show_standings(self, standings: Sequence[Standing]) -> None:
        """Show how far each video is."""
        self.words.setText(f"{self._asked}.")
        self._done = [bool(one.written or one.reason) for one in standings]
        for state, standing in zip(self._states, standings, strict=True):
            words, token = _told(standing)
            state.setText(words)
            state.setToolTip(words)
            state.setForeground(colour(token))

    def say_stopped(self) -> None:
        """Show that what was not finished is not there."""
        for state, done in zip(self._states, self._done, strict=True):
            if not done:
                state.setText("Not written, since it was stopped")
                state.setForeground(colour("secondary"))


def _study(identity: Identity) -> tuple[object, ...]:
    """Tell studies apart, as those who write them do."""
    return (
        identity.issuer, identity.patient_id, identity.patient_name, identity.accession,
        identity.study_description, identity.study_uid,
    )  # fmt: skip


def _asked(videos: Sequence[Video], studies: int) -> str:
    patients = len({(one.identity.issuer, one.identity.patient_id) for one in videos})
    where = "1 study" if studies == 1 else f"{studies:,} studies"
    return f"{counted(len(videos))} of {counted(patients, 'patient')} into {where}"


def _group(group: Sequence[tuple[Video, Outlook, QStandardItem]]) -> QStandardItem:
    """Return the row of a study, with the rows of its videos below it."""
    identity = group[0][0].identity
    head = _item(f"{patient_words(identity)}\n{study_words(identity)}", GROUP)
    strong = head.font()
    strong.setWeight(QFont.Weight.DemiBold)
    head.setFont(strong)
    for video, found, state in group:
        becomes = _item(_becomes(found))
        if found.plan is None:
            state.setText("Left out")
        else:
            becomes.setToolTip(f"{becomes.text()}{DOT}{syntax_words(found.plan)}")
        head.appendRow([_item(video.name), becomes, state])
    return head


def _becomes(found: Outlook) -> str:
    plan = found.plan
    if plan is None:
        return in_the_window(found.reason)
    return DOT.join((WAYS[plan.way], class_words(plan)))


def _told(standing: Standing) -> tuple[str, str]:
    """Return how far a video is, and the colour of that."""
    if standing.reason:
        return in_the_window(standing.reason), "danger"
    if standing.written is not None:
        notes = " ".join(in_the_window(note) for note in standing.written.notes)
        names = ", ".join(target.name for target in standing.written.targets)
        words = f"{names}, {counted(standing.written.frames, 'frame')}, checked"
        return f"{words}. {notes}" if notes else words, "done"
    if standing.fraction or standing.message:
        part = f" {standing.fraction:.0%}" if standing.fraction else ""
        return f"{standing.message or 'Writing'}{part}", "accent"
    return "Waiting", "secondary"


def _item(text: str, height: int = ROW) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    item.setSizeHint(QSize(0, px(height)))
    item.setToolTip(text)
    return item
