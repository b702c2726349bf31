"""A source that keeps one frame."""

from __future__ import annotations

import pickle
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from xray_studio.core.clip import Frame
from xray_studio.core.errors import UnreadableError
from xray_studio.core.remembering import Remembering
from xray_studio.core.workers import Priority


@dataclass
class Counting:
    """Counts what is read of it; frame 3 is broken."""

    read_so_far: list[int] = field(default_factory=list)
    shape: tuple[int, ...] = (5, 2, 3)
    dtype: np.dtype[Any] = field(default_factory=lambda: np.dtype(np.uint16))

    def read(self, index: int) -> Frame:
        self.read_so_far.append(index)
        if index == 3:
            raise UnreadableError("It is damaged.")
        return np.full(self.shape[1:], index, np.uint16)

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        answer: Future[Frame] = Future()
        try:
            answer.set_result(self.read(index))
        except UnreadableError as error:
            answer.set_exception(error)
        return answer


def test_a_frame_is_made_once() -> None:
    under = Counting()
    source = Remembering(under, 2)
    assert [int(source.read(n)[0, 0]) for n in (2, 2, 1, 1)] == [2, 2, 1, 1]
    assert int(source.request(2, Priority.BATCH).result()[0, 0]) == 2
    assert under.read_so_far == [2, 1, 1]
    assert (source.shape, source.dtype) == (under.shape, under.dtype)
    other = Remembering(Counting(), 2)
    other.request(2, Priority.BATCH)
    other.read(2)
    assert other.under.read_so_far == [2]
    assert pickle.loads(pickle.dumps(other)).index == 2


def test_a_broken_frame_stays_broken() -> None:
    source = Remembering(Counting(), 3)
    with pytest.raises(UnreadableError):
        source.read(3)
    for _ in range(2):
        assert isinstance(source.request(3, Priority.BATCH).exception(), UnreadableError)
