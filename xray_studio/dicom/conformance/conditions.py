"""The language of conditions: what makes an attribute or a module required.

    not WindowCenter                        absent; an empty one is there
    ImageType[3] = "BIPLANE A"|"BIPLANE B"  the third value is one of these
    NumberOfFrames > 1 and ?                and something that no object tells by itself
    .CodeValue                              of the same item; else also of those it is in

Answers have three values: met, not met, unknown (None). `and` binds closer than `or`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from xray_studio.dicom.conformance.item import Element, Item

Answer = bool | None
Test = Callable[[Item], Answer]
_TOKEN = re.compile(r'\(|\)|\?|!=|=|>|(?:"[^"]*"|[^\s()"|]+)(?:\|(?:"[^"]*"|[^\s()"|]+))*')
_NAME = re.compile(r"(\.?)(\w+)(?:\[(\d)\])?$")


@dataclass(frozen=True, slots=True)
class Condition:
    """When something is required; `otherwise` when it may be there all the same."""

    text: str
    test: Test
    otherwise: bool


@cache
def condition(text: str) -> Condition:
    """Return a condition of the tables; a "~" at its end stands for "may be present otherwise"."""
    words = text.removesuffix("~")
    tokens = _TOKEN.findall(words)
    if not tokens:
        raise ValueError("a condition says something")
    test = _Reader(tokens).whole()
    return Condition(words, test, text.endswith("~"))


class _Reader:
    """Reads tokens into a test."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0

    def whole(self) -> Test:
        test = self._either()
        if self._at != len(self._tokens):
            raise ValueError(f"condition cannot be read: {' '.join(self._tokens)}")
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._take("or"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda item: any_of([t(item) for t in tests])

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda item: all_of([t(item) for t in tests])

    def _one(self) -> Test:
        if self._take("not"):
            inner = self._one()
            return lambda item: opposite(inner(item))
        if self._take("("):
            inside = self._either()
            self._expect(")")
            return inside
        if self._take("?"):
            return lambda _item: None
        return self._attribute()

    def _attribute(self) -> Test:
        found = _NAME.match(self._next())
        if found is None or found[2] in {"and", "or"}:
            raise ValueError(f"condition cannot be read: {' '.join(self._tokens)}")
        here, name, index = bool(found[1]), found[2], int(found[3] or 0)
        for sign in ("!=", "=", ">"):
            if self._take(sign):
                return _comparison(name, index, sign, self._next(), here=here)
        return lambda item: _there(lookup(item, name, here=here), index)

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1] if self._at <= len(self._tokens) else ""

    def _take(self, token: str) -> bool:
        taken = self._at < len(self._tokens) and self._tokens[self._at] == token
        self._at += taken
        return taken

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise ValueError(f"condition lacks {token}: {' '.join(self._tokens)}")


def _comparison(name: str, index: int, sign: str, wanted: str, *, here: bool) -> Test:
    values = frozenset(re.findall(r'"([^"]*)"|([^|"]+)', wanted))
    words = frozenset(quoted or plain for quoted, plain in values)

    def test(item: Item) -> Answer:
        found = lookup(item, name, here=here)
        if found is None or found.is_empty or not _there(found, index):
            return False
        texts = found.texts[index - 1 : index] if index else found.texts
        if sign == ">":
            return any(_greater(text, wanted) for text in texts)
        same = any(text in words or _number(text) in words for text in texts)
        return same if sign == "=" else not same

    return test


def lookup(item: Item, name: str, *, here: bool) -> Element | None:
    """Return an attribute of an item, else of what it is in or of what stands beside it.

    Beside a functional group of a frame are its other groups, and those shared by all frames.
    """
    if here:
        return item.get(name)
    for outer in item.outwards():
        found = outer.get(name)
        if found is not None:
            return found
        for near in outer.beside:
            found = near.get(name)
            if found is not None:
                return found
    return None


def _there(found: Element | None, index: int) -> bool:
    """Tell whether an attribute is there, be it empty, or has so many values."""
    if found is None:
        return False
    return index == 0 or (len(found.values) >= index and not found.is_empty)


def _number(text: str) -> str:
    """Return a number as it is written in conditions."""
    return str(int(text)) if text.lstrip("+-").isdigit() else text


def _greater(text: str, limit: str) -> bool:
    try:
        return float(text) > float(limit)
    except ValueError:
        return False


def any_of(answers: list[Answer]) -> Answer:
    """Return whether one holds; unknown where it might."""
    if any(answers):
        return True
    return None if None in answers else False


def all_of(answers: list[Answer]) -> Answer:
    """Return whether all hold; unknown where they might."""
    if False in answers:
        return False
    return None if None in answers else True


def opposite(answer: Answer) -> Answer:
    """Return the contrary; what is unknown stays so."""
    return None if answer is None else not answer
