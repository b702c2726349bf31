"""What a network that a user brings is: put together from its own files and from what they say."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from xray_studio.core.errors import UnreadableError, UnsupportedError, UsageError
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.findings import FINDINGS, NIH
from xray_studio.core.learning.guest import HUGGING_FACE, ONNX, SIGMOID, SOFTMAX, is_guest
from xray_studio.core.learning.hugging_face import (
    CONFIG,
    PREPARATION,
    Given,
    given,
    is_multi_label,
    outputs_of,
    refuse_code,
)
from xray_studio.core.learning.model import FACTS, WEIGHTS, Model, model_of, toml_of
from xray_studio.core.reasons import why_not_opened
from xray_studio.services.learning.models.installed import BROUGHT
from xray_studio.services.learning.readers.shared_tables import view_of

GRAPH: Final = "model.onnx"
UNTOLD: Final = "not stated; ask whoever made it"
USE: Final = "Brought by the user; for research and education, not for diagnosis."
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
VIEW: Final = "view"
_VIEWS: Final = (View.FRONTAL.value, View.LATERAL.value, View.OTHER.value)
_LARGEST: Final = 1 << 20  # bytes of a file of facts
_PICKLES: Final = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user says of a network; what is empty is taken from its files.

    `labels` are names by the outputs that they stand for, "" for outputs that are left out. `facts`
    is a file in the form of `model.toml`.
    """

    task: str = ""
    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    licence: str = ""
    facts: Path | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """A model and the files that it is made of, by the names that they get."""

    model: Model
    files: Mapping[str, Path]


def described(source: Path, wishes: Wishes) -> Described:
    """Return what a folder or an ONNX file is as a model. Raises StudioError with the reason."""
    if source.suffix.lower() == ".onnx" and source.is_file():
        return _onnx(source, wishes)
    if not source.is_dir():
        raise UsageError(
            f"{source.name} is neither a folder nor an ONNX file; see docs/models/own.md."
        )
    if (source / FACTS).is_file():
        return _whole(source, wishes)
    if (source / CONFIG).is_file():
        return _hugging_face(source, wishes)
    raise _no_model(source)


def _whole(source: Path, wishes: Wishes) -> Described:
    """Return the model of a folder that has a `model.toml`; what it leaves out is added."""
    told = _toml(source / FACTS)
    if told.get("network", {}).get("kind") == ONNX and "sha256" not in told:
        found = sorted(source.glob("*.onnx"))
        if len(found) != 1:
            raise UnreadableError(f"{source.name} has to hold one ONNX file beside {FACTS}.")
        return _onnx(found[0], wishes)
    model = _made(told, wishes)
    names = [model.file, *([CONFIG] if model.network.get("kind") == HUGGING_FACE else [])]
    return Described(model, {name: source / name for name in names})


def _onnx(source: Path, wishes: Wishes) -> Described:
    beside = source.with_name(FACTS)
    if wishes.facts is None and not beside.is_file():
        raise UsageError(
            f"An ONNX file does not say what it is given and what its outputs are: write {FACTS}"
            " beside it, or name such a file with --facts (docs/models/own.md has one)."
        )
    told = _toml(beside) if beside.is_file() else {}
    facts = {"name": _plain(source.stem), "sha256": _sha256(source)} | told
    network = {"activation": SOFTMAX} | facts.get("network", {})
    facts["network"] = network | {"kind": ONNX, "file": GRAPH}
    return Described(_made(facts, wishes), {GRAPH: source})


def transformer_parts(source: Path) -> tuple[str, str, Given]:
    """Return the hashes of weights and config of a Hugging Face folder, and what it is given.

    Raises StudioError where it holds code, no safe weights, or asks what is not done here.
    """
    for file in sorted(source.glob("*.py")):
        raise UnsupportedError(
            f"{source.name} holds code ({file.name}), which is never run; ask for the network in a"
            " kind that the library transformers knows, without code of its own."
        )
    if not (source / CONFIG).is_file():
        raise _no_model(source)
    if not (source / WEIGHTS).is_file():
        raise _no_weights(source)
    config = _json(source / CONFIG)
    refuse_code(config)
    try:
        taken = given(_json(source / PREPARATION), int(config.get("num_channels", 3)))
    except (TypeError, ValueError) as error:
        raise UnreadableError(f"{PREPARATION} of {source.name} cannot be used.") from error
    return _sha256(source / WEIGHTS), _sha256(source / CONFIG), taken


def _hugging_face(source: Path, wishes: Wishes) -> Described:
    sha256, config_sha256, taken = transformer_parts(source)
    config = _json(source / CONFIG)
    outputs, task = outputs_of(config), wishes.task or _told_task(wishes)
    network: dict[str, Any] = {
        "kind": HUGGING_FACE, "mean": taken.mean, "deviation": taken.deviation,
        "outputs": labels_for(task, outputs, wishes.labels),
        "activation": SIGMOID if is_multi_label(config) else SOFTMAX,
        "config_sha256": config_sha256,
    }  # fmt: skip
    facts = {
        "name": _plain(source.resolve().name), "task": task, "network": network, "sha256": sha256,
        "input": taken.spec.facts(),
    }  # fmt: skip
    return Described(_made(facts, wishes), {name: source / name for name in (WEIGHTS, CONFIG)})


def _told_task(wishes: Wishes) -> str:
    told = _toml(wishes.facts).get("task", "") if wishes.facts is not None else ""
    if not told:
        raise UsageError(f"Say what the model is for with --task: {' or '.join(BROUGHT)}.")
    return str(told)


def labels_for(task: str, outputs: Sequence[str], said: Mapping[str, str]) -> list[str]:
    """Return the label of each output: as it is said, else by words that are known.

    A view classifier has labels of its own; findings that nobody knows keep their name. Raises
    UsageError where an output is nowhere or a view is not told.
    """
    unknown = sorted(set(said) - set(outputs))
    if unknown:
        raise UsageError(
            f"There is no output {', '.join(unknown)}; the outputs are: {', '.join(outputs)}."
        )
    known = _view if task == VIEW else _finding
    labels = [said[output] if output in said else known(output) for output in outputs]
    if task == VIEW:
        _check_views(set(labels) - {""}, outputs)
    return labels


def _check_views(labels: set[str], outputs: Sequence[str]) -> None:
    if labels != set(_VIEWS):
        raise UsageError(
            f"A view classifier tells {', '.join(_VIEWS)}, and each output is one of them; say"
            f" which with --label OUTPUT=VIEW. The outputs are: {', '.join(outputs)}."
        )


def _view(output: str) -> str:
    return output.casefold() if output.casefold() in _VIEWS else view_of(output).value or output


def _finding(output: str) -> str:
    word = output.casefold().replace("_", " ").strip()
    return word if word in FINDINGS else NIH.get(word.replace(" ", "_"), NIH.get(word, output))


def _made(facts: dict[str, Any], wishes: Wishes) -> Model:
    """Return the model of facts, with what the user says above them and what is usual below."""
    if wishes.facts is not None:
        said = _toml(wishes.facts)
        facts = facts | said | {"network": facts.get("network", {}) | said.get("network", {})}
    told = {"name": wishes.name, "task": wishes.task, "licence": wishes.licence}
    facts |= {name: word for name, word in told.items() if word}
    facts = {"version": "1", "licence": UNTOLD, "intended_use": USE} | facts
    if "labels" not in facts:
        named = facts.get("network", {}).get("outputs", [])
        facts["labels"] = list(dict.fromkeys(label for label in named if label))
    model = model_of(facts)
    if not _NAME.fullmatch(model.name):
        raise UsageError(
            f"{model.name!r} is no name for a model: take small letters, digits and hyphens, and"
            " say it with --name."
        )
    if is_guest(model) and model.task == VIEW:
        _check_views(set(model.labels), model.labels)
    if is_guest(model) and model.task not in BROUGHT:
        raise UsageError(f"A model of your own is for {' or '.join(BROUGHT)}; say it with --task.")
    return model


def _no_model(source: Path) -> UsageError | UnsupportedError:
    if any(next(source.glob(kind), None) for kind in _PICKLES):
        return _no_weights(source)
    return UsageError(
        f"{source.name} holds no model: neither {FACTS} nor {CONFIG}; see docs/models/own.md."
    )


def _no_weights(source: Path) -> UnsupportedError:
    found = next((file for kind in _PICKLES for file in sorted(source.glob(kind))), None)
    if found is not None:
        return UnsupportedError(
            f"{found.name} is a pickle: opening it can run any program that somebody put into it,"
            f" so it is not opened; ask for the weights as safetensors ({WEIGHTS})."
        )
    if (source / f"{WEIGHTS}.index.json").is_file():
        return UnsupportedError(
            f"The weights of {source.name} lie in several files; needed is one, {WEIGHTS}."
        )
    return UnsupportedError(f"{source.name} holds no {WEIGHTS}, the numbers of its network.")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:64]


def _json(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(_bytes(path))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{path.name} cannot be used: it is no JSON.") from error
    if not isinstance(told, dict):
        raise UnreadableError(f"{path.name} cannot be used: it holds no names and values.")
    return told


def _toml(path: Path) -> dict[str, Any]:
    try:
        told = toml_of(_bytes(path))
    except ValueError as error:
        raise UnreadableError(f"{path.name} cannot be used: it is no TOML.") from error
    if not isinstance(told.get("network", {}), dict):
        raise UnreadableError(f"{path.name} cannot be used: its network is no table.")
    return told


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {why_not_opened(error)}.") from error


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {why_not_opened(error)}.") from error
