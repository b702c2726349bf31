"""What a recipe asks of a data set."""

from __future__ import annotations

from xray_studio.core.errors import UsageError
from xray_studio.core.presentation import Window
from xray_studio.core.split import parse_shares
from xray_studio.services.dataset.samples import DatasetOptions
from xray_studio.services.recipe import Recipe, options_of


def dataset_options(recipe: Recipe) -> DatasetOptions:
    """Return the options that a recipe stands for. Raises UsageError for what cannot be meant."""
    general = options_of(recipe)
    if general.size == "screen":
        raise UsageError(
            "The pictures of a data set have one size; write for example --size 256x256."
        )
    return DatasetOptions(
        size=general.size,
        normalise=recipe.normalise,
        window=_window(recipe),
        shares=parse_shares(recipe.split),
        seed=recipe.seed,
        samples=recipe.samples,
        bits=general.bits,
        frames=general.frames,
        every=recipe.every,
        privacy=general.privacy,
        pipeline=recipe.step,
    )


def _window(recipe: Recipe) -> Window | None:
    try:
        return Window(*recipe.window) if recipe.window else None
    except ValueError as error:
        raise UsageError(f"--window: {error}.") from None
