"""Overlay planes (PS3.3 C.9.2) of an object whose frames are cut or compressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from xray_studio.core.overlay_plane import GROUPS
from xray_studio.core.region import Region

_ROWS, _COLUMNS, _FRAMES, _ORIGIN = 0x0010, 0x0011, 0x0015, 0x0051
_PLACE = 0x0050  # Overlay Origin
_ALLOCATED, _POSITION, _DATA = 0x0100, 0x0102, 0x3000

Words = npt.NDArray[np.unsignedinteger]


def groups_of(dataset: Dataset) -> Iterator[int]:
    """Yield the groups of overlays that an object has."""
    for group in GROUPS:
        if _tag(group, _ROWS) in dataset:
            yield group


def embedded(dataset: Dataset) -> list[int]:
    """Return the groups whose overlay lies in unused bits of the pixel data (retired)."""
    return [
        group
        for group in groups_of(dataset)
        if _tag(group, _DATA) not in dataset and (_number(dataset, group, _POSITION) or 0) > 0
    ]


def extract(dataset: Dataset, words: Callable[[int], Words], frames: range) -> None:
    """Give embedded overlays their own Overlay Data; `words` returns all bits of a frame.

    Compressed frames keep the bits of Bits Stored only (PS3.5 8.1.2).
    """
    groups = embedded(dataset)
    planes: dict[int, list[npt.NDArray[np.bool_]]] = {group: [] for group in groups}
    for frame in frames if groups else ():
        raw = words(frame)
        for group in groups:
            bit = _number(dataset, group, _POSITION) or 0
            planes[group].append((raw >> bit & 1).astype(bool))
    for group, each in planes.items():
        _set(dataset, group, np.stack(each))
        if len(each) > 1:
            dataset.add_new(_tag(group, _FRAMES), "IS", len(each))
            dataset.add_new(_tag(group, _ORIGIN), "US", 1)


def cut_overlays(dataset: Dataset, first: int, last: int) -> None:
    """Keep what multi-frame overlays show on frames `first` to `last`; an empty one goes."""
    for group in list(groups_of(dataset)):
        count = _number(dataset, group, _FRAMES)
        if count is None:  # one plane, that of every frame
            continue
        origin = (_number(dataset, group, _ORIGIN) or 1) - 1
        low, high = max(first, origin), min(last, origin + count - 1)
        if low > high:
            _drop(dataset, group)
            continue
        planes = _planes(dataset, group, count)
        if planes is not None:
            _set(dataset, group, planes[low - origin : high - origin + 1])
        dataset.add_new(_tag(group, _FRAMES), "IS", high - low + 1)
        dataset.add_new(_tag(group, _ORIGIN), "US", low - first + 1)


def mask_overlays(dataset: Dataset, regions: Iterable[Region]) -> None:
    """Clear overlay planes where regions of the picture lie."""
    kept = tuple(regions)
    for group in list(groups_of(dataset)):
        planes = _planes(dataset, group, _number(dataset, group, _FRAMES) or 1)
        if planes is None:
            continue
        origin = dataset[_tag(group, _PLACE)].value if _tag(group, _PLACE) in dataset else None
        top, left = (int(number) - 1 for number in (origin or (1, 1)))
        for region in kept:
            rows = slice(max(0, region.y - top), max(0, region.bottom - top))
            columns = slice(max(0, region.x - left), max(0, region.right - left))
            planes[:, rows, columns] = False
        _set(dataset, group, planes)


def _planes(dataset: Dataset, group: int, count: int) -> npt.NDArray[np.bool_] | None:
    if _tag(group, _DATA) not in dataset:
        return None
    rows, columns = (_number(dataset, group, element) or 0 for element in (_ROWS, _COLUMNS))
    packed = np.frombuffer(dataset[_tag(group, _DATA)].value, np.uint8)
    bits = np.unpackbits(packed, bitorder="little")[: count * rows * columns]
    return bits.reshape(count, rows, columns).astype(bool)


def _set(dataset: Dataset, group: int, planes: npt.NDArray[np.bool_]) -> None:
    data = np.packbits(planes.reshape(-1), bitorder="little").tobytes()
    dataset.add_new(_tag(group, _DATA), "OW", data + b"\0" * (len(data) % 2))
    dataset.add_new(_tag(group, _ALLOCATED), "US", 1)
    dataset.add_new(_tag(group, _POSITION), "US", 0)


def _drop(dataset: Dataset, group: int) -> None:
    for tag in [tag for tag in dataset.keys() if tag.group == group]:  # noqa: SIM118 - not its own iterator
        del dataset[tag]


def _number(dataset: Dataset, group: int, element: int) -> int | None:
    tag = _tag(group, element)
    found = dataset[tag].value if tag in dataset else None
    return None if found is None or found == "" else int(found)


def _tag(group: int, element: int) -> int:
    return group << 16 | element
