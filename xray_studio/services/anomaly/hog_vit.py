"""The detector `hog-vit-iforest`: the published recipe, in an isolation forest."""

from __future__ import annotations

import numpy as np

from xray_studio.core.anomaly.explanation import Contribution, Explanation, Sight
from xray_studio.core.anomaly.forest_values import depth_values
from xray_studio.core.job import Job, Progress
from xray_studio.imaging.places import finer
from xray_studio.services.anomaly.film_detector import FilmDetector, Looked, Place
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Lookers, patches_of
from xray_studio.services.learning.inference.film_scores import SIDE
from xray_studio.services.learning.inference.recipe import (
    GRID,
    Recipe,
    columns_of,
    names_of,
    plain_regions,
    region_at,
)
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.tasks.anomaly import GROUPS, RECIPE, RECIPE_TASK

_NAMED = 8  # columns that are told, those that part the region soonest
_ONE_OF = "one of the numbers that are summed above"
_LOOKING = Progress(message="Asking the forest")


class HogVitForest(FilmDetector):
    """Marks regions whose edges and patches an isolation forest parts soonest from normal ones."""

    name = RECIPE
    title = "Edges and patches in a forest"
    task = RECIPE_TASK
    channels = GROUPS

    def loaded(self, model: Installed, lookers: Lookers) -> Recipe:
        """Return the model in a folder. Raises UnreadableError where it cannot be used."""
        return Recipe.of(model, lookers)

    def told(self, looked: Looked, engine: Engine, place: Place) -> Job[Explanation]:
        """Tell by Shapley values what parts the region soonest, and where attention goes."""
        lookers = Lookers.installed()
        model = self.loaded(self._own(), lookers)
        films = looked.seen.films
        plain = yield from plain_regions(engine, lookers, films, _LOOKING)
        seen = yield from patches_of(engine, lookers.vit, films, _LOOKING)
        rows = model.standing.rows(plain)[0]
        row = rows[region_at(*((step + 0.5) / SIDE for step in place.peak))]
        values, usual = depth_values(model.forest, row, len(row))
        heads = seen.attention.shape[1]
        parts = [
            Contribution(name, GROUPS[name], -float(values[own].sum()))
            for name, own in columns_of(heads)
        ]
        names = list(names_of(heads))
        first = np.argsort(values)[:_NAMED]
        parts += [Contribution(names[n], _ONE_OF, -float(values[n])) for n in first]
        rollout = finer(seen.rollout[0].reshape(GRID, GRID), SIDE)
        depth = usual + float(values.sum())
        sight = Sight(
            "Attention rollout",
            "How much of each patch reaches what the vision transformer says of the whole film.",
            np.asarray(rollout / max(float(rollout.max()), 1e-9), np.float32),
        )  # fmt: skip
        return Explanation(
            f"The forest parts this region from normal ones in {depth:.1f} steps; {usual:.1f} are"
            " usual. What edges, patches and attention save adds up to the difference; below them"
            " stand the single numbers that save most.",
            tuple(parts), "steps that are saved", (sight,),
        )  # fmt: skip
