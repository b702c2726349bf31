"""What can be done to all voxels of a volume: each a frozen dataclass whose fields are parameters.

They say what is wanted; `volume.filters` does it. Lengths are millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from xray_studio.core.errors import UsageError
from xray_studio.core.parameter import Value, choice, flag, number, parameters_of, whole


@dataclass(frozen=True)
class VolumeFilter:
    """Something that makes a volume of a volume. Values out of bounds raise UsageError."""

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    about: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for one in parameters_of(self):
            value = getattr(self, one.name)
            one.check(value, self.name)
            object.__setattr__(self, one.name, one.typed(value))

    @property
    def words(self) -> str:
        """The filter as a command line says it: "median:radius=1"."""
        told = [f"{one.name}={one.word(getattr(self, one.name))}" for one in parameters_of(self)]
        return f"{self.name}:{','.join(told)}" if told else self.name


@dataclass(frozen=True)
class BiasCorrection(VolumeFilter):
    """Takes away slow changes of brightness that coils make (N4ITK)."""

    name: ClassVar[str] = "n4"
    title: ClassVar[str] = "Bias field correction (N4)"
    about: ClassVar[str] = (
        "Divides by a smooth field that makes the histogram sharpest (Tustison et al., IEEE"
        " Transactions on Medical Imaging, 2010). Values that are not above 0 are left as they are."
    )

    levels: int = whole("Levels", 4, 1, 6, about="How often the field is made finer.")
    iterations: int = whole("Iterations", 50, 1, 200, about="At most, on each level.")
    shrink: int = whole(
        "Shrink", 4, 1, 8, about="How much coarser the volume is on which the field is found."
    )


@dataclass(frozen=True)
class Diffusion(VolumeFilter):
    """Smooths where there are no edges."""

    name: ClassVar[str] = "diffusion"
    title: ClassVar[str] = "Anisotropic diffusion"
    about: ClassVar[str] = (
        "Grey values flow along edges and not across them (Perona and Malik, IEEE Transactions on"
        " Pattern Analysis and Machine Intelligence, 1990; with modified curvature, Whitaker 2000)."
    )

    iterations: int = whole("Iterations", 5, 1, 100)
    conductance: float = number(
        "Conductance", 3.0, 0.5, 10.0, about="Higher lets more pass across edges."
    )


@dataclass(frozen=True)
class VolumeMedian(VolumeFilter):
    """Every voxel becomes the median of those around it."""

    name: ClassVar[str] = "median"
    title: ClassVar[str] = "Median"
    about: ClassVar[str] = "Takes away single bright and dark voxels and keeps straight edges."

    radius: int = whole("Radius", 1, 1, 4, unit="voxels")


@dataclass(frozen=True)
class Resample(VolumeFilter):
    """The same volume with other voxels."""

    name: ClassVar[str] = "resample"
    title: ClassVar[str] = "Resample"
    about: ClassVar[str] = (
        "Voxels as wide as high as deep. Where they become larger, the volume is smoothed first, so"
        " that nothing is passed over."
    )

    spacing: float = number("Spacing", 1.0, 0.05, 20.0, unit="mm")
    interpolation: str = choice(
        "Interpolation",
        "linear",
        {"nearest": "Nearest (labels)", "linear": "Linear", "spline": "Cubic B-spline"},
    )


@dataclass(frozen=True)
class HistogramMatch(VolumeFilter):
    """Gives a volume the grey values of another one."""

    name: ClassVar[str] = "match"
    title: ClassVar[str] = "Histogram matching"
    about: ClassVar[str] = (
        "Maps quantiles onto those of a reference (Nyul, Udupa and Zhang, IEEE Transactions on"
        " Medical Imaging, 2000)."
    )

    points: int = whole("Points", 15, 1, 50, about="Quantiles that are matched.")
    background: bool = flag(
        "Without background", True, "Leaves out what is darker than the mean, such as air."
    )


@dataclass(frozen=True)
class BrainLikeMask(VolumeFilter):
    """Marks what looks like a brain: the largest bright part once thin bridges are cut."""

    name: ClassVar[str] = "brain-like-mask"
    title: ClassVar[str] = "Brain-like mask (classical)"
    about: ClassVar[str] = (
        "For heads in T1-like contrast: brighter than Otsu's threshold, eroded until bridges to the"
        " scalp break, the largest part grown back, its furrows closed and holes filled (Hoehne and"
        " Hanson, Journal of Computer Assisted Tomography, 1992). No model has learned what a brain"
        " is and no study has judged it: look at the mask before it is used."
    )

    cut: float = number(
        "Cut", 4.0, 0.5, 15.0, unit="mm", about="Bridges to twice this width are broken."
    )
    closing: float = number(
        "Closing", 8.0, 0.0, 30.0, unit="mm", about="Furrows to twice this width are closed."
    )
    result: str = choice(
        "Result", "mask", {"mask": "The mask", "values": "Values within, the lowest outside"}
    )


FILTERS: Final[dict[str, type[VolumeFilter]]] = {
    one.name: one
    for one in (
        BiasCorrection, Diffusion, VolumeMedian, Resample, HistogramMatch, BrainLikeMask,
    )
}  # fmt: skip


def filter_of(words: str) -> VolumeFilter:
    """Return the filter that a command line names: "n4", "median:radius=2".

    Raises UsageError for names and values that are not there.
    """
    name, _, rest = words.partition(":")
    kind = FILTERS.get(name)
    if kind is None:
        raise UsageError(f"There is no filter {name!r}; choose one of: {', '.join(FILTERS)}.")
    known = {one.name: one for one in parameters_of(kind)}
    given = dict[str, Value]()
    for word in filter(None, rest.split(",")):
        key, sign, value = word.partition("=")
        if not sign or key not in known:
            raise UsageError(f"{name} takes {', '.join(known)}, each as NAME=VALUE, not {word!r}.")
        given[key] = known[key].read(value, name)
    return kind(**given)


def filter_facts() -> list[dict[str, Any]]:
    """Return what a list of filters tells of each."""
    return [
        {
            "name": one.name, "title": one.title, "about": one.about,
            "parameters": [each.facts() for each in parameters_of(one)],
        }
        for one in FILTERS.values()
    ]  # fmt: skip
