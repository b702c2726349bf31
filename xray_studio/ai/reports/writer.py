"""A report network at work: films and findings to the words of a draft."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from xray_studio.ai.asking import asked, settled
from xray_studio.ai.compute import Compute
from xray_studio.ai.networks import fitted
from xray_studio.ai.networks.report_net import GRID, VIEWS, ReportNet
from xray_studio.ai.reports.drafting import candidates
from xray_studio.ai.reports.encoder import HUGGING_FACE, Encoder
from xray_studio.ai.weights import Weights, read_weights, verified
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.learning.hugging_face import CONFIG
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.model import WEIGHTS, Model, read_model
from xray_studio.core.reporting.consensus import Writing
from xray_studio.core.reporting.finding_f1 import Numbers
from xray_studio.core.reporting.vocabulary import Vocabulary

TASK: Final = "report"
KIND: Final = "report"  # of network
VOCABULARY: Final = "vocabulary.txt"
SEEING: Final = "encoder"  # in `model.toml` and before the names of weights
WRITES: Final = "decoder"
WRITING: Final = "writing"
WORDS_SHA256: Final = "vocabulary_sha256"
CONFIG_SHA256: Final = "config_sha256"
_BESIDE: Final = (SEEING, WRITING, WORDS_SHA256)  # of `network` in a model.toml, not of the network


def written(
    folder: str, sha256: str, views: tuple[Normalised, Normalised], found: Numbers
) -> tuple[str, ...]:
    """Return the words of a draft, "." behind each sentence.

    `views` are frontal and lateral films, float32 (films, rows, columns); of each the first counts.
    `found` are log-odds of findings (findings,). Runs in a worker process; raises StudioError with
    the reason.
    """

    def ask(writer: ReportWriter, _note: str) -> tuple[str, ...]:
        return writer.draft(views, found)

    return asked(folder, lambda: loaded(folder, sha256), ask)


@lru_cache(maxsize=1)
def loaded(folder: str, sha256: str) -> ReportWriter:
    """Return the network of a model, kept after the first call."""
    return settled(lambda compute: ReportWriter(Path(folder), sha256, compute))


class ReportWriter:
    """The encoder and the network that writes, loaded and ready."""

    def __init__(self, folder: Path, sha256: str, compute: Compute) -> None:
        self.model = read_model(folder)
        self.device = compute.device
        told = _checked(self.model)
        self.vocabulary = vocabulary_of(folder, self.model)
        weights = read_weights(folder / WEIGHTS, sha256)
        try:
            self.how = Writing.of(told.get(WRITING, {}))
            self.encoder = _encoder(folder, told[SEEING], part(weights, SEEING))
            self.network = _network(told, part(weights, WRITES), len(self.vocabulary))
        except (ValueError, TypeError, KeyError) as error:
            raise UnreadableError(
                f"The weights of {self.model.name} are not those of its network and its words;"
                " install it again."
            ) from error
        self._move()

    def on_processor(self) -> ReportWriter:
        """Move to the processor, and stay there."""
        self.device = "cpu"
        return self._move()

    def _move(self) -> ReportWriter:
        self.encoder.to(self.device)
        self.network.to(self.device)
        return self

    def draft(self, views: tuple[Normalised, Normalised], found: Numbers) -> tuple[str, ...]:
        """Return the words of the draft that is chosen, none where nothing is found."""
        grids, there = self.grids(views)
        known = torch.from_numpy(np.asarray(found, np.float32))[None].to(self.device)
        with torch.inference_mode():
            words = torch.tensor([self.how.words], device=self.device)
            memory = self.network.memory(grids, there, known, words)
        chosen = candidates(self.network, memory, self.vocabulary, self.how, found).chosen(self.how)
        return chosen.words if chosen else ()

    def grids(self, views: tuple[Normalised, Normalised]) -> tuple[Tensor, Tensor]:
        """Return what is seen in the first film of each view, and which views there are."""
        channels = len(self.network.seen_middle)
        grids = torch.zeros(1, VIEWS, channels, GRID, GRID, device=self.device)
        there = torch.zeros(1, VIEWS, dtype=torch.bool, device=self.device)
        for number, films in enumerate(views):
            if len(films):
                given = torch.from_numpy(np.asarray(films[:1], np.float32))[:, None]
                with torch.inference_mode():
                    seen = self.encoder.grids(given.to(self.device))
                # As learning kept it, so that the same films give the same numbers.
                grids[0, number], there[0, number] = seen[0].half().float(), True
        return grids, there


def packed_writer(
    seeing: Weights, writing: Weights, numbers: Mapping[str, npt.NDArray[np.int64]]
) -> Weights:
    """Return the weights of both parts under one roof, in float16; whole `numbers` beside them."""
    parts = ((SEEING, seeing), (WRITES, writing))
    found = {
        f"{name}.{key}": one.half() if one.is_floating_point() else one
        for name, weights in parts
        for key, one in weights.items()
    }
    return found | {name: torch.from_numpy(values) for name, values in numbers.items()}


def part(weights: Weights, name: str) -> Weights:
    """Return the weights of one part as float32, by their own names."""
    start = f"{name}."
    return {
        key.removeprefix(start): one.float() if one.is_floating_point() else one
        for key, one in weights.items()
        if key.startswith(start)
    }


def vocabulary_of(folder: Path, model: Model) -> Vocabulary:
    """Return the words of a model. Raises UnreadableError where they are missing or others."""
    wanted = str(model.network.get(WORDS_SHA256, ""))
    if not (folder / VOCABULARY).is_file():
        raise UnreadableError(
            f"{folder.name} has no {VOCABULARY}, so nobody knows which words the numbers of its"
            " network are; install the model again."
        )
    data = verified(folder / VOCABULARY)
    if hashlib.sha256(data).hexdigest() != wanted:
        raise UnreadableError(
            f"{VOCABULARY} of {folder.name} is not the list of words that its network learned (its"
            " SHA-256 differs); install the model again."
        )
    try:
        return Vocabulary.read(data.decode("utf-8"))
    except ValueError as error:
        raise UnreadableError(f"{VOCABULARY} of {folder.name} is no list of words.") from error


def _checked(model: Model) -> Mapping[str, Any]:
    told = model.network
    if model.task != TASK:
        raise UnsupportedError(f"{model.name} is a model for {model.task!r}, not for {TASK!r}.")
    if told.get("kind") != KIND or not isinstance(told.get(SEEING), Mapping):
        raise UnsupportedError(
            f"{model.name} has a network that cannot write reports ({told.get('kind')!r}, not"
            f" {KIND!r}); install it again."
        )
    return told


def _encoder(folder: Path, facts: Mapping[str, Any], weights: Weights) -> Encoder:
    if facts.get("kind") != HUGGING_FACE:
        return Encoder(facts, weights)
    config = json.loads(verified(folder / CONFIG, str(facts.get(CONFIG_SHA256, ""))))
    return Encoder(facts, weights, config)


def _network(told: Mapping[str, Any], weights: Weights, words: int) -> ReportNet:
    made = fitted({name: one for name, one in told.items() if name not in _BESIDE}, weights)
    if not isinstance(made, ReportNet) or told["words"] != words:
        raise ValueError("words")
    return made.eval()
