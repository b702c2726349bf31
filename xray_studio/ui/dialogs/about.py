"""About: version, what the program is for and not for, and whose work it stands on."""

from __future__ import annotations

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from xray_studio.core.version import VERSION
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading
from xray_studio.ui.look.theme import mark, px

PURPOSE = (
    "Reviewing, processing and exporting X-ray and medical cine studies, for research and teaching."
)
SAFETY = "X-Ray Studio is not a medical device and not for diagnosis."
MODELS = (
    "Models that ship have learned from films of Indiana University (IU X-Ray, CC BY-NC-ND 4.0) "
    "and of others: they are for research and education, not for commercial use. The program runs "
    "without them."
)
CREDITS = (
    "Released under the MIT licence. Typeface: Inter, SIL Open Font License 1.1. Icons: Lucide, "
    "ISC and MIT licences. Made with Python, Qt for Python, NumPy, pydicom, imagecodecs, OpenCV, "
    "Pillow, PyAV, FFmpeg, PyTorch, transformers and ONNX Runtime."
)


class AboutDialog(QDialog):
    """Says what this program is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About X-Ray Studio")
        self.setFixedWidth(px(520))
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(12)
        for text, role in ((PURPOSE, ""), (SAFETY, "note"), (MODELS, ""), (CREDITS, "caption")):
            label = QLabel(text, body)
            label.setWordWrap(True)
            mark(label, role=role)
            column.addWidget(label)
        self.close_button = button("Close", self)
        self.close_button.clicked.connect(self.accept)
        about = f"version {VERSION} · Qt {qVersion()}"
        framed(self, heading("X-Ray Studio", about, self), body, footer([], [self.close_button]))
