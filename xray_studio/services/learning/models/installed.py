"""Models that are there: shipped, installed, or in folders that somebody names."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core import resources
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError, UsageError
from xray_studio.core.learning.model import FACTS, Model, read_model
from xray_studio.core.reasons import why_not_opened
from xray_studio.services.learning.models.gates import GATED, waiting
from xray_studio.services.learning.models.own_folders import chosen, own, plugins
from xray_studio.services.learning.models.updates import installed

SHIPPED: Final = "models"
TASKS: Final[Mapping[str, str]] = {
    "view": "that tells films of the chest from other pictures",
    "classifier": "that finds what films of the chest show",
    "denoise": "that takes noise away",
    "lungs": "that finds lungs in films of the chest",
    "mirror": "that tells mirrored films of the chest",
    "vit": "that sees what films of the chest look like",
    "anomaly": "that marks what is unlike normal films of the chest",
    "anomaly-forest": "that marks it as the published recipe does",
}


_TRAINED_BY: Final[Mapping[str, str]] = {"anomaly-forest": "anomaly --detector hog-vit-iforest"}
_INSTALLED: Final = ("anomaly", "anomaly-forest")  # detectors are asked, no model is named
BROUGHT: Final = ("view", "classifier")  # what models of users' own can be for


@dataclass(frozen=True, slots=True)
class Installed:
    """A model and the folder it lies in."""

    folder: Path
    model: Model


@dataclass(frozen=True, slots=True)
class Checked:
    """A folder of a model: what it says of itself, the bytes of its weights, and what is wrong."""

    folder: Path
    model: Model | None
    size: int = 0
    problem: str = ""


class Origin(enum.StrEnum):
    """Where a model comes from."""

    INSTALLED = "installed, signed by somebody you trust"
    SHIPPED = "ships with the program"
    OWN = "your own"
    PLUGIN = "brought by a package that is installed"


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of a model and where it comes from."""

    folder: Path
    origin: Origin


def places() -> list[Place]:
    """Return every model that is there, in the order in which they are taken for a task.

    What was installed comes first, so that it is taken in place of what is shipped.
    """
    shipped = sorted(path.parent for path in _shipped_folder().glob(f"*/{FACTS}"))
    found = (
        (Origin.INSTALLED, installed()), (Origin.SHIPPED, shipped),
        (Origin.OWN, own()), (Origin.PLUGIN, plugins()),
    )  # fmt: skip
    return [Place(folder, origin) for origin, these in found for folder in these]


def _shipped_folder() -> Path:
    return resources.folder() / SHIPPED


def folders(named: Sequence[Path] = ()) -> list[Path]:
    """Return the folders of models: those that are named, by folder or by name, else all."""
    return [_folder(one) for one in named] or [place.folder for place in places()]


def model_for(task: str, named: Path | None = None) -> Installed:
    """Return the model for a task: the named one, the chosen one, else the first that there is.

    `named` is a folder, or the name of a model. Raises StudioError where there is none or it cannot
    be used.
    """
    if named:
        return _named(task, _folder(named))
    fitting = installed_for(task)
    held = waiting_for(task) if not fitting else []
    if held:
        raise UnsupportedError(why_waiting(held[0]))
    if not fitting:
        raise UsageError(f"No model for {task!r} is installed; {how_to_get(task)}.")
    return fitting[0]


def installed_for(task: str) -> list[Installed]:
    """Return the models for a task that may be asked, first the one that is."""
    fitting = [one for one in _all_for(task) if not why_waiting(one)]
    return sorted(fitting, key=lambda one: one.model.name != chosen().get(task))


def waiting_for(task: str) -> list[Installed]:
    """Return the models for a task that may not be asked, since they have passed no gate."""
    return [one for one in _all_for(task) if why_waiting(one)]


def why_waiting(one: Installed) -> str:
    """Return why a model may not be asked yet, "" where it may; those that ship were judged."""
    if one.model.task not in GATED or one.folder.parent == _shipped_folder():
        return ""
    return waiting(one.model)


def shipped_for(task: str) -> Installed | None:
    """Return the model for a task that ships, None where there is none."""
    own = (one for one in _all_for(task) if one.folder.parent == _shipped_folder())
    return next(own, None)


def named_model(named: Path) -> Installed:
    """Return a model by its folder or name. Raises StudioError where there is none."""
    folder = _folder(named)
    return Installed(folder, read_model(folder))


def _all_for(task: str) -> list[Installed]:
    found = (Installed(place.folder, m) for place in places() if (m := _read(place.folder)))
    return [one for one in found if one.model.task == task]


def asked_first() -> list[Installed]:
    """Return the model of each task that is asked where nobody names another one."""
    tasks = {model.task for place in places() if (model := _read(place.folder))}
    return [found[0] for task in sorted(tasks) if (found := installed_for(task))]


def _named(task: str, folder: Path) -> Installed:
    model = read_model(folder)
    if model.task != task:
        raise UsageError(f"{folder.name} is a model for {model.task!r}, not for {task!r}.")
    return Installed(folder, model)


def lacking() -> dict[str, str]:
    """Return the tasks for which there is no model, and why and what to do."""
    there = {model.task for place in places() if (model := _read(place.folder))}
    return {
        task: f"no model {words} is installed; {how_to_get(task)}"
        for task, words in TASKS.items()
        if task not in there
    }


def how_to_get(task: str) -> str:
    """Return what to do where there is no model for a task."""
    words = _TRAINED_BY.get(task, task)
    told = f"train one with: xray-studio train {words}, and "
    if task in _INSTALLED:
        return f"{told}install it: xray-studio models install"
    told += "name its folder with --model"
    return f"{told}, or bring one: xray-studio models add" if task in BROUGHT else told


def _folder(named: Path) -> Path:
    """Return the folder of a model that is named, or that of the model which has that name."""
    if len(named.parts) > 1 or (named / FACTS).exists():
        return named
    known = ((place.folder, _read(place.folder)) for place in places())
    return next((folder for folder, model in known if model and model.name == str(named)), named)


def _read(folder: Path) -> Model | None:
    """Return what a model says of itself; None where it cannot be read, which `models` tells."""
    try:
        return read_model(folder)
    except StudioError:
        return None


def checked(folder: Path, *, verify: bool = False) -> Checked:
    """Return a folder of a model and what is wrong with it; `verify` compares its hash as well."""
    try:
        model = read_model(folder)
    except StudioError as error:
        return Checked(folder, None, problem=str(error))
    path = folder / model.file
    try:
        size = path.stat().st_size
        if verify:
            _verify(path, model)
    except OSError as error:
        return Checked(folder, model, problem=f"{model.file}: {why_not_opened(error)}.")
    except StudioError as error:
        return Checked(folder, model, size, str(error))
    return Checked(folder, model, size)


def _verify(path: Path, model: Model) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != model.sha256:
        raise UnreadableError(
            f"{model.file} of {model.name} is not the file that the model was made with (its"
            " SHA-256 differs); install the model again."
        )
