"""The words that a network reads and writes: a list, their numbers, and text made of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from xray_studio.core.reporting.claims import is_unfounded
from xray_studio.core.reporting.learnable import COMMA, STOP

PAD, BEGIN, END, UNKNOWN = range(4)
MARKS: Final = ("<pad>", "<begin>", "<end>", "<unknown>")  # none of them is a word of a text
_BEFORE_VOWEL: Final = re.compile(r"\ba(?= [aeio])")
_LEAST: Final = 3  # reports that have a word
_MOST: Final = 20_000  # words
_LONGEST: Final = 40  # letters


@dataclass(frozen=True)
class Vocabulary:
    """Words by number, `MARKS` first. Raises ValueError for what is no list of words."""

    words: tuple[str, ...]
    _numbers: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no network of this program was made with."""
        plain = self.words[len(MARKS) :]
        if self.words[: len(MARKS)] != MARKS or STOP not in plain or len(self.words) > _MOST:
            raise ValueError("marks")
        if len(set(plain)) < len(plain) or not all(map(_is_word, plain)):
            raise ValueError("words")
        self._numbers.update({word: number for number, word in enumerate(self.words)})

    @classmethod
    def of(cls, reports: Iterable[Sequence[str]]) -> Vocabulary:
        """Return the words that several reports have, the most frequent first."""
        found = Counter(word for report in reports for word in set(report))
        found.pop(STOP, None)
        most = sorted(found.items(), key=lambda one: (-one[1], one[0]))
        kept = [word for word, count in most if count >= _LEAST]
        return cls((*MARKS, STOP, *kept[: _MOST - len(MARKS) - 1]))

    @classmethod
    def read(cls, text: str) -> Vocabulary:
        """Return the words of a file, one on each line."""
        return cls((*MARKS, *text.split("\n")[:-1]))

    def text(self) -> str:
        """Return the words as a file has them."""
        return "".join(f"{word}\n" for word in self.words[len(MARKS) :])

    def __len__(self) -> int:
        """Return the number of words and marks."""
        return len(self.words)

    @property
    def stop(self) -> int:
        """The number of the word that ends a sentence."""
        return self._numbers[STOP]

    @cached_property
    def unsaid(self) -> tuple[int, ...]:
        """The numbers that are never written: marks, and words that alone claim too much."""
        claims = (n for n, word in enumerate(self.words) if n >= len(MARKS) and is_unfounded(word))
        return (PAD, BEGIN, UNKNOWN, *claims)

    def numbers(self, words: Sequence[str]) -> list[int]:
        """Return a text as numbers, `END` behind it."""
        return [*(self._numbers.get(word, UNKNOWN) for word in words), END]

    def length(self, numbers: Iterable[int]) -> int:
        """Return the length of a text as the published protocol counts it: without commas."""
        gone = {PAD, BEGIN, END, self._numbers.get(COMMA)}
        return sum(number not in gone for number in numbers)

    def said(self, numbers: Iterable[int]) -> list[str]:
        """Return numbers as words, without marks."""
        return [self.words[number] for number in numbers if number >= len(MARKS)]


def written(words: Sequence[str]) -> list[str]:
    """Return words as sentences for people: capitals, commas where they belong, a full stop.

    What stands behind the last stop is no whole sentence and is left out.
    """
    found, sentence = list[str](), list[str]()
    for word in words:
        if word == STOP:
            text = " ".join(sentence).replace(f" {COMMA}", COMMA).strip(f" {COMMA}")
            text = _BEFORE_VOWEL.sub("an", text)
            found += [f"{text[:1].upper()}{text[1:]}."] if text else []
            sentence = []
        else:
            sentence.append(word)
    return found


def _is_word(word: str) -> bool:
    plain = 0 < len(word) <= _LONGEST and word.isascii() and word.isprintable()
    return plain and not any(letter.isspace() or letter.isupper() for letter in word)
