from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage

from tests.ui.viewer.fakes import NARROW, WIDE, HeldSource, MemorySource, make_clip, pixel
from xray_studio.core.clip import Clip
from xray_studio.core.presentation import Presentation
from xray_studio.imaging.render import render
from xray_studio.ui.frame_worker import FrameAnswer, FrameRequest, FrameWorker, answer, to_qimage
from xray_studio.ui.viewer.geometry import Size

SAME = Size(60, 40)


@pytest.fixture
def worker(qtbot):
    made = FrameWorker()
    made.start()
    yield made
    made.stop()
    assert made.isFinished()


def request(clip: Clip | None = None, index: int = 0, view: Size = SAME, **shown) -> FrameRequest:
    presentation = replace(Presentation(voi=WIDE), **shown)
    return FrameRequest(clip or make_clip(), presentation, index, view)


def made(asked: FrameRequest) -> FrameAnswer:
    return answer(asked, asked.clip.stored(asked.index))


def grey(image: QImage) -> np.ndarray:
    """Return the pixels of a grey picture."""
    assert image.format() == QImage.Format.Format_Grayscale8
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def test_at_its_own_size_the_picture_is_what_render_gives():
    asked = request(index=3)
    shown = made(asked)
    assert shown.box == (0, 0, 60, 40)
    assert np.array_equal(grey(shown.image), render(asked.clip, 3, asked.presentation))


def test_colour_keeps_its_colours():
    clip = make_clip(MemorySource(colour=True), windows=())
    shown = made(request(clip, voi=None))
    colour = shown.image.pixelColor(2, 1)
    assert (colour.red(), colour.green(), colour.blue()) == (5, 6, 9)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("flip", [False, True])
def test_turned_and_flipped_pictures_fill_their_box(rotation, flip):
    view = Size(40, 60) if rotation % 180 else SAME
    shown = made(request(view=view, rotation=rotation, flip_horizontal=flip))
    assert (shown.image.width(), shown.image.height()) == (view.width, view.height)
    expected = np.rot90(render(shown.request.clip, 0, Presentation(voi=WIDE)), -(rotation // 90))
    expected = expected[:, ::-1] if flip else expected
    assert np.array_equal(grey(shown.image), expected)


def test_large_magnification_renders_only_what_is_visible():
    shown = made(request(view=Size(200, 200), zoom=30.0))
    assert shown.placement.crisp
    assert shown.image.width() < 400
    assert shown.box.width >= 200


def test_a_picture_moved_out_of_sight_gives_no_image_and_no_error():
    shown = made(request(pan=(1000.0, 0.0)))
    assert shown.image is None
    assert shown.error is None


def test_the_histogram_is_counted_when_asked_for():
    asked = replace(request(), histogram=True)
    counts = made(asked).histogram
    assert (counts.low, counts.high) == (0.0, float(pixel(0, 39, 59)))
    assert sum(counts.counts) == 60 * 40
    assert made(request()).histogram is None


def test_the_image_owns_its_pixels():
    picture = np.full((5, 7), 200, np.uint8)
    image = to_qimage(picture)
    picture[:] = 0
    assert image.pixelColor(6, 4).red() == 200


def test_the_latest_request_wins(qtbot, worker):
    source = HeldSource(8)
    clip, answers = make_clip(source), []
    worker.answered.connect(answers.append)
    worker.ask(request(clip, 0))
    qtbot.waitUntil(lambda: 0 in source.waiting)
    for index in (1, 2, 3):
        worker.ask(request(clip, index))
    source.release(0)
    qtbot.waitUntil(lambda: 3 in source.waiting)
    source.release(3)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert [shown.request.index for shown in answers] == [0, 3]


def test_a_frame_that_cannot_be_read_is_an_error_in_words(qtbot, worker):
    clip = make_clip(MemorySource(bad=frozenset({1})))
    with qtbot.waitSignal(worker.answered) as waited:
        worker.ask(request(clip, 1))
    assert "damaged" in str(waited.args[0].error)
    assert waited.args[0].image is None


def test_any_failure_is_an_error_in_words(qtbot, worker):
    clip = make_clip(voi_luts=())
    with qtbot.waitSignal(worker.answered) as waited:
        worker.ask(request(clip, voi=3))
    assert str(waited.args[0].error)


def test_a_request_for_another_clip_does_not_wait_for_the_first(qtbot, worker):
    stuck, other = HeldSource(), make_clip()
    worker.ask(request(make_clip(stuck)))
    qtbot.waitUntil(lambda: 0 in stuck.waiting)
    with qtbot.waitSignal(worker.answered) as waited:
        worker.ask(request(other, voi=NARROW))
    assert waited.args[0].request.clip is other
    assert stuck.waiting[0].cancelled()


def test_a_plane_that_is_turned_on_is_shown_all_the_same(qtbot, worker):
    held = HeldSource()
    first = replace(request(make_clip(held)), family=("axial",))
    answers = []
    worker.answered.connect(answers.append)
    worker.ask(first)
    qtbot.waitUntil(lambda: 0 in held.waiting)
    second = replace(request(), family=("axial",))
    worker.ask(second)
    held.release(0)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert [one.request for one in answers] == [first, second]
    assert second.follows(first)
    assert not request().follows(first)


def test_a_frame_given_up_by_somebody_else_is_asked_for_again(qtbot, worker):
    source = HeldSource()
    worker.ask(request(make_clip(source)))
    qtbot.waitUntil(lambda: 0 in source.waiting)
    source.waiting[0].cancel()
    qtbot.waitUntil(lambda: len(source.asked) == 2)
    with qtbot.waitSignal(worker.answered):
        source.release(0)


def test_stopping_does_not_wait_for_a_stuck_decoder(qtbot):
    source, worker = HeldSource(), FrameWorker()
    worker.start()
    worker.ask(request(make_clip(source)))
    qtbot.waitUntil(lambda: 0 in source.waiting)
    worker.stop()
    assert worker.isFinished()


def test_what_is_asked_ahead_is_rendered_when_nothing_else_is_to_do(qtbot, worker):
    source = HeldSource()
    clip, answers = make_clip(source), []
    worker.answered.connect(answers.append)
    worker.ask(request(clip, 0))
    qtbot.waitUntil(lambda: 0 in source.waiting)
    ready = make_clip()
    worker.ask(replace(request(ready, 5), ahead=True))
    qtbot.wait(30)
    assert answers == []
    source.release(0)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert [shown.request.index for shown in answers] == [0, 5]


def test_what_is_asked_ahead_is_not_waited_for(qtbot, worker):
    source = HeldSource()
    clip, answers = make_clip(source), []
    worker.answered.connect(answers.append)
    worker.ask(replace(request(clip, 1), ahead=True))
    qtbot.waitUntil(lambda: 1 in source.waiting)
    worker.ask(request(make_clip(), 3))
    qtbot.waitUntil(lambda: len(answers) == 1)
    assert answers[0].request.index == 3


def test_a_frame_at_hand_does_not_wait_for_one_that_is_decoded(qtbot, worker):
    source = HeldSource()
    clip = make_clip(source)
    worker.ask(request(clip, 0))
    qtbot.waitUntil(lambda: 0 in source.waiting)
    first = source.waiting[0]
    with qtbot.waitSignal(worker.answered) as waited:
        worker.ask(replace(request(clip, 1), at_hand=True))
        qtbot.waitUntil(lambda: 1 in source.waiting)
        source.release(1)
    assert waited.args[0].request.index == 1
    assert not first.cancelled()
