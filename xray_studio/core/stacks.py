"""How the pictures of one series are split into units and sorted, as viewers do. Pure.

Multi-frame objects and documents stand alone. Single frames are split where one window cannot show
them as one stack: other size, colour, kind of object, orientation, or a localizer among slices.
Slices are sorted by position along their normal (PS3.3 C.7.6.2.1.1), runs by number and time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import PurePath

from xray_studio.core.header import Header
from xray_studio.core.kinds import DOCUMENT, LOOSE, VOLUME
from xray_studio.core.study import Instance, Series

COSINE_TOLERANCE = 0.02
SAME_POSITION = 0.01
ROTATING_VIEWS = 5


Picture = tuple[Header, Instance]
Owner = tuple[object, ...]


def split(pictures: Iterable[Picture], owner: Owner = ()) -> tuple[Series, ...]:
    """Return the units of one series in display order, each sorted; `owner` is that of `Series`."""
    alone: list[Picture] = []
    stills: dict[tuple[object, ...], list[Picture]] = {}
    looks: dict[int, list[Picture]] = {}
    for picture in pictures:
        header, instance = picture
        if instance.frames > 1 or instance.kind in {DOCUMENT, VOLUME}:
            alone.append(picture)
            continue
        group = looks.get(id(header))
        if group is None:
            group = looks[id(header)] = stills.setdefault(_look(header), [])
        group.append(picture)
    units = [_one(picture, owner) for picture in alone]
    units += [_stack(look, s, owner) for look, group in stills.items() for s in _stacks(group)]
    return tuple(sorted(units, key=_unit_order))


def _look(header: Header) -> tuple[object, ...]:
    """Return what must be equal for two single frames to stand in one stack."""
    return (
        header.sop_class_uid,
        header.rows,
        header.columns,
        header.samples,
        header.bits_allocated,
        "LOCALIZER" in header.image_type.upper(),
    )


def _one(picture: Picture, owner: Owner) -> Series:
    header, instance = picture
    return _series(header, (instance,), instance.path, owner)


def _stack(look: tuple[object, ...], ordered: Sequence[Picture], owner: Owner) -> Series:
    header, first = ordered[0]
    # Every part is the same however much of the stack was found so far.
    parts = [*look, _plane(first.image_orientation), header.image_type, header.echo]
    key = "/".join(map(str, parts))
    return _series(header, tuple(instance for _, instance in ordered), key, owner)


def _series(header: Header, instances: tuple[Instance, ...], key: str, owner: Owner) -> Series:
    return Series(
        series_instance_uid=header.series_instance_uid,
        modality=header.modality,
        series_description=_description(header, instances),
        series_number=header.series_number,
        instances=instances,
        key=key,
        body_part_examined=header.body_part_examined,
        protocol_name=header.protocol_name,
        stage_name=header.stage_name,
        view=header.view,
        view_number=header.view_number,
        frame_rate=header.frame_rate if instances[0].frames > 1 else None,
        angles=header.angles,
        owner=owner,
        title=header.title,
        format=header.format,
        moments=header.moments,
    )


def _description(header: Header, instances: tuple[Instance, ...]) -> str:
    if header.kind not in LOOSE or len(instances) > 1:
        return header.series_description
    return PurePath(instances[0].path).name


def _stacks(pictures: list[Picture]) -> list[list[Picture]]:
    """Split single frames of one look by orientation, and by kind where positions repeat; sort."""
    planes = _by_orientation(pictures)
    single = sum(len(plane) == 1 for plane in planes)
    if len(planes) >= ROTATING_VIEWS and single * 2 > len(planes):
        return [_by_number(pictures)]  # views around an axis belong together
    return [stack for plane in planes for stack in _sorted(plane)]


def _by_orientation(pictures: list[Picture]) -> list[list[Picture]]:
    """Split by Image Orientation (Patient): cosines that differ by rounding only are equal."""
    planes: list[tuple[tuple[float, ...] | None, list[Picture]]] = []
    known: dict[tuple[float, ...] | None, list[Picture]] = {}
    for picture in pictures:
        orientation = picture[1].image_orientation
        if orientation not in known:
            known[orientation] = _plane_of(planes, orientation)
        known[orientation].append(picture)
    return [plane for _, plane in planes]


def _plane_of(
    planes: list[tuple[tuple[float, ...] | None, list[Picture]]],
    orientation: tuple[float, ...] | None,
) -> list[Picture]:
    for other, plane in planes:
        if _same_orientation(orientation, other):
            return plane
    planes.append((orientation, []))
    return planes[-1][1]


def _same_orientation(one: tuple[float, ...] | None, other: tuple[float, ...] | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(abs(a - b) <= COSINE_TOLERANCE for a, b in zip(one, other, strict=True))


def _sorted(pictures: list[Picture]) -> list[list[Picture]]:
    """Sort slices by position if each has its own, anything else by number and time.

    Where positions repeat, images are split by Image Type (water and fat) or echo if positions are
    then unique in each. What nothing of the kind tells apart are moments in time: one unit.
    """
    slices = _by_position(pictures)
    if slices is not None:
        return [slices]
    for teller in _KINDS:
        kinds: dict[object, list[Picture]] = {}
        for picture in pictures:
            kinds.setdefault(teller(picture[0]), []).append(picture)
        stacks = [_by_position(kind) for kind in kinds.values()] if len(kinds) > 1 else [None]
        sorted_stacks = [stack for stack in stacks if stack is not None]
        if len(sorted_stacks) == len(stacks):
            return sorted_stacks
    return [_by_number(pictures)]


_KINDS: tuple[Callable[[Header], object], ...] = (
    lambda header: header.image_type,
    lambda header: header.echo,
    lambda header: (header.image_type, header.echo),
)


def _by_position(pictures: list[Picture]) -> list[Picture] | None:
    """Sort slices along the normal of the first one; None when positions are missing or repeat.

    They go the way their numbers go, where these run straight through the stack.
    """
    distances = _distances(pictures)
    if distances is None:
        return None
    order = sorted(range(len(pictures)), key=distances.__getitem__)
    for one, other in pairwise(order):
        if distances[other] - distances[one] < SAME_POSITION:
            return None
    ordered = [pictures[index] for index in order]
    return ordered[::-1] if _numbers_fall(ordered) else ordered


def _distances(pictures: list[Picture]) -> list[float] | None:
    """Return millimetres along the normal of the first slice, None where a position is missing."""
    orientation = pictures[0][1].image_orientation
    if orientation is None:
        return None
    x, y, z = normal(orientation)
    positions = [instance.image_position for _, instance in pictures]
    found = [x * p[0] + y * p[1] + z * p[2] for p in positions if p is not None]
    return found if len(found) == len(pictures) else None


def normal(orientation: Sequence[float]) -> tuple[float, float, float]:
    """Return row direction x column direction of six direction cosines."""
    a, b, c, d, e, f = orientation
    return b * f - c * e, c * d - a * f, a * e - b * d


def _numbers_fall(pictures: Sequence[Picture]) -> bool:
    last: int | None = None
    for _, instance in pictures:
        number = instance.instance_number
        if number is None or (last is not None and number >= last):
            return False
        last = number
    return len(pictures) > 1


def _by_number(pictures: list[Picture]) -> list[Picture]:
    """Sort by Instance Number; by Acquisition Number first where numbers start again."""
    numbers = {instance.instance_number for _, instance in pictures}
    if len(numbers) == len(pictures):
        return sorted(pictures, key=lambda picture: _rank(picture[1].instance_number))
    return sorted(pictures, key=lambda p: (_rank(p[0].acquisition_number), *number_order(p[1])))


def number_order(instance: Instance) -> tuple[object, ...]:
    """Return the sort key of runs: number, time, then name as people count."""
    return _rank(instance.instance_number), instance.acquisition, natural(instance.path)


def _rank(number: int | None) -> tuple[int, int]:
    """Order numbers, unknown ones last."""
    return (1, 0) if number is None else (0, number)


def natural(path: str) -> tuple[object, ...]:
    """Return a sort key by which "frame 9" comes before "frame 10"."""
    parts = re.split(r"(\d+)", path.casefold())
    # Text and numbers alternate, so positions compare like with like.
    return tuple(int(part) if index % 2 else part for index, part in enumerate(parts))


def _plane(orientation: tuple[float, ...] | None) -> str:
    return "" if orientation is None else ",".join(f"{cosine:.2f}" for cosine in orientation)


def _unit_order(unit: Series) -> tuple[object, ...]:
    first = unit.instances[0]
    lowest = min(_rank(instance.instance_number) for instance in unit.instances)
    return lowest, first.acquisition, natural(first.path)
