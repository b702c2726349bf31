"""The third page: whose videos they are, and which study they join."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.errors import StudioError
from xray_studio.core.study import Catalog
from xray_studio.core.video.draft import Source, Video
from xray_studio.core.video.identity import Identity, check_identity
from xray_studio.ui.dialogs.file_icons import FileIcons
from xray_studio.ui.dialogs.parts import MARGIN, button, scrolling
from xray_studio.ui.dialogs.to_dicom.identity_form import IdentityForm
from xray_studio.ui.dialogs.to_dicom.studies import studies_of
from xray_studio.ui.dialogs.to_dicom.table import Table
from xray_studio.ui.dialogs.to_dicom.words import (
    counted,
    in_the_window,
    missing_words,
    name_words,
    patient_words,
    study_words,
)
from xray_studio.ui.dialogs.to_dicom.worklist_form import WorklistForm
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.widgets.asking import words_of_role
from xray_studio.ui.widgets.segmented import Segmented

LEFT = 320
SOURCES = (
    (Source.TYPED, "Typed"),
    (Source.STUDY, "Open study"),
    (Source.OBJECT, "Another object"),
    (Source.WORKLIST, "Worklist"),
    (Source.TABLE, "Table"),
)
HEADS = (("Video", 140), ("Whose", 0))
SEVERAL = "Choose one or several videos; what is told on the right is for those."
DIFFERENT = "of different patients or studies; what you tell now is for all of them."
NO_STUDY = "No study is open."
OBJECT_WORDS = (
    "The videos join the patient and the study of a DICOM object, or of a folder with one."
)
TABLE_WORDS = (
    "CSV with a line of names, or JSON: file, patient_id, patient_name, birth_date, sex,"
    " study_description, accession. Each video is found by its name."
)
TABLES = "Tables (*.csv *.json)"


class WhosePage(QWidget):
    """Videos and whose they are. `told` tells rows, identity and source of what was typed.

    `study_asked`, `object_asked` and `table_asked` tell rows and where their identity is,
    `nodes_asked` that archives are to be offered.
    """

    told = Signal(object, object, object)
    study_asked = Signal(object, object)
    object_asked = Signal(object, str)
    table_asked = Signal(object, str)
    nodes_asked = Signal()

    def __init__(self, catalog: Catalog, parent: QWidget, *, hidden: bool) -> None:
        super().__init__(parent)
        self._studies = studies_of(catalog, hidden=hidden)
        self._videos: Sequence[Video] = ()
        self._completing = False  # the form adds to what an object tells
        self._icons = FileIcons()
        self.table = Table("Videos and whose they are", HEADS, self, several=True)
        self.source = Segmented("Where it is told", [(s.value, text) for s, text in SOURCES], self)
        self.study = QComboBox(self)
        self.place = button("Choose a file\N{HORIZONTAL ELLIPSIS}", self)
        self.folder = button("Choose a folder\N{HORIZONTAL ELLIPSIS}", self)
        self.about = words_of_role("caption", self)
        self.worklist = WorklistForm(self)
        self.form = IdentityForm(self)
        self.summary = words_of_role("strong", self)
        self.study_line = words_of_role("secondary", self)
        self.problem = words_of_role("danger", self)
        self._build()
        self._connect()

    def show_videos(self, videos: Sequence[Video]) -> None:
        """Show videos; at first all of them are chosen."""
        anew = [one.path for one in videos] != [one.path for one in self._videos]
        self._videos = videos
        rows = [(one.name, name_words(one.identity)) for one in videos]
        tokens = ["text" if not one.identity.missing else "secondary" for one in videos]
        self.table.show_rows(rows, tokens)
        if anew:
            self.table.choose(range(len(videos)))
        self._show()

    def problems(self) -> str:
        """Return what is missing before anything can be confirmed, "" when nothing is."""
        return next(filter(None, map(_problem, self._videos)), "")

    def say(self, sentence: str) -> None:
        """Show why nobody could be found."""
        self.problem.setText(in_the_window(sentence))

    def focus(self) -> None:
        """Give the focus to what is told first, where it is told."""
        source = self._source()
        if source is Source.TYPED:
            self.form.focus()
        elif source is Source.WORKLIST:
            self.worklist.focus()
        else:
            (self.study if source is Source.STUDY else self.place).setFocus()

    def _build(self) -> None:
        for title, _ in self._studies:
            self.study.addItem(title)
        self.study.setAccessibleName("Study")
        self.study.setPlaceholderText("Choose a study")
        self.study.setCurrentIndex(-1)
        reason = "" if self._studies else NO_STUDY
        self.source.set_available(Source.STUDY.value, available=bool(self._studies), reason=reason)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        line = QFrame(self)
        mark(line, line="vertical")
        row.addWidget(self._left())
        row.addWidget(line)
        row.addWidget(scrolling(self._right(), self), 1)

    def _left(self) -> QWidget:
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(8)
        words = words_of_role("caption", self)
        words.setText(SEVERAL)
        column.addWidget(self.table, 1)
        column.addWidget(words)
        holder.setFixedWidth(px(LEFT))
        return holder

    def _right(self) -> QWidget:
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(12)
        chosen = QHBoxLayout()
        chosen.setSpacing(8)
        for one in (self.place, self.folder):
            chosen.addWidget(one)
        chosen.addStretch(1)
        column.addWidget(self.source)
        column.addWidget(self.study)
        column.addLayout(chosen)
        column.addWidget(self.about)
        column.addWidget(self.worklist)
        column.addWidget(self.form)
        column.addSpacing(4)
        for words in (self.summary, self.study_line, self.problem):
            column.addWidget(words)
        column.addStretch(1)
        return holder

    def _connect(self) -> None:
        self.table.moved.connect(self._choose)
        self.source.chosen.connect(self._turn)
        self.study.activated.connect(self._take_study)
        self.form.changed.connect(self._type)
        self.worklist.picked.connect(self._pick)
        self.place.clicked.connect(lambda: self._ask(QFileDialog.FileMode.ExistingFile))
        self.folder.clicked.connect(lambda: self._ask(QFileDialog.FileMode.Directory))

    def _source(self) -> Source:
        return Source(self.source.value())

    def _rows(self) -> list[int]:
        return [row for row in self.table.chosen() if row < len(self._videos)]

    def _show(self) -> None:
        """Show whose the chosen videos are."""
        chosen = [self._videos[row] for row in self._rows()]
        alike = len({(one.identity, one.source) for one in chosen}) == 1
        if alike and chosen[0].identity != Identity():
            self.source.set_value(chosen[0].source.value)
        self._show_source()
        identity = chosen[0].identity if alike else Identity()
        if not self.form.isHidden() and identity != self.form.identity():
            self.form.show_identity(identity, told=self._source() is not Source.TYPED)
        self._sum_up(chosen, identity, alike=alike)

    def _sum_up(self, chosen: Sequence[Video], identity: Identity, *, alike: bool) -> None:
        known = alike and identity != Identity()
        count = counted(len(chosen))
        whose = f"{count}: {patient_words(identity)}" if known else ""
        self.summary.setText(whose if alike or not chosen else f"{count} {DIFFERENT}")
        self.study_line.setText(study_words(identity) if known else "")
        self.problem.clear()

    def _show_source(self) -> None:
        """Show what belongs to where it is told."""
        source = self._source()
        self.study.setVisible(source is Source.STUDY)
        self.place.setVisible(source in {Source.OBJECT, Source.TABLE})
        self.folder.setVisible(source is Source.OBJECT)
        self.worklist.setVisible(source is Source.WORKLIST)
        words = {Source.OBJECT: OBJECT_WORDS, Source.TABLE: TABLE_WORDS}.get(source, "")
        self.about.setText(words)
        self.about.setVisible(bool(words))
        self._completing = source is not Source.TYPED and (self._completing or self._incomplete())
        self.form.setVisible(source is Source.TYPED or self._completing)

    def _incomplete(self) -> bool:
        """Tell whether an object was found that does not tell enough."""
        told = [self._videos[row].identity for row in self._rows()]
        return any(one.missing for one in told if one != Identity())

    def _choose(self) -> None:
        self._completing = False
        self._show()

    def _turn(self, _source: str) -> None:
        self.problem.clear()
        self._completing = False
        self._show_source()
        if self._source() is Source.WORKLIST:
            self.nodes_asked.emit()
        if self._source() is Source.TYPED:
            self.form.show_identity(self.form.identity(), told=False)
            self._type()
        self.focus()

    def _type(self) -> None:
        source = self._source()
        self.told.emit(self._rows(), self.form.identity(), source)

    def _pick(self, identity: Identity) -> None:
        self.told.emit(self._rows(), identity, Source.WORKLIST)

    def _take_study(self, index: int) -> None:
        self.study_asked.emit(self._rows(), self._studies[index][1])

    def _ask(self, mode: QFileDialog.FileMode) -> None:
        table = self._source() is Source.TABLE
        dialog = QFileDialog(self, "Table of identities" if table else "Object of the study")
        dialog.setFileMode(mode)
        if table:
            dialog.setNameFilter(TABLES)
        dialog.resize(900, 600)
        dialog.setIconProvider(self._icons)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked = self.table_asked if table else self.object_asked
        dialog.fileSelected.connect(lambda path: asked.emit(self._rows(), str(Path(path))))
        dialog.open()


def _problem(video: Video) -> str:
    """Return why an identity cannot be written as it is, "" where it can."""
    if video.identity.missing:
        return missing_words(video.identity)
    try:
        check_identity(video.identity)
    except StudioError as error:
        return in_the_window(str(error))
    return ""
