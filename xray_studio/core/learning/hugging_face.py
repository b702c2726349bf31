"""What the files of a Hugging Face folder say: which outputs a network has and what it is given.

`config.json` describes the network, `preprocessor_config.json` how pictures are prepared. What is
asked there and not done here is refused: a network that is given other pictures than it learned
from answers, and answers wrongly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from xray_studio.core.errors import UnsupportedError
from xray_studio.core.learning.input_spec import InputSpec

CONFIG: Final = "config.json"
PREPARATION: Final = "preprocessor_config.json"
_FULL: Final = 255.0
_NO_CROP_FROM: Final = 384  # pixels; from here on ConvNeXT's rule squashes
_FAULTS: Final = 1e-6
# Ways of preparing pictures that no field here stands for.
_OTHER: Final = (
    "do_pad",
    "do_convert_to_patches",
    "do_thumbnail",
    "do_align_long_axis",
    "do_split",
)


@dataclass(frozen=True, slots=True)
class Given:
    """What a network is given: grey from 0 to 1, and mean and deviation of each of its channels."""

    spec: InputSpec
    mean: tuple[float, ...]
    deviation: tuple[float, ...]


def refuse_code(config: Mapping[str, Any]) -> None:
    """Raise UnsupportedError for a network that is built by code of its folder."""
    if config.get("auto_map"):
        raise UnsupportedError(
            f"{CONFIG} names code of its own (auto_map), which is never run; ask for the network in"
            " a kind that the library transformers knows."
        )


def outputs_of(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the outputs in order. Raises UnsupportedError for what is not told."""
    named = config.get("id2label")
    if not isinstance(named, Mapping) or not named:
        raise UnsupportedError(f"{CONFIG} has no id2label, so nobody knows what its outputs are.")
    try:
        return tuple(str(named[str(number)]) for number in range(len(named)))
    except KeyError:
        raise UnsupportedError(f"id2label in {CONFIG} leaves an output without a name.") from None


def is_multi_label(config: Mapping[str, Any]) -> bool:
    """Tell whether each output stands for itself, so that several can be true at once."""
    return config.get("problem_type") == "multi_label_classification"


def given(preparation: Mapping[str, Any], channels: int) -> Given:
    """Return what a network of 1 or 3 channels is given. Raises UnsupportedError."""
    if channels not in {1, 3}:
        raise UnsupportedError(f"The network takes {channels} channels; pictures have 1 or 3.")
    for name in _OTHER:
        if preparation.get(name):
            raise UnsupportedError(f"{PREPARATION} asks for {name}, which is not done here.")
    if not preparation.get("do_resize", True):
        raise UnsupportedError(f"{PREPARATION} names no size, so films would be of any.")
    scale = preparation.get("rescale_factor", 1.0 / _FULL)
    scaled = preparation.get("do_rescale", True) and abs(float(scale) - 1.0 / _FULL) < _FAULTS
    if not scaled:
        raise UnsupportedError(f"{PREPARATION} asks for another range than from 0 to 1.")
    mean, deviation = _range(preparation, channels)
    return Given(replace(_spec(preparation), mean=0.0, deviation=1.0), mean, deviation)


def _range(
    preparation: Mapping[str, Any], channels: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if not preparation.get("do_normalize", True):
        return (0.0,) * channels, (1.0,) * channels
    mean = _numbers(preparation, "image_mean", channels)
    deviation = _numbers(preparation, "image_std", channels)
    if min(deviation) <= 0.0:
        raise UnsupportedError(f"image_std in {PREPARATION} has to be above 0.")
    return mean, deviation


def _numbers(preparation: Mapping[str, Any], name: str, channels: int) -> tuple[float, ...]:
    told: Any = preparation.get(name)
    numbers: list[Any] = list(told) if isinstance(told, Sequence) else [told]
    if len(numbers) == 1:
        numbers = [*numbers] * channels
    if len(numbers) != channels or not all(isinstance(one, int | float) for one in numbers):
        raise UnsupportedError(f"{name} in {PREPARATION} is not a number for each channel.")
    return tuple(float(one) for one in numbers)


def _spec(preparation: Mapping[str, Any]) -> InputSpec:
    size = preparation.get("size")
    sides = {"shortest_edge": size} if isinstance(size, int) else size
    if not isinstance(sides, Mapping):
        raise UnsupportedError(f"{PREPARATION} names no size.")
    crops, shorter = bool(preparation.get("do_center_crop")), _side(sides, "shortest_edge")
    if shorter and preparation.get("crop_pct") and not crops:
        return _cut_by_share(shorter, float(preparation["crop_pct"]))
    if shorter and crops:
        rows, columns = _sides(preparation.get("crop_size"))
        return InputSpec(rows, columns, shorter_side=shorter, stretched=False)
    if crops or (shorter and not isinstance(size, int)):
        raise UnsupportedError(
            f"{PREPARATION} squashes pictures and then cuts them, or leaves one side open, which is"
            " not done here; ask for the network with size as height and width."
        )
    rows, columns = (shorter, shorter) if shorter else _sides(sides)
    return InputSpec(rows, columns, stretched=False)


def _cut_by_share(side: int, share: float) -> InputSpec:
    """Return what ConvNeXT's rule makes: a bit more than `side`, of which the middle is taken."""
    if side >= _NO_CROP_FROM:
        return InputSpec(side, side, stretched=False)
    return InputSpec(side, side, shorter_side=int(side / share), stretched=False)


def _sides(size: Any) -> tuple[int, int]:
    if isinstance(size, int):
        return size, size
    rows, columns = _side(size or {}, "height"), _side(size or {}, "width")
    if not rows or not columns:
        raise UnsupportedError(f"{PREPARATION} names no height and width.")
    return rows, columns


def _side(size: Mapping[str, Any], name: str) -> int:
    side = size.get(name, 0)
    return side if isinstance(side, int) else 0
