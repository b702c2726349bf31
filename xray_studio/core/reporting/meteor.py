"""METEOR with exact words and stems: words that a draft shares, in how few pieces they stand.

Denkowski and Lavie, "Meteor Universal", WMT 2014, with its numbers for English; its tables of
synonyms, of paraphrases and of words that mean little are not used, so that numbers lie a little
beside those of the whole METEOR. As there, counts of a collection are added up before anything is
divided.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Stem = Callable[[str], str]

_KEPT: Final = 6  # of the alignments that are followed at once


@dataclass(frozen=True, slots=True)
class Weights:
    """How recall counts, how pieces are charged, and what words with the same stem count."""

    alpha: float = 0.85
    beta: float = 0.2
    gamma: float = 0.6
    stem: float = 0.6


class _Path(NamedTuple):
    """An alignment so far: places of the reference that are taken, and what was found.

    `last` is where the word before stands in the reference, -2 where it is not there; `far` how
    far words were moved.
    """

    taken: int = 0
    exact: int = 0
    stems: int = 0
    pieces: int = 0
    far: int = 0
    last: int = -2

    def better(self) -> tuple[int, int, int]:
        """Return by what alignments are compared: the highest is the best."""
        return self.exact + self.stems, -self.pieces, -self.far


def counts(draft: Sequence[str], reference: Sequence[str], stem: Stem) -> Numbers:
    """Return what METEOR adds up over drafts: (5,).

    Words of the draft and of the reference, words with a counterpart that is the same and that has
    the same stem, and the pieces in which counterparts follow one another.
    """
    best = _aligned(draft, reference, stem)
    whole = best.exact == len(draft) == len(reference) and best.pieces == 1
    pieces = 0 if whole else best.pieces  # nothing is charged where a draft is its reference
    return np.array([len(draft), len(reference), best.exact, best.stems, pieces], np.float64)


def meteor(sums: Numbers, weights: Weights | None = None) -> Numbers:
    """Return METEOR (...,), 0 to 1, from sums of `counts` (..., 5)."""
    how = weights or Weights()
    drafts, references, exact, stems, pieces = np.moveaxis(np.asarray(sums, np.float64), -1, 0)
    found = np.maximum(exact + stems, 1e-12)
    right = np.maximum(exact + how.stem * stems, 1e-12)
    cost = (1.0 - how.alpha) * drafts / right + how.alpha * references / right
    charged = how.gamma * (pieces / found) ** how.beta
    return np.asarray(np.where(exact + stems > 0, (1.0 - charged) / cost, 0.0), np.float64)


def _aligned(draft: Sequence[str], reference: Sequence[str], stem: Stem) -> _Path:
    """Return the alignment with most words, then fewest pieces; the best few are followed."""
    exact, stems = _places(reference), [stem(word) for word in draft]
    stemmed = _places([stem(word) for word in reference])
    paths = [_Path()]
    for place, word in enumerate(draft):
        same = exact.get(word, [])
        alike = [there for there in stemmed.get(stems[place], []) if there not in same]
        again = stems[place] in stems[place + 1 :]
        following: dict[tuple[int, int], _Path] = {}
        for path in paths:
            for one in _continued(path, place, same, alike, again=again):
                key = one.taken, one.last
                if key not in following or one.better() > following[key].better():
                    following[key] = one
        paths = sorted(following.values(), key=_Path.better, reverse=True)[:_KEPT]
    return paths[0]


def _places(words: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        found.setdefault(word, []).append(place)
    return found


def _continued(
    path: _Path, place: int, same: list[int], alike: list[int], *, again: bool
) -> list[_Path]:
    """Return a path with each counterpart of the next word, and without one.

    A word that does not come `again` gains nothing by leaving its counterpart to others.
    """
    taken, exact, stems, pieces, far, last = path
    free = [(there, True) for there in same] + [(there, False) for there in alike]
    found = [
        _Path(
            taken | 1 << there, exact + is_same, stems + (not is_same),
            pieces + (there != last + 1), far + abs(there - place), there,
        )
        for there, is_same in free
        if not taken >> there & 1
    ]  # fmt: skip
    return found if found and not again else [*found, _Path(taken, exact, stems, pieces, far)]
