"""Models that users bring: taken in, chosen, taken out.

Taking in copies the files that a model is made of, with their hashes, into the data folder of the
user, and asks the model once in a process of its own: what lies there works.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.files import replacing_folder, write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.guest import is_guest
from xray_studio.core.learning.model import CARD, FACTS
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.models.folder import card
from xray_studio.services.learning.models.installed import Installed, Origin, checked, places
from xray_studio.services.learning.models.own_folders import choose, chosen, make, own_folder
from xray_studio.services.learning.own.guest_facts import Described, Wishes, described

_TRYING: Final = Progress(message="Trying the model")


def add(source: Path, wishes: Wishes | None = None) -> Job[Installed]:
    """Take a model in: a Hugging Face folder, an ONNX file, or a folder with `model.toml`.

    Raises StudioError where it is refused, does not work, or has the name of another one.
    """
    found = described(source, wishes or Wishes())
    model, target = found.model, own_folder() / found.model.name
    _check_name(model.name, target)
    make(own_folder())
    with replacing_folder(target) as temporary:
        yield Progress(message="Copying the model")
        _copy(found, temporary, target)
        problem = checked(temporary, verify=True).problem
        if problem:
            raise UsageError(problem)
        if is_guest(model):
            with Engine() as engine:
                yield from engine.tried(Installed(temporary, model), _TRYING)
    return Installed(target, model)


def remove(name: str) -> None:
    """Take a model of one's own out. Raises UsageError where there is none of that name."""
    folder = own_folder() / name
    if Origin.OWN not in _origins(name):
        raise UsageError(f"You have added no model {name!r}; xray-studio models lists them.")
    for task, one in chosen().items():
        if one == name:
            choose(task, "")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise write_failure(folder, error) from error


def use(name: str) -> str:
    """Ask the model of that name from now on, and return the task that it is for.

    One that ships or that somebody signed is asked again when it is named. Raises UsageError where
    there is none of that name or it cannot be used.
    """
    for place in places():
        found = checked(place.folder)
        if found.model is None or found.model.name != name:
            continue
        if found.problem:
            raise UsageError(found.problem)
        own = place.origin in {Origin.OWN, Origin.PLUGIN}
        choose(found.model.task, name if own else "")
        return found.model.task
    raise UsageError(f"There is no model {name!r}; xray-studio models lists them.")


def _check_name(name: str, target: Path) -> None:
    others = [origin for origin in _origins(name) if origin is not Origin.OWN]
    if others:
        raise UsageError(
            f"A model called {name} is there already ({others[0]}); give yours another name with"
            " --name."
        )
    if target.exists():
        raise UsageError(
            f"You have added a model {name} before; take it out first: xray-studio models remove"
            f" {name}"
        )


def _origins(name: str) -> list[Origin]:
    found = ((place.origin, checked(place.folder).model) for place in places())
    return [origin for origin, model in found if model is not None and model.name == name]


def _copy(found: Described, folder: Path, target: Path) -> None:
    try:
        for name, source in found.files.items():
            shutil.copyfile(source, folder / name)
        (folder / FACTS).write_text(found.model.text(), "utf-8")
        if not (folder / CARD).exists():
            (folder / CARD).write_text(card(found.model, ()), "utf-8")
    except OSError as error:
        raise write_failure(target, error) from error
