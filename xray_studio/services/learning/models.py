"""Models that are there: shipped, installed, or in folders that somebody names."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core import resources
from xray_studio.core.errors import StudioError, UnreadableError, UsageError
from xray_studio.core.learning.model import FACTS, Model, read_model
from xray_studio.core.reasons import why_not_opened
from xray_studio.services.learning.updates import installed

SHIPPED: Final = "models"


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


def folders(named: Sequence[Path] = ()) -> list[Path]:
    """Return the folders of models: those that are named, else installed and shipped ones.

    What was installed comes first, so that it is taken in place of what is shipped.
    """
    if named:
        return list(named)
    shipped = sorted(path.parent for path in (resources.folder() / SHIPPED).glob(f"*/{FACTS}"))
    return [*installed(), *shipped]


def model_for(task: str, named: Path | None = None) -> Installed:
    """Return the model for a task. Raises StudioError where there is none or it cannot be used."""
    for folder in folders([named] if named else []):
        model = read_model(folder)
        if model.task == task:
            return Installed(folder, model)
        if named:
            raise UsageError(f"{folder.name} is a model for {model.task!r}, not for {task!r}.")
    raise UsageError(
        f"No model for {task!r} is installed; train one with: xray-studio train {task}, and name"
        " its folder with --model."
    )


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
