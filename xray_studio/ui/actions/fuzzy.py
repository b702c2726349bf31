"""Fuzzy search: how well what was typed fits a name. Typing a few letters must be enough."""

from __future__ import annotations

BEGINS, INSIDE, INITIALS, SPREAD = 100, 60, 50, 30


def score(text: str, title: str, more: str = "") -> int:
    """Return how well a text fits: 0 not at all, else the more the better.

    Every word typed must fit: the beginning of a word in `title` is best, then letters inside one,
    the first letters of its words ("rl" for "Rotate left"), then letters spread over the title in
    their order. `more` are further words, of which one must begin with what was typed.
    """
    words = text.lower().split()
    if not words:
        return 1
    found = [_word_score(word, title.lower(), more.lower()) for word in words]
    if not all(found):
        return 0
    whole = title.lower().startswith(text.lower().strip())
    return sum(found) + (BEGINS if whole else 0)


def _word_score(word: str, title: str, more: str) -> int:
    parts = title.split()
    for place, part in enumerate(parts):
        if part.startswith(word):
            return BEGINS - min(place, 9)
    if any(part.startswith(word) for part in more.split()):
        return INSIDE + 10
    if word in title:
        return INSIDE
    initials = "".join(part[0] for part in parts)
    if len(word) > 1 and word in initials:
        return INITIALS + (5 if initials.startswith(word) else 0)
    return _spread(word, title)


def _spread(word: str, title: str) -> int:
    """Return how close together the letters of a word stand in a title, in their order."""
    if len(word) < 2 or not title or title[0] != word[0]:
        return 0
    place, first = -1, -1
    for letter in word:
        place = title.find(letter, place + 1)
        if place < 0:
            return 0
        first = place if first < 0 else first
    gaps = place - first + 1 - len(word)
    return max(SPREAD - 2 * gaps, 0)
