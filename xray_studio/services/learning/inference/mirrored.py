"""Whether frontal films are mirrored: what a network sees of each, and of its mirror image."""

from __future__ import annotations

from typing import Final

import numpy as np

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import coarse, maps_of
from xray_studio.services.learning.models.installed import Installed, installed_for
from xray_studio.services.learning.tasks.mirror import TASK, WARNED, Readout, Values

MIRRORED: Final = (
    "This film seems to be mirrored, or the organs lie the other way round: compare the side marker"
    " before anything is told of right and left."
)
_LOOKING: Final = Progress(message="Looking which way round it is")


def apart(engine: Engine, published: Installed, films: Squashed, progress: Progress) -> Job[Values]:
    """Return how films, uint8 (films, 256, 256), differ from their mirror images.

    (films, numbers), in what the last block of the published network sees at 7 x 7 places. Raises
    StudioError with the reason.
    """
    both = np.concatenate([films, films[:, :, ::-1]])
    maps = yield from maps_of(engine, published, both, progress)
    seen = coarse(maps.blocks[-1]).reshape(len(both), -1)
    return np.asarray(seen[: len(films)] - seen[len(films) :], np.float32)


def teller() -> Installed | None:
    """Return the model that tells mirrored films, None where there is none."""
    return next(iter(installed_for(TASK)), None)


def mirror_note(engine: Engine, published: Installed, film: Squashed) -> Job[str]:
    """Return a sentence where a film, uint8 (256, 256), seems to be mirrored, else "".

    Nor is there one where it cannot be told: nothing else depends on it.
    """
    model = teller()
    if model is None:
        return ""
    try:
        told = yield from apart(engine, published, film[None], _LOOKING)
        score = float(Readout.of(model, published).scores(told)[0])
    except Cancelled:
        raise
    except StudioError:
        return ""
    return MIRRORED if score < WARNED else ""
