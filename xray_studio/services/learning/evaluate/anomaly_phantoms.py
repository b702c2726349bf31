"""Chests made from physics, each with a nodule of which all is known: a truth without readers."""

from __future__ import annotations

from typing import Final

import numpy as np

from xray_studio.core.job import Job, Progress
from xray_studio.imaging.chest.nodule import Nodule
from xray_studio.imaging.chest.radiograph import take
from xray_studio.imaging.places import coarser
from xray_studio.imaging.squash import squashed
from xray_studio.imaging.unusual import parted
from xray_studio.services.learning.evaluate.anomaly_films import Judged
from xray_studio.services.learning.inference.film_scores import SIDE
from xray_studio.services.learning.tasks.anomaly import FILM

NAME: Final = "phantoms"
_SIZE: Final = 512  # pixels of a side of a film that is made
_BITS: Final = 16  # of stored values above those of a picture of 8 bits: 12 bits are stored


def phantom_films(count: int) -> Job[Judged]:
    """Return films of `count` patients, each twice: with the nodule, and from before it was there.

    Lungs are those that are found, as nobody marks them; none of this is mixed with real films.
    """
    films, lesions, abnormal = [], [], []
    for number in range(count):
        yield Progress(number, count, "Making films from physics")
        made = take("PA", number + 1, _SIZE, _nodule(number))
        share = coarser(made.mask.astype(np.float32), SIDE)
        for picture, ill in ((made.now, 1), (made.earlier, 0)):
            films.append(squashed((picture // _BITS).astype(np.uint8), FILM))
            lesions.append(parted(share > 0.5) if ill else None)
            abnormal.append(ill)
    owners = tuple(f"phantom {number // 2 + 1}" for number in range(2 * count))
    return Judged(
        NAME, np.stack(films), np.array(abnormal, np.int64), ("PA",) * len(films), owners,
        ((),) * len(films), tuple(lesions), (None,) * len(films), np.stack(films)[:0],
    )  # fmt: skip


def _nodule(number: int) -> Nodule:
    """Return a nodule of 8 to 20 mm somewhere in either lung, another one for each number."""
    chance = np.random.default_rng(number)
    side = 1.0 if number % 2 else -1.0
    across, up = side * chance.uniform(55.0, 95.0), chance.uniform(-20.0, 80.0)
    centre = (float(across), float(chance.uniform(-30.0, 20.0)), float(up))
    return Nodule(centre, float(chance.uniform(8.0, 20.0)))
