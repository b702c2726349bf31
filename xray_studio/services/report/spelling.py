"""Spelling of English: words that no list knows, and those that may be meant.

Lists are those of pyspellchecker (words of films' subtitles, by how often they occur), the words of
radiology that the program ships, and those that a person has kept. Nothing leaves the computer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.resources import resource

if TYPE_CHECKING:  # it reads its list when it is first asked
    from spellchecker import SpellChecker

LEAST: Final = 3  # letters of a word that is looked at
MOST: Final = 5  # words that are offered
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def slips(texts: Iterable[str], own: Iterable[str] = ()) -> Job[Mapping[str, tuple[str, ...]]]:
    """Return the words of texts that no list knows, in lower case, with those that may be meant.

    `own` are words that a person has kept. Figures, abbreviations in capitals and words of other
    scripts than the Latin one are passed over.
    """
    yield Progress(message="Checking the spelling")
    checker = _checker()
    kept = {word.casefold() for word in own}
    words = {word for text in texts for word in words_of(text)} - kept
    found: dict[str, tuple[str, ...]] = {}
    for word in sorted(checker.unknown(words)):
        yield Progress(message="Checking the spelling")
        found[word] = _meant(checker, word)
    return found


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text that can be checked, in lower case."""
    for found in _WORD.finditer(text):
        word = found.group().removesuffix("'s")
        if len(word) >= LEAST and not word.isupper() and word.isascii():
            yield word.casefold()


def _meant(checker: SpellChecker, word: str) -> tuple[str, ...]:
    """Return known words that differ by a letter or two letters that changed places."""
    near, ours = checker.known(checker.edit_distance_1(word)), _radiology()
    order = sorted(near, key=lambda one: (one not in ours, -checker.word_usage_frequency(one), one))
    return tuple(order[:MOST])


@cache
def _checker() -> SpellChecker:
    from spellchecker import SpellChecker

    made = SpellChecker(language="en", distance=1)
    made.word_frequency.load_words(sorted(_radiology()))
    return made


@cache
def _radiology() -> frozenset[str]:
    words = resource("spelling/radiology.txt").read_text("utf-8").split()
    return frozenset((*words, *(word for name in FINDINGS for word in words_of(name))))
