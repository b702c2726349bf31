"""Marks: geometry, values, scales, where they lie, and what can be undone."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from tests.ui.viewer.fakes import MemorySource
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.content import Reference
from xray_studio.core.drawing import turned
from xray_studio.core.lut import Pixels, Rescale
from xray_studio.core.measure.fewer import fewer
from xray_studio.core.measure.from_state import marks_of_state
from xray_studio.core.measure.from_table import marks_of_table
from xray_studio.core.measure.geometry import (
    angle,
    area,
    contrast_to_noise,
    ellipse_area,
    greys,
    inside,
    length,
)
from xray_studio.core.measure.mark import Kind, Mark, Spot, frames_of, handles, index_of, spot_of
from xray_studio.core.measure.marks import Calibration, Marks, images_of
from xray_studio.core.measure.scale import calibrated, scale_at
from xray_studio.core.measure.sketch import drawing_of
from xray_studio.core.measure.stored import from_plain, to_plain
from xray_studio.core.measure.table import HEAD, csv_of, line_of
from xray_studio.core.measure.words import REFUSED, lines_of, row_words, values_of
from xray_studio.core.place import FramePlace
from xray_studio.core.presentation import Presentation
from xray_studio.core.state import GREY, Annotation, PresentationState, Scoped
from xray_studio.imaging import metrics

places = st.tuples(st.floats(0, 500), st.floats(0, 500))
sides = st.floats(0.05, 5.0)
spacings = st.tuples(sides, sides)


class Frames(MemorySource):
    """Frames of given values."""

    def __init__(self, values: np.ndarray) -> None:
        super().__init__(1, *values.shape)
        self.values, self.dtype = values, values.dtype

    def read(self, index: int) -> np.ndarray:
        return self.values


def clip_of(source: object = None, **parts: object) -> Clip:
    made = {"spacing_meaning": "patient", "pixel_spacing": (0.5, 0.5)} | parts.pop("made", {})
    usual = {"objects": (("1.2.3", 8),), "paths": ("/a.dcm",)}
    source = source or MemorySource(frames=8, rows=40, columns=60)
    return Clip(source, acquisition=Acquisition(**made), **(usual | parts))


def mark_of(kind: Kind, *points: tuple[float, float], **parts: object) -> Mark:
    return Mark(1, kind, points, parts.pop("spot", Spot("1.2.3", "/a.dcm", 0)), **parts)


# -- geometry


@given(places, places, spacings)
def test_a_length_is_that_of_the_way_in_millimetres(one, other, spacing):
    told = length((one, other), spacing)
    across, down = (other[0] - one[0]) * spacing[1], (other[1] - one[1]) * spacing[0]
    assert told == pytest.approx(math.sqrt(across**2 + down**2), rel=1e-9, abs=1e-12)
    assert told == length((other, one), spacing)


@given(places, places, places, spacings)
def test_no_way_round_is_shorter(one, middle, other, spacing):
    parts = length((one, middle), spacing) + length((middle, other), spacing)
    assert length((one, other), spacing) <= parts * (1 + 1e-9) + 1e-9


@given(places, places, places, spacings)
def test_an_angle_is_that_of_the_law_of_cosines(one, middle, other, spacing):
    a, b, c = (length(pair, spacing) for pair in ((one, middle), (other, middle), (one, other)))
    turn = angle((one, middle, other), spacing)
    if turn is None:
        assert min(a, b) == 0.0
        return
    assert turn == angle((other, middle, one), spacing)
    assert 0.0 <= turn <= 180.0
    if min(a, b) > 1e-3:
        cosine = (a**2 + b**2 - c**2) / (2 * a * b)
        assert math.cos(math.radians(turn)) == pytest.approx(cosine, abs=1e-6)


def test_an_angle_by_pixels_that_are_no_squares():
    # 45 degrees in the patient: pixels are twice as high as wide.
    assert angle(((10, 5), (0, 0), (10, 0)), (2.0, 1.0)) == pytest.approx(45.0)


@given(places, places, spacings)
def test_the_area_of_an_ellipse(one, other, spacing):
    width, height = abs(one[0] - other[0]) * spacing[1], abs(one[1] - other[1]) * spacing[0]
    assert ellipse_area((one, other), spacing) == pytest.approx(math.pi * width * height / 4)


@given(st.floats(4, 30), st.floats(4, 30), st.floats(30, 40), st.floats(30, 40))
def test_pixels_inside_fill_the_area(x, y, right, bottom):
    points = ((x, y), (right, bottom))
    count = inside(points, range(64), range(64)).sum()
    edge = 2 * ((right - x) + (bottom - y)) + 4
    assert abs(count - ellipse_area(points, (1.0, 1.0))) <= edge


@given(st.integers(0, 10_000))
def test_values_in_an_ellipse_are_those_of_scipy(seed):
    random = np.random.default_rng(seed)
    values = random.integers(0, 4000, (40, 60)).astype(np.uint16)
    corner = random.uniform(0, 20, 2)
    points = (tuple(corner), tuple(corner + random.uniform(2, 20, 2)))
    clip = clip_of(Frames(values), modality=(Rescale(2.0, -1000.0, "HU"),), objects=(("1", 1),))
    found = greys(clip, 0, values, points)
    rows, columns = np.mgrid[0:40, 0:60] + 0.5
    (left, top), (right, bottom) = points
    across = (columns - (left + right) / 2) / ((right - left) / 2)
    down = (rows - (top + bottom) / 2) / ((bottom - top) / 2)
    mask = np.hypot(across, down) <= 1.0
    if found is None:
        assert mask.sum() == 0
        return
    shown = values * 2.0 - 1000.0
    assert found.count == mask.sum()
    assert (found.low, found.high) == ndimage.extrema(shown, mask)[:2]
    assert found.mean == pytest.approx(ndimage.mean(shown, mask))
    assert found.deviation == pytest.approx(ndimage.standard_deviation(shown, mask), abs=1e-9)
    assert found.unit == "HU"


@given(st.integers(0, 10_000))
def test_an_outline_holds_what_lies_within_an_odd_number_of_turns(seed):
    chance = np.random.default_rng(seed)
    corners = tuple(map(tuple, chance.uniform(-5, 45, (chance.integers(3, 9), 2))))
    rows, columns = range(3, 37), range(2, 39)
    expected = by_rays(corners, rows, columns)
    assert np.array_equal(inside(corners, rows, columns), expected)


def by_rays(corners, rows: range, columns: range) -> np.ndarray:
    """Tell of each pixel by itself how often a ray to the left crosses the line."""
    found = np.zeros((len(rows), len(columns)), bool)
    for j, row in enumerate(rows):
        for i, column in enumerate(columns):
            x, y = column + 0.5, row + 0.5
            for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0]), strict=True):
                if (y0 <= y) != (y1 <= y) and x0 + (y - y0) * (x1 - x0) / (y1 - y0) <= x:
                    found[j, i] ^= True
    return found


def test_an_outline_measures_its_area_and_the_values_in_it():
    corners = ((10.0, 10.0), (30.0, 10.0), (30.0, 20.0), (20.0, 20.0), (20.0, 30.0), (10.0, 30.0))
    values = np.full((40, 60), 7, np.int16)
    values[10:30, 10:20] = values[10:20, 20:30] = 9
    clip = clip_of(Frames(values))
    assert area(corners, (0.5, 2.0)) == pytest.approx(300.0)
    found = greys(clip, 0, values, corners)
    assert (found.count, found.mean, found.deviation) == (300, 9.0, 0.0)
    mark = mark_of(Kind.OUTLINE, *corners)
    told = values_of(mark, scale_at(clip, 0), found)
    assert (told.size, told.unit) == (75.0, "mm²")
    assert lines_of(mark, told)[-1] == "75.0 mm²"


def test_outlines_come_back_from_states_and_tables():
    corners = ((10.0, 10.0), (30.0, 12.0), (20.0, 30.0))
    mark, clip = mark_of(Kind.OUTLINE, *corners), clip_of()
    told = values_of(mark, scale_at(clip, 0))
    (again,) = marks_of_table(clip, csv_of([line_of(clip, mark, 0, told)])).marks.each
    assert (again.kind, again.points) == (Kind.OUTLINE, corners)
    drawing = drawing_of(mark, ("One", *lines_of(mark, told)), Presentation())
    annotation = Annotation(drawing.layer, drawing.shapes, drawing.labels)
    state = PresentationState(
        GREY, "1.9", images=(Reference("1.2.3"),), annotations=(Scoped(annotation),)
    )
    (again,) = marks_of_state(clip, state).marks.each
    assert (again.kind, again.points, again.text) == (Kind.OUTLINE, corners, "One")


def test_a_line_by_hand_keeps_the_corners_that_are_seen():
    chance = np.random.default_rng(1)
    steps = np.linspace(0.0, 20.0, 60)
    square = [(x, 0.0) for x in steps] + [(20.0, y) for y in steps[1:]]
    drawn = tuple(
        (x + a, y + b)
        for (x, y), (a, b) in zip(square, chance.uniform(-0.2, 0.2, (len(square), 2)), strict=True)
    )
    kept = fewer(drawn, 1.0)
    assert (kept[0], kept[-1], len(kept)) == (drawn[0], drawn[-1], 3)
    assert math.dist(kept[1], (20.0, 0.0)) < 0.5
    assert fewer(kept, 0.0) == kept


def test_padding_and_what_is_no_number_are_left_out():
    values = np.full((40, 60), 7, np.int16)
    values[:20] = -2000
    clip = clip_of(Frames(values), pixels=Pixels(bits=16, signed=True, padding=(-2000, -2000)))
    found = greys(clip, 0, values, ((10.0, 10.0), (30.0, 30.0)))
    assert found is not None
    assert (found.mean, found.deviation, found.low) == (7.0, 0.0, 7.0)
    assert found.left_out == found.count
    assert greys(clip, 0, values, ((0.0, 0.0), (10.0, 10.0))) is None
    gaps = np.full((40, 60), np.nan, np.float32)
    assert greys(clip_of(Frames(gaps)), 0, gaps, ((0.0, 0.0), (10.0, 10.0))) is None


def test_colour_has_an_area_and_no_values():
    clip = clip_of(MemorySource(frames=1, colour=True))
    assert greys(clip, 0, clip.stored(0), ((0.0, 0.0), (10.0, 10.0))) is None


def test_contrast_to_noise_is_that_of_the_phantom_measures():
    random = np.random.default_rng(5)
    values = random.normal(1000, 20, (40, 60)).astype(np.float32)
    values[:, 30:] += 100
    clip = clip_of(Frames(values))
    both = ((4.0, 4.0), (26.0, 30.0)), ((34.0, 4.0), (56.0, 30.0))
    one, other = (greys(clip, 0, values, points) for points in both)
    masks = [inside(points, range(40), range(60)) for points in both]
    assert contrast_to_noise(one, other) == pytest.approx(
        metrics.contrast_to_noise(values, *masks), rel=1e-5
    )


# -- what millimetres are


@pytest.mark.parametrize(
    ("meaning", "words"),
    [
        ("patient", "5.0 mm"),
        ("detector", "5.0 mm at the detector"),
        ("magnification", "5.0 mm corrected for magnification"),
        ("calibrated", "5.0 mm calibrated"),
        ("film", "5.0 mm on the film"),
    ],
)
def test_a_length_says_where_it_holds(meaning, words):
    scale = scale_at(clip_of(made={"spacing_meaning": meaning}), 0)
    mark = mark_of(Kind.LENGTH, (0.0, 0.0), (10.0, 0.0))
    assert row_words(mark, values_of(mark, scale)) == words


def test_pixels_where_nothing_is_known():
    mark = mark_of(Kind.LENGTH, (0.0, 0.0), (0.0, 10.0))
    square = clip_of(made={"pixel_spacing": None, "spacing_meaning": ""})
    assert row_words(mark, values_of(mark, scale_at(square, 0))) == "10.0 px"
    tall = replace(square, pixel_aspect=2.0)
    assert row_words(mark, values_of(mark, scale_at(tall, 0))) == "20.0 pixel widths"


def test_a_file_that_contradicts_itself_is_not_measured():
    clip = clip_of(pixel_aspect=2.0)
    for kind, count in ((Kind.LENGTH, 2), (Kind.ANGLE, 3), (Kind.ELLIPSE, 2)):
        mark = mark_of(kind, *[(0.0, 0.0), (9.0, 9.0), (3.0, 5.0)][:count])
        values = values_of(mark, scale_at(clip, 0))
        assert values.size is None
        assert row_words(mark, values) == REFUSED


def test_slices_with_a_spacing_of_their_own_are_measured_by_that():
    own = (FramePlace(spacing=(0.5, 0.5)), FramePlace(spacing=(0.8, 0.8)))
    clip = clip_of(
        MemorySource(frames=2), objects=(("1", 1), ("2", 1)), paths=("/a", "/b"), places=own
    )
    assert [scale_at(clip, n).spacing for n in range(2)] == [(0.5, 0.5), (0.8, 0.8)]
    shot = replace(clip, acquisition=replace(clip.acquisition, spacing_meaning="detector"))
    assert not scale_at(shot, 1).in_millimetres  # that of one file, not known of the other


@given(st.floats(0.1, 1000), places, places)
def test_a_calibrated_length_measures_what_was_told(size, one, other):
    clip = clip_of(made={"pixel_spacing": None, "spacing_meaning": ""}, pixel_aspect=1.5)
    scale = scale_at(clip, 0)
    drawn = length((one, other), scale.spacing)
    if drawn < 1e-6:
        return
    spacing = calibrated(scale, drawn, size)
    assert length((one, other), spacing) == pytest.approx(size)
    assert scale_at(clip, 0, spacing).where == "calibrated by hand"
    assert spacing[0] / spacing[1] == pytest.approx(1.5)


@pytest.mark.parametrize("wrong", [(0.0, 5.0), (5.0, 0.0), (5.0, -1.0), (5.0, math.inf)])
def test_a_calibration_needs_a_size(wrong):
    with pytest.raises(ValueError, match="above 0"):
        calibrated(scale_at(clip_of(), 0), *wrong)


# -- where marks lie


def test_a_mark_lies_on_its_frame_and_on_no_other_image():
    clip = clip_of()
    mark = mark_of(Kind.LENGTH, (0.0, 0.0), (5.0, 5.0), spot=spot_of(clip, 3))
    marks = Marks().changed(None, mark)
    assert [bool(marks.at(spot_of(clip, n))) for n in range(8)] == [n == 3 for n in range(8)]
    spread = marks.changed(mark, replace(mark, everywhere=True))
    assert all(spread.at(spot_of(clip, n)) for n in range(8))
    others = (
        clip_of(objects=(("1.2.4", 8),)),
        clip_of(paths=("/b.dcm",)),  # another patient's file with the same UID
        clip_of(objects=(), paths=("/a.dcm",)),
        clip_of(objects=(), paths=()),
    )
    for other in others:
        assert not any(spread.at(spot_of(other, n)) for n in range(8))
        assert not spread.of(other)


def test_slices_are_told_apart_and_found_again():
    clip = clip_of(
        MemorySource(frames=5), objects=(("1", 1), ("2", 3), ("3", 1)), paths=("/a", "/b", "/c")
    )
    spots = [spot_of(clip, n) for n in range(5)]
    assert spots[2] == Spot("2", "/b", 1)
    assert [index_of(clip, spot) for spot in spots] == list(range(5))
    mark = mark_of(Kind.TEXT, (1.0, 1.0), spot=spots[2], text="here", everywhere=True)
    assert frames_of(clip, mark) == (1, 2, 3)
    pictures = clip_of(MemorySource(frames=2), objects=(), paths=("/a.png", "/b.png"))
    assert [index_of(pictures, spot_of(pictures, n)) for n in range(2)] == [0, 1]


@given(st.lists(st.integers(0, 5), max_size=12), st.integers(1, 12))
def test_undone_and_redone_is_as_before(wishes, back):
    marks, clip = Marks(), clip_of()
    for wish in wishes:
        known = marks.get(wish)
        if known is None:
            new = Mark(marks.last + 1, Kind.TEXT, ((1.0, 1.0),), spot_of(clip, wish), "a")
            marks = marks.changed(None, new)
        elif wish % 2:
            marks = marks.changed(known, None)
        else:
            marks = marks.changed(known, replace(known, text=known.text + "a"))
    images, after = images_of(clip), marks
    for _ in range(back):
        after = after.undone(images)
    for _ in range(back):
        after = after.redone(images)
    assert after.each == marks.each
    nothing = marks
    for _ in wishes:
        nothing = nothing.undone(images)
    assert nothing.each == ()


def test_undoing_leaves_other_images_alone():
    here, there = clip_of(), clip_of(objects=(("9", 8),), paths=("/z",))
    marks = Marks().changed(None, mark_of(Kind.TEXT, (1.0, 1.0), text="a"))
    other = Mark(2, Kind.TEXT, ((2.0, 2.0),), spot_of(there, 0), "b")
    calibration = Calibration(("9", "/z"), (0.2, 0.2))
    marks = marks.changed(None, other).changed(None, calibration)
    undone = marks.undone(images_of(here))
    assert undone.each == (other,)
    assert undone.spacing(("9", "/z")) == (0.2, 0.2)
    assert marks.undone(images_of(there)).calibrations == ()


# -- pulled, drawn, kept


@given(places, st.floats(-600, 600), st.floats(-600, 600))
def test_a_moved_mark_stays_in_the_picture_and_keeps_its_shape(point, across, down):
    other = (min(point[0] + 7.0, 500.0), max(point[1] - 3.0, 0.0))
    mark = mark_of(Kind.LENGTH, point, other)
    moved = mark.moved(across, down, (500, 500))
    assert all(-1e-9 <= n <= 500 + 1e-9 for p in moved.points for n in p)
    assert length(moved.points, (1.0, 1.0)) == pytest.approx(length(mark.points, (1.0, 1.0)))


@pytest.mark.parametrize("number", range(4))
def test_a_side_of_an_ellipse_is_pulled_alone(number):
    mark = mark_of(Kind.ELLIPSE, (10.0, 10.0), (30.0, 20.0))
    pulled = mark.with_handle(number, (12.0, 13.0))
    (left, top), (right, bottom) = pulled.points
    expected = [10.0, 10.0, 30.0, 20.0]
    expected[number] = (12.0, 13.0)[number % 2]
    assert [left, top, right, bottom] == expected


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("flip", [False, True])
def test_words_stand_on_the_right_however_the_picture_is_turned(rotation, flip):
    how = Presentation(rotation=rotation, flip_horizontal=flip)
    mark = mark_of(Kind.ELLIPSE, (10.0, 10.0), (30.0, 25.0))
    label = drawing_of(mark, ("5 mm",), how).labels[0]
    across = {point: turned(np.array([point]), how)[0, 0] for point in handles(mark)}
    assert across[label.anchor] == max(across.values())
    assert across[label.left_anchor] == min(across.values())


def test_kept_marks_come_back_and_damaged_ones_do_not():
    marks = (
        Marks()
        .changed(None, mark_of(Kind.ELLIPSE, (1.0, 2.0), (3.5, 4.5), text="LV", hidden=True))
        .changed(None, Calibration(("1.2.3", "/a.dcm"), (0.1, 0.2)))
    )
    plain = json.loads(json.dumps(to_plain(marks)))
    back = from_plain(plain)
    assert (back.each, back.calibrations, back.last) == (marks.each, marks.calibrations, 1)
    for damage in ({"points": [[1]]}, {"kind": "x"}, {"spot": ["", "", 0]}, {"number": "1"}):
        assert from_plain({"each": [plain["each"][0] | damage]}) == Marks()
    assert from_plain({"each": 5, "calibrations": [["a", "b", -1, 1]]}) == Marks()
    assert from_plain([]) == Marks()


def test_a_table_tells_numbers_and_where_they_hold():
    clip = clip_of(made={"spacing_meaning": "detector"})
    mark = mark_of(Kind.ELLIPSE, (5.0, 5.0), (15.0, 15.0), text="=1+1")
    found = greys(clip, 2, clip.stored(2), mark.points)
    values = values_of(mark, scale_at(clip, 2), found)
    row = dict(zip(HEAD, line_of(clip, mark, 2, values), strict=True))
    assert row["name"] == "'=1+1"  # no spreadsheet runs it
    assert (row["frame"], row["frame_of_object"], row["sop_instance_uid"]) == ("3", "3", "1.2.3")
    assert float(row["size"]) == pytest.approx(math.pi * 25 / 4)
    assert (row["unit"], row["holds"]) == ("mm²", "at the detector")
    assert float(row["mean"]) == pytest.approx(found.mean)
    assert csv_of([line_of(clip, mark, 2, values)]).count("\r\n") == 2


def test_a_name_stands_above_the_values():
    mark = mark_of(Kind.ANGLE, (10.0, 0.0), (0.0, 0.0), (0.0, 10.0), text="Carina")
    assert lines_of(mark, values_of(mark, scale_at(clip_of(), 0))) == ("Carina", "90.0°")
    flat = mark_of(Kind.ANGLE, (0.0, 0.0), (0.0, 0.0), (0.0, 10.0))
    assert values_of(flat, scale_at(clip_of(), 0)).refused
