"""A network that writes reports: what an encoder sees in films and what is found, then words.

Places of the memory are the squares of a grid over each view (Xu et al., "Show, Attend and Tell",
ICML 2015), one place for each finding, which tells how likely that is, and one for the number of
words that is asked for (Kikuchi et al., "Controlling Output Length in Neural Encoder-Decoders",
EMNLP 2016).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import torch
from torch import Tensor, nn

from xray_studio.ai.networks.word_nets import (
    Memory,
    RecurrentWords,
    TransformerWords,
    WordNet,
)

GRID: Final = 7  # squares along a side of what an encoder sees
PLACES: Final = GRID * GRID
VIEWS: Final = 2
DECODERS: Final[Mapping[str, type[nn.Module]]] = {
    "transformer": TransformerWords,
    "lstm": RecurrentWords,
}
_USUAL: Final = 30.0  # words
_MOST: Final = 4096  # channels, words' width


class ReportNet(nn.Module):
    """Grids of two views and log-odds of findings to words.

    `channels` are those of the encoder, `words` those of the vocabulary, `findings` their number;
    `width`, `layers` and `heads` are those of the decoder.
    """

    # Mean and deviation of what is given, as it was in learning.
    seen_middle: Tensor
    seen_spread: Tensor
    found_middle: Tensor
    found_spread: Tensor

    def __init__(
        self,
        decoder: str,
        channels: int,
        words: int,
        findings: int,
        *,
        width: int = 256,
        layers: int = 3,
        heads: int = 4,
        left_out: float = 0.2,
    ) -> None:
        super().__init__()
        sizes = (channels, words, findings, width, layers)
        if decoder not in DECODERS or not all(1 <= size <= most for size, most in zip(
            sizes, (_MOST, 20_000, 100, 1024, 12), strict=True
        )):  # fmt: skip
            raise ValueError("decoder or sizes")
        self.register_buffer("seen_middle", torch.zeros(channels))
        self.register_buffer("seen_spread", torch.ones(channels))
        self.register_buffer("found_middle", torch.zeros(findings))
        self.register_buffer("found_spread", torch.ones(findings))
        self.projection = nn.Sequential(
            nn.Linear(channels, width), nn.GELU(), nn.Dropout(left_out), nn.Linear(width, width)
        )
        self.views = nn.Parameter(0.02 * torch.randn(VIEWS, 1, width))
        self.squares = nn.Parameter(0.02 * torch.randn(PLACES, width))
        self.findings = nn.Parameter(0.02 * torch.randn(findings, width))
        self.likely = nn.Parameter(0.2 * torch.randn(findings, 2, width))
        self.asked = nn.Sequential(nn.Linear(1, width), nn.GELU(), nn.Linear(width, width))
        self.norm = nn.LayerNorm(width)
        self.left_out = nn.Dropout(left_out)
        self.decoder = DECODERS[decoder](words, width, layers, heads, left_out)

    @property
    def words(self) -> WordNet:
        """The part that writes."""
        return cast("WordNet", self.decoder)

    def forward(self, words: Tensor, memory: Memory) -> Tensor:
        """Return what comes after each of `words` (count, length): (count, length, words)."""
        return self.words(words, memory)

    def memory(self, grids: Tensor, there: Tensor, found: Tensor, lengths: Tensor) -> Memory:
        """Return what is remembered of studies.

        `grids` are what the encoder sees (count, views, channels, `GRID`, `GRID`), `there` tells
        which views there are (count, views), `found` log-odds of findings (count, findings) and
        `lengths` (count,) how many words are asked for.
        """
        count = len(grids)
        seen = grids.flatten(3).transpose(2, 3)
        seen = (seen - self.seen_middle) / self.seen_spread
        squares = self.projection(seen) + self.views + self.squares
        known = (found - self.found_middle) / self.found_spread
        both = torch.stack([known, 2.0 * torch.sigmoid(found) - 1.0], dim=2)
        places = torch.einsum("nfk,fkw->nfw", both, self.likely) + self.findings
        length = self.asked(lengths.to(places.dtype)[:, None, None] / _USUAL - 1.0)
        whole = torch.cat([squares.flatten(1, 2), places, length], dim=1)
        hidden = (~there).repeat_interleave(PLACES, dim=1)
        never = torch.zeros(count, places.shape[1] + 1, dtype=torch.bool, device=hidden.device)
        return Memory(self.left_out(self.norm(whole)), torch.cat([hidden, never], dim=1))
