"""Models handed on: signed, installed when whoever signed is trusted, and taken back again.

Each state of a model keeps a folder of its own. Which one counts stands in one small file, written
in one step, so that a model is always whole: the new one or the one before.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UnreadableError, UnsupportedError, UsageError
from xray_studio.core.files import replacing, replacing_folder, write_failure
from xray_studio.core.learning.manifest import (
    FILES,
    MANIFEST,
    SIGNATURE,
    Manifest,
    manifest_of,
)
from xray_studio.core.learning.model import WEIGHTS, read_model
from xray_studio.core.reasons import why_not_opened
from xray_studio.services.learning.models.keys import read_key, trusted
from xray_studio.services.places import data_folder

HISTORY: Final = "history.json"
_STATE: Final = re.compile(r"\d{1,18}-[0-9a-f]{12}")


def sign(folder: Path, key: Path) -> Manifest:
    """Write manifest and signature beside a model. Raises StudioError with the reason."""
    from xray_studio.ai.signature import signed

    secret, model = read_key(key), read_model(folder)
    files = {name: hashlib.sha256(_bytes(folder / name)).hexdigest() for name in FILES}
    if files[WEIGHTS] != model.sha256:
        raise UnreadableError(f"{WEIGHTS} is not the file that {model.name} was made with.")
    made = Manifest(model.name, model.version, int(time.time()), files)
    manifest_of(made.data())
    for name, data in ((MANIFEST, made.data()), (SIGNATURE, signed(made.data(), secret))):
        with replacing(folder / name) as temporary:
            temporary.write_bytes(data)
    return made


def install(folder: Path) -> Manifest:
    """Install a signed model, which then takes the place of one of the same name.

    Raises UnsupportedError when nobody who is trusted signed it, UnreadableError when a file is not
    the one that was signed, UsageError when it is older than what is installed.
    """
    from xray_studio.ai.weights import read_weights

    made = _signed_by_trusted(folder)
    data = {name: _bytes(folder / name) for name in FILES}
    for name, digest in made.files.items():
        if hashlib.sha256(data[name]).hexdigest() != digest:
            raise UnreadableError(f"{name} is not the file that was signed; ask for it again.")
    place, history = _models() / made.name, _history(made.name)
    if history and made.signed <= int(history[-1].partition("-")[0]):
        raise UsageError(
            f"{made.name} is installed as new as this or newer; to go back:"
            f" xray-studio models roll-back {made.name}"
        )
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(place, error) from error
    with replacing_folder(place / made.place) as temporary:
        for name, content in data.items():
            (temporary / name).write_bytes(content)
        model = read_model(temporary)
        if model.name != made.name:
            raise UnreadableError(f"The model calls itself {model.name}, its manifest {made.name}.")
        read_weights(temporary / WEIGHTS, model.sha256)
    _write_history(made.name, [*history, made.place])
    return made


def roll_back(name: str) -> Path | None:
    """Take back the last state of a model and return the folder of the one before.

    None where none was installed before: then what the program ships counts again. Raises
    UsageError where nothing is installed under that name.
    """
    history = _history(name)
    if not history:
        raise UsageError(
            f"No model {name!r} was installed; xray-studio models lists what there is."
        )
    _write_history(name, history[:-1])
    shutil.rmtree(_models() / name / history[-1], ignore_errors=True)
    return _models() / name / history[-2] if len(history) > 1 else None


def installed() -> list[Path]:
    """Return the folder that counts of every model that was installed."""
    names = sorted(path.parent.name for path in _models().glob(f"*/{HISTORY}"))
    histories = ((name, _history(name)) for name in names)
    return [_models() / name / history[-1] for name, history in histories if history]


def _signed_by_trusted(folder: Path) -> Manifest:
    from xray_studio.ai.signature import is_signed

    for name in (MANIFEST, SIGNATURE):
        if not (folder / name).is_file():
            raise UnsupportedError(
                f"{folder.name} is not signed: it holds no {name}, which whoever hands a model on"
                " writes with: xray-studio models sign"
            )
    data, signature = _bytes(folder / MANIFEST), _bytes(folder / SIGNATURE)
    known = trusted()
    if not any(is_signed(data, signature, key) for key in known.keys):
        lost = f" (unreadable: {', '.join(known.damaged)})" if known.damaged else ""
        raise UnsupportedError(
            f"{folder.name} is signed by nobody whom you trust{lost}, so it is not installed; if"
            " you know whose key it is: xray-studio models trust KEY.pub"
        )
    return manifest_of(data)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {why_not_opened(error)}.") from error


def _models() -> Path:
    return data_folder() / "models"


def _history(name: str) -> list[str]:
    """Return the states of a model, the one that counts last; what is no longer there is not."""
    place = _models() / name
    try:
        told = json.loads((place / HISTORY).read_text("utf-8"))
        states = [str(one) for one in told if _STATE.fullmatch(str(one))]
        return [one for one in states if (place / one).is_dir()]
    except (OSError, ValueError, TypeError, RecursionError):
        return []


def _write_history(name: str, states: list[str]) -> None:
    with replacing(_models() / name / HISTORY) as temporary:
        temporary.write_text(json.dumps(states) + "\n", "utf-8")
