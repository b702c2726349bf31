"""Texts that a network finds likely: by beam search, and drawn by chance.

Words go on from what the earlier ones left (a cache), so each costs the same. A text is made of
whole sentences, none of them twice, and of no word that may not be written.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from xray_studio.ai.networks.word_nets import Memory, Past, WordNet
from xray_studio.core.reporting.learnable import COMMA
from xray_studio.core.reporting.vocabulary import BEGIN, END, Vocabulary

LONGEST: Final = 72  # words, commas and stops among them
_LEAST: Final = 2  # words of a sentence
_NEVER: Final = -torch.inf
_UNSEEN: Final = 1e-3  # of a place that was never looked at


@dataclass(frozen=True, slots=True)
class Found:
    """A text as numbers of words, its log-likelihood, and how much of the memory it looked at.

    `coverage` is the mean over places of the logarithm of how much each was looked at, 1 at most
    (Wu et al., "Google's Neural Machine Translation System", 2016), 0 at best.
    """

    words: tuple[int, ...]
    likelihood: float
    coverage: float = 0.0


class Rules:
    """Which words may follow: what makes whole sentences, and no sentence twice."""

    def __init__(self, vocabulary: Vocabulary, longest: int = LONGEST) -> None:
        self.stop, self.longest = vocabulary.stop, longest
        self._comma = vocabulary.numbers([COMMA])[0]
        self._unsaid = torch.zeros(len(vocabulary))
        self._unsaid[list(vocabulary.unsaid)] = _NEVER

    def allowed(self, words: Sequence[int]) -> Tensor:
        """Return what is added to the likelihood of each next word: 0, or never."""
        known = self._unsaid.clone()
        if not words or words[-1] != self.stop:
            known[END] = _NEVER
        places = [place for place, word in enumerate(words) if word == self.stop]
        sentence = words[places[-1] + 1 :] if places else words
        if words:
            known[words[-1]] = _NEVER  # no word stands twice in a row
        if len(sentence) < _LEAST or sentence[-1] == self._comma or self._said(words, sentence):
            known[self.stop] = _NEVER
        if not sentence or sentence[-1] == self._comma:
            known[self._comma] = _NEVER
        return known

    def _said(self, words: Sequence[int], sentence: Sequence[int]) -> bool:
        """Tell whether a sentence stands in a text before its last one."""
        whole, earlier = tuple(sentence), list[int]()
        for word in words:
            if word == self.stop:
                if tuple(earlier) == whole:
                    return True
                earlier = []
            else:
                earlier.append(word)
        return False


def beams(net: WordNet, memory: Memory, rules: Rules, width: int) -> list[Found]:
    """Return the likeliest texts for the memory of one study that a beam of `width` finds.

    A text that ended goes on no more; the search ends when `width` texts have ended, or where the
    longest is reached: what is no whole sentence then is cut off.
    """
    past = net.begin(memory, width)
    texts: list[list[int]] = [[] for _ in range(width)]
    scores = torch.full((width,), _NEVER)
    scores[0] = 0.0
    covered = torch.zeros(width, memory.values.shape[1])
    ended: list[Found] = []
    last = torch.full((width,), BEGIN)
    for place in range(rules.longest):
        told = net.next_word(last.to(memory.values.device), place, memory, past)
        covered = covered + told.look.float().cpu()
        likely = torch.log_softmax(told.words.float().cpu(), dim=1)
        likely += torch.stack([rules.allowed(text) for text in texts])
        whole = (scores[:, None] + likely).flatten()
        best, which = whole.topk(min(2 * width, len(whole)))
        kept: list[tuple[int, int, float]] = []
        for score, number in zip(best.tolist(), which.tolist(), strict=True):
            row, word = divmod(number, likely.shape[1])
            if score == _NEVER:
                continue
            if word == END:
                ended.append(_ended(texts[row], score, covered[row], memory))
            elif len(kept) < width:
                kept.append((row, word, score))
        if len(ended) >= width or not kept:
            break
        kept += [(0, END, _NEVER)] * (width - len(kept))
        rows = torch.tensor([row for row, _, _ in kept])
        texts = [[*texts[row], word] for row, word, _ in kept]
        scores = torch.tensor([score for _, _, score in kept])
        covered, last = covered[rows], torch.tensor([word for _, word, _ in kept])
        past = _rows(told.past, rows)
    else:
        ended += _cut(texts, scores, covered, memory, rules.stop)
    return ended


def _rows(past: Past, rows: Tensor) -> Past:
    return tuple(one if len(one) == 1 else one[rows.to(one.device)] for one in past)


def _ended(text: Sequence[int], score: float, covered: Tensor, memory: Memory) -> Found:
    there = ~memory.hidden[0].cpu()
    mean = covered[there].clamp(_UNSEEN, 1.0).log().mean()
    return Found(tuple(text), score, float(mean))


def _cut(
    texts: Sequence[list[int]], scores: Tensor, covered: Tensor, memory: Memory, stop: int
) -> list[Found]:
    """Return texts that did not end, without what is no whole sentence."""
    found = []
    for text, score, row in zip(texts, scores.tolist(), covered, strict=True):
        ends = [place for place, word in enumerate(text) if word == stop]
        if ends and math.isfinite(score):
            found.append(_ended(text[: ends[-1] + 1], score, row, memory))
    return found


Pick = Callable[[Tensor], Tensor]


def likeliest(told: Tensor) -> Tensor:
    """Return the likeliest next word of each text."""
    return told.argmax(dim=1)


def drawn(chance: torch.Generator, heat: float) -> Pick:
    """Return what draws next words; `heat` below 1 keeps to likely ones."""

    def pick(told: Tensor) -> Tensor:
        shares = torch.softmax(told / heat, dim=1)
        return torch.multinomial(shares, 1, generator=chance)[:, 0]

    return pick


def followed(net: WordNet, memory: Memory, rules: Rules, pick: Pick, texts: int = 0) -> list[Found]:
    """Return one text for each study in the memory, word after word as `pick` chooses.

    With `texts` so many for the only study. A text that ended is not asked any more.
    """
    count = texts or len(memory.values)
    past, last = net.begin(memory, count), torch.full((count,), BEGIN)
    said: list[list[int]] = [[] for _ in range(count)]
    going, sums = list(range(count)), [0.0] * count
    for place in range(rules.longest):
        told = net.next_word(last.to(memory.values.device), place, memory, past)
        likely = torch.log_softmax(told.words.float().cpu(), dim=1)
        words = pick(likely + torch.stack([rules.allowed(said[row]) for row in going]))
        ahead = list[int]()
        for at, (row, word) in enumerate(zip(going, words.tolist(), strict=True)):
            sums[row] += float(likely[at, word])
            if word != END:
                said[row].append(word)
                ahead.append(at)
        if not ahead:
            break
        rows = torch.tensor(ahead)
        going, last, past = [going[at] for at in ahead], words[rows], _rows(told.past, rows)
        memory = memory if texts else _of(memory, rows)
    whole = zip(said, sums, strict=True)
    return [Found(tuple(_whole(text, rules.stop)), score) for text, score in whole]


def _of(memory: Memory, rows: Tensor) -> Memory:
    rows = rows.to(memory.values.device)
    return Memory(memory.values[rows], memory.hidden[rows])


def _whole(text: Sequence[int], stop: int) -> Sequence[int]:
    ends = [place for place, word in enumerate(text) if word == stop]
    return text[: ends[-1] + 1] if ends else ()
