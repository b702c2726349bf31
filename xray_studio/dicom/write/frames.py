"""The frames of a copied object, one at a time in worker processes: kept, or encoded anew.

A frame that is encoded without loss is compared when the finished file is opened again: `digest`
is that of its stored samples, so that it is the same whatever the encoding.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from xray_studio.core.errors import UnsupportedError
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.pixels.bare import without_words
from xray_studio.dicom.pixels.encoders import ENCODED_COLOURS, Given, encode
from xray_studio.dicom.pixels.frames import EncapsulatedSource
from xray_studio.dicom.pixels.pixel_format import Samples
from xray_studio.dicom.pixels.stored import PixelSource, layout_of, native_bytes, stored_samples
from xray_studio.dicom.pixels.video_stream import VideoStream
from xray_studio.dicom.write.plan import FrameWay, SourceFrame, Way


@dataclass(frozen=True, slots=True)
class CopiedFrame:
    """The bytes of one frame, and by what it is known again."""

    data: bytes
    digest: bytes


def request_frame(frame: SourceFrame, how: FrameWay, priority: Priority) -> Future[CopiedFrame]:
    """Return a frame as it stands in the copy."""
    alone, at = _alone(frame.source, frame.index)
    limit = 4 * layout_of(frame.source).decoding_time
    sent = SourceFrame(alone, at, frame.change, frame.masking)
    return run_apart(copied_frame, sent, how, priority=priority, time_limit=limit)


def request_digest(
    source: PixelSource, index: int, how: FrameWay, priority: Priority
) -> Future[bytes]:
    """Return the digest of frame `index` of a finished copy, which `source` reads."""
    alone, at = _alone(source, index)
    limit = layout_of(source).decoding_time
    return run_apart(found_digest, alone, at, how.way, priority=priority, time_limit=limit)


def _alone(source: PixelSource, index: int) -> tuple[PixelSource, int]:
    """Return what a worker needs for one frame: of compressed ones little travels."""
    if isinstance(source, EncapsulatedSource):
        return source.alone(index), 0
    return source, index


def copied_frame(frame: SourceFrame, how: FrameWay) -> CopiedFrame:
    """Read, and where asked for decode and encode, one frame. Runs in a worker process."""
    if how.way is Way.KEPT:
        data = kept_bytes(frame.source, frame.index)
        data = without_words(data, how.syntax) if how.bare else data
        return CopiedFrame(data, _digest_of(data))
    samples, photometric = stored_samples(frame.source, frame.index)
    if frame.change is not None:
        samples = np.ascontiguousarray(frame.change.apply(samples))
        photometric = "RGB" if frame.change.palette is not None else "MONOCHROME2"
    if frame.masking is not None:
        samples = np.ascontiguousarray(frame.masking.apply(samples))
    data = _native(samples, frame) if how.way is Way.NATIVE else _encoded(samples, photometric, how)
    return CopiedFrame(data, digest(samples))


def found_digest(source: PixelSource, index: int, way: Way) -> bytes:
    """Return by what a frame of the finished copy is known again. Runs in a worker process."""
    if way is Way.KEPT:
        return _digest_of(kept_bytes(source, index))
    return digest(stored_samples(source, index)[0])


def kept_bytes(source: PixelSource, index: int) -> bytes:
    """Return the bytes of a frame as they stand in the file, padding of an odd length left out."""
    if isinstance(source, VideoStream):
        source.read(index)
    if isinstance(source, EncapsulatedSource):
        return source.compressed(index)
    return native_bytes(source, index)


def digest(samples: Samples) -> bytes:
    """Return a digest of samples with their type and shape."""
    kind = f"{samples.dtype.str} {samples.shape} ".encode()
    return blake2b(kind + np.ascontiguousarray(samples).tobytes(), digest_size=16).digest()


def _digest_of(data: bytes) -> bytes:
    return blake2b(data.rstrip(b"\0"), digest_size=16).digest()


def _native(samples: Samples, frame: SourceFrame) -> bytes:
    """Return samples as bytes; single bits are packed (PS3.5 8.1.1)."""
    if frame.change is None and layout_of(frame.source).bits_allocated == 1:
        return np.packbits(samples.reshape(-1), bitorder="little").tobytes()
    return samples.tobytes()


def _encoded(samples: Samples, photometric: str, how: FrameWay) -> bytes:
    if samples.ndim == 3 and photometric not in ENCODED_COLOURS:
        raise UnsupportedError(
            f"Colours stored as {photometric} cannot be written with this transfer syntax."
        )
    return encode(samples, how.syntax, Given(how.bits, photometric, how.quality))
