"""A stream of pictures into one object, or into parts that play alone, copied bit for bit."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.errors import WriteError
from xray_studio.core.extents import Extents
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, passed_on
from xray_studio.core.video.facts import VideoFacts
from xray_studio.core.video.room import beside, room, room_for
from xray_studio.core.video.syntaxes import LOSSLESS, METHODS, STILL_METHODS
from xray_studio.dicom.write.items import StreamItems
from xray_studio.dicom.write.video import video_head
from xray_studio.dicom.write.video_order import Loss, VideoOrder
from xray_studio.services.settings import uid_root
from xray_studio.services.to_dicom.request import Preview, Written
from xray_studio.video.probe import Probed
from xray_studio.video.remux import Remux, remux
from xray_studio.video.stream import Packets
from xray_studio.video.stream_bytes import StreamSum, stream_sum

_GONE: Final = "The finished file was removed, since its stream is another one than was copied."


@dataclass(frozen=True, slots=True)
class Stream:
    """The file that a stream is copied from: the video itself, or what it was encoded into.

    `losses` are all that its pictures went through; `words` say what was done to them, if anything.
    """

    path: Path
    probed: Probed
    losses: tuple[Loss, ...]
    words: str = ""

    @classmethod
    def of(cls, seen: Preview) -> Stream:
        """Return the stream of the video as it is."""
        return cls(seen.request.source, seen.probed, losses_of(seen.probed.facts))


def losses_of(facts: VideoFacts) -> tuple[Loss, ...]:
    """Return what the compression of a video lost: its method and by how much it is smaller."""
    if facts.codec in LOSSLESS or not facts.stream_size:
        return ()
    samples = 1 if facts.chroma == "4:0:0" else 3
    native = facts.columns * facts.rows * samples * -(-facts.bits // 8) * facts.frames
    method = METHODS.get(facts.codec, STILL_METHODS.get(facts.codec, ""))
    return (Loss(method, native / facts.stream_size),)


def write_stream(seen: Preview, stream: Stream) -> Job[Written]:
    """Write the object of a stream, or several objects. Raises OSError, WriteError."""
    wish, packets = seen.request.wish, stream.probed.packets
    parts = [(0, len(packets))]
    facts = stream.probed.facts
    # What is encoded anew lies without sound: its bytes are those of the video itself.
    heard = beside(seen.probed.facts, sound=wish.keep_sound)
    if wish.parts and room_for(facts, sound=False) + heard * len(packets) > wish.largest_item:
        parts = parts_of(packets, facts.codec, wish.largest_item, heard)
    targets = part_names(seen.request.target, len(parts))
    _check_free(targets, overwrite=seen.request.overwrite)
    with ExitStack() as stack:
        new = not seen.request.overwrite
        paths = [stack.enter_context(replacing(target, new=new)) for target in targets]
        for number, (path, (first, last)) in enumerate(zip(paths, parts, strict=True), 1):
            part = _Part(seen, stream, first, last, number)
            yield from _counted(part.write(path), packets, first)
    identity = seen.identity
    return Written(
        seen.request.source, tuple(targets), seen.plan, len(packets), identity.study_uid,
        seen.request.series_uid, bool(identity.source_instance),
    )  # fmt: skip


def _counted(job: Job[None], packets: Packets, first: int) -> Job[None]:
    """Tell the progress of a part, which begins with a packet, as that of the whole."""
    before, size = int(packets.sizes[:first].sum()), int(packets.sizes.sum())
    yield from passed_on(
        job,
        lambda at: replace(
            at, done=first + at.done, total=len(packets), bytes=before + at.bytes, all_bytes=size
        ),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Packets `first` to `last` (not included) of a stream, as one object."""

    seen: Preview
    stream: Stream
    first: int
    last: int
    number: int

    def write(self, path: Path) -> Job[None]:
        """Write the object, and read its stream again."""
        plan, wish = self.seen.plan, self.seen.request.wish
        syntax = plan.video_syntax
        assert syntax is not None
        video = str(self.seen.request.source)
        with path.open("wb+") as file:
            file.write(video_head(self._order()))
            items = StreamItems(file, wish.largest_item, several=syntax.fragments)
            order = Remux(
                plan.container, self.stream.probed.facts.rate, self.stream.probed.packets,
                self.first, self.last, video if wish.keep_sound else "",
                self.seen.probed.packets.start, video if wish.keep_metadata else "",
            )  # fmt: skip
            copied = yield from remux(str(self.stream.path), items, order)
            items.close()
        yield from _checked(path, items, copied)

    def _order(self) -> VideoOrder:
        seen, facts = self.seen, self.stream.probed.facts
        request, plan = seen.request, seen.plan
        return VideoOrder(
            sop_class=plan.what.uid,
            modality=plan.what.modality,
            syntax=plan.syntax,
            identity=seen.identity,
            series_uid=request.series_uid,
            rows=facts.rows,
            columns=facts.columns,
            frames=self.last - self.first,
            rate=facts.rate,
            bits=facts.bits,
            pixel_aspect=facts.pixel_aspect,
            losses=self.stream.losses,
            words=self.stream.words,
            acquired=self._begun(),
            sound=seen.probed.facts.sound if request.wish.keep_sound else (),
            series_number=request.number,
            series_description=request.series_description,
            number=self.number,
            stereo=facts.stereo,
            uid_root=uid_root(),
        )

    def _begun(self) -> datetime | None:
        """Return when the first frame of this part was recorded."""
        whole = self.seen.acquired
        if whole is None:
            return None
        return whole + timedelta(seconds=float(self.first / self.stream.probed.facts.rate))


def _checked(path: Path, items: StreamItems, copied: StreamSum) -> Job[None]:
    """Read the stream of the finished object: it is what was copied. Raises WriteError."""
    status = path.stat()
    place = Extents(str(path), status.st_size, status.st_mtime_ns, items.pieces)
    reading = stream_sum(place)
    found = yield from passed_on(reading, lambda at: replace(at, total=copied.packets))
    if (found.packets, found.sum) != (copied.packets, copied.sum):
        raise WriteError(_GONE)


def parts_of(packets: Packets, codec: str, largest: int, beside: int = 0) -> list[tuple[int, int]]:
    """Return the packets of each part (from, to, not included), which fit `largest` bytes each.

    `beside` are bytes of sound for each frame. Parts begin where nothing refers to what was before.
    Raises WriteError where that is too seldom.
    """
    cuts = [place for place in np.flatnonzero(packets.keys) if packets.closed(int(place))]
    sizes = np.concatenate([[0], np.cumsum(packets.sizes)])
    ends = [*(int(cut) for cut in cuts if cut), len(packets)]
    parts, first = list[tuple[int, int]](), 0
    while first < len(packets):
        fitting = [
            end
            for end in ends
            if end > first
            and room(int(sizes[end] - sizes[first]) + beside * (end - first), end - first, codec)
            <= largest
        ]
        if not fitting:
            raise WriteError(
                "The video cannot be split into parts that play alone and are small enough: it"
                " begins anew too seldom; choose --large fragments."
            )
        parts.append((first, fitting[-1]))
        first = fitting[-1]
    return parts


def part_names(target: Path, count: int) -> list[Path]:
    """Return the files of the parts: the target itself, or numbered beside it."""
    if count == 1:
        return [target]
    digits = len(str(count))
    return [
        target.with_name(f"{target.stem}-{number:0{digits}}{target.suffix}")
        for number in range(1, count + 1)
    ]


def _check_free(targets: Sequence[Path], *, overwrite: bool) -> None:
    for target in targets:
        if target.exists() and not overwrite:
            raise WriteError(
                f"{target.name} exists and would be lost; choose another name, or allow it to be"
                " replaced (--overwrite)."
            )
