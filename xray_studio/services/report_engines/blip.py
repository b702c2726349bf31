"""An engine around a BLIP that a user supplies: free text, kept to what has a basis."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.assessment import ModelMark
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.hugging_face import CONFIG
from xray_studio.core.reasons import why_not
from xray_studio.core.report.engine import Asked, Draft
from xray_studio.core.report.report import FINDINGS, TECHNIQUE
from xray_studio.core.report.sentence import Sentence, Source
from xray_studio.core.reporting.claims import is_unfounded
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import (
    CUT,
    CUT_SHORT,
    Shown,
    picture_of,
    views_of,
)
from xray_studio.services.learning.models.installed import model_for
from xray_studio.services.learning.own.guest_facts import transformer_parts
from xray_studio.services.places import data_folder
from xray_studio.services.report_engines.refusals import check_asked, refused

NAME: Final = "blip"
VOCABULARY, TOKENIZER = "vocab.txt", "tokenizer.json"
HOW: Final = (
    "place config.json, preprocessor_config.json, model.safetensors and vocab.txt (or"
    " tokenizer.json) of a BLIP that writes reports into {}, or name their folder with --model"
)
_WRITTEN: Final = "xray_studio.ai.guests.blip:written"
_SECONDS: Final = 240.0  # libraries and a network of half a gigabyte are loaded meanwhile
_LARGEST: Final = 16 << 20  # bytes of a list of words
_FREE: Final = (
    "Free text of a network that was brought along: no probability and no heat map stands behind"
    " it."
)
_NO_CHEST: Final = "There is no frontal film of the chest here, so nothing is written (view: {})."


def own_folder() -> Path:
    """Return the folder that a BLIP is looked for in."""
    return data_folder() / "report-models" / NAME


class BlipEngine:
    """Writes what a BLIP says of the frontal film; needs a folder that the user supplies."""

    name = NAME
    title = "BLIP of your own"

    def __init__(self, model: Path | None = None) -> None:
        self._folder = model or own_folder()

    def unavailable(self) -> str:
        """Return why it cannot be used here and what to do, "" where it can."""
        return why_not(self._check)

    def draft(self, asked: Asked) -> Job[Draft]:
        """Write a draft; abstains where there is no frontal film of the chest.

        Raises StudioError where a film cannot be read or the network cannot be used.
        """
        check_asked(asked)
        self._check()
        sha256, config_sha256, given = transformer_parts(self._folder)
        source = Source(NAME, ModelMark(self._folder.resolve().name, "own", sha256))
        if refused(asked):
            return Draft(source, abstained=refused(asked))
        films = [Shown(*film) for film in asked.films]
        with Engine() as engine:
            views = yield from views_of(engine, model_for("view"), films)
            if View.FRONTAL not in views:
                told = _NO_CHEST.format(", ".join(sorted(set(views))))
                return Draft(source, abstained=CUT_SHORT if CUT in views else told)
            picture = picture_of(films[views.index(View.FRONTAL)])
            values = given.spec.normalised(squashed(picture, given.spec))
            hashes, ends = (sha256, config_sha256), (given.mean, given.deviation)
            words = _words(self._folder)
            text = yield from engine.asked(
                _WRITTEN, (str(self._folder), hashes, words, ends, values),
                Progress(message="Writing the draft"), seconds=_SECONDS,
            )  # fmt: skip
        whole = yield from _written(source, str(text), asked)
        return whole

    def _check(self) -> None:
        """Raise StudioError where a part of it, or the view classifier, is missing or damaged."""
        if not self._folder.is_dir():
            raise UsageError(f"No BLIP is there: {HOW.format(own_folder())}.")
        transformer_parts(self._folder)
        _words(self._folder)
        model_for("view")


def _written(source: Source, text: str, asked: Asked) -> Job[Draft]:
    kept, left_out = list[str](), 0
    for sentence in _sentences(text):
        kept += [] if is_unfounded(sentence) else [sentence]
        left_out += is_unfounded(sentence)
    notes = (_FREE, *([f"{left_out} sentences are left out: they tell sides, sizes or changes."]
                      if left_out else []))  # fmt: skip
    kinds = dict.fromkeys(clip.acquisition.modality for clip, _ in asked.films)
    what = f"{', '.join(filter(None, kinds)) or 'Film'} of the chest, frontal"
    if not kept:
        return Draft(source, notes=notes, abstained="The network wrote nothing that has a basis.")
    draft = Draft(source, notes=notes).with_sentence(TECHNIQUE, Sentence(f"{what}.", source))
    for sentence in kept:
        draft = draft.with_sentence(FINDINGS, Sentence(sentence, source))
        yield Progress(message="Writing the draft", partial=draft)
    return replace(draft, summary=Sentence(f"{what}: {kept[0]}", source))


def _sentences(text: str) -> Iterator[str]:
    for part in text.split(". "):
        plain = part.strip().rstrip(".").strip()
        if plain:
            yield f"{plain[:1].upper()}{plain[1:]}."


def _words(folder: Path) -> tuple[str, ...]:
    """Return the tokens of a BLIP by number. Raises UnreadableError where they are not there."""
    plain, whole = folder / VOCABULARY, folder / TOKENIZER
    try:
        if plain.is_file() and plain.stat().st_size <= _LARGEST:
            return tuple(plain.read_text("utf-8").splitlines())
        if whole.is_file() and whole.stat().st_size <= _LARGEST:
            known: dict[str, Any] = json.loads(whole.read_text("utf-8"))["model"]["vocab"]
            numbers = {int(number): str(word) for word, number in known.items()}
            return tuple(numbers.get(n, "") for n in range(max(numbers, default=-1) + 1))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"The words of {folder.name} cannot be read.") from error
    raise UnreadableError(
        f"{folder.name} has no {VOCABULARY} and no {TOKENIZER}, so nobody knows which words its"
        f" numbers are; take both from where {CONFIG} is from."
    )
