"""What a presentation state has drawn, in exported pictures: lines, filled shapes and words."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip
from xray_studio.core.drawing import Drawing, Ground, Label, Points, Shape, nearest, outline
from xray_studio.core.presentation import Presentation
from xray_studio.core.shutter import Colour
from xray_studio.imaging.stamps import Stamp, line_height, text_width, words

Image = npt.NDArray[np.uint8]
FINE = 4  # binary digits behind the point of a place
LINES = 46  # of text that would fill the height of a picture
SMALLEST, LARGEST = 9, 48
FARTHEST = 1 << 20  # pixels beyond which nothing is drawn


def draw_drawings(
    picture: Image,
    clip: Clip,
    index: int,
    presentation: Presentation,
    box: tuple[float, float, float, float] | None = None,
) -> Image:
    """Return RGB of a turned picture with what is drawn on frame `index` of its clip.

    `box` is left, top, width and height of the frame in the picture, all of it when None.
    """
    drawn = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture.copy()
    rows, columns = picture.shape[:2]
    ground = Ground(
        box or (0.0, 0.0, float(columns), float(rows)), (clip.rows, clip.columns), presentation
    )
    pen = _Pen(np.asarray(drawn, np.uint8), ground)
    for drawing in clip.drawings:
        if drawing.covers(index):
            pen.draw(drawing)
    return pen.picture


class _Pen:
    """Draws into one picture."""

    def __init__(self, picture: Image, ground: Ground) -> None:
        self.picture, self._ground = picture, ground
        rows = picture.shape[0]
        self._size = round(min(max(rows / LINES, SMALLEST), LARGEST))
        self._width = max(1, round(self._size / 9))

    def draw(self, drawing: Drawing) -> None:
        """Draw everything of one layer."""
        for shape in drawing.shapes:
            self._shape(shape, drawing.colour)
        for label in drawing.labels:
            self._label(label, drawing.colour)

    def _shape(self, shape: Shape, colour: Colour) -> None:
        corners, closed = outline(shape)
        places = self._ground.places(corners, of_display=shape.of_display)
        if shape.kind == "POINT":
            self._cross(places[0], colour)
            return
        if shape.filled and closed:
            cv2.fillPoly(self.picture, [_exact(places)], colour, cv2.LINE_AA, FINE)
        self._line(places, colour, closed=closed)

    def _line(self, places: Points, colour: Colour, *, closed: bool) -> None:
        for ink, width in (((0, 0, 0), self._width + 2), (colour, self._width)):
            cv2.polylines(self.picture, [_exact(places)], closed, ink, width, cv2.LINE_AA, FINE)

    def _cross(self, place: Points, colour: Colour) -> None:
        arm = self._size / 2
        for across, down in ((arm, 0.0), (0.0, arm)):
            reach = np.array((across, down))
            ends = np.array((place - reach, place + reach))
            self._line(ends, colour, closed=False)

    def _label(self, label: Label, colour: Colour) -> None:
        lines = label.text.split("\n")
        wide = max(text_width(line, self._size) for line in lines)
        left, top, width = self._corner(label, wide, len(lines) * line_height(self._size))
        if label.line and label.anchor is not None and label.box is not None:
            self._line(self._joint(label), colour, closed=False)
        for number, line in enumerate(lines):
            room = width - text_width(line, self._size)
            aside = {"CENTER": room / 2, "RIGHT": room}.get(label.justified, 0.0)
            self._press(words(line, self._size, colour), left + aside, top, number)

    def _corner(self, label: Label, wide: int, high: int) -> tuple[float, float, float]:
        """Return left and top of a text and the width that it is justified in."""
        if label.box is not None:
            places = self._ground.places(label.box, of_display=label.box_of_display)
            (left, top), (right, _) = places.min(axis=0), places.max(axis=0)
            return float(left), float(top), max(float(right - left), float(wide))
        assert label.anchor is not None
        place = self._ground.places((label.anchor,), of_display=label.anchor_of_display)[0]
        gap = self._size / 2
        rows, columns = self.picture.shape[:2]
        left = float(place[0]) + gap
        if left + wide > columns - gap and label.left_anchor is not None:
            place = self._ground.places((label.left_anchor,), of_display=False)[0]
            left = float(place[0]) - gap - wide
        left = min(left, columns - wide - gap)
        top = min(max(float(place[1]) - high / 2, 0.0), float(rows - high))
        return max(left, 0.0), top, float(wide)

    def _joint(self, label: Label) -> Points:
        """Return the line from the middle of a box's nearest side to the anchor."""
        assert label.box is not None
        assert label.anchor is not None
        anchor = self._ground.places((label.anchor,), of_display=label.anchor_of_display)[0]
        return np.array((nearest(self._ground, label), anchor))

    def _press(self, stamp: Stamp, left: float, top: float, number: int) -> None:
        down = round(top) + number * line_height(self._size)
        across = round(left)
        inside = down < self.picture.shape[0] and across < self.picture.shape[1]
        if inside and down >= 0 and across >= 0:
            stamp.press(self.picture, down, across)


def _exact(places: Points) -> npt.NDArray[np.int32]:
    """Return places as OpenCV takes them: the middle of a pixel is whole, digits are shifted."""
    bounded = np.clip(places, -FARTHEST, FARTHEST) - 0.5
    return np.round(bounded * (1 << FINE)).astype(np.int32)
