"""The form of the data set dialog: one row for each choice, and where the folder goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from xray_studio.core.corner_text import format_number
from xray_studio.core.split import parse_shares
from xray_studio.services.recipe import Recipe
from xray_studio.ui.dialogs.dataset.shares import Shares
from xray_studio.ui.dialogs.export.formats import Options
from xray_studio.ui.dialogs.folder_button import FolderButton
from xray_studio.ui.dialogs.parts import beside, captioned
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.widgets.segmented import Segmented

TIMES = "\N{MULTIPLICATION SIGN}"
ROWS: Final[dict[str, tuple[str, Options]]] = {
    "size": ("Size", (("source", "Own size"), ("256x256", f"256 {TIMES} 256"),
                      ("512x512", f"512 {TIMES} 512"), ("custom", "Custom"))),
    "frames": ("Frames", (("all", "All"), ("range", "From\N{EN DASH}to"))),
    "normalise": ("Values", (("window", "Window"), ("percentile", "1st to 99th %"),
                             ("z-score", "z-score"))),
    "samples": ("Samples", (("png", "PNG"), ("npz", "NumPy"))),
    "depth": ("Depth", (("8", "8 bits"), ("16", "16 bits"))),
    "text": ("Drawn text", (("mask", "Find and mask"), ("keep", "Leave as it is"))),
}  # fmt: skip
SCALED: Final = {
    "window": "0 and 1 are the ends of the file's first window.",
    "percentile": "0 and 1 are the 1st and 99th percentile of the series.",
    "z-score": "0 is the mean of the series, 1 a standard deviation above it.",
}
EVERY = "1 takes every frame of a series, 10 every tenth."
SEED = "The same seed gives the same split again."
FLOATS = "NumPy samples are float32"
LARGEST, MOST = 16_384, 9_999_999
SEEDS = 999_999_999


class DatasetForm(QWidget):
    """Choices, name and folder. `changed` tells that the user changed something."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = Recipe(dataset=True)
        self.rows = {key: Segmented(name, options, self) for key, (name, options) in ROWS.items()}
        self.width_field = self._number("Width in pixels", 1, LARGEST)
        self.height_field = self._number("Height in pixels, empty for its own shape", 1, LARGEST)
        self.first_field = self._number("First frame, from 1", 1, MOST)
        self.last_field = self._number("Last frame", 1, MOST)
        self.every_field = self._number("Take every so many frames", 1, MOST)
        self.seed_field = self._number("Seed of the split", 0, SEEDS, 104)
        self.scaled = QLabel(self)
        self.shares = Shares(self)
        self.name = QLineEdit(self)
        self.folder_button = FolderButton("Folder of the data set", self)
        self._size, self._range = self._size_fields(), self._range_fields()
        self._build()
        self.show_recipe(Recipe(size="256x256", deidentify=True))

    def recipe(self) -> Recipe:
        """Return what is chosen; a window and masks of a loaded recipe stay."""
        chosen = {key: row.value() for key, row in self.rows.items()}
        return replace(
            self._base,
            size=self._custom_size() if chosen["size"] == "custom" else chosen["size"],
            frames=self._frames() if chosen["frames"] == "range" else "",
            every=int(self.every_field.text() or 1),
            normalise=chosen["normalise"],
            samples=chosen["samples"],
            depth=chosen["depth"] if chosen["samples"] == "png" else "8",
            split=self.shares.split(),
            seed=int(self.seed_field.text() or 0),
            deidentify=chosen["text"] == "mask",
        )

    def show_recipe(self, recipe: Recipe) -> None:
        """Show the choices of a recipe."""
        self._base = Recipe(dataset=True, window=recipe.window, mask=recipe.mask)
        self._show_size(recipe.size)
        first, _, last = recipe.frames.partition("-")
        self.first_field.setText(first or "1")
        self.last_field.setText(last or first or "1")
        self.every_field.setText(str(recipe.every))
        self.seed_field.setText(str(recipe.seed))
        self.shares.show_shares(parse_shares(recipe.split))
        for key, value in {
            "frames": "range" if first else "all",
            "normalise": recipe.normalise,
            "samples": recipe.samples,
            "depth": recipe.depth,
            "text": "mask" if recipe.deidentify else "keep",
        }.items():
            self.rows[key].set_value(value)
        self._show_parts()

    def _show_size(self, size: str) -> None:
        width, _, height = size.partition("x")
        offered = dict(ROWS["size"][1])
        custom = size not in offered and width.isdigit()
        self.rows["size"].set_value("custom" if custom else size if size in offered else "source")
        self.width_field.setText(width if width.isdigit() else "256")
        self.height_field.setText(height if width.isdigit() else "256")

    def _show_parts(self) -> None:
        """Show the fields that the choices have, and what becomes of values."""
        self._size.setVisible(self.rows["size"].value() == "custom")
        self._range.setVisible(self.rows["frames"].value() == "range")
        floats = self.rows["samples"].value() == "npz"
        for key, _ in ROWS["depth"][1]:
            self.rows["depth"].set_available(key, available=not floats, reason=FLOATS)
        normalise = self.rows["normalise"].value()
        window = self._base.window
        told = SCALED[normalise]
        if normalise == "window" and window is not None:
            center, width = map(format_number, window)
            told = f"0 and 1 are the ends of the recipe's window, {center} / {width}."
        self.scaled.setText(told)

    def _custom_size(self) -> str:
        return f"{int(self.width_field.text() or 1)}x{self.height_field.text()}"

    def _frames(self) -> str:
        first, last = int(self.first_field.text() or 1), int(self.last_field.text() or 1)
        return f"{first}-{max(first, last)}"

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 20, 20, 8)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 72)
        grid.setColumnStretch(1, 1)
        fields = {"size": self._size, "frames": self._range}
        for key, (name, _) in ROWS.items():
            row = self.rows[key]
            row.setFixedHeight(34)
            row.chosen.connect(lambda _option: self._change())
            captioned(
                grid, name, beside(self, (row, 1), (fields[key], 0)) if key in fields else row
            )
            if key == "frames":
                captioned(grid, "Every", self._with_words(self.every_field, EVERY))
            if key == "normalise":
                mark(self.scaled, role="caption")
                grid.addWidget(self.scaled, grid.rowCount(), 1)
        captioned(grid, "Split", self.shares)
        captioned(grid, "Seed", self._with_words(self.seed_field, SEED))
        self.name.setAccessibleName("Name of the folder")
        captioned(grid, "Name", self.name)
        captioned(grid, "Folder", self.folder_button)
        self.shares.changed.connect(self._change)
        self.folder_button.chosen.connect(self._change)
        self.name.textEdited.connect(lambda _text: self._change())

    def _change(self) -> None:
        self._show_parts()
        self.changed.emit()

    def _number(self, name: str, least: int, most: int, width: int = 56) -> QLineEdit:
        field = QLineEdit(self)
        field.setValidator(QIntValidator(least, most, self))
        field.setFixedWidth(px(width))
        field.setAccessibleName(name)
        field.textEdited.connect(lambda _text: self._change())
        return field

    def _size_fields(self) -> QWidget:
        return beside(self, (self.width_field, 0), (QLabel(TIMES, self), 0), (self.height_field, 0))

    def _range_fields(self) -> QWidget:
        dash = QLabel("\N{EN DASH}", self)
        return beside(self, (self.first_field, 0), (dash, 0), (self.last_field, 0))

    def _with_words(self, field: QLineEdit, words: str) -> QWidget:
        label = QLabel(words, self)
        mark(label, role="caption")
        return beside(self, (field, 0), (label, 1))
