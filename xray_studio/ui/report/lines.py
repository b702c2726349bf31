"""Lines of a section while they are typed: which sentence each of them is. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from xray_studio.core.report.sentence import Sentence


def known_again(
    lines: Sequence[tuple[int, str]], sentences: Sequence[Sentence]
) -> list[tuple[int, str]]:
    """Return lines in the order of their sentences; one that only moved is known by its words.

    A line that was pushed down is still the sentence that it was, so that AI keeps its mark.
    """
    kept = {number: words for number, words in lines if number >= 0}
    lost = {one.text.strip(): n for n, one in enumerate(sentences) if n not in kept}
    made, last = list[tuple[int, str]](), -1
    for number, words in lines:
        was = number if number >= 0 else lost.get(words, -1)
        was = was if was > last else -1
        last = max(last, was)
        made.append((was, words))
    return made
