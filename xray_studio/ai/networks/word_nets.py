"""Networks that write word after word, looking at what is remembered of films.

Each has two ways that give the same: all words at once, as in learning, and one word after the
other with what the earlier ones left (keys and values, or the state of a recurrent network).
Words to write share their weights with words that were read (Press and Wolf, "Using the Output
Embedding to Improve Language Models", EACL 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from xray_studio.ai.networks.attention import Attention, Pair

LONGEST: Final = 80  # words and marks of a text
_BEGIN: Final = 0.02  # deviation of numbers of words before learning: larger ones say themselves


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of films: (count, places, width), and which places are `hidden`."""

    values: Tensor
    hidden: Tensor


# What earlier words left; the first axis is that of the texts, or 1 for what all have in common.
Past = tuple[Tensor, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """How likely each next word is (count, words), before softmax; the look (count, places)."""

    words: Tensor
    look: Tensor
    past: Past


class WordNet(Protocol):
    """A network that writes."""

    def __call__(self, words: Tensor, memory: Memory) -> Tensor:
        """Return for words (count, length) what comes next, (count, length, words)."""

    def begin(self, memory: Memory, texts: int) -> Past:
        """Return what is there before the first word of so many texts.

        They are one for each study in the memory, or all for the only one.
        """

    def next_word(self, words: Tensor, place: int, memory: Memory, past: Past) -> Told:
        """Return what comes after `words` (count,), which stand at `place` from 0."""


class TransformerWords(nn.Module):
    """A Transformer: each layer looks at earlier words, then at the films, then thinks.

    Normalisation comes before each part (Xiong et al., ICML 2020).
    """

    def __init__(self, words: int, width: int, layers: int, heads: int, left_out: float) -> None:
        super().__init__()
        self.words = nn.Embedding(words, width)
        self.places = nn.Parameter(torch.zeros(LONGEST, width))
        self.layers = nn.ModuleList(_Layer(width, heads, left_out) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.left_out = nn.Dropout(left_out)
        self.shift = nn.Parameter(torch.zeros(words))
        nn.init.normal_(self.words.weight, std=_BEGIN)
        nn.init.normal_(self.places, std=_BEGIN)

    def forward(self, words: Tensor, memory: Memory) -> Tensor:
        """Return what comes next at each place, (count, length, words)."""
        length = words.shape[1]
        values = self._read(words, self.places[:length])
        later = torch.ones(length, length, dtype=torch.bool, device=words.device).triu(1)
        for layer in self._layers():
            told = layer.words.told(layer.word_norm(values))
            films = layer.films.told(memory.values)
            values, _ = layer.through(values, told, later, films, memory.hidden)
        return self._written(values)

    def begin(self, memory: Memory, texts: int) -> Past:
        """Return keys and values of no words yet, and of the films, layer by layer."""
        found = list[Tensor]()
        for layer in self._layers():
            keys, values = layer.films.told(memory.values)
            none = keys[:, :, :0].expand(texts, -1, -1, -1)
            found += [none, none, keys, values]
        return tuple(found)

    def next_word(self, words: Tensor, place: int, memory: Memory, past: Past) -> Told:
        """Return what comes after `words`."""
        values, left, look = self._read(words[:, None], self.places[place]), list[Tensor](), None
        none = torch.zeros(1, dtype=torch.bool, device=words.device)
        for number, layer in enumerate(self._layers()):
            keys, told, film_keys, film_values = past[4 * number : 4 * number + 4]
            own = layer.words.told(layer.word_norm(values))
            keys, told = torch.cat([keys, own[0]], 2), torch.cat([told, own[1]], 2)
            values, look = layer.through(
                values, (keys, told), none, (film_keys, film_values), memory.hidden
            )
            left += [keys, told, film_keys, film_values]
        assert look is not None, "there is one layer at least"
        return Told(self._written(values)[:, 0], look[:, 0], tuple(left))

    def _layers(self) -> list[_Layer]:
        return [cast("_Layer", layer) for layer in self.layers]

    def _read(self, words: Tensor, places: Tensor) -> Tensor:
        return cast("Tensor", self.left_out(self.words(words) + places))

    def _written(self, values: Tensor) -> Tensor:
        return functional.linear(self.norm(values), self.words.weight, self.shift)


class _Layer(nn.Module):
    def __init__(self, width: int, heads: int, left_out: float) -> None:
        super().__init__()
        self.words = Attention(width, heads, left_out)
        self.films = Attention(width, heads, left_out)
        self.think = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Dropout(left_out),
            nn.Linear(2 * width, width),
        )  # fmt: skip
        self.word_norm, self.film_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.think_norm = nn.LayerNorm(width)
        self.left_out = nn.Dropout(left_out)

    def through(
        self, values: Tensor, told: Pair, later: Tensor, films: Pair, hidden: Tensor
    ) -> tuple[Tensor, Tensor]:
        found, _ = self.words(self.word_norm(values), told, later)
        values = values + self.left_out(found)
        found, look = self.films(self.film_norm(values), films, hidden[:, None, None])
        values = values + self.left_out(found)
        return values + self.left_out(self.think(self.think_norm(values))), look


class RecurrentWords(nn.Module):
    """A long short-term memory that looks at the films after each word.

    Hochreiter and Schmidhuber, Neural Computation 9, 1997; it looks as in Luong et al., "Effective
    Approaches to Attention-based Neural Machine Translation", EMNLP 2015.
    """

    def __init__(self, words: int, width: int, layers: int, heads: int, left_out: float) -> None:
        super().__init__()
        self.words = nn.Embedding(words, width)
        self.begins = nn.Linear(width, 2 * layers * width)
        self.recurrent = nn.LSTM(width, width, layers, batch_first=True)
        self.films = Attention(width, heads, left_out)
        self.joined = nn.Linear(2 * width, width)
        self.norm = nn.LayerNorm(width)
        self.left_out = nn.Dropout(left_out)
        self.shift = nn.Parameter(torch.zeros(words))
        nn.init.normal_(self.words.weight, std=_BEGIN)

    def forward(self, words: Tensor, memory: Memory) -> Tensor:
        """Return what comes next at each place, (count, length, words)."""
        films = self.films.told(memory.values)
        return self._through(words, films, memory, self._states(memory))[0]

    def begin(self, memory: Memory, texts: int) -> Past:
        """Return keys and values of the films, and the states before the first word."""
        states = (one.expand(texts, -1, -1) for one in self._states(memory))
        return (*self.films.told(memory.values), *states)

    def next_word(self, words: Tensor, _place: int, memory: Memory, past: Past) -> Told:
        """Return what comes after `words`."""
        told, look, states = self._through(words[:, None], past[:2], memory, past[2:])
        return Told(told[:, 0], look[:, 0], (*past[:2], *states))

    def _states(self, memory: Memory) -> tuple[Tensor, Tensor]:
        """Return the states, (count, layers, width) each, from the mean of what is remembered."""
        seen = (~memory.hidden).unsqueeze(2).to(memory.values.dtype)
        mean = (memory.values * seen).sum(1) / seen.sum(1)
        both = torch.tanh(self.begins(mean)).view(len(mean), 2, -1, self.words.embedding_dim)
        return both[:, 0], both[:, 1]

    def _through(
        self, words: Tensor, films: tuple[Tensor, ...], memory: Memory, states: tuple[Tensor, ...]
    ) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
        read = self.left_out(self.words(words))
        given = tuple(one.transpose(0, 1).contiguous() for one in states)
        values, ends = self.recurrent(read, given)
        found, look = self.films(values, (films[0], films[1]), memory.hidden[:, None, None])
        made = torch.tanh(self.joined(torch.cat([values, found], dim=2)))
        told = functional.linear(self.norm(self.left_out(made)), self.words.weight, self.shift)
        after = (ends[0].transpose(0, 1), ends[1].transpose(0, 1))
        return told, look, after
