"""The first page: which videos, and what each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.video.draft import Video
from xray_studio.core.video.words import found_words
from xray_studio.ui.dialogs.file_icons import FileIcons
from xray_studio.ui.dialogs.nodes.fields import worded
from xray_studio.ui.dialogs.parts import MARGIN, button
from xray_studio.ui.dialogs.to_dicom.table import Table
from xray_studio.ui.dialogs.to_dicom.words import (
    counted,
    format_words,
    frames_words,
    in_the_window,
    length_words,
    lines,
    picture_words,
    sound_words,
)
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.widgets.asking import words_of_role

HEADS = (
    ("Video", 210), ("Container and stream", 250), ("Pictures", 210), ("Frames", 120),
    ("Length", 90), ("Sound", 80),
)  # fmt: skip
EMPTY = "Drop videos or folders here, or add them.\nNothing is written before you confirm it."
LOOKING = "Looking\N{HORIZONTAL ELLIPSIS}"
DETAIL = 112  # pixels: five lines
RATE = 72  # pixels
FASTEST_RATE = 1000  # pictures a second, more of which is a slip


class FilesPage(QWidget):
    """Videos and what was found in them.

    `added` tells paths, `removed` rows that go, `rate_told` rows and how many of their single
    pictures follow in a second.
    """

    added = Signal(object)
    removed = Signal(object)
    rate_told = Signal(object, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._videos: Sequence[Video] = ()
        self._icons = FileIcons()
        self.table = Table("Videos", HEADS, self, several=True)
        self.empty = QLabel(EMPTY, self)
        self.detail = words_of_role("secondary", self)
        self.note = words_of_role("danger", self)
        self.add_files = button("Add files\N{HORIZONTAL ELLIPSIS}", self)
        self.add_folder = button("Add folder\N{HORIZONTAL ELLIPSIS}", self)
        self.remove = button("Remove", self)
        self.rate = QLineEdit(self)
        self.rate_row = worded(self, self.rate, "pictures a second")
        self._build()
        self.table.moved.connect(self._show_detail)
        self.table.removed.connect(self._remove)
        self.remove.clicked.connect(self._remove)
        self.rate.textEdited.connect(self._tell_rate)
        self.add_files.clicked.connect(lambda: self._ask(QFileDialog.FileMode.ExistingFiles))
        self.add_folder.clicked.connect(lambda: self._ask(QFileDialog.FileMode.Directory))

    def show_videos(self, videos: Sequence[Video]) -> None:
        """Show videos; those that cannot be read stand there with the reason."""
        grown = len(videos) > len(self._videos)
        self._videos = videos
        tokens = ["danger" if one.reason else "text" for one in videos]
        self.table.show_rows([_row(one) for one in videos], tokens)
        self._layers.setCurrentIndex(1 if videos else 0)
        if videos and (grown or not self.table.chosen()):
            self.table.choose([0])
        self._show_detail()

    def say(self, sentence: str) -> None:
        """Show why something could not be added."""
        self.note.setText(sentence)

    def focus(self) -> None:
        """Give the focus to what is done first here."""
        (self.table if self._videos else self.add_files).setFocus()

    def _build(self) -> None:
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        mark(self.empty, role="secondary")
        holder = QWidget(self)
        self._layers = QStackedLayout(holder)
        self._layers.addWidget(self.empty)
        self._layers.addWidget(self.table)
        self.detail.setMinimumHeight(px(DETAIL))
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self.rate.setAccessibleName("Pictures a second")
        self.rate.setPlaceholderText("25")
        self.rate.setFixedWidth(px(RATE))
        for one in (self.add_files, self.add_folder, self.remove, self.rate_row):
            buttons.addWidget(one)
        buttons.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 16, MARGIN, 8)
        column.setSpacing(12)
        column.addLayout(buttons)
        column.addWidget(holder, 1)
        column.addWidget(self.detail)

    def _show_detail(self) -> None:
        rows = [row for row in self.table.chosen() if row < len(self._videos)]
        self.remove.setEnabled(bool(rows))
        chosen = [self._videos[row] for row in rows]
        self.detail.setText(_detail(chosen))
        self._show_rate([one for one in chosen if one.pictures])

    def _show_rate(self, sequences: Sequence[Video]) -> None:
        """Ask how fast the single pictures follow that are chosen."""
        self.rate_row.setVisible(bool(sequences))
        told = {one.rate for one in sequences}
        if not self.rate.hasFocus():
            self.rate.setText(f"{float(told.pop()):g}" if len(told) == 1 and all(told) else "")

    def _tell_rate(self, text: str) -> None:
        """Pass on a rate that is typed, 0 for what is none."""
        try:
            rate = Fraction(text.strip().replace(",", ".") or 0)
        except (ValueError, ZeroDivisionError):
            rate = Fraction(0)
        fits = 0 < rate <= FASTEST_RATE
        self.rate_told.emit(self.table.chosen(), rate if fits else Fraction(0))

    def _remove(self) -> None:
        self.removed.emit(self.table.chosen())

    def _ask(self, mode: QFileDialog.FileMode) -> None:
        dialog = QFileDialog(self, "Videos for DICOM")
        dialog.setFileMode(mode)
        dialog.resize(900, 600)
        dialog.setIconProvider(self._icons)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self.added.emit)
        dialog.open()


def _row(video: Video) -> tuple[str, ...]:
    name, facts = video.name, video.facts
    if facts is None:
        return name, in_the_window(video.reason) or LOOKING, "", "", "", ""
    return (
        name, format_words(facts), picture_words(facts), frames_words(facts), length_words(facts),
        sound_words(facts),
    )  # fmt: skip


def _detail(videos: Sequence[Video]) -> str:
    """Return what is known of the videos that are chosen."""
    if len(videos) != 1:
        return f"{counted(len(videos))} chosen." if videos else ""
    (video,) = videos
    if video.facts is None:
        return in_the_window(video.reason) or LOOKING
    return lines(found_words(video.facts))
