"""What a model says of itself: `model.toml`, beside its weights and its card."""

from __future__ import annotations

import hashlib
import json
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.reasons import why_not_opened

FACTS: Final = "model.toml"
WEIGHTS: Final = "model.safetensors"
CARD: Final = "README.md"
_LARGEST: Final = 1 << 18  # bytes
_FILE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_DEEP: Final = re.compile(r"""(?<![\w"'-])(?:[\w"'-]+[ \t]*\.[ \t]*){16}""")


@dataclass(frozen=True, slots=True)
class Source:
    """What a model learned from: a collection, its licence, cases and films."""

    name: str
    licence: str
    cases: int
    films: int

    def __post_init__(self) -> None:
        """Refuse what no collection can be."""
        words, counts = (self.name, self.licence), (self.cases, self.films)
        if not all(isinstance(word, str) for word in words):
            raise ValueError("a collection that it names has no name or licence")
        if not all(isinstance(count, int) and count >= 0 for count in counts):
            raise ValueError("a collection that it names has no number of cases and films")


@dataclass(frozen=True, slots=True)
class Model:
    """All that stands in `model.toml`.

    `task` is what it can be asked ("view"). `network` is what `ai.networks.build` builds it from.
    `labels` name its outputs in order, `sha256` is that of the weights. `calibration` holds
    numbers, or lists, that make outputs probabilities, `thresholds` operating points by label.
    `training` tells how it was made. Of what holds numbers of files the names are free.
    """

    name: str
    version: str
    task: str
    labels: tuple[str, ...]
    network: Mapping[str, Any]
    input: InputSpec
    sha256: str
    licence: str
    intended_use: str
    sources: tuple[Source, ...] = ()
    calibration: Mapping[str, Any] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """Return the model as TOML."""
        facts = asdict(self) | {"input": self.input.facts()}
        sources = facts.pop("sources")
        tables = {name: facts.pop(name) for name in _TABLES}
        lines = [f"{name} = {_value(value)}" for name, value in facts.items()]
        for name, table in tables.items():
            lines += ["", f"[{name}]", *(f"{_key(k)} = {_value(v)}" for k, v in table.items())]
        for source in sources:
            lines += ["", "[[sources]]", *(f"{k} = {_value(v)}" for k, v in source.items())]
        return "\n".join(lines) + "\n"

    @property
    def digest(self) -> str:
        """What changes with anything that decides its answers: weights, calibration, thresholds."""
        facts = asdict(self) | {"input": self.input.facts()}
        deciding = {name: facts[name] for name in (*_DECIDING, "sha256", "labels")}
        told = json.dumps(deciding, sort_keys=True, default=float)
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def file(self) -> str:
        """The name of the file whose hash is `sha256`; another one where `network` says so."""
        return str(self.network.get("file", WEIGHTS))


def digest_of(models: Iterable[Model]) -> str:
    """Return what changes with anything that decides what several models say together, in order."""
    return hashlib.sha256(json.dumps([one.digest for one in models]).encode()).hexdigest()


_DECIDING: Final = ("task", "network", "input", "calibration", "thresholds")
_TABLES: Final = ("network", "input", "calibration", "thresholds", "training")


def read_model(folder: Path) -> Model:
    """Return what the model in a folder says of itself. Raises UnreadableError with the reason."""
    path = folder / FACTS
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableError(f"{folder.name} holds no model: there is no {FACTS} in it.") from None
    except OSError as error:
        raise UnreadableError(
            f"{folder.name} holds no model that can be read: {FACTS}, {why_not_opened(error)}."
        ) from error
    try:
        told = toml_of(data)
    except ValueError as error:
        raise UnreadableError(f"{FACTS} of {folder.name} cannot be used: {_why(error)}.") from error
    return model_of(told, f"{FACTS} of {folder.name}")


def toml_of(data: bytes) -> dict[str, Any]:
    """Return what TOML of unknown origin holds. Raises ValueError for what is none, or too much."""
    text = data.decode("utf-8")
    # Python's reader takes hours for names of many parts, and ends for lists in lists in lists.
    if len(data) > _LARGEST or _DEEP.search(text):
        raise ValueError("it is too large")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is too deep") from None


def model_of(facts: Mapping[str, Any], where: str = FACTS) -> Model:
    """Return the model that a `model.toml` describes. Raises UnreadableError with the reason."""
    try:
        return _model(dict(facts))
    except (ValueError, TypeError, KeyError, AttributeError, UsageError) as error:
        raise UnreadableError(f"{where} cannot be used: {_why(error)}.") from error


def _model(facts: dict[str, Any]) -> Model:
    sources = tuple(Source(**one) for one in facts.pop("sources", []))
    labels, given = facts.pop("labels"), InputSpec(**facts.pop("input"))
    if not isinstance(labels, list) or not labels or len(set(map(str, labels))) < len(labels):
        raise ValueError("its labels are no list of different names")
    made = Model(**facts, labels=tuple(labels), input=given, sources=sources)
    words = (made.name, made.version, made.task, made.sha256, made.licence, made.intended_use)
    if not all(isinstance(word, str) and word for word in (*words, *labels)):
        raise ValueError("a word that it needs is no text")
    if not re.fullmatch(r"[0-9a-f]{64}", made.sha256):
        raise ValueError("its sha256 is none")
    if not all(isinstance(getattr(made, name), dict) for name in _TABLES if name != "input"):
        raise ValueError("a table that it needs is none")
    if type(made.network.get("kind", "")) is not str:
        raise ValueError("the kind of its network is no text")
    if not all(_is_number(one) for one in made.thresholds.values()):
        raise ValueError("a threshold is no number")
    if not all(_is_plain(getattr(made, name)) for name in _TABLES if name != "input"):
        raise ValueError("a value in it is no text, number, table or list of these")
    if not _FILE.fullmatch(made.file):
        raise ValueError("the file it names is not a plain name")
    return made


def _is_plain(value: object) -> bool:
    """Tell whether a value can be written again as it was read: no dates, no infinite numbers."""
    if isinstance(value, Mapping):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return isinstance(value, str) or _is_number(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it lacks {error.args[0]}"
    said = str(error).rstrip(".")
    missing = re.search(r"missing \d+ required .*?: (.*)", said)
    unknown = re.search(r"unexpected keyword argument '(\w+)'", said)
    if missing:
        return "it lacks " + missing[1].replace("'", "")
    return f"it names {unknown[1]}, which this version does not know" if unknown else said


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name)


def _value(value: Any) -> str:
    """Return text, numbers and lists of them as TOML, which writes them as JSON does."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items())
        return f"{{ {inner} }}"
    told = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return told.replace("\x7f", "\\u007f")
