"""One case: contrasts of one head on one grid, and a map that names what is where. Pure.

The layouts are those of the Brain Tumor Segmentation challenges (BraTS): until 2021
`NAME_t1.nii.gz` with `t1ce`, `t2`, `flair` and `seg`, since 2023 `NAME-t1n.nii.gz` with `t1c`,
`t2w`, `t2f` and `seg`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from xray_studio.core.errors import UnreadableError
from xray_studio.core.labels.label_map import LabelMap
from xray_studio.core.volume.volume import Volume

_CONTRASTS: Final = {
    "t1": "T1", "t1n": "T1",
    "t1ce": "T1 with contrast agent", "t1c": "T1 with contrast agent",
    "t1gd": "T1 with contrast agent",
    "t2": "T2", "t2w": "T2",
    "flair": "FLAIR", "t2f": "FLAIR",
}  # fmt: skip
_ORDER: Final = ("T1", "T1 with contrast agent", "T2", "FLAIR")
_LABELS: Final = frozenset(("seg", "segm", "label", "labels", "mask"))
_SINCE_2023: Final = frozenset(("t1n", "t1c", "t2w", "t2f"))
_NAME: Final = re.compile(r"(.+)[_-]([A-Za-z0-9]+)\.nii(?:\.gz)?", re.IGNORECASE)
_UNTIL_2021: Final = {
    1: "Necrotic and non-enhancing tumour core", 2: "Oedema", 3: "Non-enhancing tumour",
    4: "Enhancing tumour",
}  # fmt: skip
_FROM_2023: Final = {
    1: "Non-enhancing tumour core", 2: "Surrounding FLAIR hyperintensity", 3: "Enhancing tumour",
    4: "Resection cavity",
}  # fmt: skip
_SAME: Final = 1e-2  # mm by which voxels of one case may lie apart: headers round


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """The files of a case: contrasts as (title, name of the file), in order.

    `labels` is the name of the file of labels, "" for none, `names` are what their numbers mean.
    """

    name: str
    contrasts: tuple[tuple[str, str], ...]
    labels: str
    names: dict[int, str]


@dataclass(frozen=True, slots=True)
class Contrast:
    """One volume of a case, and what it is."""

    title: str
    volume: Volume


@dataclass(frozen=True, slots=True)
class Case:
    """Contrasts of one case on one grid; `labels` are None where the case has none."""

    name: str
    contrasts: tuple[Contrast, ...]
    labels: LabelMap | None


def case_of(names: Iterable[str]) -> CaseFiles | None:
    """Return the case that the names of a folder's files tell, None where they tell none.

    It has at least two contrasts, or one with a map of labels. Where the names tell several cases,
    or one thing twice, there is none.
    """
    contrasts: dict[str, str] = {}
    labels, stems, used = "", set[str](), set[str]()
    for name in sorted(names):
        told = _NAME.fullmatch(name)
        if told is None:
            continue
        stem, key = told[1], told[2].casefold()
        title = _CONTRASTS.get(key)
        twice = (title in contrasts) if title else bool(labels)
        if title is None and key not in _LABELS:
            continue
        if twice:
            return None
        stems.add(stem)
        used.add(key)
        if title is None:
            labels = name
        else:
            contrasts[title] = name
    if len(stems) != 1 or len(contrasts) + bool(labels) < 2 or not contrasts:
        return None
    meant = _FROM_2023 if used & _SINCE_2023 else _UNTIL_2021
    ordered = tuple((title, contrasts[title]) for title in _ORDER if title in contrasts)
    return CaseFiles(stems.pop(), ordered, labels, meant)


def check_one_grid(named: Iterable[tuple[str, Volume]]) -> None:
    """Raise UnreadableError, with what differs, unless all volumes lie on one grid."""
    (first, wanted), *rest = named
    for title, volume in rest:
        if volume.geometry.lies_as(wanted.geometry, _SAME):
            continue
        sizes = [" x ".join(map(str, one.geometry.shape[::-1])) for one in (wanted, volume)]
        how = (
            f"{sizes[1]} voxels against {sizes[0]}"
            if sizes[0] != sizes[1]
            else "its voxels are of another size or lie elsewhere"
        )
        raise UnreadableError(
            f"{title} does not lie on the grid of {first} ({how}), so they make no case; register"
            " it first, or open the volumes one by one."
        )
