"""What networks see of frontal films before anything is said of what is unusual in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.anomaly.seen import Given, Maps, Regions
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.model import Model
from xray_studio.imaging.lung_fields import SPEC as LUNGS
from xray_studio.imaging.lung_frame import LungFrame
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.models.installed import Installed, model_for
from xray_studio.services.learning.tasks.anomaly import BLOCKS, SIDE
from xray_studio.services.learning.tasks.lungs import TASK as LUNG_TASK
from xray_studio.services.learning.tasks.lungs import Lungs
from xray_studio.services.learning.tasks.vit import TASK as VIT_TASK

FEATURES: Final = "features"
PUBLISHED: Final = "lite0"  # the shipped network that has learned from photographs
HEAD_SIDE: Final = 14
_NETWORKS: Final = "networks"  # in `model.toml`: the hashes of those that look
_VIT: Final = "xray_studio.ai.anomaly:of_vit"
_LITE: Final = "xray_studio.ai.anomaly:of_lite"
Values = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lookers:
    """The models that look at films: lungs, the vision transformer, the published network."""

    lungs: Installed
    vit: Installed
    published: Installed

    @classmethod
    def installed(cls) -> Lookers:
        """Return the models that are installed. Raises UsageError where one is missing."""
        published = model_for(FEATURES, Path(PUBLISHED))
        return cls(model_for(LUNG_TASK), model_for(VIT_TASK), published)

    def facts(self) -> dict[str, dict[str, str]]:
        """Return the hashes of the networks that numbers rest on, as `model.toml` holds them."""
        told = {"vit": self.vit.model.sha256, "published": self.published.model.sha256}
        return {_NETWORKS: told}

    def check(self, model: Model) -> None:
        """Raise UnreadableError where a detector was made with other networks than are there."""
        made, there = model.calibration.get(_NETWORKS), self.facts()[_NETWORKS]
        if not isinstance(made, Mapping) or any(made[n] != there.get(n) for n in made):
            raise UnreadableError(
                f"{model.name} was made with other networks than those that are installed; install"
                " them together, or train the detector again."
            )


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Films squashed to 256 x 256, how likely each place (128, 128) is lung, and their frames."""

    films: Squashed
    lungs: Values
    frames: tuple[LungFrame, ...]

    @classmethod
    def of(cls, films: Squashed, finder: Lungs) -> Frames:
        """Return films, uint8 (films, 256, 256), with their lungs."""
        lungs = np.stack([finder.chances(squashed(film, LUNGS)) for film in films])
        return cls(films, lungs, tuple(LungFrame.around(one) for one in lungs))


def patches_of(engine: Engine, vit: Installed, films: Squashed, progress: Progress) -> Job[Regions]:
    """Return what the vision transformer sees in films. Raises StudioError with the reason."""
    spec = vit.model.input
    small = np.stack([squashed(film, spec) for film in films])
    known = (str(vit.folder), vit.model.sha256, spec.normalised(small))
    seen: Regions = yield from engine.asked(_VIT, known, progress)
    return seen


def looks_of(engine: Engine, lookers: Lookers, seen: Frames, progress: Progress) -> Job[Given]:
    """Return what all networks see of films. Raises StudioError with the reason."""
    whole = yield from maps_of(engine, lookers.published, seen.films, progress)
    frames = [one.taken(film, len(film)) for one, film in zip(seen.frames, seen.films, strict=True)]
    lungs = yield from maps_of(engine, lookers.published, np.stack(frames), progress)
    patches = yield from patches_of(engine, lookers.vit, seen.films, progress)
    count, _, width = patches.tokens.shape
    grid = round(patches.tokens.shape[1] ** 0.5)
    return Given(
        coarse(whole.blocks[-1]), tuple(coarse(one) for one in lungs.blocks[1:]),
        patches.tokens.transpose(0, 2, 1).reshape(count, width, grid, grid),
        np.concatenate(whole.blocks, axis=1),
    )  # fmt: skip


def maps_of(
    engine: Engine, published: Installed, films: Sequence[Squashed] | Squashed, progress: Progress
) -> Job[Maps]:
    """Return what blocks of the published network see in films of 256 x 256, 14 x 14 places."""
    spec = published.model.input
    given = spec.normalised(np.stack([squashed(film, spec) for film in films]))
    known = (str(published.folder), published.model.sha256, BLOCKS, HEAD_SIDE, given)
    maps: Maps = yield from engine.asked(_LITE, known, progress)
    return maps


def coarse(maps: Values) -> Values:
    """Return the means of maps (films, channels, 14, 14) over SIDE x SIDE places."""
    count, channels, side, _ = maps.shape
    step = side // SIDE
    return np.asarray(
        maps.reshape(count, channels, SIDE, step, SIDE, step).mean(axis=(3, 5)), np.float32
    )
