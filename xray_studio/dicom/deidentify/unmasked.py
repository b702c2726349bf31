"""Compares the pixels outside of masks, frame by frame, before and after. In worker processes."""

from __future__ import annotations

from concurrent.futures import Future

import numpy as np

from xray_studio.core.masked_source import blackened
from xray_studio.core.region import Region
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.pixels.frames import EncapsulatedSource
from xray_studio.dicom.pixels.stored import PixelSource, layout_of, stored_samples
from xray_studio.dicom.write.frames import digest


def request_unmasked(
    source: PixelSource, index: int, regions: tuple[Region, ...], priority: Priority
) -> Future[bytes]:
    """Return the digest of frame `index` of a source, the regions left out."""
    sent, at = (
        (source.alone(index), 0) if isinstance(source, EncapsulatedSource) else (source, index)
    )
    limit = 2 * layout_of(source).decoding_time
    return run_apart(unmasked_digest, sent, at, regions, priority=priority, time_limit=limit)


def unmasked_digest(source: PixelSource, index: int, regions: tuple[Region, ...]) -> bytes:
    """Return by what the samples of a frame outside of regions are known again."""
    samples = stored_samples(source, index)[0]
    return digest(np.ascontiguousarray(blackened(samples, regions)))
