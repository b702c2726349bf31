"""The second page: what is done with each video and why, and what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.output import Quality
from xray_studio.core.video.classes import Kind
from xray_studio.core.video.draft import Outlook, Video, outlook
from xray_studio.core.video.plan import Transcode, Wish
from xray_studio.core.video.regions import REGIONS, region_of
from xray_studio.core.video.syntaxes import LARGEST_ITEM
from xray_studio.ui.dialogs.parts import MARGIN, scrolling
from xray_studio.ui.dialogs.to_dicom.table import Table
from xray_studio.ui.dialogs.to_dicom.words import (
    WAYS,
    class_words,
    in_the_window,
    lines,
    syntax_words,
)
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.widgets.asking import words_of_role
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch

LEFT = 300
KINDS = (
    (Kind.AUTO, "By the modality of the study"),
    (Kind.PHOTOGRAPHIC, "Photography"),
    (Kind.ENDOSCOPIC, "Endoscopy"),
    (Kind.MICROSCOPIC, "Microscopy"),
    (Kind.MULTIFRAME, "Single frames (secondary capture)"),
)
STREAMS = (
    (Transcode.AUTO, "Kept where DICOM takes it"),
    (Transcode.NEVER, "Kept, or not written"),
    (Transcode.ALWAYS, "Encoded anew"),
)
LETTERS = 16  # that a closed box shows at least
LARGE = ("Several items in one object", "Several objects that play alone")
QUALITIES = tuple((one.value, one.value.capitalize()) for one in Quality)
ABOUT = {
    Kind.AUTO: "Decided when the study is known: ES becomes an endoscopic, GM a microscopic video,"
    " none a photographic one, any other a secondary capture.",
    Kind.PHOTOGRAPHIC: "Video Photographic Image, modality XC.",
    Kind.ENDOSCOPIC: "Video Endoscopic Image, modality ES.",
    Kind.MICROSCOPIC: "Video Microscopic Image, modality GM.",
    Kind.MULTIFRAME: "For archives that play no video: every frame is a picture of its own.",
}
QUALITY = "Of pictures that are encoded anew. Lossless keeps every frame on its own."
SOUND = "It stays behind unless you keep it; voices can tell who is there."
_GIVES_WAY = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
NOWHERE = "Not told"
HEADS = (("Video", 130), ("What is done", 110), ("Object", 220), ("Transfer syntax", 0))


class DoingPage(QWidget):
    """Choices, and what they come to. `changed` tells that the user chose something else."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._outlooks: list[Outlook] = []
        self.kind, self.stream, self.region, self.large = (QComboBox(self) for _ in range(4))
        self.quality = Segmented("Quality", QUALITIES, self)
        self.sound = Switch("Keep the sound", self)
        self.series = QLineEdit(self)
        self.when_large = self._when_large()
        self.kind_words = words_of_role("caption", self)
        self.table = Table("What is done with each video", HEADS, self)
        self.doing, self.why = words_of_role("", self), words_of_role("secondary", self)
        self._fill()
        self._build()
        self._connect()
        self._show_choices()

    def wish(self) -> Wish:
        """Return what is wished for."""
        kind = KINDS[self.kind.currentIndex()][0]
        quality = Quality(self.quality.value())
        frames = kind is Kind.MULTIFRAME or quality is Quality.LOSSLESS
        return Wish(
            kind=kind, transcode=STREAMS[self.stream.currentIndex()][0], quality=quality,
            keep_sound=self.sound.isChecked() and not frames,
            parts=self.large.currentIndex() == 1,
        )  # fmt: skip

    def region_code(self) -> tuple[str, str, str] | None:
        """Return where in the body it was taken, None where that is not told."""
        name = self.region.currentData()
        return region_of(name) if name else None

    def show_videos(self, videos: Sequence[Video]) -> None:
        """Show what becomes of videos."""
        sizes = [one.facts.size for one in videos if one.facts is not None]
        self.when_large.setVisible(any(size > LARGEST_ITEM for size in sizes))
        self._outlooks = [outlook(one, self.wish()) for one in videos]
        tokens = ["text" if one.plan is not None else "danger" for one in self._outlooks]
        pairs = zip(videos, self._outlooks, strict=True)
        self.table.show_rows([_row(video, found) for video, found in pairs], tokens)
        if videos and not self.table.chosen():
            self.table.choose([0])
        self._show_detail()

    def focus(self) -> None:
        """Give the focus to the first choice."""
        self.kind.setFocus()

    def _fill(self) -> None:
        for box, name, options in (
            (self.kind, "What the video shows", [text for _, text in KINDS]),
            (self.stream, "Stream", [text for _, text in STREAMS]),
            (self.large, "Streams above 4 GB", LARGE),
        ):
            box.addItems(options)
            box.setAccessibleName(name)
            # Long options are shown in whole in the list; the closed box gives way to the column.
            box.setSizeAdjustPolicy(_GIVES_WAY)
            box.setMinimumContentsLength(LETTERS)
        self.region.setAccessibleName("Region of the body")
        self.region.addItem(NOWHERE, "")
        for name in REGIONS:
            self.region.addItem(name.capitalize(), name)
        self.series.setAccessibleName("Series description")
        self.series.setPlaceholderText("What the series is")
        self.series.setMaxLength(64)
        self.quality.set_value(Quality.MEDIUM.value)

    def _connect(self) -> None:
        for box in (self.kind, self.stream, self.region, self.large):
            box.activated.connect(self._change)
        self.quality.chosen.connect(self._change)
        self.sound.chosen.connect(self._change)
        self.table.moved.connect(self._show_detail)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        line = QFrame(self)
        mark(line, line="vertical")
        right = QVBoxLayout()
        right.setContentsMargins(MARGIN, 16, MARGIN, 16)
        right.setSpacing(8)
        right.addWidget(self.table, 1)
        for title, words in (("What is done", self.doing), ("Why", self.why)):
            right.addSpacing(4)
            right.addWidget(_caption(title, self))
            right.addWidget(words)
            words.setAlignment(Qt.AlignmentFlag.AlignTop)
            words.setMinimumHeight(px(52))
        row.addWidget(self._choices())
        row.addWidget(line)
        row.addLayout(right, 1)

    def _choices(self) -> QWidget:
        inner, holder = QWidget(self), QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(6)
        sound = QHBoxLayout()
        sound.addWidget(_caption("Keep the sound", self), 1)
        sound.addWidget(self.sound)
        for title, field, words in (
            ("What it shows", self.kind, self.kind_words),
            ("Stream", self.stream, self.when_large),
            ("Quality", self.quality, _small(QUALITY, self)),
            ("Region of the body", self.region, None),
            ("Series", self.series, None),
        ):
            column.addWidget(_caption(title, self))
            column.addWidget(field)
            if words is not None:
                column.addWidget(words)
            column.addSpacing(10)
        column.addLayout(sound)
        column.addWidget(_small(SOUND, self))
        column.addStretch(1)
        outer = QVBoxLayout(holder)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(inner, self))
        holder.setFixedWidth(px(LEFT))
        return holder

    def _when_large(self) -> QWidget:
        """Return the choice that only large videos need."""
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(_caption("Streams above 4 GB", self))
        column.addWidget(self.large)
        return holder

    def _change(self) -> None:
        self._show_choices()
        self.changed.emit()

    def _show_choices(self) -> None:
        wish = self.wish()
        self.kind_words.setText(ABOUT[wish.kind])
        frames = wish.kind is Kind.MULTIFRAME or wish.quality is Quality.LOSSLESS
        self.sound.setEnabled(not frames)

    def _show_detail(self) -> None:
        chosen = [row for row in self.table.chosen() if row < len(self._outlooks)]
        found = self._outlooks[chosen[0]] if chosen else Outlook(None)
        plan = found.plan
        if plan is None:
            self.doing.setText(in_the_window(found.reason))
            self.why.clear()
            return
        becomes = f"It becomes a {class_words(plan)}, stored as {syntax_words(plan)}."
        self.doing.setText(lines((*plan.doing, becomes)))
        self.why.setText(lines(plan.reasons))


def _row(video: Video, found: Outlook) -> tuple[str, str, str, str]:
    plan = found.plan
    if plan is None:
        return video.name, "Not written", in_the_window(found.reason), ""
    return video.name, WAYS[plan.way], class_words(plan), syntax_words(plan)


def _caption(text: str, parent: QWidget) -> QLabel:
    made = QLabel(text, parent)
    mark(made, role="secondary")
    return made


def _small(text: str, parent: QWidget) -> QLabel:
    made = words_of_role("caption", parent)
    made.setText(text)
    return made
